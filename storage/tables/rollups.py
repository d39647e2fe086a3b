"""Counts kept beside the rows: roll-ups by time and area, by cell, and the changes that are not in them yet.

The database writes `RollupDelta` itself, by triggers in the transaction of the row that changed, so that no writer can
forget it; `storage.rollups.fold` adds those to the other tables. What a row has not (a photo has no state) is the empty
text in all of them: a key holds no NULL.
"""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, text
from sqlmodel import Field, SQLModel

from cases.words import IncidentKind
from storage.tables.types import code_field, time_field, word_field

_NUMBER = BigInteger().with_variant(Integer(), "sqlite")


class RollupGroup(SQLModel, table=True):
    """What rows that are counted together have in common: a few hundred, so that a count carries one number for all."""

    __tablename__ = "rollup_group"
    __table_args__ = (
        Index("rollup_group_words", "kind", "category_code", "agency_code", "status", "confidential", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: IncidentKind = word_field(IncidentKind)
    category_code: str = code_field("")
    agency_code: str = code_field("")
    status: str = code_field("")
    confidential: bool = False


class Rollup(SQLModel, table=True):
    """So many rows of a group in a span of time and an area, as one `storage.rollups.grains.Grain` cuts them.

    `span` is the first day of a day or month, counted from 1970-01-01 in the city's time; 0 where time is not told.
    `took_s` sums the seconds from opening to closing of those closed; `within_7` counts those that took at most 7 days.
    """

    __tablename__ = "rollup"
    __table_args__ = (
        # Rows that counted down to nothing are swept by it.
        Index("rollup_empty", "grain", sqlite_where=text("n = 0"), postgresql_where=text("n = 0")),
        {"sqlite_with_rowid": False},
    )

    grain: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    span: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    area_code: str = code_field(length=16, primary_key=True)
    group_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    n: int
    closed: int
    on_time: int
    took_s: int = Field(sa_type=BigInteger)
    within_1: int
    within_2: int
    within_3: int
    within_5: int
    within_7: int
    within_14: int
    within_30: int
    within_90: int


class RollupCell(SQLModel, table=True):
    """So many rows of a group in one cell: the Morton code of a web-mercator tile of zoom `level`."""

    __tablename__ = "rollup_cell"
    __table_args__ = (
        Index("rollup_cell_empty", "level", sqlite_where=text("n = 0"), postgresql_where=text("n = 0")),
        {"sqlite_with_rowid": False},
    )

    level: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    cell: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    group_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    n: int


class RollupDelta(SQLModel, table=True):
    """A row that came (`sign` 1) or went (-1) and is not folded in yet; a change is both. Written by triggers alone."""

    __tablename__ = "rollup_delta"

    id: int | None = Field(default=None, primary_key=True, sa_type=_NUMBER)
    sign: int
    kind: IncidentKind = word_field(IncidentKind)
    category_code: str = code_field()
    agency_code: str = code_field()
    status: str = code_field()
    confidential: bool
    area_code: str = code_field(length=16)
    cell: int | None = Field(default=None, sa_type=BigInteger)
    happened_at: datetime = time_field()
    due_at: datetime | None = time_field(None)
    closed_at: datetime | None = time_field(None)
