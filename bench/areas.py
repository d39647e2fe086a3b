"""Which village holds each of 100,000 places: our index beside shapely's STRtree and PostGIS, on the same polygons.

    python -m bench.areas [FILE.geojson]

FILE holds village polygons with a code in `kode`; without it a made-up regency is drawn.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import shapely

from geo.areas import Area, level_of, parent_code
from geo.ground import areas_m2, label_of
from geo.index import AreaIndex
from tests.servers.postgres import PostgresServer, bin_folder
from tests.storage.villages import postgis

PLACES = 100_000
ROUNDS = 7


def main() -> None:
    """Build, compare and print; ends with an error if one answer differs."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("file", nargs="?", type=Path, help="GeoJSON with village polygons and their codes in `kode`")
    file = options.parse_args().file
    areas = read(file) if file else draw()
    polygons = [area.geometry for area in sorted(areas, key=lambda area: area.code)]
    corners = int(shapely.get_num_coordinates(polygons).sum())
    building, index = timed(lambda: AreaIndex(areas), rounds=1)
    print(f"{len(areas)} villages, {corners:,} corners; index built in {building * 1e3:.0f} ms")

    rng = np.random.default_rng(1)
    west, south, east, north = shapely.total_bounds(polygons)
    lons, lats = rng.uniform(west, east, PLACES), rng.uniform(south, north, PLACES)
    ours, found = timed(lambda: index.many(lons, lats), ROUNDS)
    tree = shapely.STRtree(polygons)
    rival, pairs = timed(lambda: tree.query(shapely.points(lons, lats), predicate="intersects"), ROUNDS)
    prepared, _ = timed(lambda: rechecked(tree, polygons, lons, lats), ROUNDS)
    print(f"{PLACES:,} places: index {ours * 1e3:.1f} ms, STRtree {rival * 1e3:.1f} ms, "
          f"STRtree's boxes with prepared recheck {prepared * 1e3:.1f} ms; "
          f"index / STRtree = {ours / rival:.2f}, index / prepared = {ours / prepared:.2f}")  # fmt: skip

    # Where polygons overlap both agree on the lowest code.
    expected = np.full(PLACES, len(polygons))
    np.minimum.at(expected, pairs[0], pairs[1])
    expected[expected == len(polygons)] = -1
    mismatches = int((expected != found).sum())
    inside = int((found >= 0).sum())
    print(f"{inside:,} places inside, {mismatches} mismatches")

    if bin_folder() is not None:
        beside_postgis(areas, lons, lats, index.codes[found].tolist(), ours)
    some = list(zip(lons[found >= 0][:2000].tolist(), lats[found >= 0][:2000].tolist(), strict=True))
    one, _ = timed(lambda: [index.at(*place) for place in some], 3)
    close, _ = timed(lambda: [index.near(*place, 25.0) for place in some], 3)
    print(f"one place: at {one / len(some) * 1e6:.0f} us, near 25 m {close / len(some) * 1e6:.0f} us")
    if mismatches:
        raise SystemExit("the index and STRtree disagree")


def beside_postgis(areas: list[Area], lons: Any, lats: Any, found: list[str | None], ours: float) -> None:
    """The same places asked of a PostGIS of our own; ends with an error if one answer differs."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        server = PostgresServer.start(Path(folder) / "postgres", os.getpid())
        with postgis(server, areas) as villages:
            theirs, held = villages.holding(lons, lats)
        server.close()
    mismatches = sum(a != b for a, b in zip(found, held, strict=True))
    print(f"PostGIS ST_Covers {theirs * 1e3:.0f} ms; index / PostGIS = {ours / theirs:.2f}; {mismatches} mismatches")
    if mismatches:
        raise SystemExit("the index and PostGIS disagree")


def timed(work: Callable[[], Any], rounds: int) -> tuple[float, Any]:
    """Seconds of the fastest round, and what it gave."""
    best, result = math.inf, None
    for _ in range(rounds):
        begin = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - begin)
    return best, result


def rechecked(tree: shapely.STRtree, polygons: list[Any], lons: Any, lats: Any) -> Any:
    """The best STRtree can do, by hand: boxes from the tree, then prepared polygons asked without point objects."""
    places, candidates = tree.query(shapely.points(lons, lats))
    held = shapely.intersects_xy(np.asarray(polygons, dtype=object)[candidates], lons[places], lats[places])
    return places[held], candidates[held]


def read(file: Path) -> list[Area]:
    """The villages of a GeoJSON file."""
    features = json.loads(file.read_bytes())["features"]
    shapes = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])
    return [as_area(f["properties"]["kode"], shape) for f, shape in zip(features, shapes, strict=True)]


def draw(side: int = 15, corners: int = 30) -> list[Area]:
    """A regency of side x side villages whose wriggling borders fit each other exactly."""
    rng = np.random.default_rng(2)
    steps = np.linspace(0, side, side * corners + 1)
    wave = rng.normal(0, 0.03, (2, side + 1, len(steps)))
    whole = np.arange(0, len(steps), corners)
    wave[:, :, whole] = 0  # borders meet at the grid's corners
    areas = []
    for row in range(side):
        for column in range(side):
            along = slice(column * corners, (column + 1) * corners + 1)
            up = slice(row * corners, (row + 1) * corners + 1)
            south = np.column_stack([steps[along], row + wave[0, row, along]])
            north = np.column_stack([steps[along], row + 1 + wave[0, row + 1, along]])
            west = np.column_stack([column + wave[1, column, up], steps[up]])
            east = np.column_stack([column + 1 + wave[1, column + 1, up], steps[up]])
            ring = np.concatenate([south[:-1], east[:-1], north[:0:-1], west[:0:-1]])
            shape = shapely.Polygon(ring * 0.04 + (113.0, -8.6))
            areas.append(as_area(f"99.01.{row + 1:02d}.{2001 + column}", shapely.make_valid(shape)))
    return areas


def as_area(code: str, shape: Any) -> Area:
    """An area with nothing but its code and ground."""
    bounds = shape.bounds
    return Area(code, code, level_of(code), parent_code(code), None, shape, label_of(shape),
                float(areas_m2([shape])[0]), bounds)  # fmt: skip


if __name__ == "__main__":
    main()
