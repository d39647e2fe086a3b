"""When a camera is visited, what follows from how the visit ended, and when its silence is an incident."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from cases.words import CameraDoor, VisitState

SHORTEST_INTERVAL_S = 10
LONGEST_INTERVAL_S = 86_400
FIRST_RETRY_S = 5.0
LONGEST_RETRY_S = 900.0
OUTAGE_AFTER = timedelta(minutes=10)
"""How long a camera may fail before its silence is an incident."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

# Trying again soon only does harm: a camera locks out who knocks with the wrong password, and a refused address stays
# refused until a person changes it.
_NEEDS_A_PERSON = frozenset(
    {VisitState.PASSWORD_REFUSED, VisitState.PASSWORD_WITHHELD}
    | {VisitState.REFUSED_ADDRESS, VisitState.CERTIFICATE_REFUSED, VisitState.NOT_FOUND}
)


def next_visit(camera_id: UUID, interval_s: int, now: datetime) -> datetime:
    """The first of the camera's own moments after `now`: they lie `interval_s` apart, at a place in the interval that
    its id alone decides, so that any number of cameras spread evenly and no worker needs to remember anything.

    ValueError for an interval outside 10 s to one day.
    """
    if not SHORTEST_INTERVAL_S <= interval_s <= LONGEST_INTERVAL_S:
        raise ValueError(f"a camera is visited every {SHORTEST_INTERVAL_S} to {LONGEST_INTERVAL_S} seconds")
    interval = interval_s * 1_000_000
    at = int.from_bytes(hashlib.blake2b(camera_id.bytes, digest_size=8).digest(), "big") % interval
    elapsed = (now - _EPOCH) // _MICROSECOND
    return _EPOCH + _MICROSECOND * (elapsed + interval - (elapsed - at) % interval)


def ended(state: VisitState, door: CameraDoor) -> str:
    """The code of the sentence that tells how a visit ended. A camera that sends by itself is only waited for."""
    awaited = door is CameraDoor.PUSH and state is VisitState.STALLED
    return "visit.awaited" if awaited else f"visit.{state}"


def retry_after_s(failures: int, chance: float) -> float:
    """Seconds until a camera that failed so many times in a row (1 or more) is tried again: 5 s to 15 min.

    The wait doubles, and `chance` (0 to 1, drawn anew each time) takes off up to half of it: cameras that failed
    together, behind one broken switch, do not come back together.
    """
    if failures < 1 or not 0 <= chance <= 1:
        raise ValueError("failures count from 1, chance lies between 0 and 1")
    return _jittered(min(LONGEST_RETRY_S, 2 * FIRST_RETRY_S * 2.0 ** min(failures - 1, 32)), chance)


def _jittered(longest_s: float, chance: float) -> float:
    return longest_s * (1 - chance / 2)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a camera stands after its visits so far; `state` None before the first.

    `since` is when `state` was first met without another between; `failing_since` and `failures` count the visits in a
    row without a picture, whatever their states, and are None and 0 when the last one brought one.
    """

    state: VisitState | None = None
    since: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0


def visited(before: Standing, state: VisitState, now: datetime) -> Standing:
    """The standing after a visit that ended in `state` at `now`. A new `state` is what the history keeps."""
    since = before.since if before.state is state else now
    if state is VisitState.OK:
        return Standing(state, since)
    return Standing(state, since, before.failing_since or now, before.failures + 1)


def revisit(camera_id: UUID, interval_s: int, standing: Standing, now: datetime, chance: float) -> datetime:
    """When to visit again after the visit that ended at `now` and left this standing.

    After a failure not on the camera's own moment but after a wait; where only a person can help, after the longest.
    """
    if standing.failing_since is None:
        return next_visit(camera_id, interval_s, now)
    hopeless = standing.state in _NEEDS_A_PERSON
    wait = _jittered(LONGEST_RETRY_S, chance) if hopeless else retry_after_s(standing.failures, chance)
    return now + timedelta(seconds=wait)


class OutageStep(StrEnum):
    """What becomes of a camera's outage after a visit."""

    NONE = "none"
    OPEN = "open"
    CLOSE = "close"


def outage_step(standing: Standing, is_open: bool, now: datetime, after: timedelta = OUTAGE_AFTER) -> OutageStep:
    """Whether an outage opens (it then counts from `failing_since`) or, with the first picture, closes itself."""
    if standing.failing_since is None:
        return OutageStep.CLOSE if is_open else OutageStep.NONE
    if not is_open and now - standing.failing_since >= after:
        return OutageStep.OPEN
    return OutageStep.NONE
