"""Adds what the triggers noted to the counts that are kept."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, literal, select, text
from sqlalchemy.orm import Session
from sqlmodel import SQLModel, col

from storage import facts
from storage.additions import addition
from storage.database import Database
from storage.rollups import mark, measures, sources
from storage.rollups.grains import CELL_LEVELS, GRAINS
from storage.tables import Rollup, RollupCell, RollupDelta, RollupGroup

MOST = 20_000
"""Changes folded in one transaction: about a second of SQLite's turn to write."""

OFFSET = f"rollups_{CELL_LEVELS[0]}_offset_s"
"""The fact that tells `offset`. What was counted for other cells is counted anew."""


def offset(db: Session) -> int | None:
    """By how many seconds the days of the roll-ups begin before those of UTC; None while there are no roll-ups."""
    found = facts.get(db, OFFSET)
    return None if found is None else int(found)


def fold(database: Database, now: datetime, most: int = MOST) -> int:
    """Folds in at most so many of the changes noted, in one transaction; answers how many.

    None while everything is being counted anew.
    """
    with database.write() as db:
        take_turn(db)
        if mark.stands(db, now):
            return 0
        mark.remove(db)  # whoever left it comes too late
        shift = offset(db)
        ids = select(col(RollupDelta.id)).order_by(col(RollupDelta.id)).limit(most).subquery()
        number, last = db.execute(select(func.count(), func.max(ids.c.id))).one()
        if not number or shift is None:
            return 0
        add_groups(db, sources.noted(last))
        changes = sources.grouped(sources.noted(last))
        for grain in GRAINS:
            add(db, Rollup, {"grain": grain.number}, sources.by_grain(changes, grain, database.dialect, shift))
        for level in CELL_LEVELS:
            add(db, RollupCell, {"level": level}, sources.by_cell(changes, level))
        for table in (Rollup, RollupCell):
            db.execute(delete(table).where(table.n == 0))  # type: ignore[arg-type]  # a column, not its value
        db.execute(delete(RollupDelta).where(col(RollupDelta.id) <= last))
        return int(number)


def take_turn(db: Session) -> None:
    """One process at a time, and on PostgreSQL all of its statements on one snapshot: what others write meanwhile is
    neither among the rows nor among the changes that it sees. SQLite's writers take turns anyway.

    The lock comes first: it takes no snapshot, so that ours is of after the turn before.
    """
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        db.execute(text("LOCK TABLE rollup_group IN EXCLUSIVE MODE"))


def add_groups(db: Session, rows: Select[Any]) -> None:
    """Gives the groups that these rows make their numbers, where they have none."""
    one = rows.subquery()
    found = select(*(one.c[word] for word in sources.WORDS)).distinct().where(literal(1) == 1)
    adding = addition(db, table_of(RollupGroup)).from_select(list(sources.WORDS), found)
    db.connection().execute(adding.on_conflict_do_nothing())


def add(db: Session, table: type[SQLModel], under: dict[str, int], sums: Select[Any]) -> None:
    """Adds sums to what is kept of the same key. `under`: the part of the key that is the same in all of them."""
    kept = table_of(table)
    names = [*under, *(column.name for column in sums.selected_columns)]
    some = sums.subquery()
    values = select(*(literal(value) for value in under.values()), *some.c).where(literal(1) == 1)
    adding = addition(db, kept).from_select(names, values)
    counted = [name for name in names if name in measures.NAMES]
    keys = [column.name for column in kept.primary_key]
    more = {name: kept.c[name] + adding.excluded[name] for name in counted}
    db.connection().execute(adding.on_conflict_do_update(index_elements=keys, set_=more))


def table_of(table: type[SQLModel]) -> Any:
    """The table of a class as SQLAlchemy's core knows it."""
    return table.__table__  # type: ignore[attr-defined]  # the base class declares none
