"""CQL2 in JSON (OGC 21-065r2, 7.15): the same tree from objects of `op` and `args`."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import shapely
from shapely.errors import ShapelyError

from cases.filters.build import Builder, Interval, Part, Plain, Shape
from cases.filters.faults import MOST_CHARACTERS, ShapeUnusable, TooLarge, Unread
from cases.filters.tree import COMPARES, Compare, Node, Not


def read(source: str | Mapping[str, Any], builder: Builder) -> Node:
    """The tree of a filter in JSON, as text or already taken apart. Raises FilterInvalid."""
    if isinstance(source, str):
        if len(source) > MOST_CHARACTERS:
            raise TooLarge
        source = _taken_apart(source)
    return builder.node(_Reader(builder).part(source, "/", 0), "/")


def _taken_apart(source: str) -> Any:
    try:
        return orjson.loads(source)
    except orjson.JSONDecodeError as error:
        raise Unread(at=str(error.pos + 1), found=source[error.pos : error.pos + 10] or "-") from None


class _Reader:
    def __init__(self, builder: Builder) -> None:
        self._builder = builder

    def part(self, found: Any, at: str, depth: int) -> Part:
        """A node or operand; `at` is a JSON pointer."""
        self._builder.enter(depth)
        made: Part | None = None
        match found:
            case str() | bool() | int() | float():
                made = self._plain(found, at)
            case {"op": str(op), "args": list(args)}:
                made = self._called(op, args, at.rstrip("/"), depth + 1)
            case {"property": str(name)}:
                made = self._builder.property(name, at)
            case {"date": str(text)} | {"timestamp": str(text)}:
                made = self._builder.time(text, at)
            case {"interval": [start, end]}:
                ends = [one if isinstance(one, str) else self.part(one, at, depth + 1) for one in (start, end)]
                made = Interval(self._builder.end(ends[0], at), self._builder.end(ends[1], at))
            case {"bbox": list(numbers)}:
                made = self._box(numbers, at)
            case {"type": str(), "coordinates": list()} | {"type": "GeometryCollection", "geometries": list()}:
                made = self._shape(found, at)
        if made is None:
            raise _unread(found, at)
        return made

    def _called(self, op: str, args: Sequence[Any], at: str, depth: int) -> Part:
        word, build = op.lower(), self._builder
        if word == "in" and len(args) == 2 and isinstance(args[1], list):
            values = [self.part(one, f"{at}/args/1/{nth}", depth) for nth, one in enumerate(args[1])]
            return build.one_of(self.part(args[0], f"{at}/args/0", depth), values, at)
        if word == "between" and len(args) == 2 and isinstance(args[1], list):
            args = [args[0], *args[1]]  # as drafts had it
        parts = [self.part(one, f"{at}/args/{nth}", depth) for nth, one in enumerate(args)]
        if word in ("and", "or") and parts:
            nodes = [build.node(part, f"{at}/args/{nth}") for nth, part in enumerate(parts)]
            return build.every(nodes) if word == "and" else build.either(nodes)
        return self._predicate(word, parts, at or "/")

    def _predicate(self, word: str, parts: Sequence[Part], at: str) -> Part:
        build = self._builder
        made: Node | None = None
        match word, parts:
            case "not", [part]:
                made = Not(build.node(part, at))
            case _, [left, right] if word in COMPARES:
                made = build.comparison(Compare(word), left, right, at)
            case "like", [of, pattern]:
                made = build.like(of, pattern, at)
            case "between", [of, low, high]:
                made = build.between(of, low, high, at)
            case "isnull", [of]:
                made = build.missing(of, at)
            case "casei", [of]:
                return build.folded(of, at)
        return build.function(word, parts, at) if made is None else made

    def _box(self, numbers: Sequence[Any], at: str) -> Shape:
        if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in numbers):
            raise ShapeUnusable(at)
        return self._builder.box(numbers, at)

    def _plain(self, found: str | bool | float, at: str) -> Plain:
        if isinstance(found, int) and abs(found) >= 2**63:
            found = float(found) if abs(found) < 10**300 else math.inf
        if isinstance(found, float) and not math.isfinite(found):
            raise _unread(found, at)
        return Plain(found)

    def _shape(self, found: Mapping[str, Any], at: str) -> Shape:
        try:
            made = shapely.from_geojson(orjson.dumps(found))
        except (ShapelyError, ValueError, TypeError):
            raise ShapeUnusable(at) from None
        return self._builder.shape(made, at)


def _unread(found: object, at: str) -> Unread:
    return Unread(at=at, found=str(found)[:40])
