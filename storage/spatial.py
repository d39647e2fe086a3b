"""One place that turns a spatial filter into SQL, for each engine.

Every located row has `cell`, and both engines find a place by ranges of it and recheck the exact position. For a drawn
shape PostgreSQL asks PostGIS; SQLite asks shapely through a function that `within` of this file registers.
"""

from functools import lru_cache
from math import cos, radians
from typing import Any, cast

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Boolean, ColumnElement, and_, func, literal_column, or_
from sqlalchemy.orm import InstrumentedAttribute

from cases.incidents import Box, Circle
from geo.cells import ranges
from geo.distance import box_around

_M_PER_DEGREE = 111_195.08
"""Metres per degree on a sphere of 6,371,008.8 m, as in geo/distance.py."""

Column = InstrumentedAttribute[Any] | ColumnElement[Any]


class Places:
    """The columns of a table that say where a row is."""

    def __init__(self, table: type[Any]) -> None:
        self.lon, self.lat, self.cell = table.lon, table.lat, table.cell

    def in_cells(self, west: float, south: float, east: float, north: float) -> ColumnElement[bool]:
        """A coarse filter that an index answers: at most 32 ranges of cells, none of the box missed."""
        return or_(*(self.cell.between(first, last) for first, last in ranges(west, south, east, north)))

    def in_box(self, box: Box) -> ColumnElement[bool]:
        """Exactly in the box, edges included; `west > east` crosses the date line."""
        inside = self.lon.between(box.west, box.east)
        if box.west > box.east:
            inside = or_(self.lon >= box.west, self.lon <= box.east)
        return and_(inside, self.lat.between(box.south, box.north))

    def in_circle(self, circle: Circle) -> ColumnElement[bool]:
        """Within the circle's radius on a plane that touches the earth at its centre (good to 0.1% at 50 km)."""
        east = (self.lon - circle.lon) * (_M_PER_DEGREE * cos(radians(circle.lat)))
        north = (self.lat - circle.lat) * _M_PER_DEGREE
        return cast("ColumnElement[bool]", east * east + north * north <= circle.radius_m**2)

    def in_shape(self, shape: BaseGeometry, dialect: str, geom: str) -> ColumnElement[bool]:
        """Inside or on the edge of a drawn polygon. `geom` names the table's geometry column on PostgreSQL."""
        wkb = shapely.to_wkb(shape)
        if dialect == "postgresql":
            covers = func.ST_Covers(func.ST_GeomFromWKB(wkb, 4326), literal_column(geom), type_=Boolean)
        else:
            covers = func.pantau_covers(wkb, self.lon, self.lat, type_=Boolean)
        return cast("ColumnElement[bool]", covers)


def bounds(place: Box | Circle | BaseGeometry) -> tuple[float, float, float, float]:
    """West, south, east, north around a place."""
    if isinstance(place, Box):
        return place.west, place.south, place.east, place.north
    if isinstance(place, Circle):
        return box_around(place.lon, place.lat, place.radius_m)
    west, south, east, north = place.bounds
    return west, south, east, north


@lru_cache(maxsize=64)
def _prepared(wkb: bytes) -> BaseGeometry:
    shape = shapely.from_wkb(wkb)
    shapely.prepare(shape)
    return shape


def _covers(wkb: bytes, lon: float | None, lat: float | None) -> int:
    if lon is None or lat is None:
        return 0
    return int(shapely.intersects_xy(_prepared(wkb), lon, lat))


def give_functions(connection: Any) -> None:
    """Gives a new SQLite connection (of the driver) the functions that PostGIS has by itself."""
    connection.create_function("pantau_covers", 3, _covers, deterministic=True)
