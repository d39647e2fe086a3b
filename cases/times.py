"""Which time to believe: the device's clock or ours."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

AHEAD = timedelta(minutes=10)
"""How far a device's clock may run ahead of ours before it is not believed."""

OLD = timedelta(days=365)
"""A photo older than this when it arrives is marked; its time is kept."""

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""Before this no camera phone took pictures: the clock was never set."""


def in_utc(moment: datetime | None) -> datetime | None:
    """An aware time in UTC; None for one that falls off the calendar there, such as the last hour of the year 9999."""
    try:
        return None if moment is None else moment.astimezone(UTC)
    except OverflowError:
        return None


@dataclass(frozen=True, slots=True)
class Occurred:
    """When it happened, as far as can be believed, and the codes of what was odd."""

    at: datetime
    warnings: tuple[str, ...] = ()


def occurred(taken_at: datetime | None, received_at: datetime, since: datetime = EARLIEST) -> Occurred:
    """The time to sort and tie by: `taken_at` where it is believable, else `received_at`.

    Before `since` the device took nothing: a clock that says so was never set, or has forgotten.
    """
    if taken_at is None:
        return Occurred(received_at)
    if taken_at > received_at + AHEAD:
        return Occurred(received_at, ("future_time",))
    if taken_at < max(since, EARLIEST):
        return Occurred(received_at, ("clock_not_set",))
    if taken_at < received_at - OLD:
        return Occurred(taken_at, ("old_time",))
    return Occurred(min(taken_at, received_at))
