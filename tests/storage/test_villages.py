"""The index finds the very villages that PostGIS finds."""

import json
from pathlib import Path

import numpy as np
import shapely

from geo.areas import Level
from geo.index import AreaIndex
from ingest.areas.read import prepare
from pantau.demo.city import draw_city
from tests.servers.postgres import PostgresServer
from tests.storage.villages import postgis


def test_no_place_is_in_another_village_for_postgis(postgres_server: PostgresServer, tmp_path: Path) -> None:
    file = tmp_path / "villages.geojson"
    file.write_text(json.dumps(draw_city().areas_geojson))
    villages = [area for area in prepare(file).areas if area.level is Level.VILLAGE]
    shapes = [area.geometry for area in villages]
    rng = np.random.default_rng(3)
    west, south, east, north = shapely.total_bounds(shapes)
    corners = shapely.get_coordinates(shapes)[::7]  # on the borders, where the two could differ
    lons = np.concatenate([rng.uniform(west, east, 20_000), corners[:, 0]])
    lats = np.concatenate([rng.uniform(south, north, 20_000), corners[:, 1]])
    index = AreaIndex(villages)
    found = index.codes[index.many(lons, lats)].tolist()
    with postgis(postgres_server, villages) as rival:
        _, held = rival.holding(lons, lats)
    assert len(set(found)) > 200
    assert found == held
