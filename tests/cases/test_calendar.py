"""Days, weeks and months of the city's calendar."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.calendar import MOST, SHOWN, Every, TooManyPeriods, starts

pytestmark = pytest.mark.unit

JAKARTA, BERLIN = ZoneInfo("Asia/Jakarta"), ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)


def at(*day: int, zone: ZoneInfo = JAKARTA) -> datetime:
    return datetime(*day, tzinfo=zone)  # type: ignore[arg-type, misc]


def test_months_begin_at_the_citys_midnight() -> None:
    found = starts(Every.MONTH, at(2026, 9, 1), None, NOON, JAKARTA)
    assert found == [at(2026, 9, 1), at(2026, 10, 1), at(2026, 11, 1), at(2026, 11, 21)]
    assert found[0] == datetime(2026, 8, 31, 17, tzinfo=UTC)


def test_the_first_and_the_last_may_be_parts() -> None:
    since, until = at(2026, 11, 4), at(2026, 11, 17, 12)
    assert starts(Every.WEEK, since, until, NOON, JAKARTA) == [since, at(2026, 11, 9), at(2026, 11, 16), until]
    assert starts(Every.DAY, since, since + timedelta(hours=1), NOON, JAKARTA) == [since, since + timedelta(hours=1)]
    assert starts(Every.DAY, since, since, NOON, JAKARTA) == []


@pytest.mark.parametrize("every", list(Every))
def test_without_a_beginning_some_whole_ones_are_shown(every: Every) -> None:
    found = starts(every, None, None, NOON, JAKARTA)
    assert len(found) == SHOWN[every] + 1
    assert found[-1] == at(2026, 11, 21)


def test_too_many_are_refused_with_advice() -> None:
    with pytest.raises(TooManyPeriods, match=f"{MOST:,}".replace(",", "")):
        starts(Every.DAY, at(1990, 1, 1), None, NOON, JAKARTA)
    assert len(starts(Every.MONTH, at(1990, 1, 1), None, NOON, JAKARTA)) == 444


@given(
    st.sampled_from(Every),
    st.integers(0, 20_000).map(lambda hours: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=hours)),
    st.integers(1, 10_000),
    st.sampled_from([JAKARTA, BERLIN]),
)
def test_periods_follow_each_other_through_any_calendar(
    every: Every, since: datetime, hours: int, zone: ZoneInfo
) -> None:
    until = since + timedelta(hours=hours)
    found = starts(every, since, until, NOON, zone)
    assert (found[0], found[-1]) == (since, until)
    assert all(one.astimezone(UTC) < other.astimezone(UTC) for one, other in pairwise(found))
    for one in found[1:-1]:
        local = one.astimezone(zone)
        assert (local.hour, local.minute) == (0, 0)
        assert every is not Every.WEEK or local.weekday() == 0
        assert every is not Every.MONTH or local.day == 1
