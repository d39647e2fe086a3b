"""Areas drawn with fewer corners, borders that are shared staying shared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.areas import Area, path

TOLERANCE_DEG = 0.0003
"""About 33 m: what a district-wide map can show."""


def outlines(areas: Iterable[Area], tolerance_deg: float = TOLERANCE_DEG) -> Mapping[str, BaseGeometry]:
    """Simplified geometries by code, for areas of one or more levels.

    The finest areas are simplified together as a coverage (Visvalingam-Whyatt on the edges they share), and the areas
    above are their unions: a district's outline runs exactly along its villages'. An area without finer ones in the
    set is itself among the finest.
    """
    every = {area.code: area for area in areas}
    above = {code for area in every.values() for code in path(area.code)[:-1]}
    leaves = sorted(code for code in every if code not in above)
    drawn = shapely.coverage_simplify(np.array([every[code].geometry for code in leaves], dtype=object), tolerance_deg)
    made: dict[str, BaseGeometry] = dict(zip(leaves, drawn, strict=True))
    members: dict[str, list[BaseGeometry]] = {}
    for code in leaves:
        for parent in path(code)[:-1]:
            members.setdefault(parent, []).append(made[code])
    made.update({code: shapely.union_all(inner) for code, inner in members.items() if code in every})
    return made
