"""The flat ground the demo city is drawn on: metres east and north of an origin, and their degrees."""

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

ORIGIN: Final = (113.2, -9.2)
"""lon, lat of the middle of the drawn city: open sea south of Java, so that no real place is overdrawn."""

DEGREES_PER_METRE: Final = 360.0 / 40_030_173.6
"""Along a meridian of a sphere of 6,371 km."""

_EAST: Final = DEGREES_PER_METRE / math.cos(math.radians(ORIGIN[1]))
_DECIMALS: Final = 7

Point = tuple[float, float]
"""x, y in metres, or lon, lat in degrees where a name says so."""


def to_degrees(points: Sequence[Point] | npt.NDArray[np.float64]) -> list[Point]:
    """lon, lat (7 decimals, about a centimetre) of points in metres."""
    return [
        (round(ORIGIN[0] + float(x) * _EAST, _DECIMALS), round(ORIGIN[1] + float(y) * DEGREES_PER_METRE, _DECIMALS))
        for x, y in points
    ]


def to_metres(lon: float, lat: float) -> Point:
    """Metres east and north of the origin."""
    return (lon - ORIGIN[0]) / _EAST, (lat - ORIGIN[1]) / DEGREES_PER_METRE


def geometry_in_degrees(shape: shapely.Polygon | shapely.MultiPolygon) -> dict[str, Any]:
    """A GeoJSON geometry (RFC 7946: exterior rings anticlockwise) of a shape in metres."""
    parts = [shape] if isinstance(shape, shapely.Polygon) else list(shape.geoms)
    polygons = [_rings(part) for part in parts]
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def _rings(polygon: shapely.Polygon) -> list[list[list[float]]]:
    turned = shapely.orient_polygons(polygon)
    rings = (turned.exterior, *turned.interiors)
    return [[list(point) for point in to_degrees(shapely.get_coordinates(ring))] for ring in rings]
