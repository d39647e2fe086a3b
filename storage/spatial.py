"""One place that turns a spatial filter into SQL, for each engine.

Every located row has `cell`, and both engines find a place by ranges of it and recheck the exact position. For a drawn
shape PostgreSQL asks PostGIS; SQLite asks shapely through a function that this file gives to every connection.

The values stand in the SQL as named parameters, so that `storage/asked.py` can use one statement for all places.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, cast

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    BigInteger,
    BindParameter,
    Boolean,
    ColumnElement,
    Float,
    LargeBinary,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
)
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import TypeEngine

from cases.incidents import Box, Circle
from geo.cells import Range, ranges
from geo.distance import box_around, metres_per_degree

_WITH_GEOM = ("complaint", "photo")

Column = InstrumentedAttribute[Any] | ColumnElement[Any]
Place = Box | Circle | BaseGeometry


class Places:
    """The columns of a table, or of whatever else has such, that say where a row is."""

    def __init__(self, table: Any) -> None:
        self.lon, self.lat, self.cell = table.lon, table.lat, table.cell

    def in_cells(self, west: float, south: float, east: float, north: float) -> ColumnElement[bool]:
        """A coarse filter that an index answers: at most 32 runs of cells, none of the box missed."""
        return self.in_runs(ranges(west, south, east, north))

    def in_runs(self, found: Sequence[Range]) -> ColumnElement[bool]:
        """In one of these runs of cells (`first_0` to `last_0`, `first_1` ...)."""
        ends = [(_named(f"first_{at}", run[0]), _named(f"last_{at}", run[1])) for at, run in enumerate(found)]
        return or_(*(self.cell.between(first, last) for first, last in ends))

    def in_box(self, box: Box) -> ColumnElement[bool]:
        """Exactly in the box, edges included; `west > east` crosses the date line."""
        west, east = _named("west", box.west), _named("east", box.east)
        inside = or_(self.lon >= west, self.lon <= east) if box.west > box.east else self.lon.between(west, east)
        return and_(inside, self.lat.between(_named("south", box.south), _named("north", box.north)))

    def in_circle(self, circle: Circle) -> ColumnElement[bool]:
        """Within the circle's radius on a plane that touches the earth at its centre (good to 0.1% at 50 km)."""
        of = {name: _named(name, value) for name, value in circle_values(circle).items()}
        east = (self.lon - of["centre_lon"]) * of["m_per_lon"]
        north = (self.lat - of["centre_lat"]) * of["m_per_lat"]
        return cast("ColumnElement[bool]", east * east + north * north <= of["square_m2"])

    def in_shape(self, shape: BaseGeometry, dialect: str, geom: str) -> ColumnElement[bool]:
        """Inside or on the edge of a drawn polygon (`shape`). `geom` names the geometry column on PostgreSQL."""
        wkb = _named("shape", shapely.to_wkb(shape))
        if dialect == "postgresql":
            covers = func.ST_Covers(func.ST_GeomFromWKB(wkb, 4326), literal_column(geom), type_=Boolean)
        else:
            covers = func.pantau_covers(wkb, self.lon, self.lat, type_=Boolean)
        return cast("ColumnElement[bool]", covers)


def point(table: type[Any]) -> ColumnElement[Any]:
    """A row's place as PostGIS's geometry: the table's own generated column where it has one."""
    if table.__tablename__ in _WITH_GEOM:
        return literal_column(f"{table.__tablename__}.geom")
    made: ColumnElement[Any] = func.ST_SetSRID(func.ST_MakePoint(table.lon, table.lat), 4326)
    return made


def box_values(box: Box) -> dict[str, float]:
    """The parameters of `in_box`."""
    return {"west": box.west, "south": box.south, "east": box.east, "north": box.north}


def circle_values(circle: Circle) -> dict[str, float]:
    """The parameters of `in_circle`."""
    per_lon, per_lat = metres_per_degree(circle.lat)
    return {
        "centre_lon": circle.lon,
        "centre_lat": circle.lat,
        "m_per_lon": per_lon,
        "m_per_lat": per_lat,
        "square_m2": circle.radius_m**2,
    }


def run_values(found: Sequence[Range]) -> dict[str, int]:
    """The parameters of `in_runs`."""
    return {
        f"{end}_{at}": cell for at, run in enumerate(found) for end, cell in zip(("first", "last"), run, strict=True)
    }


_TYPES: dict[type, TypeEngine[Any]] = {int: BigInteger(), float: Float(), bytes: LargeBinary()}


def _named(name: str, value: float | bytes) -> BindParameter[Any]:
    """A value as a named parameter, which a statement that is used again can be given anew."""
    return bindparam(name, value, type_=_TYPES[type(value)])


def runs(place: Place) -> Sequence[Range]:
    """The runs of cells that together hold the place, and some around it: at most 32."""
    return _runs(*bounds(place))


@lru_cache(maxsize=1024)
def _runs(west: float, south: float, east: float, north: float) -> Sequence[Range]:
    return tuple(ranges(west, south, east, north))


def bounds(place: Place) -> tuple[float, float, float, float]:
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


def _point_relates(relation: str, wkb: bytes, lon: float | None, lat: float | None) -> int | None:
    """Whether a point stands in this relation to a shape, by the name of shapely's predicate."""
    if lon is None or lat is None:
        return None
    shape = _prepared(wkb)
    if relation == "intersects":
        return int(shapely.intersects_xy(shape, lon, lat))
    return int(getattr(shapely, relation)(shapely.Point(lon, lat), shape))


def _shape_relates(relation: str, wkb: bytes, of: bytes | None) -> int | None:
    """The same of a row's own shape."""
    if of is None:
        return None
    area, shape = shapely.from_wkb(of), _prepared(wkb)
    found = bool(getattr(shapely, relation)(area, shape))
    if relation in ("within", "overlaps") and shape.geom_type == "GeometryCollection":
        # GEOS 3.14 has an area reach beyond any collection with a point in it.
        parts = shapely.get_parts(shape)
        inside = bool(shapely.within(area, shapely.GeometryCollection(list(parts[shapely.get_dimensions(parts) > 0]))))
        found = inside if relation == "within" else found and not inside
    return int(found)


def _lower(text: str | None) -> str | None:
    """In small letters, in every script: SQLite's own function knows those of English only."""
    return None if text is None else text.lower()


def give_functions(connection: Any) -> None:
    """Gives a new SQLite connection (of the driver) the functions that PostgreSQL and PostGIS have by themselves."""
    connection.create_function("pantau_covers", 3, _covers, deterministic=True)
    connection.create_function("pantau_point_relates", 4, _point_relates, deterministic=True)
    connection.create_function("pantau_shape_relates", 3, _shape_relates, deterministic=True)
    connection.create_function("pantau_lower", 1, _lower, deterministic=True)
