"""The clocks of Indonesia's provinces."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from geo.zones import zone_of

pytestmark = pytest.mark.unit

# By province code: hours before UTC. Keppres 41/1987, and the provinces split off since.
HOURS = {
    7: "11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 61 62",
    8: "51 52 53 63 64 65 71 72 73 74 75 76",
    9: "81 82 91 92 93 94 95 96 97",
}


@pytest.mark.parametrize(
    ("hours", "province"), [(hours, code) for hours, codes in HOURS.items() for code in codes.split()]
)
def test_every_province_has_its_clock(hours: int, province: str) -> None:
    zone = ZoneInfo(zone_of(f"{province}.01.01.2001"))
    assert dt.datetime(2026, 11, 1, tzinfo=zone).utcoffset() == dt.timedelta(hours=hours)


def test_an_unknown_place_has_the_clock_asked_for() -> None:
    assert zone_of("35.10") == zone_of("3510210002") == "Asia/Jakarta"
    assert zone_of(None) == zone_of("") == zone_of("99.01") == "Asia/Jakarta"
    assert zone_of(None, "Asia/Jayapura") == "Asia/Jayapura"
