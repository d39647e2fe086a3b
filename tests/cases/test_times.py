"""Which clock is believed."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from cases.times import Occurred, in_utc, occurred

pytestmark = pytest.mark.unit

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("taken", "at", "warnings"),
    [
        (None, NOW, ()),
        (NOW - timedelta(hours=3), NOW - timedelta(hours=3), ()),
        (NOW + timedelta(minutes=9), NOW, ()),
        (NOW + timedelta(minutes=11), NOW, ("future_time",)),
        (NOW - timedelta(days=400), NOW - timedelta(days=400), ("old_time",)),
        (datetime(1970, 1, 1, tzinfo=UTC), NOW, ("clock_not_set",)),
    ],
)
def test_believable_or_marked(taken: datetime | None, at: datetime, warnings: tuple[str, ...]) -> None:
    found = occurred(taken, NOW)
    assert (found.at, found.warnings) == (at, warnings)


def test_before_it_was_there_it_took_nothing() -> None:
    since = NOW - timedelta(days=30)
    assert occurred(since - timedelta(seconds=1), NOW, since) == Occurred(NOW, ("clock_not_set",))
    assert occurred(since, NOW, since).at == since


def test_off_the_calendar_is_no_time() -> None:
    last = datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-7)))
    assert in_utc(last) is None
    assert in_utc(None) is None
    assert in_utc(NOW.astimezone(timezone(timedelta(hours=7)))) == NOW
