"""Exports that accounts asked for: how far each is, and where its file is kept."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.exports import ExportUnknown, ExportWithdrawn
from cases.words import ExportState
from storage.tables import Export

PREFIX = "exports/"


def prefix(export_id: UUID) -> str:
    """Under which an export's file is kept, whichever try made it."""
    return f"{PREFIX}{export_id}/"


def get(db: Session, export_id: UUID, account_id: UUID | None, now: datetime) -> Export:
    """The account's own export. Raises ExportUnknown for another's, and for one whose time is over."""
    found = db.get(Export, export_id)
    if found is None or account_id is None or found.account_id != account_id or found.expires_at <= now:
        raise ExportUnknown
    return found


def listed(db: Session, account_id: UUID, now: datetime) -> list[Export]:
    """The account's exports whose time is not over, newest first."""
    mine = select(Export).where(col(Export.account_id) == account_id, col(Export.expires_at) > now)
    return list(db.scalars(mine.order_by(col(Export.created_at).desc(), col(Export.id))))


def number(db: Session, account_id: UUID, now: datetime) -> int:
    """How many exports the account has."""
    mine = select(func.count()).select_from(Export)
    found = db.scalar(mine.where(col(Export.account_id) == account_id, col(Export.expires_at) > now))
    return found or 0


def advance(db: Session, export_id: UUID, rows_done: int, rows_about: int | None) -> bool:
    """Notes how far the making has come; whether anybody still wants the file."""
    values = {"state": ExportState.RUNNING, "rows_done": rows_done, "rows_about": rows_about}
    done = db.execute(update(Export).where(col(Export.id) == export_id).values(values))
    assert isinstance(done, CursorResult)
    return done.rowcount == 1


def withdraw(db: Session, export_id: UUID, now: datetime) -> None:
    """Notes that there is no file any more, because something in it must not be shown."""
    values = {"state": ExportState.FAILED, "error": ExportWithdrawn.code, "key": "", "bytes": 0, "sha256": ""}
    db.execute(update(Export).where(col(Export.id) == export_id).values(**values, finished_at=now))


def made(db: Session, now: datetime) -> list[Export]:
    """Exports that have a file and whose time is not over."""
    kept = select(Export).where(col(Export.state) == ExportState.DONE, col(Export.expires_at) > now)
    return list(db.scalars(kept))


def remove(db: Session, ids: Iterable[UUID]) -> None:
    """Forgets these exports; their files go separately."""
    db.execute(delete(Export).where(col(Export.id).in_(list(ids))))


def over(db: Session, now: datetime) -> list[UUID]:
    """Exports whose time is over."""
    return list(db.scalars(select(col(Export.id)).where(col(Export.expires_at) <= now)))


def living(db: Session, ids: Iterable[UUID]) -> set[UUID]:
    """Which of these are exports that somebody may still fetch or wait for."""
    return set(db.scalars(select(col(Export.id)).where(col(Export.id).in_(list(ids)))))
