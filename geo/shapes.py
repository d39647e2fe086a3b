"""Polygons in and out: GeoJSON objects (RFC 7946) to shapely and back, broken rings repaired."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

MOST_CORNERS = 10_000
_DECIMALS = 6  # of a degree: 0.11 m


class ShapeInvalid(ValueError):
    """A drawn shape that can't be used; the message says what is wrong with it."""


def to_geojson(geometry: BaseGeometry) -> dict[str, Any]:
    """A geometry as a GeoJSON object, coordinates rounded to 6 decimals (0.11 m)."""
    rounded = shapely.transform(geometry, lambda lonlat: lonlat.round(_DECIMALS))
    return dict(shapely.geometry.mapping(rounded))


def from_geojson(drawn: object) -> Polygon | MultiPolygon:
    """A drawn GeoJSON Polygon or MultiPolygon, checked.

    Raises ShapeInvalid if it is another thing, is empty, crosses itself, leaves the range of lon and
    lat, or has more than 10,000 corners. Heights are dropped.
    """
    if not isinstance(drawn, Mapping) or drawn.get("type") not in ("Polygon", "MultiPolygon"):
        raise ShapeInvalid("a shape is a GeoJSON Polygon or MultiPolygon: {type, coordinates}")
    polygons = [drawn.get("coordinates")] if drawn["type"] == "Polygon" else drawn.get("coordinates")
    if not isinstance(polygons, list | tuple) or not polygons:
        raise ShapeInvalid("the shape is empty: coordinates holds no polygon")
    budget = _Budget()
    made = [_polygon(rings, budget) for rings in polygons]
    shape = made[0] if drawn["type"] == "Polygon" else MultiPolygon(made)
    if not shape.is_valid:
        raise ShapeInvalid(f"the shape crosses itself or its holes lie outside it: {shapely.is_valid_reason(shape)}")
    return shape


def any_from_geojson(drawn: object) -> BaseGeometry:
    """A GeoJSON geometry of any type, checked as `from_geojson` checks polygons. Raises ShapeInvalid."""
    if isinstance(drawn, Mapping) and drawn.get("type") in ("Polygon", "MultiPolygon"):
        return from_geojson(drawn)
    try:
        shape = shapely.force_2d(shapely.from_geojson(json.dumps(drawn)))
    except (shapely.GEOSException, TypeError, ValueError):
        raise ShapeInvalid("a place is a GeoJSON geometry: {type, coordinates}") from None
    if shape.is_empty or not shape.is_valid:
        raise ShapeInvalid("the geometry is empty or crosses itself")
    if shapely.get_num_coordinates(shape) > MOST_CORNERS:
        raise ShapeInvalid(f"the geometry has more than {MOST_CORNERS:,} positions: simplify it first")
    west, south, east, north = shape.bounds
    if not (west >= -180 and south >= -90 and east <= 180 and north <= 90):
        raise ShapeInvalid("a position is no place on earth: lon comes first, then lat, in degrees")
    return shape


class _Budget:
    """Corners still allowed, counted while reading so that a huge shape is refused early."""

    def __init__(self) -> None:
        self._left = MOST_CORNERS

    def take(self, corners: int) -> None:
        self._left -= corners
        if self._left < 0:
            raise ShapeInvalid(f"the shape has more than {MOST_CORNERS:,} corners: simplify it first")


def _polygon(rings: object, budget: _Budget) -> Polygon:
    if not isinstance(rings, list | tuple) or not rings:
        raise ShapeInvalid("a polygon is a list of rings, the outer one first; this one is empty")
    outer, *holes = [_ring(ring, budget) for ring in rings]
    return Polygon(outer, holes)


def _ring(ring: object, budget: _Budget) -> list[tuple[float, float]]:
    if not isinstance(ring, list | tuple) or len(ring) < 4:
        raise ShapeInvalid("a ring is a list of at least 4 positions, the last the same as the first")
    budget.take(len(ring))
    places = [_place(position) for position in ring]
    if places[0] != places[-1]:
        raise ShapeInvalid("a ring is not closed: its last position must be the same as its first")
    return places


def _place(position: object) -> tuple[float, float]:
    if not isinstance(position, list | tuple) or not 2 <= len(position) <= 4:
        raise ShapeInvalid("a position is [lon, lat]")
    lon, lat = position[:2]
    if not (_is_number(lon) and _is_number(lat)):
        raise ShapeInvalid("a position is [lon, lat], both finite numbers")
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ShapeInvalid(f"[{lon}, {lat}] is no place on earth: lon comes first, then lat, in degrees")
    return float(lon), float(lat)


def _is_number(value: object) -> bool:
    # The bound keeps out infinities, NaN, and integers too long to be made a float or a text.
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9


def polygons_of(geometry: BaseGeometry | None) -> Polygon | MultiPolygon | None:
    """The valid polygons in a geometry of any kind and state, or None if it holds none.

    Crossing rings are repaired (a figure of eight becomes two polygons, a hole outside is dropped),
    lines and points left out.
    """
    if geometry is None or shapely.is_empty(geometry):
        return None
    flat = shapely.force_2d(geometry)
    if not flat.is_valid:
        flat = shapely.make_valid(flat, method="structure", keep_collapsed=False)
    return joined([part for part in _leaves(flat) if part.area > 0])


def joined(polygons: list[Polygon]) -> Polygon | MultiPolygon | None:
    """One geometry of polygons that don't overlap; None for no polygon."""
    if not polygons:
        return None
    return polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)


def _leaves(geometry: BaseGeometry) -> list[Polygon]:
    """The single polygons in a geometry, also those in nested collections."""
    if isinstance(geometry, Polygon):
        return [geometry]
    inner = getattr(geometry, "geoms", ())
    return [polygon for part in inner for polygon in _leaves(part)]
