"""The clock of a place in Indonesia: WIB, WITA or WIT, by its province."""

from __future__ import annotations

# Province codes of Kemendagri (BPS uses the same two digits), zones of the IANA database's zone1970.tab.
_PROVINCES = {
    "Asia/Jakarta": "11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36",
    "Asia/Pontianak": "61 62",
    "Asia/Makassar": "51 52 53 63 64 65 71 72 73 74 75 76",
    "Asia/Jayapura": "81 82 91 92 93 94 95 96 97",
}
_ZONES = {province: zone for zone, provinces in _PROVINCES.items() for province in provinces.split()}


def zone_of(code: str | None, default: str = "Asia/Jakarta") -> str:
    """The IANA zone of an area by its code (`35.10.21.1002`), or `default` for no code or an unknown province."""
    return _ZONES.get(code[:2], default) if code else default
