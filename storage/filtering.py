"""A checked filter (CQL2) as a condition in SQL, for both engines.

The tree names nothing but properties that its asker may read (`cases/filters`); here each has its expression, and one
that has none is an error of ours. What the asker may see at all is a condition beside this one, never instead.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    Float,
    LargeBinary,
    String,
    Uuid,
    and_,
    bindparam,
    func,
    not_,
    or_,
)
from sqlalchemy import cast as as_kind
from sqlalchemy import type_coerce as seen_as
from sqlalchemy.sql.expression import false, true
from sqlalchemy.types import TypeEngine

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
)
from storage import mixed

Truth = ColumnElement[bool]
Expressions = Mapping[str, Any]
"""Properties by name, each as the expression that gives it."""

_TYPES: Final[dict[Kind, TypeEngine[Any]]] = {
    Kind.TEXT: String(),
    Kind.NUMBER: Float(),
    Kind.INTEGER: BigInteger(),
    Kind.BOOLEAN: Boolean(),
    Kind.TIME: BigInteger(),
    Kind.DATE: Date(),
    Kind.ID: Uuid(),
}
_ORDERING = frozenset({Compare.LESS, Compare.MORE, Compare.AT_MOST, Compare.AT_LEAST})
_WITHIN_MICROS = 2**62  # beyond every time
_FIRST_DAY, _LAST_DAY = date.min, date.max


@dataclass(frozen=True, slots=True)
class Place:
    """Where the rows lie: a point by two columns, or (`shape`) a geometry as WKB. `geom` is it for PostGIS."""

    geom: Any
    lon: Any = None
    lat: Any = None
    shape: Any = None


def condition(tree: Node, of: Expressions, place: Place, dialect: str) -> Truth:
    """What a row must be for the filter to hold."""
    return _Writer(of, place, dialect).node(tree)


class _Ends(NamedTuple):
    """A span's ends as expressions."""

    start: Any
    end: Any


@dataclass(frozen=True, slots=True)
class _Writer:
    of: Expressions
    place: Place
    dialect: str

    def node(self, node: Node) -> Truth:
        match node:
            case Every(parts):
                return and_(*map(self.node, parts))
            case Either(parts):
                return or_(*map(self.node, parts))
            case Not(part):
                return not_(self.node(part))
            case Always(holds):
                return true() if holds else false()
            case _:
                return self._predicate(node)

    def _predicate(self, node: Node) -> Truth:
        found: Any
        match node:
            case Comparison(op, left, right):
                found = self._comparison(op, left, right)
            case OneOf(of, values):
                found = self._one_of(of, values)
            case Like(of, pattern):
                found = self._like(self._text(of), pattern)
            case Missing(of):
                found = self._missing(of)
            case Spatial(relation, shape):
                found = self._spatial(relation, shape)
            case Temporal(order, left, right):
                found = _ORDERS[order](self._span(left), self._span(right))
            case _:
                raise TypeError(f"{node!r} is no part of a filter")
        return cast("Truth", found)

    def _comparison(self, op: Compare, left: Scalar, right: Scalar) -> Any:
        if isinstance(right, Literal) and left.kind is Kind.ID and right.kind is Kind.TEXT:
            one, other = self._text(left), self._scalar(right)
        else:
            one, other = self._scalar(left), self._scalar(right)
        if op in _ORDERING and left.kind is Kind.TEXT and self.dialect == "postgresql":
            one = one.collate("C")  # by bytes, as SQLite does
        return _COMPARED[op](one, other)

    def _scalar(self, scalar: Scalar) -> Any:
        match scalar:
            case Property(name, kind):
                return seen_as(self.of[name], _TYPES[kind])
            case Literal(value, kind):
                return bindparam(None, value, type_=_TYPES[kind], unique=True)
            case Folded(of):
                lower = func.lower if self.dialect == "postgresql" else func.pantau_lower
                return lower(self._scalar(of), type_=String())

    def _text(self, scalar: Scalar) -> Any:
        """A text, or an id as the text that it is."""
        found = self._scalar(scalar)
        return as_kind(found, String()) if scalar.kind is Kind.ID else found

    def _missing(self, of: Property) -> Any:
        if of.kind is Kind.PLACE:
            return (self.place.lon if self.place.shape is None else self.place.shape).is_(None)
        return self._scalar(of).is_(None)

    def _one_of(self, of: Scalar, values: tuple[Literal, ...]) -> Any:
        # Beside an id those that are none: texts, which no id is equal to.
        strange = [one for one in values if of.kind is Kind.ID and one.kind is Kind.TEXT]
        found = [self._comparison(Compare.EQUAL, of, one) for one in strange]
        if len(strange) < len(values):
            found.append(self._scalar(of).in_([one.value for one in values if one not in strange]))
        return or_(*found)

    def _like(self, of: Any, pattern: str) -> Any:
        if self.dialect == "postgresql":
            # A backslash before anything but a wildcard is itself, and must not end the pattern.
            escaped = re.sub(r"\\(?![%_\\])", r"\\\\", pattern)
            return of.like(bindparam(None, escaped, type_=String(), unique=True), escape="\\")
        # SQLite's LIKE knows no case; its GLOB does.
        return of.op("GLOB", is_comparison=True)(bindparam(None, _glob(pattern), type_=String(), unique=True))

    def _spatial(self, relation: Relation, shape: bytes) -> Any:
        place = self.place
        if self.dialect == "postgresql":
            return mixed.relates(relation, place.geom, shape)
        wkb = bindparam(None, shape, type_=LargeBinary(), unique=True)
        if place.shape is None:
            return func.pantau_point_relates(relation.value, wkb, place.lon, place.lat, type_=Boolean)
        return func.pantau_shape_relates(relation.value, wkb, place.shape, type_=Boolean)

    def _span(self, span: Span) -> _Ends:
        kind = next((end.kind for end in (span.start, span.end) if end is not None), Kind.TIME)
        first, last = (_FIRST_DAY, _LAST_DAY) if kind is Kind.DATE else (-_WITHIN_MICROS, _WITHIN_MICROS)
        return _Ends(
            self._scalar(Literal(first, kind) if span.start is None else span.start),
            self._scalar(Literal(last, kind) if span.end is None else span.end),
        )


def _glob(pattern: str) -> str:
    """A pattern of LIKE as one of GLOB."""
    found, rest = "", iter(pattern)
    for sign in rest:
        if sign == "\\":
            following = next(rest, "")
            literal = following if following in ("%", "_", "\\") else sign + following
            found += "".join(_GLOB_LITERAL.get(one, one) for one in literal)
        else:
            found += _GLOB_WILD.get(sign) or _GLOB_LITERAL.get(sign, sign)
    return found


_GLOB_WILD: Final = {"%": "*", "_": "?"}
_GLOB_LITERAL: Final = {"*": "[*]", "?": "[?]", "[": "[[]"}

_COMPARED: Final[dict[Compare, Callable[[Any, Any], Any]]] = {
    Compare.EQUAL: lambda left, right: left == right,
    Compare.UNEQUAL: lambda left, right: left != right,
    Compare.LESS: lambda left, right: left < right,
    Compare.MORE: lambda left, right: left > right,
    Compare.AT_MOST: lambda left, right: left <= right,
    Compare.AT_LEAST: lambda left, right: left >= right,
}

_ORDERS: Final[dict[Order, Callable[[_Ends, _Ends], Any]]] = {
    Order.AFTER: lambda one, other: one.start > other.end,
    Order.BEFORE: lambda one, other: one.end < other.start,
    Order.CONTAINS: lambda one, other: and_(one.start < other.start, one.end > other.end),
    Order.DISJOINT: lambda one, other: or_(one.end < other.start, one.start > other.end),
    Order.DURING: lambda one, other: and_(one.start > other.start, one.end < other.end),
    Order.EQUALS: lambda one, other: and_(one.start == other.start, one.end == other.end),
    Order.FINISHED_BY: lambda one, other: and_(one.start < other.start, one.end == other.end),
    Order.FINISHES: lambda one, other: and_(one.start > other.start, one.end == other.end),
    Order.INTERSECTS: lambda one, other: and_(one.start <= other.end, one.end >= other.start),
    Order.MEETS: lambda one, other: one.end == other.start,
    Order.MET_BY: lambda one, other: one.start == other.end,
    Order.OVERLAPPED_BY: lambda one, other: and_(one.start > other.start, one.start < other.end, one.end > other.end),
    Order.OVERLAPS: lambda one, other: and_(one.start < other.start, one.end > other.start, one.end < other.end),
    Order.STARTED_BY: lambda one, other: and_(one.start == other.start, one.end > other.end),
    Order.STARTS: lambda one, other: and_(one.start == other.start, one.end < other.end),
}
"""How two spans lie to each other (OGC 21-065r2, 7.11)."""
