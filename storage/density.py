"""About how many rows lie in some cells: from a sample that is kept in memory, so that asking costs microseconds."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import orjson
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, cast, func, literal, literal_column, select, tablesample, text
from sqlalchemy.dialects.postgresql import REGCLASS
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.words import IncidentKind
from geo.cells import Range
from storage.kinds import TABLES, Table

_KEPT_S = 600.0
"""A city's places do not move; what grows by a few percent meanwhile changes no plan."""

_SAMPLE = 4_000
"""Rows looked at. Of a million, 20,000 in a box are then told from 25,000 and from 15,000."""


@dataclass(frozen=True, slots=True)
class _Sample:
    """Some rows' cells in order, each standing for `each` rows."""

    cells: NDArray[np.int64]
    each: float
    until: float


_samples: WeakKeyDictionary[object, dict[IncidentKind, _Sample]] = WeakKeyDictionary()
"""By the engine that a session reads through: two databases in one process have each their own."""


def about(db: Session, kind: IncidentKind, runs: Sequence[Range]) -> float:
    """About how many rows of this kind lie in these runs of cells."""
    kept = _samples.setdefault(db.get_bind().engine, {})
    sample = kept.get(kind)
    if sample is None or sample.until < time.monotonic():
        sample = kept[kind] = _taken(db, TABLES[kind])
    ends = np.array(runs, dtype=np.int64)
    inside = sample.cells.searchsorted(ends[:, 1], "right") - sample.cells.searchsorted(ends[:, 0], "left")
    return float(inside.sum() * sample.each)


def every_nth(db: Session, table: Table, picked: ColumnElement[Any]) -> tuple[Select[Any], float]:
    """A query for `picked` of some 4,000 rows all through an SQLite table, and how many rows each stands for."""
    rowid: ColumnElement[int] = literal_column(f"{table.__tablename__}.rowid")
    last = int(db.execute(select(func.coalesce(func.max(rowid), 0)).select_from(table)).scalar_one())
    step = max(last // _SAMPLE, 1)
    numbers = func.json_each(orjson.dumps(list(range(1, last + 1, step))).decode()).table_valued("value")
    rows = select(picked).select_from(table).join(numbers, rowid == numbers.c.value)
    # Else a filter with an index of its own is looked up first, and every row of it among all the numbers: minutes.
    return rows.with_hint(table, "NOT INDEXED", "sqlite"), step


def _taken(db: Session, table: Table) -> _Sample:
    cell: ColumnElement[Any] = col(table.cell)  # type: ignore[assignment]  # mapped columns are expressions too
    if db.get_bind().dialect.name == "sqlite":
        rows, each = every_nth(db, table, cell)
        rows = rows.where(cell.is_not(None))
    else:
        known: Select[Any] = select(literal_column("reltuples")).select_from(text("pg_class"))
        known = known.where(literal_column("oid") == cast(literal(table.__tablename__), REGCLASS))
        # Statistics are missing (-1) where nobody has analysed yet; then there is not much to read.
        share = min(_SAMPLE / max(float(db.execute(known).scalar_one()), 1.0), 1.0)
        some = tablesample(table, func.system(100 * share))
        rows, each = select(some.c.cell).where(some.c.cell.is_not(None)), 1 / share
    found = np.sort(np.array(db.execute(rows).scalars().all(), dtype=np.int64))
    return _Sample(found, each, time.monotonic() + _KEPT_S)
