"""Tables as a move sees them: the same columns, in the same order, as the same plain values on both engines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import JSON, Boolean, Column, Date, Float, Integer, LargeBinary, Numeric, String, Uuid
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeDecorator, TypeEngine

from storage.tables import metadata

Plain = str | int | float | bytes | None
"""What both drivers give and take: UUIDs as 32 hex digits, JSON as written, truth as 0 or 1, dates as ISO text."""

Row = tuple[Plain, ...]

_AS_PLAIN: Final[tuple[tuple[type[TypeEngine[Any]], str], ...]] = (
    (Uuid, "replace({0}::text, '-', '')"),
    (JSON, "{0}::text"),
    (Boolean, "{0}::int"),
    (Date, "{0}::text"),
    (Integer, "{0}"),
    (Float, "{0}"),
    (Numeric, "{0}::float8"),
    (String, "{0}"),
    (LargeBinary, "{0}"),
)
"""How PostgreSQL writes each type plainly; SQLite keeps them so."""


_POSTGRESQL: Final = postgresql.dialect()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Shape:
    """A table's name, columns and key. `plain` are the columns as PostgreSQL says them plainly, `ordered` its key as
    PostgreSQL orders it by bytes, as SQLite does.
    """

    name: str
    columns: tuple[str, ...]
    plain: tuple[str, ...]
    key: tuple[str, ...]
    ordered: tuple[str, ...]

    def key_of(self, row: Row) -> Row:
        """The row's key."""
        return tuple(row[self.columns.index(name)] for name in self.key)


def shapes() -> list[Shape]:
    """Every table of Pantau, what is pointed to before what points to it."""
    return [
        Shape(
            table.name,
            tuple(column.name for column in table.columns),
            tuple(_plain(column).format(f'"{column.name}"') for column in table.columns),
            tuple(column.name for column in table.primary_key.columns),
            tuple(_ordered(column) for column in table.primary_key.columns),
        )
        for table in metadata.sorted_tables
    ]


def lines(rows: Iterable[Row]) -> bytes:
    """Rows as canonical bytes, a line of JSON each: what the hash of a table is made of."""
    return b"".join(orjson.dumps(row, default=_hex, option=orjson.OPT_APPEND_NEWLINE) for row in rows)


def first_difference(shape: Shape, here: Sequence[Row], there: Sequence[Row]) -> str:
    """Where two batches part, in words."""
    for one, other in zip(here, there, strict=False):
        if one != other:
            if shape.key_of(one) != shape.key_of(other):
                return f"row {shape.key_of(min(one, other, key=shape.key_of))} is on one side only"
            names = [name for name, a, b in zip(shape.columns, one, other, strict=True) if a != b]
            return f"row {shape.key_of(one)} differs in {', '.join(names)}"
    longer = here if len(here) > len(there) else there
    return f"row {shape.key_of(longer[min(len(here), len(there))])} is on one side only"


def _ordered(column: Column[Any]) -> str:
    kind = column.type.dialect_impl(_POSTGRESQL)
    text = isinstance(getattr(kind, "impl_instance", kind), String)
    by_bytes = not text or getattr(kind, "collation", None) == "C"
    return f'"{column.name}"' if by_bytes else f'"{column.name}" COLLATE "C"'


def _plain(column: Column[Any]) -> str:
    kind: Any = column.type
    while isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    found = next((said for known, said in _AS_PLAIN if isinstance(kind, known)), None)
    if found is None:
        raise TypeError(f"{column.table.name}.{column.name}: a move knows no plain form of {kind!r}")
    return found


def _hex(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"no plain value: {type(value).__name__}")
