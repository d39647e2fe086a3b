"""Vector tiles read back, by a reader of the specification that shares nothing with the writer."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Read:
    """One feature: `parts` are its points, lines or rings as lists of (x, y); rings without their repeated end."""

    id: int | None = None
    shape: int = 0
    parts: list[list[tuple[int, int]]] = field(default_factory=list)
    properties: dict[str, Any] = field(default_factory=dict)

    @property
    def point(self) -> tuple[int, int]:
        """The place of a single point."""
        ((place,),) = self.parts
        return place


def tile(data: bytes) -> dict[str, list[Read]]:
    """The features of each layer. ValueError for what the specification forbids."""
    layers: dict[str, list[Read]] = {}
    for number, value in fields(data):
        expect(number == 3, "a tile holds layers only")
        name, features = layer(value)
        expect(name not in layers, "two layers of one name")
        layers[name] = features
    return layers


def layer(data: bytes) -> tuple[str, list[Read]]:
    """A layer's name and features."""
    found: dict[int, list[Any]] = {}
    for number, value in fields(data):
        found.setdefault(number, []).append(value)
    expect(found.get(15) == [2], "version 2")
    expect(found.get(5) == [4096], "extent")
    keys = [key.decode() for key in found.get(3, [])]
    expect(len(set(keys)) == len(keys), "keys are distinct")
    values = [value_of(value) for value in found.get(4, [])]
    expect(len(found[2]) > 0, "a layer has features")
    return found[1][0].decode(), [feature(one, keys, values) for one in found[2]]


def feature(data: bytes, keys: list[str], values: list[Any]) -> Read:
    """A feature with its tags looked up."""
    read = Read()
    for number, value in fields(data):
        match number:
            case 1:
                read.id = value
            case 2:
                tags = list(varints(value))
                expect(len(tags) % 2 == 0, "tags come in pairs")
                named = [(keys[key], values[at]) for key, at in zip(tags[::2], tags[1::2], strict=True)]
                expect(len(dict(named)) == len(named), "no key twice")
                read.properties = dict(named)
            case 3:
                read.shape = value
            case 4:
                read.parts = list(parts(list(varints(value))))
            case _:
                raise ValueError(f"field {number} in a feature")
    return read


def parts(commands: list[int]) -> Iterator[list[tuple[int, int]]]:
    """Command integers as points, lines or rings (4.3)."""
    x = y = at = 0
    current: list[tuple[int, int]] = []
    while at < len(commands):
        which, count, at = commands[at] & 7, commands[at] >> 3, at + 1
        if which == 7:
            yield current
            current = []
            continue
        expect(which in (1, 2), "a known command")
        if which == 1 and current:
            yield current
            current = []
        for _ in range(count):
            x, y, at = x + signed(commands[at]), y + signed(commands[at + 1]), at + 2
            current.append((x, y))
    if current:
        yield current


def value_of(data: bytes) -> Any:
    """A Value message (4.4)."""
    ((number, value),) = fields(data)
    match number:
        case 1:
            return value.decode()
        case 3:
            return struct.unpack("<d", value)[0]
        case 4 | 5:
            return value
        case 6:
            return signed(value)
        case 7:
            return bool(value)
    raise ValueError(f"a value of kind {number}")


def fields(data: bytes) -> Iterator[tuple[int, Any]]:
    """Fields of a protocol buffer: number, and an integer or bytes."""
    at = 0
    while at < len(data):
        head, at = varint(data, at)
        match head & 7:
            case 0:
                value, at = varint(data, at)
                yield head >> 3, value
            case 1:
                yield head >> 3, data[at : at + 8]
                at += 8
            case 2:
                length, at = varint(data, at)
                expect(at + length <= len(data), "a field ends within its message")
                yield head >> 3, data[at : at + length]
                at += length
            case other:
                raise ValueError(f"wire type {other}")


def varints(data: bytes) -> Iterator[int]:
    """Packed numbers."""
    at = 0
    while at < len(data):
        value, at = varint(data, at)
        yield value


def varint(data: bytes, at: int) -> tuple[int, int]:
    """A number, and where the next thing begins."""
    value = shift = 0
    while True:
        byte = data[at]
        value, at = value | (byte & 0x7F) << shift, at + 1
        if byte < 0x80:
            expect(byte != 0 or shift == 0, "a number is no longer than it need be")
            return value, at
        shift += 7


def signed(number: int) -> int:
    """Out of zigzag."""
    return (number >> 1) ^ -(number & 1)


def area(ring: list[tuple[int, int]]) -> float:
    """Twice the area by the surveyor's formula."""
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True))


def expect(holds: bool, what: str) -> None:
    """Raises ValueError with what does not hold."""
    if not holds:
        raise ValueError(f"not so: {what}")
