"""Roads: the trunk road along the coast, roads between district seats, lanes to the villages, the town's grid."""

import math
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from random import Random
from typing import Final

import shapely

from pantau.demo.coast import Land, rough_path
from pantau.demo.coverage import Village
from pantau.demo.names import street_names
from pantau.demo.plane import Point, to_degrees

GRID_REACH_M: Final = 2_300.0
GRID_SPACING_M: Final = 190.0
_BEACH_M: Final = 60.0


class RoadClass(StrEnum):
    """How much a road carries, in OpenStreetMap's words."""

    TRUNK = "trunk"
    PRIMARY = "primary"
    SECONDARY = "secondary"
    RESIDENTIAL = "residential"


@dataclass(frozen=True)
class Road:
    """A named line on land; coordinates are lon, lat in degrees."""

    name: str
    class_: RoadClass
    coordinates: tuple[Point, ...]


class RoadMap:
    """Collects roads, clipped to the land they may lie on."""

    def __init__(self, land: Land) -> None:
        self._ground = land.mainland.buffer(-_BEACH_M)
        shapely.prepare(self._ground)
        self.roads: list[Road] = []

    def add(self, name: str, class_: RoadClass, path: list[Point]) -> None:
        """Keep what of a path in metres lies on dry land, but no stump shorter than 80 m."""
        line = shapely.LineString(path).simplify(4)
        kept = line if self._ground.contains(line) else line.intersection(self._ground)
        for part in shapely.get_parts(kept):
            if isinstance(part, shapely.LineString) and part.length >= 80:
                self.roads.append(Road(name, class_, tuple(to_degrees(shapely.get_coordinates(part)))))


def draw_roads(land: Land, villages: list[Village], districts: list[str], rng: Random) -> list[Road]:
    """All roads, the largest first. `districts` are names by district number."""
    found = RoadMap(land)
    trunk = _trunk(land)
    found.add("Jl. Raya Pesisir Utara", RoadClass.TRUNK, trunk)
    _primaries(found, villages, districts, trunk, rng)
    _secondaries(found, villages, rng)
    _grid(found, land, rng)
    return found.roads


def _trunk(land: Land) -> list[Point]:
    """Some 900 m inland of the coast from one border to the other, smoothed."""
    dry = land.mainland.buffer(-900)
    west, _, east, _ = dry.bounds
    xs = [west + 100 + (east - west - 200) * n / 90 for n in range(91)]
    tops = [dry.intersection(shapely.LineString([(x, -30_000), (x, 30_000)])).bounds[3] for x in xs]
    smooth = [sum(tops[max(0, n - 3) : n + 4]) / len(tops[max(0, n - 3) : n + 4]) for n in range(len(tops))]
    inner = [(x, min(y, top)) for x, y, top in zip(xs, smooth, tops, strict=True)]
    # Both ends reach the border with the neighbouring regency.
    first, last = inner[0], inner[-1]
    return chaikin([(first[0] - 1_900, first[1]), *inner, (last[0] + 1_900, last[1])])


def chaikin(path: list[Point]) -> list[Point]:
    """Corners cut twice, ends kept (Chaikin 1974)."""
    for _ in range(2):
        cut = [path[0]]
        for (x0, y0), (x1, y1) in pairwise(path):
            cut += [(0.75 * x0 + 0.25 * x1, 0.75 * y0 + 0.25 * y1), (0.25 * x0 + 0.75 * x1, 0.25 * y0 + 0.75 * y1)]
        path = [*cut, path[-1]]
    return path


def _winding(start: Point, end: Point, rng: Random) -> list[Point]:
    return chaikin(rough_path([start, end], rng, step_m=700, roughness=0.12))


def _primaries(found: RoadMap, villages: list[Village], districts: list[str], trunk: list[Point], rng: Random) -> None:
    """The shortest tree over district seats, some shortcuts, and a way down to the trunk road from near it."""
    seats = {village.district: village.seat for n, village in enumerate(villages) if village.hub == n}
    pairs = sorted((math.dist(seats[a], seats[b]), a, b) for a in seats for b in seats if a < b)
    group = {number: number for number in seats}
    for length, a, b in pairs:
        joins = group[a] != group[b]
        if joins or (length < 7_000 and rng.random() < 0.25):
            found.add(f"Jl. Raya {districts[a]}-{districts[b]}", RoadClass.PRIMARY, _winding(seats[a], seats[b], rng))
        if joins:
            old, new = group[b], group[a]
            group = {number: new if g == old else g for number, g in group.items()}
    for number, seat in sorted(seats.items()):
        nearest = min(trunk, key=lambda point: math.dist(point, seat))
        if 150 < math.dist(nearest, seat) < 6_000:
            found.add(f"Jl. Raya {districts[number]}", RoadClass.PRIMARY, _winding(seat, nearest, rng))


def _secondaries(found: RoadMap, villages: list[Village], rng: Random) -> None:
    """From each village to the next one on the way to its district's seat."""
    names = street_names(rng)
    for n, village in enumerate(villages):
        if village.hub != n:
            found.add(next(names), RoadClass.SECONDARY, _winding(village.seat, villages[village.hub].seat, rng))


def _grid(found: RoadMap, land: Land, rng: Random) -> None:
    """Streets at right angles around the square, thinning towards the edge of town."""
    names = street_names(rng)
    turn = rng.uniform(-0.35, 0.35)
    count = int(GRID_REACH_M / GRID_SPACING_M)
    for along in (0.0, math.pi / 2):
        for n in range(-count, count + 1):
            offset = n * GRID_SPACING_M + rng.uniform(-25, 25)
            reach = math.sqrt(max(GRID_REACH_M**2 - offset**2, 0)) * rng.uniform(0.75, 1.05)
            start = -reach * rng.uniform(0.8, 1.0)
            path = [_turned(land.town, turn + along, run, offset) for run in (start, reach)]
            found.add(next(names), RoadClass.RESIDENTIAL if n % 4 else RoadClass.SECONDARY, path)


def _turned(centre: Point, turn: float, run: float, offset: float) -> Point:
    cos, sin = math.cos(turn), math.sin(turn)
    return centre[0] + run * cos - offset * sin, centre[1] + run * sin + offset * cos
