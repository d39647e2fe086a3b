"""Places beside collections of points, lines and areas: both engines say what GEOS says."""

from collections.abc import Sequence
from itertools import product
from random import Random
from typing import Any

import pytest
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import LargeBinary, bindparam, func, select

from cases.filters.tree import Relation
from storage import mixed
from storage.database import Session, open_database
from tests.storage.pairs import Pair

AREA, LINE, POINT = "POLYGON((0 0, 4 0, 4 4, 0 4, 0 0))", "LINESTRING(4 2, 8 2)", "POINT(9 9)"
COLLECTIONS = [
    (AREA, LINE),
    (AREA, POINT),
    (LINE, POINT),
    (AREA, LINE, POINT),
    (AREA, "LINESTRING(0 4, 4 8)", "LINESTRING(2 4, 2 6)", "POINT(4 6)"),
]
BOXES = [
    (0, 0, 4, 4), (-1, -1, 10, 10), (1, 1, 2, 2), (2, 2, 6, 6), (4, 0, 6, 1), (4, 0, 9, 3), (6, 1, 7, 3), (4, 2, 8, 5),
    (8, 8, 10, 10), (9, 9, 10, 10), (20, 20, 21, 21), (0, 0, 9, 9), (5, 2, 6, 3), (0, 0, 4, 8), (4, 4, 9, 9),
]  # fmt: skip
PLACES = [
    *(shapely.Point(x, y) for x, y in product((0, 2, 4, 6, 8, 9), (0, 2, 4, 6, 9))),
    *(shapely.box(*bounds) for bounds in BOXES),
]


def collection(parts: Sequence[str]) -> BaseGeometry:
    """Parts as a filter keeps them."""
    return shapely.unary_union(shapely.from_wkt(f"GEOMETRYCOLLECTION({', '.join(parts)})"))


def told(db: Session, relation: Relation, places: Sequence[BaseGeometry], shape: BaseGeometry) -> list[bool]:
    """What the engine is made to say of each place."""
    wkb = shapely.to_wkb(shape)
    if db.get_bind().dialect.name == "postgresql":
        at = [func.ST_GeomFromWKB(written(shapely.to_wkb(place)), 4326) for place in places]
        asked: Sequence[Any] = [mixed.relates(relation, place, wkb) for place in at]
    else:
        asked = [related(relation, wkb, place) for place in places]
    return [bool(said) for said in db.execute(select(*asked)).one()]


def written(wkb: bytes) -> Any:
    return bindparam(None, wkb, type_=LargeBinary(), unique=True)


def related(relation: Relation, wkb: bytes, place: BaseGeometry) -> Any:
    """What SQLite's functions say."""
    if isinstance(place, shapely.Point):
        return func.pantau_point_relates(relation.value, written(wkb), place.x, place.y)
    return func.pantau_shape_relates(relation.value, written(wkb), written(shapely.to_wkb(place)))


def truly(relation: Relation, place: BaseGeometry, shape: BaseGeometry) -> bool:
    """What GEOS says, but for its fault with an area in a collection with a point."""
    parts = shapely.get_parts(shape)
    inside = bool(shapely.within(place, shapely.unary_union(parts[shapely.get_dimensions(parts) == 2])))
    if relation is Relation.WITHIN and shapely.get_dimensions(place) == 2:
        return inside
    found = bool(getattr(shapely, relation.value)(place, shape))
    return found and not (relation is Relation.OVERLAPS and inside)


def differing(db: Session, places: Sequence[BaseGeometry], shape: BaseGeometry) -> list[str]:
    """Where the engine is mistaken."""
    found: list[str] = []
    for relation in Relation:
        pairs = zip(places, told(db, relation, places, shape), strict=True)
        found += [f"{place} {relation} {shape}: {one}" for place, one in pairs if one != truly(relation, place, shape)]
    return found


def some_collection(rng: Random) -> BaseGeometry:
    """Something of each kind on a small grid, so that corners and edges often meet."""

    def corner() -> tuple[int, int]:
        return rng.randrange(6), rng.randrange(6)

    west, south = corner()
    parts = [shapely.box(west, south, west + rng.randrange(1, 4), south + rng.randrange(1, 4)).wkt]
    start = corner()
    end = (start[0] + rng.randrange(1, 4), start[1])
    parts += [shapely.LineString([start, end]).wkt, shapely.Point(corner()).wkt]
    return collection(rng.sample(parts, rng.choice((2, 3))))


def test_every_relation_to_a_collection_is_that_of_geos(kept_pair: Pair) -> None:
    rng = Random(4)
    shapes = [collection(parts) for parts in COLLECTIONS] + [some_collection(rng) for _ in range(6)]
    assert sum(shape.geom_type == "GeometryCollection" for shape in shapes) > 8
    with kept_pair.database.read() as db:
        assert [one for shape in shapes for one in differing(db, PLACES, shape)] == []


def test_what_has_no_place_is_unknown(postgres_url: str) -> None:
    shape = shapely.to_wkb(collection(COLLECTIONS[0]))
    with open_database(postgres_url) as database, database.read() as db:
        nowhere = func.ST_GeomFromText(None, 4326)
        answers = [db.execute(select(mixed.relates(relation, nowhere, shape))).scalar_one() for relation in Relation]
    assert answers == [None] * len(Relation)


@pytest.mark.unit
def test_parts_are_of_one_kind_each_the_highest_first() -> None:
    found = mixed.parts(shapely.to_wkb(collection([AREA, POINT, "POINT(8 8)", "LINESTRING(5 5, 7 7)"])))
    assert [shapely.from_wkb(one).geom_type for one in found] == ["MultiPolygon", "MultiLineString", "MultiPoint"]
    plain = shapely.to_wkb(shapely.Point(1, 1))
    assert mixed.parts(plain) == [plain]
