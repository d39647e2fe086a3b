"""Counts everything anew, and nobody waits for it.

On PostgreSQL that is one transaction on one snapshot. SQLite has one writer at a time: there the counts are made in
temporary tables of the same names, which SQLite finds before the lasting ones, while others write; a short transaction
then puts them in the place of what was. What was noted after the snapshot stays noted.
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import MetaData, Select, delete, func, insert, select, text
from sqlalchemy.orm import Session
from sqlmodel import SQLModel, col

from storage import facts
from storage.database import Database
from storage.errors import StorageError
from storage.rollups import mark, sources
from storage.rollups.fold import OFFSET, add, add_groups, table_of, take_turn
from storage.rollups.grains import CELL_LEVELS, GRAINS, offset_s
from storage.tables import Rollup, RollupCell, RollupDelta, RollupGroup

_COUNTS: Final[tuple[type[SQLModel], ...]] = (RollupGroup, Rollup, RollupCell)
_RENEW_S: Final = 60.0


def rebuild(database: Database, zone: ZoneInfo, now: datetime) -> None:
    """Counts everything anew by the days of this zone. Raises mark.NotCounted when another process does."""
    shift = offset_s(zone)
    if database.dialect == "postgresql":
        _at_once(database, shift, now)
    else:
        _beside_writers(database, shift, now)


def _at_once(database: Database, shift: int, now: datetime) -> None:
    with database.write() as db:
        take_turn(db)
        db.execute(text("SET LOCAL statement_timeout = 0"))
        for table in _COUNTS:
            db.execute(delete(table))
        db.execute(delete(RollupDelta))
        for _ in _counting(db, shift):
            pass
        facts.put(db, OFFSET, str(shift), now)


def _beside_writers(database: Database, shift: int, now: datetime) -> None:
    with database.write() as db:
        token = mark.put(db, now)
    try:
        database.write_prepared(
            lambda db: _prepare(db, shift, _Renewed(database, token, now)),
            lambda db, last: _replace(db, last, token, shift, now),
        )
    except BaseException:
        # What cannot be removed runs out.
        with suppress(StorageError), database.write() as db:
            mark.remove(db, token)
        raise


class _Renewed:
    """A mark that is put anew every minute while the counting lasts."""

    def __init__(self, database: Database, token: str, now: datetime) -> None:
        self._database, self._token, self._now = database, token, now
        self._began = self._last = time.monotonic()

    def look(self) -> None:
        """Puts it anew when a minute has passed. Raises mark.NotCounted if it is gone."""
        at = time.monotonic()
        if at - self._last < _RENEW_S:
            return
        with self._database.write() as db:
            mark.renew(db, self._token, self._now + timedelta(seconds=at - self._began))
        self._last = at


def _prepare(db: Session, shift: int, renewed: _Renewed) -> int:
    """Makes the counts in temporary tables; answers the last change noted that they hold."""
    temporary = MetaData()
    for table in _COUNTS:
        table_of(table).to_metadata(temporary, schema="temp")
    temporary.create_all(db.connection(), checkfirst=False)
    last = db.scalar(select(func.max(col(RollupDelta.id)))) or 0
    for _ in _counting(db, shift):
        renewed.look()
    return last


def _replace(db: Session, last: int, token: str, shift: int, now: datetime) -> None:
    """Puts the prepared counts in the place of those that are kept."""
    mark.hold(db, token)
    lasting = MetaData()
    for table in _COUNTS:
        prepared, kept = table_of(table), table_of(table).to_metadata(lasting, schema="main")
        db.execute(delete(kept))
        db.execute(insert(kept).from_select([column.name for column in prepared.columns], select(prepared)))
    db.execute(delete(RollupDelta).where(col(RollupDelta.id) <= last))
    facts.put(db, OFFSET, str(shift), now)
    mark.remove(db, token)


def _counting(db: Session, shift: int) -> Iterator[None]:
    """Counts all rows into tables that are empty, one statement after another."""
    dialect = db.get_bind().dialect.name
    for rows in sources.ROWS:
        add_groups(db, rows)
        yield from _of_rows(db, rows, dialect, shift)
    for grain in GRAINS:
        if grain.source is not None:
            add(db, Rollup, {"grain": grain.number}, sources.by_finer(grain.source, grain, dialect))
            yield
    for finer, level in pairwise(CELL_LEVELS):
        add(db, RollupCell, {"level": level}, sources.by_finer_cell(finer, level))
        yield


def _of_rows(db: Session, rows: Select[Any], dialect: str, shift: int) -> Iterator[None]:
    """Counts rows by the grains that no other grain has."""
    found = sources.grouped(rows)
    for grain in GRAINS:
        if grain.source is None:
            add(db, Rollup, {"grain": grain.number}, sources.by_grain(found, grain, dialect, shift))
            yield
    add(db, RollupCell, {"level": CELL_LEVELS[0]}, sources.by_cell(found, CELL_LEVELS[0]))
    yield
