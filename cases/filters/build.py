"""The parts of a filter put together and checked, whichever way they were written.

Both readers (text and JSON) call this with what they find and where (`at`). What comes back is a node of the tree, or
an operand that a node is made of.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

import shapely
from shapely.geometry.base import BaseGeometry

from cases.filters.faults import (
    MOST_CORNERS,
    MOST_DEPTH,
    MOST_PARTS,
    FunctionUnknown,
    PlaceNeeded,
    PropertyUnknown,
    ShapeUnusable,
    TooLarge,
    Unread,
    WrongType,
)
from cases.filters.moments import Written, written
from cases.filters.tree import (
    Always,
    Compare,
    Comparison,
    Either,
    Every,
    Folded,
    Kind,
    Like,
    Literal,
    Missing,
    Node,
    Not,
    OneOf,
    Order,
    Property,
    Relation,
    Scalar,
    Span,
    Spatial,
    Temporal,
    Vocabulary,
)
from geo.crs import Crs

_SHOWN = 40
_RELATIONS: frozenset[str] = frozenset(Relation)
_ORDERS: frozenset[str] = frozenset(Order)
_INVERTED = {Relation.WITHIN: Relation.CONTAINS, Relation.CONTAINS: Relation.WITHIN}


@dataclass(frozen=True, slots=True)
class Plain:
    """A written text, number or truth value; what kind it is shows beside a property."""

    value: str | float | int | bool


@dataclass(frozen=True, slots=True)
class Shape:
    """A written geometry, in degrees lon lat."""

    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Interval:
    """Two written ends, None where it is open."""

    start: "Property | Written | None"
    end: "Property | Written | None"


Operand = Property | Plain | Written | Interval | Shape | Folded
Part = Node | Operand


class Builder:
    """Makes one filter. Counts its parts, and knows what may be named in it."""

    def __init__(self, vocabulary: Vocabulary, zone: ZoneInfo, crs: Crs) -> None:
        self._vocabulary, self._zone, self._crs = vocabulary, zone, crs
        self._parts = 0

    def enter(self, depth: int) -> None:
        """Notes one more part at this depth. Raises TooLarge."""
        self._parts += 1
        if depth > MOST_DEPTH or self._parts > MOST_PARTS:
            raise TooLarge

    def property(self, name: str, at: str) -> Property:
        """A property that may be named here."""
        known = self._vocabulary.get(name)
        if known is None:
            raise PropertyUnknown(at=at, name=_shown(name))
        return known

    def time(self, text: str, at: str) -> Written:
        """A written moment or day."""
        try:
            return written(text, self._zone)
        except ValueError:
            raise WrongType(at=at, found=_shown(text), kind=Kind.TIME) from None

    def end(self, found: str | Part, at: str) -> Property | Written | None:
        """One end of an interval; `..` is open."""
        if isinstance(found, Property | Written):
            return found
        text = found.value if isinstance(found, Plain) else found
        if not isinstance(text, str):
            raise WrongType(at=at, found=_told(found), kind=Kind.TIME)
        return None if text == ".." else self.time(text, at)

    def shape(self, geometry: BaseGeometry | None, at: str) -> Shape:
        """A written geometry in the filter's reference system, checked and brought to degrees."""
        if geometry is None or geometry.is_empty or geometry.geom_type == "LinearRing":
            raise ShapeUnusable(at)
        corners = shapely.get_coordinates(geometry)
        if len(corners) > MOST_CORNERS or not (abs(corners) < 1e9).all() or not geometry.is_valid:
            raise ShapeUnusable(at)
        flat = shapely.force_2d(geometry)
        # A collection is what its parts cover together; most become a shape of one kind by that.
        flat = shapely.unary_union(flat) if flat.geom_type == "GeometryCollection" else flat
        found = self._crs.shape_to_lonlat(flat)
        west, south, east, north = found.bounds
        if not (west >= -180.000001 and south >= -90 and east <= 180.000001 and north <= 90):
            raise ShapeUnusable(at)
        return Shape(found)

    def box(self, numbers: Sequence[float], at: str) -> Shape:
        """A written box: four numbers, or six with heights, which do not count. Degrees may cross the date line."""
        if len(numbers) not in (4, 6):
            raise ShapeUnusable(at)
        half = len(numbers) // 2
        (x0, y0), (x1, y1) = numbers[:2], numbers[half : half + 2]
        if not all(abs(number) < 1e9 for number in (x0, y0, x1, y1)):
            raise ShapeUnusable(at)
        if self._crs is Crs.CRS84 and x0 > x1:
            return self.shape(shapely.union(shapely.box(x0, y0, 180, y1), shapely.box(-180, y0, x1, y1)), at)
        if x0 > x1 or y0 > y1:
            raise ShapeUnusable(at)
        # A box without breadth or height is the line or point that is left of it.
        made = shapely.box(x0, y0, x1, y1) if x0 < x1 and y0 < y1 else shapely.LineString([(x0, y0), (x1, y1)])
        return self.shape(shapely.Point(x0, y0) if (x0, y0) == (x1, y1) else made, at)

    def folded(self, of: Part, at: str) -> Folded | Plain:
        """CASEI of a text."""
        if isinstance(of, Plain) and isinstance(of.value, str):
            return Plain(of.value.lower())
        if isinstance(of, Folded) or (isinstance(of, Property) and of.kind is Kind.TEXT):
            return of if isinstance(of, Folded) else Folded(of)
        raise WrongType(at=at, found=_told(of), kind=Kind.TEXT)

    def node(self, part: Part, at: str) -> Node:
        """A part that must be true or false."""
        if isinstance(part, Property) and part.kind is Kind.BOOLEAN:
            return Comparison(Compare.EQUAL, part, Literal(True, Kind.BOOLEAN))
        if isinstance(part, Plain) and isinstance(part.value, bool):
            return Always(part.value)
        if isinstance(part, Property | Plain | Written | Interval | Shape | Folded):
            raise WrongType(at=at, found=_told(part), kind=Kind.BOOLEAN)
        return part

    def every(self, parts: Sequence[Node]) -> Node:
        """All of them."""
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def either(self, parts: Sequence[Node]) -> Node:
        """At least one of them."""
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def comparison(self, op: Compare, left: Part, right: Part, at: str) -> Node:
        """`left op right`: at least one side is a property."""
        if not isinstance(left, Property | Folded):
            if not isinstance(right, Property | Folded):
                raise WrongType(at=at, found=_told(left), kind="property")
            left, right, op = right, left, op.turned
        if isinstance(left, Property) and left.kind is Kind.TIME and not isinstance(right, Property):
            return self._in_time(op, left, right, at)
        return Comparison(op, _scalar(left, at), self._beside(left, right, at))

    def between(self, of: Part, low: Part, high: Part, at: str) -> Node:
        """From `low` to `high`, both included."""
        return Every((self.comparison(Compare.AT_LEAST, of, low, at), self.comparison(Compare.AT_MOST, of, high, at)))

    def one_of(self, of: Part, values: Sequence[Part], at: str) -> Node:
        """One of several values."""
        if not values:
            raise Unread(at=at, found="()")
        if not isinstance(of, Property | Folded):
            raise WrongType(at=at, found=_told(of), kind="property")
        if of.kind is Kind.TIME:
            return self.either([self.comparison(Compare.EQUAL, of, value, at) for value in values])
        beside = [self._beside(of, value, at) for value in values]
        return OneOf(of, tuple(value for value in beside if isinstance(value, Literal)))

    def like(self, of: Part, pattern: Part, at: str, *, folded: bool = False) -> Node:
        """A text like a pattern."""
        if folded:
            of, pattern = self.folded(of, at), self.folded(pattern, at)
        if not (isinstance(pattern, Plain) and isinstance(pattern.value, str)):
            raise WrongType(at=at, found=_told(pattern), kind=Kind.TEXT)
        if not isinstance(of, Property | Folded) or of.kind not in (Kind.TEXT, Kind.ID):
            raise WrongType(at=at, found=_told(of), kind=Kind.TEXT)
        return Like(of, pattern.value)

    def missing(self, of: Part, at: str) -> Node:
        """A property without a value."""
        if not isinstance(of, Property):
            raise WrongType(at=at, found=_told(of), kind="property")
        return Missing(of)

    def function(self, name: str, of: Sequence[Part], at: str) -> Node:
        """A spatial or temporal function of two parts, by its name in lower case."""
        kind, _, word = name.partition("_")
        if kind == "s" and word in _RELATIONS and len(of) == 2:
            return _spatial(Relation(word), of[0], of[1], at)
        if kind == "t" and word in _ORDERS and len(of) == 2:
            return self._temporal(Order(word), of[0], of[1], at)
        raise FunctionUnknown(at=at, name=_shown(name))

    def _in_time(self, op: Compare, left: Property, right: Part, at: str) -> Node:
        """A moment beside a written moment or day."""
        time = self.time(right.value, at) if isinstance(right, Plain) and isinstance(right.value, str) else right
        if not isinstance(time, Written):
            raise WrongType(at=at, found=_told(right), kind=Kind.TIME)
        first, last = Literal(time.start, Kind.TIME), Literal(time.end, Kind.TIME)
        if op in (Compare.EQUAL, Compare.UNEQUAL):
            inside = Every((Comparison(Compare.AT_LEAST, left, first), Comparison(Compare.AT_MOST, left, last)))
            return inside if op is Compare.EQUAL else Not(inside)
        return Comparison(op, left, first if op in (Compare.LESS, Compare.AT_LEAST) else last)

    def _beside(self, left: Property | Folded, right: Part, at: str) -> Scalar:
        """What a property is compared with, of the property's kind."""
        kind = left.kind
        if isinstance(right, Property | Folded):
            if kind is right.kind or (kind.numeric and right.kind.numeric):
                return _scalar(right, at)
            raise WrongType(at=at, found=_told(right), kind=kind)
        value: object = right.value if isinstance(right, Plain) else right
        match kind:
            case Kind.TEXT if isinstance(value, str):
                return Literal(value, kind)
            case Kind.BOOLEAN if isinstance(value, bool):
                return Literal(value, kind)
            case Kind.NUMBER | Kind.INTEGER if isinstance(value, int | float) and not isinstance(value, bool):
                return Literal(value, Kind.NUMBER)
            case Kind.ID if isinstance(value, str):
                return _id(value)
            case Kind.DATE if isinstance(value, str | Written):
                return Literal(self._day(value, at), kind)
        raise WrongType(at=at, found=_told(right), kind=kind)

    def _day(self, value: str | Written, at: str) -> date:
        time = self.time(value, at) if isinstance(value, str) else value
        if time.day is None:
            raise WrongType(at=at, found=Kind.TIME, kind=Kind.DATE)
        return time.day

    def _temporal(self, order: Order, left: Part, right: Part, at: str) -> Temporal:
        kinds = {part.kind for side in (left, right) for part in _ends(side) if isinstance(part, Property)}
        if len(kinds) != 1 or not (kind := kinds.pop()).temporal:
            raise WrongType(at=at, found=_told(left), kind=Kind.TIME)
        return Temporal(order, self._span(left, kind, at), self._span(right, kind, at))

    def _span(self, side: Part, kind: Kind, at: str) -> Span:
        start, end = _ends(
            self.time(side.value, at) if isinstance(side, Plain) and isinstance(side.value, str) else side
        )
        return Span(self._moment(start, kind, at, last=False), self._moment(end, kind, at, last=True))

    def _moment(self, found: object, kind: Kind, at: str, *, last: bool) -> Property | Literal | None:
        if found is None or isinstance(found, Property):
            return found
        if not isinstance(found, Written):
            raise WrongType(at=at, found=_shown(str(found)), kind=kind)
        if kind is Kind.DATE:
            return Literal(self._day(found, at), kind)
        return Literal(found.end if last else found.start, kind)


def _ends(side: object) -> tuple[object, object]:
    return (side.start, side.end) if isinstance(side, Interval) else (side, side)


def _spatial(relation: Relation, left: Part, right: Part, at: str) -> Spatial:
    if isinstance(left, Shape):
        left, right, relation = right, left, _INVERTED.get(relation, relation)
    if not (isinstance(left, Property) and left.kind is Kind.PLACE and isinstance(right, Shape)):
        raise PlaceNeeded(at=at)
    west, south, east, north = right.geometry.bounds
    return Spatial(relation, shapely.to_wkb(right.geometry), (west, south, east, north))


def _scalar(found: Property | Folded, at: str) -> Property | Folded:
    if found.kind is Kind.PLACE:
        raise WrongType(at=at, found=Kind.PLACE, kind="property")
    return found


def _id(text: str) -> Literal:
    """An id; a text that is none stays a text, which no id is equal to."""
    try:
        return Literal(UUID(text), Kind.ID)
    except ValueError:
        return Literal(text, Kind.TEXT)


def _told(part: object) -> str:
    """A part in an error."""
    match part:
        case Property():
            return part.name
        case Plain():
            return _shown(str(part.value))
        case _:
            return type(part).__name__.lower()


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
