"""Villages and districts as a planar coverage: every border is one line, roughened once for both its sides."""

import heapq
import math
from collections import defaultdict, deque
from dataclasses import dataclass
from random import Random
from typing import Final, TypeVar

import shapely
from shapely.geometry.base import BaseGeometry

from pantau.demo.coast import Land, roughen
from pantau.demo.plane import Point

DISTRICTS: Final = 25
GRID_M: Final = 0.5
"""Every vertex lies on this grid, so that a border reads the same from both sides."""
_TRIES: Final = 9_000
_STEP_M: Final = 130.0

_Shape = TypeVar("_Shape", bound=BaseGeometry)
Ground = shapely.Polygon | shapely.MultiPolygon


@dataclass(frozen=True)
class Village:
    """One cell: where its hall stands, its ground (metres) and its district's number."""

    seat: Point
    shape: Ground
    district: int
    hub: int
    """The village next on the way to the district's seat; itself at the seat."""


def draw_villages(land: Land, rng: Random) -> list[Village]:
    """Some 200 villages in 25 districts, small in town and large in the hills, without gaps or overlaps."""
    tried = _seats(land, rng)
    # Where a rough border swept over a seat, the village behind it lost all its ground.
    settled = [(seat, cell) for seat, cell in zip(tried, _cells(land, tried, rng), strict=True) if not cell.is_empty]
    seats, shapes = [seat for seat, _ in settled], [cell for _, cell in settled]
    neighbours = _neighbours(shapes)
    centres = _spread(neighbours, seats, start=_nearest(seats, land.town))
    district, hub = _grow(neighbours, seats, centres, land)
    return [Village(seats[n], shapes[n], district[n], hub[n]) for n in range(len(seats))]


def spacing(at: Point, land: Land, inland_m: float) -> float:
    """How far apart village seats lie: 0.4 km in town, 1.3 km along the coast, 3.4 km in the hills."""
    town = math.dist(at, land.town)
    return min(420 + 0.18 * town, 1_250 + 0.17 * inland_m, 3_400)


def _seats(land: Land, rng: Random) -> list[Point]:
    """Poisson discs of changing size; the town square is the first."""
    west, south, east, north = land.mainland.bounds
    tries = [(rng.uniform(west, east), rng.uniform(south, north)) for _ in range(_TRIES)]
    tries += [(rng.gauss(land.town[0], 2_500), rng.gauss(land.town[1], 2_500)) for _ in range(_TRIES // 4)]
    points = shapely.points(tries)
    room = land.mainland.buffer(-200)
    shapely.prepare(room)
    inside = shapely.contains(room, points)
    coast = land.shore.simplify(400)
    inland = shapely.distance(coast, points)
    seats, gaps = [land.town], [500.0]
    for n in range(len(tries)):
        if not inside[n]:
            continue
        x, y = tries[n]
        gap = spacing(tries[n], land, float(inland[n]))
        if all(math.dist(tries[n], seat) > (gap + other) / 2 for seat, other in zip(seats, gaps, strict=True)):
            seats.append((round(x, 1), round(y, 1)))
            gaps.append(gap)
    return seats


def _cells(land: Land, seats: list[Point], rng: Random) -> list[Ground]:
    """The seats' Voronoi cells with rough borders; every piece of land goes to the cell it touches most."""
    edges = shapely.voronoi_polygons(shapely.MultiPoint(seats), extend_to=land.mainland.buffer(9_000), only_edges=True)
    legs = sorted(sorted((x, y) for x, y, *_ in edge.coords) for edge in _parts(edges, shapely.LineString))
    rough = [shapely.LineString(roughen(a, b, rng, step_m=_STEP_M, roughness=0.13)) for a, b in legs]
    lines = shapely.unary_union([*rough, land.mainland.exterior], grid_size=GRID_M)
    mainland = shapely.set_precision(land.mainland, GRID_M)
    cut = _parts(shapely.polygonize([lines]), shapely.Polygon)
    faces = [face for face in cut if mainland.covers(face.representative_point())]
    tree = shapely.STRtree(faces)
    owner: dict[int, int] = {}
    for n, seat in enumerate(seats):
        for hit in tree.query(shapely.Point(seat), predicate="within"):
            owner.setdefault(int(hit), n)
    _adopt(faces, owner)
    pieces: list[list[shapely.Polygon]] = [[] for _ in seats]
    for face, n in owner.items():
        pieces[n].append(faces[face])
    for islet in land.islets:
        harbour = owner[int(tree.nearest(islet))]
        pieces[harbour] += _parts(shapely.set_precision(islet, GRID_M), shapely.Polygon)
    joined = [_parts(shapely.union_all(parts, grid_size=GRID_M), shapely.Polygon) for parts in pieces]
    return [parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts) for parts in joined]


def _parts(shape: BaseGeometry, kind: type[_Shape]) -> list[_Shape]:
    """The single shapes of one kind that a shape is made of."""
    return [part for part in shapely.get_parts(shape) if isinstance(part, kind)]


def _adopt(faces: list[shapely.Polygon], owner: dict[int, int]) -> None:
    """Slivers left by crossing borders and coves join the neighbour with whom they share the longest border."""
    tree = shapely.STRtree(faces)
    waiting = sorted(set(range(len(faces))) - set(owner))
    while waiting:
        left = []
        for n in waiting:
            shared: defaultdict[int, float] = defaultdict(float)
            for other in sorted(int(hit) for hit in tree.query(faces[n], predicate="intersects")):
                if other in owner:
                    shared[owner[other]] += faces[n].exterior.intersection(faces[other].exterior).length
            longest = max(shared.values(), default=0.0)
            if longest > 0:
                owner[n] = min(cell for cell, length in shared.items() if length == longest)
            else:
                left.append(n)
        if len(left) == len(waiting):
            return
        waiting = left


def _neighbours(shapes: list[Ground]) -> list[list[int]]:
    """For each cell the cells it shares a border with."""
    tree = shapely.STRtree(shapes)
    found: list[list[int]] = []
    for n, shape in enumerate(shapes):
        hits = sorted(int(hit) for hit in tree.query(shape, predicate="intersects"))
        found.append([m for m in hits if m != n and shape.boundary.intersection(shapes[m].boundary).length > 10])
    return found


def _spread(neighbours: list[list[int]], seats: list[Point], start: int) -> list[int]:
    """25 district seats, each as many villages as possible from those before."""
    centres = [start]
    hops = _hops(neighbours, start)
    while len(centres) < DISTRICTS:
        # A cell at the rim is a poor seat: of the far ones, the one with most neighbours.
        far = max(hops)
        ready = [n for n, hop in enumerate(hops) if hop >= max(2, far - 1)]
        best = max(ready, key=lambda n: (hops[n] + 0.4 * len(neighbours[n]), seats[n]))
        centres.append(best)
        hops = [min(a, b) for a, b in zip(hops, _hops(neighbours, best), strict=True)]
    return centres


def _hops(neighbours: list[list[int]], start: int) -> list[int]:
    """Borders to cross from `start` to each cell."""
    hops = {start: 0}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        for there in neighbours[here]:
            if there not in hops:
                hops[there] = hops[here] + 1
                queue.append(there)
    return [hops.get(n, 0) for n in range(len(neighbours))]


def _grow(
    neighbours: list[list[int]], seats: list[Point], centres: list[int], land: Land
) -> tuple[list[int], list[int]]:
    """Districts grown from their seats at one pace, so that each is in one piece; and each village's way back."""
    district, hub = [-1] * len(seats), list(range(len(seats)))
    queue = [(0.0, centre, number, centre) for number, centre in enumerate(centres)]
    heapq.heapify(queue)
    coast = land.shore.simplify(400)
    while queue:
        cost, n, number, back = heapq.heappop(queue)
        if district[n] >= 0:
            continue
        district[n], hub[n] = number, back
        pace = spacing(seats[n], land, coast.distance(shapely.Point(seats[n])))
        for m in neighbours[n]:
            if district[m] < 0:
                heapq.heappush(queue, (cost + math.dist(seats[n], seats[m]) / pace, m, number, n))
    return district, hub


def _nearest(seats: list[Point], to: Point) -> int:
    return min(range(len(seats)), key=lambda n: math.dist(seats[n], to))
