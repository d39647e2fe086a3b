"""Mapbox Vector Tiles 2.1 (github.com/mapbox/vector-tile-spec), written whole columns at a time.

A tile is a protocol buffer. All that its features hold (field numbers, lengths, tags, geometry) are varints, so a
layer's features are one list of numbers, laid out by numpy and turned into bytes at once: no work per feature.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
EXTENT = 4096
"""Units along a tile's side."""

_VERSION = b"\x78\x02"
_FEW = 3  # commands of a feature that are laid side by side: a point's
# Field numbers with their wire type, as they stand before each field.
_LAYER, _NAME, _FEATURE, _KEY, _VALUE, _EXTENT = 0x1A, 0x0A, 0x12, 0x1A, 0x22, 0x28
_ID, _TAGS, _TYPE, _GEOMETRY = 0x08, 0x12, 0x18, 0x22
_STRING, _DOUBLE, _SIGNED, _BOOL = 0x0A, 0x19, 0x30, 0x38


class Shape(IntEnum):
    """What a layer's features are (4.3.4)."""

    POINT = 1
    LINE = 2
    POLYGON = 3


@dataclass(frozen=True, slots=True)
class Values:
    """Distinct values as the tile keeps them: `block` is so many encoded Value messages (4.4)."""

    number: int
    block: bytes


@dataclass(frozen=True, slots=True)
class Property:
    """A property of all features of a layer. `at` is where each feature's value stands among `values`, -1 for none.

    Properties may share their values: the same object is written once.
    """

    name: str
    values: Values
    at: Ints


@dataclass(frozen=True, slots=True)
class Drawn:
    """The geometry of many features: command integers (4.3.1), and how many of them are each feature's."""

    shape: Shape
    commands: Ints
    lengths: Ints


@dataclass(frozen=True, slots=True)
class Layer:
    """A named layer. `ids` are the features' ids, whole numbers from 0, where they have any."""

    name: str
    drawn: Drawn
    properties: Sequence[Property]
    ids: Ints | None = None


def encode(layers: Iterable[Layer]) -> bytes:
    """The tile. A layer without features is left out, as the specification asks (4.1)."""
    return b"".join(_framed(_LAYER, _layer(layer)) for layer in layers if len(layer.drawn.lengths))


def points(x: Ints, y: Ints) -> Drawn:
    """One point a feature, in units from the tile's upper left corner."""
    moves = np.column_stack((np.full(len(x), _command(1, 1)), zigzag(x), zigzag(y)))
    return Drawn(Shape.POINT, moves.reshape(-1), np.full(len(x), 3, dtype=np.int64))


def polygons(features: Sequence[Sequence[Ints]]) -> Drawn:
    """Polygons from each feature's rings, arrays of shape (n, 2) without a repeated last point, at least 3 points each.

    An exterior ring has a positive area by the surveyor's formula on the tile's axes (y down), a hole after it a
    negative one (4.3.4.4).
    """
    drawn = [np.concatenate([*_rings(rings)]) for rings in features]
    lengths = np.array([len(one) for one in drawn], dtype=np.int64)
    return Drawn(Shape.POLYGON, np.concatenate([*drawn, np.zeros(0, dtype=np.int64)]), lengths)


def texts(name: str, column: Sequence[str | None]) -> Property:
    """A property of texts; None and an empty text are none."""
    found = dict.fromkeys(column)
    found.pop("", None)
    found.pop(None, None)
    distinct: list[Any] = list(found)
    places = dict(zip(distinct, range(len(distinct)), strict=True)) | {None: -1, "": -1}
    at = np.fromiter(map(places.__getitem__, column), dtype=np.int64, count=len(column))
    return Property(name, _text_values(distinct), at)


def integers(name: str, column: Ints, missing: int | None = None) -> Property:
    """A property of whole numbers; `missing` stands for none."""
    distinct, at = np.unique(column, return_inverse=True)
    return _without(name, integer_values(distinct), at, distinct == missing if missing is not None else None)


def numbers(name: str, column: NDArray[np.float64]) -> Property:
    """A property of floating-point numbers; not a number is none."""
    distinct, at = np.unique(column, return_inverse=True)
    block = b"".join(_framed(_VALUE, bytes((_DOUBLE,)) + struct.pack("<d", value)) for value in distinct.tolist())
    return _without(name, Values(len(distinct), block), at, np.isnan(distinct))


def flags(name: str, column: NDArray[np.bool_]) -> Property:
    """A property that is true or false."""
    block = b"".join(_framed(_VALUE, bytes((_BOOL, value))) for value in (0, 1))
    return Property(name, Values(2, block), column.astype(np.int64))


def integer_values(distinct: Ints) -> Values:
    """Distinct whole numbers as values. They are written as sint64, where a negative one is no longer than others."""
    coded = zigzag(distinct)
    fields = [_Column(_VALUE), _Column(_sizes(coded) + 1), _Column(_SIGNED), _Column(coded)]
    return Values(len(coded), _side_by_side(fields, len(coded))[0].tobytes())


def zigzag(numbers: Ints) -> Ints:
    """Signed numbers as unsigned ones, small if they were near 0 (4.3.2)."""
    coded: Ints = (numbers << 1) ^ (numbers >> 63)
    return coded


def varints(numbers: Ints) -> bytes:
    """Numbers from 0 as varints of seven bits a byte, the lowest first."""
    if np.max(numbers, initial=0) < 1 << 31:
        numbers = numbers.astype(np.int32)  # half the memory to walk through
    sizes = _sizes(numbers)
    ends = np.cumsum(sizes)
    written = np.empty(int(ends[-1]) if len(ends) else 0, dtype=np.uint8)
    at, rest = ends - sizes, numbers
    written[at] = rest & 0x7F
    while len(more := np.flatnonzero(rest > 0x7F)):
        at, rest = at[more], rest[more] >> 7
        written[at] |= 0x80
        at += 1
        written[at] = rest & 0x7F
    return written.tobytes()


def _layer(layer: Layer) -> bytes:
    blocks = list({id(one.values): one.values for one in layer.properties}.values())
    begins = dict(zip(map(id, blocks), np.cumsum([0, *(block.number for block in blocks)]).tolist(), strict=False))
    places = [(one.at, begins[id(one.values)]) for one in layer.properties]
    parts = [_VERSION, _framed(_NAME, layer.name.encode()), _features(layer, places)]
    parts += [_framed(_KEY, one.name.encode()) for one in layer.properties]
    parts += [block.block for block in blocks]
    parts.append(bytes((_EXTENT,)) + varints(np.array([EXTENT])))
    return b"".join(parts)


def _features(layer: Layer, places: Sequence[tuple[Ints, int]]) -> bytes:
    """All features of a layer, one after the other (4.2)."""
    drawn, tags = layer.drawn, [tag for key, place in enumerate(places) for tag in _tag(key, *place)]
    drawn_sizes = _sums(_sizes(drawn.commands), drawn.lengths)
    head = [] if layer.ids is None else [_Column(_ID), _Column(layer.ids)]
    head += [_Column(_TAGS), _Column(sum((tag.sizes() for tag in tags), np.zeros_like(drawn_sizes)))]
    middle = [_Column(_TYPE), _Column(int(drawn.shape)), _Column(_GEOMETRY), _Column(drawn_sizes)]
    inside = sum((one.sizes() for one in (*head, *tags, *middle)), drawn_sizes)
    columns = [_Column(_FEATURE), _Column(inside), *head, *tags, *middle]
    each = int(drawn.lengths[0])
    if each <= _FEW and (drawn.lengths == each).all():
        columns += [_Column(drawn.commands[at::each]) for at in range(each)]
        return _side_by_side(columns, len(drawn.lengths))[0].tobytes()
    beginnings, sizes = _side_by_side(columns, len(drawn.lengths))
    return _joined(beginnings, sizes, np.frombuffer(varints(drawn.commands), dtype=np.uint8), drawn_sizes)


@dataclass(frozen=True, slots=True)
class _Column:
    """A number of every feature, or one for all; `has` says which features have it, None all."""

    numbers: Ints | int
    has: NDArray[np.bool_] | None = None

    def sizes(self) -> Ints:
        """The bytes of each feature's number."""
        sizes = _sizes(np.asarray(self.numbers, dtype=np.int64))
        return sizes if self.has is None else sizes * self.has


def _tag(key: int, at: Ints, begin: int) -> tuple[_Column, _Column]:
    """The pair of numbers that says a property: which key, which value (4.4)."""
    has = at >= 0
    present = None if has.all() else has
    return _Column(key, present), _Column(at + begin if present is None else np.where(has, at + begin, 0), present)


def _side_by_side(columns: Sequence[_Column], features: int) -> tuple[NDArray[np.uint8], Ints]:
    """The columns as varints, feature by feature, and how many bytes each feature's are.

    Each column is as wide as its greatest number; what smaller ones leave empty is then left out.
    """
    widths = [int(np.max(_sizes(np.asarray(np.max(one.numbers, initial=0))))) for one in columns]
    written = np.empty((features, sum(widths)), dtype=np.uint8)
    kept = np.ones(written.shape, dtype=np.bool_)
    at = 0
    for one, width in zip(columns, widths, strict=True):
        rest: Any = one.numbers
        for byte in range(width):
            written[:, at] = rest & 0x7F
            if one.has is not None:
                kept[:, at] = one.has
            if byte:
                kept[:, at] &= rest > 0
                written[:, at - 1] |= np.where(rest > 0, 0x80, 0).astype(np.uint8)
            at, rest = at + 1, rest >> 7
    return written[kept], kept.sum(axis=1)


def _joined(ones: NDArray[np.uint8], sizes: Ints, others: NDArray[np.uint8], other_sizes: Ints) -> bytes:
    """Two lists of byte strings as one: the first of each, the second of each, and so on."""
    laid = np.empty(len(ones) + len(others), dtype=np.uint8)
    begins = np.cumsum(sizes + other_sizes) - sizes - other_sizes
    _lay(laid, begins, ones, sizes)
    _lay(laid, begins + sizes, others, other_sizes)
    return laid.tobytes()


def _lay(laid: NDArray[np.uint8], begins: Ints, numbers: NDArray[np.uint8], lengths: Ints) -> None:
    """Puts each feature's share of `numbers` where it begins."""
    shift = begins - (np.cumsum(lengths) - lengths)
    laid[np.arange(len(numbers)) + np.repeat(shift, lengths)] = numbers


def _sums(sizes: Ints, lengths: Ints) -> Ints:
    """The sum of each feature's share of `sizes`."""
    ends = np.cumsum(lengths)
    upto = np.concatenate(([0], np.cumsum(sizes)))
    sums: Ints = upto[ends] - upto[ends - lengths]
    return sums


def _sizes(numbers: Ints) -> Ints:
    """The bytes of each number as a varint. Numbers are below 2 to the 63, so nine at most."""
    sizes = np.ones(np.shape(numbers), dtype=np.int64)
    most, bits = int(np.max(numbers, initial=0)), 7
    while most >> bits:
        sizes += numbers >= 1 << bits
        bits += 7
    return sizes


def _rings(rings: Sequence[Ints]) -> Iterable[Ints]:
    cursor = np.zeros((1, 2), dtype=np.int64)
    for ring in rings:
        steps = zigzag(np.diff(ring, axis=0, prepend=cursor))
        cursor = ring[-1:]
        yield np.concatenate(
            ([_command(1, 1)], steps[0], [_command(2, len(ring) - 1)], steps[1:].reshape(-1), [_command(7, 1)])
        )


def _command(which: int, count: int) -> int:
    return (count << 3) | which


def _text_values(distinct: Sequence[str]) -> Values:
    body = "".join(distinct).encode()
    lengths = np.fromiter(map(len, distinct), dtype=np.int64, count=len(distinct))
    if lengths.sum() < len(body):  # some letter is longer than a byte
        lengths = np.array([len(text.encode()) for text in distinct], dtype=np.int64)
    heads = [_Column(_VALUE), _Column(lengths + _sizes(lengths) + 1), _Column(_STRING), _Column(lengths)]
    before, sizes = _side_by_side(heads, len(lengths))
    block = _joined(before, sizes, np.frombuffer(body, dtype=np.uint8), lengths)
    return Values(len(lengths), block)


def _without(name: str, values: Values, at: NDArray[np.intp], none: NDArray[np.bool_] | None) -> Property:
    """The property without those values that stand for none; they stay among the values, used by nobody."""
    places = at.astype(np.int64)
    if none is not None and none.any():
        places = np.where(none[places], -1, places)
    return Property(name, values, places)


def _framed(field: int, message: bytes) -> bytes:
    return bytes((field,)) + varints(np.array([len(message)])) + message
