"""A town whose complaints and photos lie where tiles end, many at one place."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from cases.words import Status
from geo.cells import cell, cells
from geo.tiles import Tile
from storage.rollups.rebuild import rebuild
from storage.tables import Complaint, Photo
from tests.api.town import Town
from tests.geo.made import middle
from tests.ingest.city import NOON
from tests.storage import samples

MOST = 6
"""Rows that a tile shows one by one in these tests."""

LED = {"pothole": "bina_marga", "rubbish": "dlh", "illegal_levy": "inspektorat"}


def line(zoom: int, near: float) -> float:
    """The longitude of a tile's edge."""
    side = 1 << zoom
    return round((near + 180) / 360 * side) / side * 360 - 180


PLACES = [
    middle(0, 0),
    middle(1, 1),
    middle(3, 2),
    (line(10, 114.02), -8.49),
    (line(12, 114.03), -8.47),
    (line(16, 114.05), Tile(16, 53530, 34318).bounds[1]),
    (line(14, 114.01), Tile(14, 13383, 8580).bounds[3]),
    (180.0, -8.0),
    (-180.0, 89.0),
    (0.0, 0.0),
    (13.4, 52.5),
]


@pytest.fixture
def dense(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """Some ninety rows at eleven places, half of them noted since the counts were last made."""
    monkeypatch.setattr("api.tiles.drawing.MOST_ROWS", MOST)
    random, parts = Random(5), town.city.parts
    for half in range(2):
        with parts.database.write() as db:
            db.add_all(complaint(town, random) for _ in range(35))
            db.add_all(photo(town, random) for _ in range(12))
            db.add(complaint(town, random, cell=None, lon=None, lat=None, area_code=None))
        if not half:
            rebuild(parts.database, parts.zone, NOON)
    yield town


def complaint(town: Town, random: Random, **more: Any) -> Complaint:
    """Any complaint."""
    category = random.choice([*LED])
    opened = NOON - timedelta(hours=random.randrange(200))
    status = random.choice([Status.RECEIVED, Status.VERIFIED, Status.RESOLVED])
    values: dict[str, Any] = {
        "reference": f"{random.randrange(10**10):010d}",
        "category_code": category,
        "agency_code": LED[category],
        "confidential": category == "illegal_levy",
        "status": status,
        "description": random.choice(["Lubang besar", "Sampah"]),
        "opened_at": opened,
        "due_at": opened + timedelta(hours=72),
        "closed_at": NOON if status is Status.RESOLVED else None,
        "opened_by": town.id("officer") if random.random() < 0.3 else None,
    }
    return samples.complaint(**values | somewhere(town, random) | more)


def photo(town: Town, random: Random) -> Photo:
    """Any photo."""
    category = random.choice([None, *LED])
    values: dict[str, Any] = {
        "account_id": town.id(random.choice(["officer", "colleague"])),
        "category_code": category,
        "confidential": category == "illegal_levy",
        "occurred_at": NOON - timedelta(hours=random.randrange(200)),
    }
    return samples.photo(**values | somewhere(town, random))


def somewhere(town: Town, random: Random) -> dict[str, Any]:
    """One of PLACES, in its area."""
    lon, lat = random.choice(PLACES)
    area = town.city.parts.areas.index().at(lon, lat)
    return {"lon": lon, "lat": lat, "radius_m": 5.0, "cell": cell(lon, lat), "area_code": area}


def tiles_around(zoom: int) -> set[Tile]:
    """The tiles that hold PLACES, and those beside them."""
    side, found = 1 << zoom, set()
    for lon, lat in PLACES:
        code = int(cells([lon], [lat])[0])
        columns = [
            sum((code >> 2 * bit & 1) << bit for bit in range(24)),
            sum((code >> 2 * bit + 1 & 1) << bit for bit in range(24)),
        ]
        x, y = (at >> 24 - zoom for at in columns)
        beside = [(x, y), (x - 1, y), (x, y - 1), (x - 1, y - 1)]
        found |= {Tile(zoom, *one) for one in beside if 0 <= one[0] < side and 0 <= one[1] < side}
    return found
