"""Adds what the triggers noted to the counts that are kept, or counts everything anew."""

from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, delete, func, literal, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlmodel import SQLModel, col

from storage import facts
from storage.database import Database
from storage.rollups import measures, sources
from storage.rollups.grains import CELL_LEVELS, GRAINS, offset_s
from storage.tables import Rollup, RollupCell, RollupDelta, RollupGroup

MOST = 20_000
"""Changes folded in one transaction: about a second of SQLite's turn to write."""

_FACT = f"rollups_{CELL_LEVELS[0]}_offset_s"  # what was counted for other cells is counted anew
_INSERT: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def offset(db: Session) -> int | None:
    """By how many seconds the days of the roll-ups begin before those of UTC; None while there are no roll-ups."""
    found = facts.get(db, _FACT)
    return None if found is None else int(found)


def keep(database: Database, zone: ZoneInfo, now: datetime) -> int:
    """Brings the roll-ups up to date: folds what was noted, or builds them where they are missing or of another zone.

    Answers how many changes were folded in. Several processes may call it at once: they take turns.
    """
    with database.read() as db:
        fits = offset(db) == offset_s(zone)
    if not fits:
        rebuild(database, zone, now)
        return 0
    folded = 0
    while some := fold(database):
        folded += some
    return folded


def fold(database: Database, most: int = MOST) -> int:
    """Folds in at most so many of the changes noted, in one transaction; answers how many."""
    with database.write() as db:
        _take_turn(db)
        shift = offset(db)
        ids = select(col(RollupDelta.id)).order_by(col(RollupDelta.id)).limit(most).subquery()
        number, last = db.execute(select(func.count(), func.max(ids.c.id))).one()
        if not number or shift is None:
            return 0
        _add_groups(db, sources.noted(last))
        changes = sources.grouped(sources.noted(last))
        for grain in GRAINS:
            _add(db, Rollup, {"grain": grain.number}, sources.by_grain(changes, grain, database.dialect, shift))
        for level in CELL_LEVELS:
            _add(db, RollupCell, {"level": level}, sources.by_cell(changes, level))
        for table in (Rollup, RollupCell):
            db.execute(delete(table).where(table.n == 0))  # type: ignore[arg-type]  # a column, not its value
        db.execute(delete(RollupDelta).where(col(RollupDelta.id) <= last))
        return int(number)


def rebuild(database: Database, zone: ZoneInfo, now: datetime) -> None:
    """Counts everything anew, in one transaction. On PostgreSQL nobody waits for it; on SQLite writers do."""
    with database.write() as db:
        _take_turn(db)
        if database.dialect == "postgresql":
            db.execute(text("SET LOCAL statement_timeout = 0"))
        for table in (Rollup, RollupCell, RollupGroup, RollupDelta):
            db.execute(delete(table))
        shift = offset_s(zone)
        for rows in sources.ROWS:
            _add_groups(db, rows)
            _count(db, rows, database.dialect, shift)
        for grain in GRAINS:
            if grain.source is not None:
                _add(db, Rollup, {"grain": grain.number}, sources.by_finer(grain.source, grain, database.dialect))
        for finer, level in pairwise(CELL_LEVELS):
            _add(db, RollupCell, {"level": level}, sources.by_finer_cell(finer, level))
        facts.put(db, _FACT, str(shift), now)


def _count(db: Session, rows: Select[Any], dialect: str, shift: int) -> None:
    """Counts rows by the grains that no other grain has."""
    found = sources.grouped(rows)
    for grain in GRAINS:
        if grain.source is None:
            _add(db, Rollup, {"grain": grain.number}, sources.by_grain(found, grain, dialect, shift))
    _add(db, RollupCell, {"level": CELL_LEVELS[0]}, sources.by_cell(found, CELL_LEVELS[0]))


def _take_turn(db: Session) -> None:
    """One process at a time, and on PostgreSQL all of its statements on one snapshot: what others write meanwhile is
    neither among the rows nor among the changes that it sees. SQLite's writers take turns anyway.

    The lock comes first: it takes no snapshot, so that ours is of after the turn before.
    """
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        db.execute(text("LOCK TABLE rollup_group IN EXCLUSIVE MODE"))


def _add_groups(db: Session, rows: Select[Any]) -> None:
    one = rows.subquery()
    found = select(*(one.c[word] for word in sources.WORDS)).distinct().where(literal(1) == 1)
    adding = _INSERT[db.get_bind().dialect.name](_table(RollupGroup)).from_select(list(sources.WORDS), found)
    db.connection().execute(adding.on_conflict_do_nothing())


def _add(db: Session, table: type[SQLModel], under: dict[str, int], sums: Select[Any]) -> None:
    """Adds sums to what is kept of the same key. `under`: the part of the key that is the same in all of them."""
    kept = _table(table)
    names = [*under, *(column.name for column in sums.selected_columns)]
    some = sums.subquery()
    values = select(*(literal(value) for value in under.values()), *some.c).where(literal(1) == 1)
    adding = _INSERT[db.get_bind().dialect.name](kept).from_select(names, values)
    counted = [name for name in names if name in measures.NAMES]
    keys = [column.name for column in kept.primary_key]
    more = {name: kept.c[name] + adding.excluded[name] for name in counted}
    db.connection().execute(adding.on_conflict_do_update(index_elements=keys, set_=more))


def _table(table: type[SQLModel]) -> Any:
    return table.__table__  # type: ignore[attr-defined]  # the base class declares none
