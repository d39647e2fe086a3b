"""What a filter says in words that an index answers: the question is narrowed by it, and the filter still asked."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from cases.features import COLLECTIONS, Collection
from cases.filters.tree import (
    Compare,
    Comparison,
    Every,
    Literal,
    Node,
    OneOf,
    Property,
    Relation,
    Spatial,
)
from cases.incidents import Box, Question
from cases.words import IncidentKind, Status

W = TypeVar("W", bound=StrEnum)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INSIDE = frozenset({Relation.INTERSECTS, Relation.WITHIN, Relation.EQUALS, Relation.TOUCHES, Relation.CONTAINS})
_MOST_MICROS = 10**17  # the year 5138: beyond it lies no index, only the calendar's end


def lifted(question: Question) -> Question:
    """The question narrowed by those parts of its filter that all must hold. Never by more than the filter says."""
    wanted = question.filter
    if wanted is None:
        return question
    dated = COLLECTIONS[Collection(wanted.collection)].dated
    for part in _parts(wanted.tree):
        question = _with(question, part, dated)
    return question


def _parts(node: Node) -> Iterable[Node]:
    if not isinstance(node, Every):
        return [node]
    return [deeper for part in node.parts for deeper in _parts(part)]


def _with(question: Question, part: Node, dated: str | None) -> Question:
    match part:
        case Spatial(relation, _, bounds) if relation in _INSIDE:
            return replace(question, box=_narrowed(question.box, bounds))
        case Comparison(op, Property(name), Literal(int(at))) if name == dated and abs(at) < _MOST_MICROS:
            return _timed(question, op, _EPOCH + timedelta(microseconds=at))
        case Comparison(Compare.EQUAL, Property(name), Literal(str(value))):
            return _worded(question, name, [value])
        case OneOf(Property(name), values):
            return _worded(question, name, [one.value for one in values if isinstance(one.value, str)])
    return question


def _narrowed(box: Box | None, bounds: tuple[float, float, float, float]) -> Box:
    west, south, east, north = bounds
    if box is None:
        return Box(west, south, east, north)
    if box.west > box.east:
        return box  # over the date line: left as it is
    both = Box(max(box.west, west), max(box.south, south), min(box.east, east), min(box.north, north))
    # Boxes apart: nothing matches, which the filter finds out by itself.
    return both if both.west <= both.east and both.south <= both.north else box


def _timed(question: Question, op: Compare, moment: datetime) -> Question:
    """Narrowed to a side of a moment, which stays inside: `since` is included and `until` is not."""
    if op in (Compare.MORE, Compare.AT_LEAST):
        since = moment if question.since is None else max(question.since, moment)
        return replace(question, since=since)
    if op in (Compare.LESS, Compare.AT_MOST):
        until = moment + timedelta(microseconds=1)
        return replace(question, until=until if question.until is None else min(question.until, until))
    return question


def _worded(question: Question, name: str, values: list[str]) -> Question:
    """Narrowed to some words of a property that has an index; where it is already, or a word is none, left alone."""
    if name == "category" and not question.categories:
        return replace(question, categories=frozenset(values))
    if name == "agency" and question.agency is None and len(values) == 1 and question.kinds <= _COMPLAINTS:
        return replace(question, agency=values[0])
    if name == "status" and not question.statuses and (statuses := _words(Status, values)):
        return replace(question, statuses=statuses)
    if name == "kind" and question.kinds == frozenset(IncidentKind) and (kinds := _words(IncidentKind, values)):
        return replace(question, kinds=kinds)
    return question


_COMPLAINTS = frozenset({IncidentKind.COMPLAINT})


def _words(kind: type[W], values: list[str]) -> frozenset[W]:
    """The values as words of a kind; empty if one is none."""
    known = {str(word): word for word in kind}
    return frozenset(known[value] for value in values) if set(values) <= known.keys() else frozenset()
