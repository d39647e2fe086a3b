"""The land: a fractal coast with a bay for the town, rough inland borders and a few islets."""

import math
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Final

import shapely

from pantau.demo.plane import Point

COAST_STEP_M: Final = 90.0
BORDER_STEP_M: Final = 220.0
HALF_WIDTH_M: Final = 25_000.0
SOUTH_M: Final = -19_500.0


@dataclass(frozen=True)
class Land:
    """What there is to stand on, in metres."""

    mainland: shapely.Polygon
    islets: tuple[shapely.Polygon, ...]
    shore: shapely.LineString
    """The coast from west to east."""
    town: Point
    """The town square, near the head of the bay."""


def roughen(start: Point, end: Point, rng: Random, *, step_m: float, roughness: float) -> list[Point]:
    """A fractal line from start to end by midpoint displacement, both ends kept.

    Each midpoint moves across its segment by at most `roughness` of the segment's length, until segments are
    shorter than `step_m`.
    """
    (x0, y0), (x1, y1) = start, end
    if math.hypot(x1 - x0, y1 - y0) <= step_m:
        return [start, end]
    shift = rng.uniform(-roughness, roughness)
    middle = ((x0 + x1) / 2 - (y1 - y0) * shift, (y0 + y1) / 2 + (x1 - x0) * shift)
    first = roughen(start, middle, rng, step_m=step_m, roughness=roughness)
    return first[:-1] + roughen(middle, end, rng, step_m=step_m, roughness=roughness)


def rough_path(points: list[Point], rng: Random, *, step_m: float, roughness: float) -> list[Point]:
    """Each leg of a path roughened, its corners kept."""
    path = [points[0]]
    for start, end in pairwise(points):
        path += roughen(start, end, rng, step_m=step_m, roughness=roughness)[1:]
    return path


def draw_land(rng: Random) -> Land:
    """A coast to the north with a bay and two capes, hills to the south; about 50 x 35 km."""
    bay = rng.uniform(-7_000, 6_000)
    corners = _coast_corners(bay, rng)
    shore = rough_path(corners, rng, step_m=COAST_STEP_M, roughness=0.21)
    inland = [
        corners[-1],
        (HALF_WIDTH_M + rng.uniform(-2_000, 500), -3_000.0),
        (HALF_WIDTH_M - rng.uniform(2_000, 6_000), SOUTH_M + rng.uniform(0, 3_000)),
        (rng.uniform(2_000, 8_000), SOUTH_M - rng.uniform(0, 1_500)),
        (rng.uniform(-12_000, -6_000), SOUTH_M + rng.uniform(0, 2_500)),
        (-HALF_WIDTH_M + rng.uniform(1_000, 5_000), SOUTH_M + rng.uniform(1_000, 4_000)),
        (-HALF_WIDTH_M, -4_000 + rng.uniform(-2_000, 2_000)),
        corners[0],
    ]
    border = rough_path(inland, rng, step_m=BORDER_STEP_M, roughness=0.16)
    faces = shapely.polygonize([shapely.unary_union(shapely.LineString(shore + border[1:]))])
    mainland = max(faces.geoms, key=lambda face: face.area)
    assert isinstance(mainland, shapely.Polygon)
    line = shapely.LineString(shore)
    return Land(mainland, _islets(mainland, bay, rng), line, _town(mainland, bay))


def _coast_corners(bay: float, rng: Random) -> list[Point]:
    west, east = bay - rng.uniform(6_500, 8_500), bay + rng.uniform(6_000, 8_500)
    return [
        (-HALF_WIDTH_M, rng.uniform(8_500, 11_500)),
        ((west - HALF_WIDTH_M) / 2, rng.uniform(11_500, 13_500)),
        (west, rng.uniform(15_500, 17_500)),
        (west + 2_600, rng.uniform(13_500, 14_500)),
        (bay, rng.uniform(11_200, 11_800)),
        (east - 3_000, rng.uniform(13_000, 14_000)),
        (east, rng.uniform(16_000, 18_500)),
        ((east + HALF_WIDTH_M) / 2, rng.uniform(12_000, 14_500)),
        (HALF_WIDTH_M, rng.uniform(9_000, 12_500)),
    ]


def _town(mainland: shapely.Polygon, bay: float) -> Point:
    """Some 1.3 km inland from the head of the bay."""
    meridian = shapely.LineString([(bay, SOUTH_M - 5_000), (bay, 25_000)]).intersection(mainland)
    return bay, round(meridian.bounds[3] - 1_300, 1)


def _islets(mainland: shapely.Polygon, bay: float, rng: Random) -> tuple[shapely.Polygon, ...]:
    found: list[shapely.Polygon] = []
    while len(found) < 4:
        x, y = bay + rng.gauss(0, 9_000), rng.uniform(15_000, 20_500)
        radius = rng.uniform(180, 620)
        corners = [
            (x + radius * rng.uniform(0.6, 1.5) * math.cos(turn), y + radius * rng.uniform(0.5, 1.0) * math.sin(turn))
            for turn in (math.tau * step / 7 for step in range(7))
        ]
        ring = rough_path([*corners, corners[0]], rng, step_m=COAST_STEP_M, roughness=0.15)
        islet = shapely.Polygon(ring)
        near = [mainland, *found]
        if islet.is_valid and all(islet.distance(other) > 500 for other in near) and islet.distance(mainland) < 5_000:
            found.append(islet)
    return tuple(found)
