"""Tiles of ours beside those that PostGIS makes of the same rows."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

import numpy as np
import pytest
from sqlalchemy import text

from cases.access import Sight
from cases.incidents import Question
from cases.words import IncidentKind, Status
from geo import mvt
from geo.tiles import Tile
from storage import tiles
from storage.columns import NEVER
from storage.database import Database
from tests.geo import tiled
from tests.storage import samples
from tests.storage.pairs import POSTGRES_S3, Pair
from tests.storage.samples import NOW

NAMES = ("reference", "category", "status", "due_at", "radius_m", "title")
OURS = Sight(account_id=None, photos=False, agency_code=None, area_code=None, teams=frozenset())
COMPLAINTS = Question(kinds=frozenset({IncidentKind.COMPLAINT}))

_POSTGIS = """
SELECT ST_AsMVT(tile, 'complaints', 4096, 'drawn') FROM (
  SELECT reference, category_code AS category, status, due_at / 1000000 AS due_at, radius_m,
         nullif(substr(description, 1, 140), '') AS title,
         ST_AsMVTGeom(ST_Transform(geom, 3857), ST_TileEnvelope(:z, :x, :y), 4096, 64, false) AS drawn
  FROM complaint WHERE cell BETWEEN :first AND :last
) AS tile
"""


@pytest.fixture
def filled(pair: Pair) -> Iterator[Database]:
    """Two hundred complaints in and around a tile of zoom 14, some on its edges, with odd words."""
    random, (west, south, east, north) = Random(3), Tile(14, 13381, 8578).bounds
    words = ["", "Lubang di Jl. Melati", "é漢字 \x1f ,\"'", "x" * 300]
    with pair.database.write() as db:
        samples.people(db)
        for at in range(200):
            lon = random.choice([west, random.uniform(west, east), random.uniform(west - 0.02, east + 0.02)])
            lat = random.choice([north, random.uniform(south, north), random.uniform(south - 0.02, north + 0.02)])
            db.add(
                samples.complaint(
                    lon,
                    lat,
                    status=random.choice([*Status]),
                    description=words[at % 4],
                    due_at=NOW + timedelta(seconds=random.randrange(10**7)),
                )
            )
    yield pair.database


def ours(database: Database, tile: Tile) -> bytes:
    """The tile as Pantau writes it."""
    found = database.ask(lambda db: tiles.rows(db, COMPLAINTS, OURS, NOW, run=tile.run, names=NAMES, at_most=1_000))
    assert found is not None
    column: Any = found.columns
    told = [mvt.texts(name, column[name]) for name in ("reference", "category", "status", "title")]
    told += [mvt.integers("due_at", column["due_at"] // 1_000_000), mvt.numbers("radius_m", column["radius_m"])]
    return mvt.encode([mvt.Layer("complaints", mvt.points(*tile.place(found.lon, found.lat)), told)])


@pytest.mark.parametrize("pair", [POSTGRES_S3], indirect=True)
@pytest.mark.parametrize("tile", [Tile(14, 13381, 8578), Tile(10, 836, 536), Tile(16, 53524, 34312)])
def test_they_hold_the_same_features(filled: Database, tile: Tile) -> None:
    first, last = tile.run
    given = {"z": tile.z, "x": tile.x, "y": tile.y, "first": first, "last": last}
    with filled.read() as db:
        theirs = tiled.tile(bytes(db.execute(text(_POSTGIS), given).scalar_one())).get("complaints", [])
    mine = tiled.tile(ours(filled, tile)).get("complaints", [])
    assert len(mine) == len(theirs) > 0
    expected = {one.properties["reference"]: one for one in theirs}
    for one in mine:
        other = expected[one.properties["reference"]]
        assert one.properties == {name: value for name, value in other.properties.items() if value is not None}
        # Theirs may lie on 4096, the next tile's first unit; ours stays inside.
        assert np.abs(np.array(one.point) - np.minimum(other.point, 4095)).max() == 0


def test_so_many_that_they_are_counted_first_are_still_counted_exactly(filled: Database) -> None:
    tile = Tile(10, 836, 536)

    def asked(db: Any, at_most: int) -> tiles.Rows | None:
        return tiles.rows(db, COMPLAINTS, OURS, NOW, run=tile.run, names=(), at_most=at_most)

    everything = filled.ask(lambda db: asked(db, 1_000))
    assert everything is not None
    assert len(everything) == 200
    assert filled.ask(lambda db: asked(db, 200)) is not None
    assert filled.ask(lambda db: asked(db, 199)) is None
    assert filled.ask(lambda db: asked(db, 10)) is None


def test_the_public_reads_no_texts_and_order_is_that_of_cells(filled: Database) -> None:
    tile = Tile(10, 836, 536)
    public = Sight(account_id=None, photos=False, agency_code=None, area_code=None, teams=frozenset(), details=False)
    found = filled.ask(
        lambda db: tiles.rows(
            db, COMPLAINTS, public, NOW, run=tile.run, names=["title", "photo", "ended_at"], at_most=999
        )
    )
    assert found is not None
    assert set(found.columns["title"]) <= {"", None}
    assert set(found.columns["photo"]) == {None}
    assert set(np.asarray(found.columns["ended_at"]).tolist()) == {NEVER}
