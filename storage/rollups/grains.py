"""How finely counts are kept: which spans of time by which areas, and which of those answers a question.

One table with every village, category and day would hold nearly as many rows as there are complaints. So several are
kept, each coarse in something; their size follows from the city, not from how much ever happened in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum, StrEnum
from zoneinfo import ZoneInfo

from geo.areas import Level
from storage.tables.types import micros

DAY_US = 86_400_000_000
ROOM_DAYS = 800_000
"""More than lie between the year 1 and 1970: times are shifted by it, as both engines divide what is positive alike."""

CELL_LEVELS = (15, 13, 11, 9)
"""Zooms of the cells that are kept, finest first: 1.2 km, 4.9 km, 20 km and 78 km wide at the equator."""

TOOK_DAYS = (1, 2, 3, 5, 7, 14, 30, 90)
"""Days from opening to closing up to which closed complaints are counted."""

_EPOCH = date(1970, 1, 1)
_ONE_DAY = timedelta(days=1)


class Axis(StrEnum):
    """Which of its moments puts a row in a span."""

    HAPPENED = "happened"
    CLOSED = "closed"


class Span(IntEnum):
    """How finely time is told; more is finer."""

    ALWAYS = 0
    MONTH = 1
    DAY = 2


class Ground(IntEnum):
    """How finely areas are told; more is finer. CITY tells none, so that what lies outside every area is in it too."""

    CITY = 0
    DISTRICT = 1
    VILLAGE = 2


@dataclass(frozen=True, slots=True)
class Grain:
    """One way of cutting, under the number that its rows carry. `source`: the finer grain that a rebuild sums up."""

    number: int
    axis: Axis
    span: Span
    ground: Ground
    source: int | None = None


GRAINS = (
    Grain(1, Axis.HAPPENED, Span.ALWAYS, Ground.VILLAGE),
    Grain(2, Axis.HAPPENED, Span.ALWAYS, Ground.DISTRICT, source=1),
    Grain(3, Axis.HAPPENED, Span.DAY, Ground.DISTRICT),
    Grain(4, Axis.HAPPENED, Span.DAY, Ground.CITY, source=3),
    Grain(5, Axis.HAPPENED, Span.MONTH, Ground.DISTRICT, source=3),
    Grain(6, Axis.HAPPENED, Span.MONTH, Ground.CITY, source=4),
    Grain(7, Axis.CLOSED, Span.DAY, Ground.DISTRICT),
    Grain(8, Axis.CLOSED, Span.DAY, Ground.CITY, source=7),
    Grain(9, Axis.CLOSED, Span.MONTH, Ground.DISTRICT, source=7),
    Grain(10, Axis.CLOSED, Span.MONTH, Ground.CITY, source=8),
)
"""In an order in which each comes after its source."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of spans of one grain: days since 1970, `end` excluded; None is open."""

    grain: Grain
    first: int | None = None
    end: int | None = None


def ground_of(level: Level) -> Ground:
    """How finely areas must be told to know those of this level."""
    return Ground.VILLAGE if level is Level.VILLAGE else Ground.DISTRICT


def segments(
    axis: Axis, ground: Ground, first: int | None, end: int | None, *, by_day: bool = False, by_month: bool = False
) -> tuple[Segment, ...] | None:
    """The few runs of spans that together are the days from `first` up to `end`; None where no grain tells so much.

    `by_day`: the answer must tell the days apart; `by_month`: the months.
    """
    if by_day:
        return _whole(axis, Span.DAY, ground, first, end)
    if first is None and end is None:
        return _whole(axis, Span.MONTH if by_month else Span.ALWAYS, ground, None, None)
    return _months_and_days(axis, ground, first, end)


def _whole(axis: Axis, span: Span, ground: Ground, first: int | None, end: int | None) -> tuple[Segment, ...] | None:
    grain = _grain(axis, span, ground)
    return None if grain is None else (Segment(grain, first, end),)


def _months_and_days(axis: Axis, ground: Ground, first: int | None, end: int | None) -> tuple[Segment, ...] | None:
    months, days = _grain(axis, Span.MONTH, ground), _grain(axis, Span.DAY, ground)
    if months is None or days is None:
        return None
    inner_first = None if first is None else month_from(first)
    inner_end = None if end is None else month_of(end)
    if inner_first is not None and inner_end is not None and inner_first >= inner_end:
        return (Segment(days, first, end),)
    found = [Segment(months, inner_first, inner_end)]
    if first is not None and inner_first is not None and first < inner_first:
        found.append(Segment(days, first, inner_first))
    if end is not None and inner_end is not None and inner_end < end:
        found.append(Segment(days, inner_end, end))
    return tuple(found)


def _grain(axis: Axis, span: Span, ground: Ground) -> Grain | None:
    """The coarsest grain that tells at least this much."""
    fitting = (one for one in GRAINS if one.axis is axis and one.span >= span and one.ground >= ground)
    return min(fitting, key=lambda one: (one.span, one.ground), default=None)


def month_of(day: int) -> int:
    """The first day of a day's month."""
    return (_date(day).replace(day=1) - _EPOCH).days


def month_from(day: int) -> int:
    """The first day of the first month that begins on this day or later."""
    first = month_of(day)
    return day if first == day else month_of(first + 31)


def _date(day: int) -> date:
    return _EPOCH + day * _ONE_DAY


def offset_s(zone: ZoneInfo) -> int:
    """By how many seconds the city's days begin before those of UTC. Where clocks change twice a year it is that of
    January: questions about the other days are answered from the rows.
    """
    shift = datetime(2026, 1, 1, tzinfo=zone).utcoffset()
    return 0 if shift is None else round(shift.total_seconds())


def day_at(moment: datetime, offset: int) -> int | None:
    """The day that begins at this very moment; None if none does."""
    day, rest = divmod(micros(moment.astimezone(UTC)) + offset * 1_000_000, DAY_US)
    return day if rest == 0 else None


def days(first: int, end: int) -> Iterator[date]:
    """The dates of these days, `end` excluded."""
    return (_date(day) for day in range(first, end))
