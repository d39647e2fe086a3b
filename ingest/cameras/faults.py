"""How a visit to a camera ends without a picture: the error that carries the word for it up."""

from cases.words import AddressFault, VisitState


class CameraFault(Exception):
    """A visit that ended without a picture.

    `state` says how; the message is technical, in English, for the log: it never holds a password or a whole address.
    `why` says what is wrong with an address that nobody can visit as it is written.
    """

    def __init__(self, state: VisitState, detail: str, why: AddressFault | None = None) -> None:
        super().__init__(detail)
        self.state, self.why = state, why


def refused(detail: str, why: AddressFault | None = None) -> CameraFault:
    """The address may not be visited."""
    return CameraFault(VisitState.REFUSED_ADDRESS, detail, why)


def not_understood(detail: str) -> CameraFault:
    """What answers does not speak as a camera does."""
    return CameraFault(VisitState.NOT_UNDERSTOOD, detail)


def corrupt(detail: str) -> CameraFault:
    """A picture came, but not whole."""
    return CameraFault(VisitState.CORRUPT, detail)


def by_status(status: int, what: str) -> CameraFault:
    """What a status of HTTP or RTSP other than success means; `what` names the request."""
    states = {
        401: VisitState.PASSWORD_REFUSED,
        403: VisitState.PASSWORD_REFUSED,
        404: VisitState.NOT_FOUND,
        410: VisitState.NOT_FOUND,
        429: VisitState.BUSY,
        453: VisitState.BUSY,
        454: VisitState.STALLED,
        503: VisitState.BUSY,
    }
    return CameraFault(states.get(status, VisitState.NOT_UNDERSTOOD), f"{what} was answered with {status}")
