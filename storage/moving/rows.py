"""The rows of a move: copied by key, batch by batch, then compared row by row."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import orjson

from storage.moving.ends import MoveDiffers, Rows, Target
from storage.moving.shapes import Row, Shape, first_difference, lines

_FIRST, _LEAST, _MOST = 500, 20, 10_000
_BATCH_BYTES = 4_000_000


class Progress(Protocol):
    """Whoever wants to know how far it is."""

    def begin(self, what: str, total: int) -> None:
        """A step of so many begins."""

    def advance(self, done: int) -> None:
        """So many more are done."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A table that is the same at both ends. `sha256` is of its rows as lines of JSON, in the order of the key."""

    name: str
    rows: int
    sha256: str


def copy(source: Rows, target: Target, shape: Shape, progress: Progress) -> None:
    """Copies what is missing of a table: from where the target's notes say that it broke off."""
    note = f"rows of {shape.name}"
    last, done = orjson.loads(target.get(note) or "[null, 0]")
    progress.begin(f"copying {shape.name}", source.count(shape))
    progress.advance(done)
    for rows in _batches(source, shape, None if last is None else tuple(last)):
        done += len(rows)
        target.put(shape, rows, note, orjson.dumps([shape.key_of(rows[-1]), done]).decode())
        progress.advance(len(rows))


def compare(source: Rows, target: Rows, shape: Shape, progress: Progress) -> Compared:
    """Reads a table at both ends and holds each row against its like. Raises MoveDiffers at the first that differs."""
    progress.begin(f"comparing {shape.name}", source.count(shape))
    after: Row | None = None
    count, told = 0, hashlib.sha256()
    for here in _batches(source, shape, None):
        there = target.rows(shape, after, len(here))
        if here != there:
            raise MoveDiffers(f"{shape.name}: {first_difference(shape, here, there)}")
        told.update(lines(here))
        count, after = count + len(here), shape.key_of(here[-1])
        progress.advance(len(here))
    if more := target.rows(shape, after, 1):
        raise MoveDiffers(f"{shape.name}: row {shape.key_of(more[0])} is in the target only")
    return Compared(shape.name, count, told.hexdigest())


def _batches(source: Rows, shape: Shape, after: Row | None) -> Iterator[list[Row]]:
    """A table's rows, in batches of some megabytes whatever its rows are like."""
    size = _FIRST
    while rows := source.rows(shape, after, size):
        yield rows
        after = shape.key_of(rows[-1])
        each = sum(map(_weight, rows[:100])) / min(len(rows), 100)
        size = max(_LEAST, min(int(_BATCH_BYTES / max(each, 1)), _MOST))


def _weight(row: Row) -> int:
    return sum(len(value) if isinstance(value, str | bytes) else 8 for value in row)
