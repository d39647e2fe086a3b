"""A filter as a tree whose every part is checked: properties exist and may be read, values are of their kind.

Everything is frozen and hashable: a statement built for one filter is found again by it. An answer is true, false or
unknown (where a property is missing), as in SQL.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    """What a property holds."""

    TEXT = "string"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    TIME = "date-time"
    DATE = "date"
    ID = "uuid"
    PLACE = "geometry"

    @property
    def numeric(self) -> bool:
        """Whether it is a number."""
        return self in (Kind.NUMBER, Kind.INTEGER)

    @property
    def temporal(self) -> bool:
        """Whether it is a moment or a day."""
        return self in (Kind.TIME, Kind.DATE)


Value = str | float | int | bool | date | UUID
"""A TIME is microseconds since 1970."""


@dataclass(frozen=True, slots=True)
class Property:
    """A property by the house's name for it."""

    name: str
    kind: Kind


Vocabulary = Mapping[str, Property]
"""What a filter may name: names in the filter -> properties. What the asker may not read is not in it."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A written value."""

    value: Value
    kind: Kind


@dataclass(frozen=True, slots=True)
class Folded:
    """A text without regard to case (CASEI)."""

    of: "Property | Literal | Folded"

    @property
    def kind(self) -> Kind:
        """A text stays one."""
        return Kind.TEXT


Scalar = Property | Literal | Folded


class Compare(StrEnum):
    """How two scalars are compared."""

    EQUAL = "="
    UNEQUAL = "<>"
    LESS = "<"
    MORE = ">"
    AT_MOST = "<="
    AT_LEAST = ">="

    @property
    def turned(self) -> "Compare":
        """The same with its sides swapped."""
        return _TURNED.get(self, self)


COMPARES: frozenset[str] = frozenset(Compare)
_TURNED = {
    Compare.LESS: Compare.MORE,
    Compare.MORE: Compare.LESS,
    Compare.AT_MOST: Compare.AT_LEAST,
    Compare.AT_LEAST: Compare.AT_MOST,
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left op right`, both of one kind."""

    op: Compare
    left: Scalar
    right: Scalar


@dataclass(frozen=True, slots=True)
class Like:
    """A text like a pattern: `%` any text, `_` any character, a backslash before either means itself."""

    of: Scalar
    pattern: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of several values."""

    of: Scalar
    values: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A property without a value."""

    of: Property


class Relation(StrEnum):
    """How the place of a feature lies to a shape, by the functions' names without `s_`."""

    INTERSECTS = "intersects"
    DISJOINT = "disjoint"
    WITHIN = "within"
    CONTAINS = "contains"
    EQUALS = "equals"
    TOUCHES = "touches"
    OVERLAPS = "overlaps"
    CROSSES = "crosses"


@dataclass(frozen=True, slots=True)
class Spatial:
    """The feature's place stands in this relation to a shape (WKB, degrees, lon lat)."""

    relation: Relation
    shape: bytes
    bounds: tuple[float, float, float, float]


class Order(StrEnum):
    """How one time lies to another, by the functions' names without `t_`."""

    AFTER = "after"
    BEFORE = "before"
    CONTAINS = "contains"
    DISJOINT = "disjoint"
    DURING = "during"
    EQUALS = "equals"
    FINISHED_BY = "finishedby"
    FINISHES = "finishes"
    INTERSECTS = "intersects"
    MEETS = "meets"
    MET_BY = "metby"
    OVERLAPPED_BY = "overlappedby"
    OVERLAPS = "overlaps"
    STARTED_BY = "startedby"
    STARTS = "starts"


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment to another, both included; None is open. A moment is a span of itself."""

    start: Property | Literal | None
    end: Property | Literal | None


@dataclass(frozen=True, slots=True)
class Temporal:
    """One span stands in this order to another."""

    order: Order
    left: Span
    right: Span


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite; unknown stays unknown."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class Every:
    """Every part holds."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part holds."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Always:
    """True or false whatever the feature."""

    holds: bool


Node = Comparison | Like | OneOf | Missing | Spatial | Temporal | Not | Every | Either | Always


@dataclass(frozen=True, slots=True)
class Filter:
    """A tree and the collection whose properties it names."""

    collection: str
    tree: Node


def both(first: Node | None, second: Node | None) -> Node | None:
    """Both of them, where there are both."""
    if first is None or second is None:
        return first or second
    return Every((*_parts(first), *_parts(second)))


def _parts(node: Node) -> tuple[Node, ...]:
    return node.parts if isinstance(node, Every) else (node,)
