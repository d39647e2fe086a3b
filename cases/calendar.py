"""Days, weeks and months of the city's own calendar. Pure."""

from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from cases.errors import PantauError

MOST = 1_500
"""Most periods in one answer: four years of days."""


class Every(StrEnum):
    """How long a period is. A week begins on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


SHOWN = {Every.DAY: 30, Every.WEEK: 26, Every.MONTH: 24}
"""Periods up to now where nobody says since when."""


class TooManyPeriods(PantauError):
    """More periods than one answer holds."""

    code = "too_many_periods"


def starts(every: Every, since: datetime | None, until: datetime | None, now: datetime, zone: tzinfo) -> list[datetime]:
    """When the periods from `since` up to `until` begin, in order, and when the last ends.

    They begin at midnights of `zone`, but the first at `since` and the end at `until`, wherever those lie. Without
    `until` they go up to the end of today, without `since` so many whole ones as SHOWN says. Nothing where `since` is
    not before `until`. Raises TooManyPeriods.
    """
    end = _midnight(now.astimezone(zone).date() + timedelta(days=1), zone) if until is None else until
    last_day = (end - timedelta(microseconds=1)).astimezone(zone).date()
    if since is None:
        first = _stepped(every, _first_day(every, last_day), 1 - SHOWN[every])
        since = _midnight(first, zone)
    if since >= end:
        return []
    found, day = [since], _first_day(every, since.astimezone(zone).date())
    while (start := _midnight(day := _stepped(every, day, 1), zone)) < end:
        found.append(start)
        if len(found) > MOST:
            raise TooManyPeriods(most=MOST)
    return [*found, end]


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _first_day(every: Every, day: date) -> date:
    match every:
        case Every.DAY:
            return day
        case Every.WEEK:
            return day - timedelta(days=day.weekday())
        case Every.MONTH:
            return day.replace(day=1)


def _stepped(every: Every, day: date, by: int) -> date:
    """The first day of the period so many later."""
    match every:
        case Every.DAY:
            return day + timedelta(days=by)
        case Every.WEEK:
            return day + timedelta(weeks=by)
        case Every.MONTH:
            months = day.year * 12 + day.month - 1 + by
            return date(months // 12, months % 12 + 1, 1)
