"""Written times: moments, days and intervals, as microseconds since 1970 with both ends included."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Written:
    """A written time: a moment (`start` is `end`) or a day of the city (`day`), whose ends its zone decides."""

    start: int
    end: int
    day: date | None = None


def written(text: str, zone: ZoneInfo) -> Written:
    """A time with its offset, or a day. Raises ValueError for anything else."""
    text = text.strip()
    if len(text) <= 10:
        return of_day(date.fromisoformat(text), zone)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time needs its offset")
    at = _micros(moment)
    return Written(at, at)


def of_day(day: date, zone: ZoneInfo) -> Written:
    """A day of the city, from midnight to the last microsecond. Raises ValueError for the calendar's last days."""
    try:
        first = datetime.combine(day, time(), tzinfo=zone)
        last = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone) - _MICROSECOND
        return Written(_micros(first), _micros(last), day)
    except OverflowError:
        raise ValueError("beyond the calendar") from None


def _micros(moment: datetime) -> int:
    try:
        return (moment.astimezone(UTC) - _EPOCH) // _MICROSECOND
    except OverflowError:
        raise ValueError("beyond the calendar") from None
