"""Collections of points, lines and areas, which PostGIS relates to nothing: told from their parts.

A collection is the union of its parts, and where they lie on each other the one of the highest dimension counts: the
rule of GEOS 3.13 (RelateNG), by which SQLite's functions go. Places are points or areas.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from sqlalchemy import Boolean, LargeBinary, and_, bindparam, func, not_, or_

from cases.filters.tree import Relation

_MADE = (shapely.multipoints, shapely.multilinestrings, shapely.multipolygons)


def parts(shape: bytes) -> list[bytes]:
    """A shape as WKB in parts of one kind each, those of the highest dimension first."""
    read = shapely.from_wkb(shape)
    if read.geom_type != "GeometryCollection":
        return [shape]
    simple = shapely.get_parts(shapely.get_parts(read))
    by_dimension = [simple[shapely.get_dimensions(simple) == dimension] for dimension in (2, 1, 0)]
    made = [(_MADE[2 - at], some) for at, some in enumerate(by_dimension) if len(some)]
    return [shapely.to_wkb(make(some)) for make, some in made]


def relates(relation: Relation, place: Any, shape: bytes) -> Any:
    """Whether a place of PostGIS stands in this relation to a shape; unknown where there is no place."""
    found = parts(shape)
    written = [func.ST_GeomFromWKB(bindparam(None, one, type_=LargeBinary(), unique=True), 4326) for one in found]
    if len(written) == 1:
        return _told(relation.value.title(), place, written[0])
    areas = shapely.get_dimensions(shapely.from_wkb(found[0])) == 2
    return _Mixed(place, written, bool(areas)).relates(relation)


@dataclass(frozen=True, slots=True)
class _Mixed:
    place: Any
    parts: Sequence[Any]
    areas: bool
    """Whether the first part is one of areas."""

    def relates(self, relation: Relation) -> Any:
        # What is of several dimensions equals no point and no area, and overlaps only what is of its highest. This is
        # false, and unknown where there is no place.
        told: Any = func.ST_IsEmpty(self.place, type_=Boolean)
        dimension = func.ST_Dimension(self.place)
        match relation:
            case Relation.INTERSECTS:
                told = or_(*self._each("Intersects"))
            case Relation.DISJOINT:
                told = and_(*self._each("Disjoint"))
            case Relation.WITHIN:
                told = self._by_the_highest("Within")
            case Relation.CONTAINS:
                told = and_(*self._each("Covers"), or_(*self._each("Contains")))
            case Relation.TOUCHES:
                outside = and_(or_(*self._each("Intersects")), not_(self._insides_meet()))
                told = or_(and_(dimension == 0, self._by_the_highest("Touches")), and_(dimension == 2, outside))
            case Relation.OVERLAPS if self.areas:
                apart = and_(not_(self._by_the_highest("Within")), not_(and_(*self._each("Covers"))))
                told = and_(dimension == 2, self._insides_meet(), apart)
            case Relation.CROSSES if not self.areas:
                told = and_(dimension == 2, self._insides_meet(), not_(and_(*self._each("Covers"))))
        return told

    def _each(self, name: str) -> list[Any]:
        return [_told(name, self.place, one) for one in self.parts]

    def _insides_meet(self) -> Any:
        both = zip(self._each("Intersects"), self._each("Touches"), strict=True)
        return or_(*(and_(meets, not_(touches)) for meets, touches in both))

    def _by_the_highest(self, name: str) -> Any:
        """What is told by the first part that the place meets at all."""
        told: Any = _told(name, self.place, self.parts[-1])
        for one in reversed(self.parts[:-1]):
            told = or_(_told(name, self.place, one), and_(_told("Disjoint", self.place, one), told))
        return told


def _told(name: str, place: Any, shape: Any) -> Any:
    return getattr(func, f"ST_{name}")(place, shape, type_=Boolean)
