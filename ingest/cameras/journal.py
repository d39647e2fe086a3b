"""What the log says of cameras: a line for each that fares differently than before, by its id, without its address."""

import logging
from collections.abc import Iterable

from storage.visits import Outcome

_log = logging.getLogger("pantau.cameras")


def note(written: Iterable[Outcome]) -> None:
    """Logs those of these outcomes, written down by now, whose state or faults are new."""
    for one in written:
        before, now = one.due.standing.state, one.standing.state
        if now is before and one.faults == one.due.faults:
            continue
        told = {"camera": str(one.due.camera_id), "state": now, "was": before, "faults": ",".join(sorted(one.faults))}
        facts = {name: value for name, value in {**told, "detail": one.detail}.items() if value}
        _log.info("camera %s is now %s", one.due.camera_id, now, extra=facts)
