"""Column types shared by the tables: the same Python values on both engines."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Dialect, String
from sqlalchemy.types import JSON, TypeDecorator
from sqlmodel import Field, SQLModel

# Constraints have the same names on both engines, so that a migration can name the one it changes.
SQLModel.metadata.naming_convention = {
    "pk": "%(table_name)s_pk",
    "fk": "%(table_name)s_%(column_0_name)s_fk",
    "uq": "%(table_name)s_%(column_0_name)s_uq",
    "ck": "%(table_name)s_%(constraint_name)s_ck",
}

W = TypeVar("W", bound=StrEnum)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(moment: datetime) -> int:
    """Microseconds since 1970 of an aware time, exactly. Raises ValueError for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored; give it a zone first")
    span = moment - _EPOCH
    return (span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds


def from_micros(value: int) -> datetime:
    """The aware UTC time of a number of microseconds since 1970."""
    seconds, rest = divmod(value, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC time kept as whole microseconds since 1970 in a BIGINT.

    One number sorts, pages, compares and indexes alike on both engines, and reading it costs no parsing.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else from_micros(value)


class Word(TypeDecorator[W]):
    """A StrEnum kept by value in a text column: adding a word needs no migration.

    Reading a value that is no longer a word raises ValueError rather than passing it on.
    """

    impl = String(32)
    cache_ok = True

    def __init__(self, kind: type[W]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: W | None, dialect: Dialect) -> str | None:
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> W | None:
        return None if value is None else self.kind(value)


def code_type(length: int = 32) -> String:
    """A text column for codes, ordered by bytes on both engines so that a prefix is a range."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def json_field(default: type[list[Any]] | type[dict[str, Any]] = dict) -> Any:
    """A JSON column that starts empty."""
    return Field(default_factory=default, sa_type=JSON)


def word_field(kind: type[StrEnum], default: Any = ...) -> Any:
    """A column for a word; required unless a default (which may be None) is given."""
    if default is ...:
        return Field(sa_type=Word(kind))
    return Field(default=default, sa_type=Word(kind))


def time_field(default: Any = ...) -> Any:
    """A UTC time column; required unless a default (None) is given."""
    return Field(sa_type=UtcTime) if default is ... else Field(default=default, sa_type=UtcTime)


def code_field(default: Any = ..., *, length: int = 32, to: str | None = None, primary_key: bool = False) -> Any:
    """A code column, optionally a foreign key `to` "table.column"."""
    options: dict[str, Any] = {"sa_type": code_type(length), "primary_key": primary_key}
    if to is not None:
        options["foreign_key"] = to
    return Field(**options) if default is ... else Field(default=default, **options)
