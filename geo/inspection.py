"""Looking over a set of areas for overlaps, gaps and strays."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geo.areas import parent_code
from geo.findings import Fault, Finding, Findings
from geo.ground import areas_m2, label_of

Ground = Polygon | MultiPolygon
HAIR = 1e-9  # degrees, 0.1 mm: borders closer than this are one, however their numbers were rounded


def inspect(grounds: Mapping[str, Ground], findings: Findings) -> None:
    """Add what is wrong with areas of one level, given by code, to the findings."""
    codes = list(grounds)
    shapes = np.array([grounds[code] for code in codes], dtype=object)
    if not codes:
        return
    tree = shapely.STRtree(shapes)
    _overlaps(codes, shapes, tree, findings)
    _gaps(codes, shapes, tree, findings)
    _strays(codes, shapes, tree, findings)


def _overlaps(codes: list[str], shapes: NDArray[np.object_], tree: shapely.STRtree, findings: Findings) -> None:
    """Pairs of areas that share ground."""
    first, second = tree.query(shapes, predicate="intersects")
    first, second = first[first < second], second[first < second]
    shared = shapely.intersection(shapes[first], shapes[second])
    sizes = areas_m2(shared)
    for at in np.flatnonzero(sizes > 0):
        pair = (codes[first[at]], codes[second[at]])
        findings.add(Finding(Fault.OVERLAP, pair, float(sizes[at]), _place(shared[at])))


def _gaps(codes: list[str], shapes: NDArray[np.object_], tree: shapely.STRtree, findings: Findings) -> None:
    """Holes in the ground of all areas together: a crack between neighbours, or another's land within."""
    whole = shapely.get_parts(shapely.union_all(shapes, grid_size=HAIR))
    holes = np.array([Polygon(ring) for polygon in whole for ring in polygon.interiors], dtype=object)
    around: dict[int, list[str]] = {at: [] for at in range(len(holes))}
    for hole, area in zip(*tree.query(holes, predicate="dwithin", distance=HAIR), strict=True):
        around[int(hole)].append(codes[area])
    for at, size in enumerate(areas_m2(holes)):
        findings.add(Finding(Fault.GAP, tuple(sorted(around[at])), float(size), _place(holes[at])))


def _strays(codes: list[str], shapes: NDArray[np.object_], tree: shapely.STRtree, findings: Findings) -> None:
    """Pieces that touch areas of other parents only: a wrong code, or another area's land.

    The largest piece of a parent's only area has nobody of its own to touch, and is at home.
    """
    parents = np.array([parent_code(code) or "" for code in codes])
    pieces, owners = shapely.get_parts(shapes, return_index=True)
    touching, touched = tree.query(pieces, predicate="dwithin", distance=HAIR)
    foreign = owners[touching] != touched
    touching, touched = touching[foreign], touched[foreign]
    at_home = np.zeros(len(pieces), dtype=bool)
    at_home[touching[parents[owners[touching]] == parents[touched]]] = True
    sizes = areas_m2(pieces)
    for piece in np.setdiff1d(touching, np.flatnonzero(at_home)):
        owner = owners[piece]
        alone = np.count_nonzero(parents == parents[owner]) == 1
        if alone and sizes[piece] == sizes[owners == owner].max():
            continue
        among = sorted({str(parent) for parent in parents[touched[touching == piece]]})
        note = f"lies among areas of {', '.join(among)}"
        findings.add(Finding(Fault.STRAY, (codes[owner],), float(sizes[piece]), label_of(pieces[piece]), note))


def _place(shape: BaseGeometry) -> tuple[float, float]:
    """Somewhere in a shape, for a person to look at (lon, lat)."""
    inner = shape.representative_point()
    return round(inner.x, 6), round(inner.y, 6)
