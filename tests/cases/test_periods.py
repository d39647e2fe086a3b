"""Times in a URL, as OGC API and STAC write them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cases.periods import moment, period

pytestmark = pytest.mark.unit

AT = datetime(2026, 11, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-11-01T00:00:00Z", (AT, AT + TICK)),
        ("2026-11-01T07:00:00+07:00", (AT, AT + TICK)),
        ("2026-11-01T07:00:00 07:00", (AT, AT + TICK)),
        ("2026-10-31t19:30:00.000000999-04:30", (AT, AT + TICK)),
        ("2026-10-31T23:59:60Z", (AT, AT + TICK)),
        ("2026-11-01T00:00:00Z/..", (AT, None)),
        ("2026-11-01T00:00:00Z/9999-12-31T23:59:59.999999Z", (AT, None)),
        ("2026-11-01T00:00:00Z/", (AT, None)),
        ("../2026-11-01T00:00:00Z", (None, AT + TICK)),
        ("/2026-11-01T00:00:00Z", (None, AT + TICK)),
        ("2026-11-01T00:00:00Z/2026-11-01T00:00:00.5Z", (AT, AT + timedelta(seconds=0.5) + TICK)),
    ],
)
def test_what_a_time_means(text: str, meant: object) -> None:
    assert period(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "../..",
        "2026-11-01",
        "2026-11-01T00:00:00",
        "2026-11-01T00:00:00+0700",
        "2026-11-01T00:00:61Z",
        "2026-11-01T00:00:00.Z",
        "2026-11-01T00:00:00,5Z",
        "2026-13-01T00:00:00Z",
        "2026-11-01T00:00:00+24:00",
        "0001-01-01T00:00:00+01:00",
        "٢٠٢٦-11-01T00:00:00Z",
        "2026-11-02T00:00:00Z/2026-11-01T00:00:00Z",
        "../2026-11-01T00:00:00Z/..",
    ],
)
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError):
        period(text)


@given(some.datetimes(timezones=some.timezones()))
def test_what_is_written_is_read_back(at: datetime) -> None:
    try:
        utc = at.astimezone(UTC)
    except OverflowError:
        return
    assert moment(utc.isoformat()) == utc


@given(some.text(max_size=60))
def test_nothing_else_comes_out_of_any_text(text: str) -> None:
    try:
        since, until = period(text)
    except ValueError:
        return
    assert since is None or until is None or since < until
