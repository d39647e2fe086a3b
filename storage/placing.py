"""Placing anew what was placed before the areas changed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.words import LocationSource
from geo.index import AreaIndex
from storage.areas import load
from storage.database import Database
from storage.tables import Camera, Complaint, Permit, Photo

Located = Complaint | Photo | Permit | Camera

_LOCATED: tuple[type[Located], ...] = (Complaint, Photo, Permit, Camera)
_BATCH = 5_000
_FIRST = UUID(int=0)


def replace_places(database: Database, now: datetime) -> int:
    """Gives everything with a place the area that holds it now; answers how many changed.

    A place that was only ever an area keeps it. Each batch is its own transaction, so that others may write between;
    one that is interrupted may be run again.
    """
    with database.read() as db:
        index = AreaIndex(load(db))
    return sum(_replace(database, table, index, now) for table in _LOCATED)


def _replace(database: Database, table: type[Located], index: AreaIndex, now: datetime) -> int:
    changed, after = 0, _FIRST
    while True:
        with database.write() as db:
            rows = _batch(db, table, after)
            if not rows:
                return changed
            changed += _place(db, table, rows, index, now)
        after = rows[-1].id


def _batch(db: Session, table: type[Located], after: UUID) -> list[Any]:
    by_place = or_(col(table.location_source).is_(None), col(table.location_source) != LocationSource.AREA)
    asked = (
        select(col(table.id), col(table.lon), col(table.lat), col(table.area_code))
        .where(col(table.id) > after, col(table.lon).is_not(None), by_place)
        .order_by(col(table.id))
        .limit(_BATCH)
        .with_for_update()
    )
    return list(db.execute(asked))


def _place(db: Session, table: type[Located], rows: list[Any], index: AreaIndex, now: datetime) -> int:
    codes = index.codes[index.many([row.lon for row in rows], [row.lat for row in rows])]
    moved = [{"row_id": row.id, "code": code} for row, code in zip(rows, codes, strict=True) if row.area_code != code]
    if moved:
        change = update(table).where(col(table.id) == bindparam("row_id"))
        db.connection().execute(change.values(area_code=bindparam("code"), updated_at=now), moved)
    return len(moved)
