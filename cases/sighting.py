"""When a camera counts as seeing the place of a complaint, and what speaks for a still as evidence."""

from datetime import datetime, timedelta

from cases.errors import NotFound, PantauError
from cases.matching import Reason
from cases.words import Moment, VisitState
from geo.view import Seen

LEAST_SEEN = 0.1
"""Below this score the place is a sliver at the picture's edge, or far too vague to say what of it is seen."""

_WIDEST = LEAST_SEEN**-0.5
MOST_RANGES = 1 + _WIDEST
"""No place farther from a camera than so many of its ranges scores enough: of a circle with a radius of more than
`_WIDEST` ranges not even a full view covers that share."""


def counts(seen: Seen) -> bool:
    """Whether the camera sees the place well enough for its stills to bear witness."""
    return seen.score >= LEAST_SEEN


def reasons(seen: Seen, moment: Moment | None, *, asked: bool = False) -> tuple[Reason, ...]:
    """What a person reads beside the still: the moment it was chosen for, and whether somebody asked for it."""
    return (
        Reason("camera_sees", round(seen.distance_m)),
        Reason("camera_shows", round(100 * seen.covered)),
        *([Reason(f"still_{moment}")] if moment is not None else []),
        *([Reason("still_asked_for")] if asked else []),
    )


class SnapshotUnknown(NotFound):
    code = "snapshot_unknown"


class NotLive(PantauError):
    """The owner of the camera shows this office what is kept, but not what the camera sees now."""

    code = "not_live"


_PATIENCE = timedelta(minutes=5)
_MISSED = 3


def answering(state: VisitState | None, seen_at: datetime | None, interval_s: int, now: datetime) -> bool:
    """Whether a camera shows its road now: its last visit brought a picture, and that was not long ago."""
    if state is not VisitState.OK or seen_at is None:
        return False
    return now - seen_at <= _MISSED * timedelta(seconds=interval_s) + _PATIENCE
