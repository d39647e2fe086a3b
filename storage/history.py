"""What happened to a complaint: every change an entry with who, when and why."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, delete, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.words import HistoryKind, Status
from storage.tables import Account, Complaint, History


def add(
    db: Session,
    complaint: Complaint,
    kind: HistoryKind,
    now: datetime,
    *,
    by: UUID | None,
    note: str = "",
    moved: tuple[Status, Status] | None = None,
    **data: Any,
) -> None:
    """Writes an entry; `by` None is the machine. `moved` is (from, to)."""
    before, after = moved or (None, None)
    db.add(
        History(
            complaint_id=complaint.id,
            at=now,
            kind=kind,
            account_id=by,
            from_status=before,
            to_status=after,
            note=note,
            data=data,
        )
    )


def of(db: Session, complaint_id: UUID) -> list[tuple[History, str | None]]:
    """The entries of a complaint, oldest first, each with the name of the account that made it."""
    asked = (
        select(History, col(Account.name))
        .outerjoin(Account, col(Account.id) == col(History.account_id))
        .where(col(History.complaint_id) == complaint_id)
        .order_by(col(History.id))
    )
    return [(entry, name) for entry, name in db.execute(asked)]


def forget(db: Session, before: datetime, *, at_most: int = 10_000) -> int:
    """Deletes the entries before this time of complaints that were closed before it too; answers how many, less than
    `at_most` when there are no more.
    """
    closed = select(col(Complaint.id)).where(col(Complaint.closed_at) < before)
    over = select(col(History.id)).where(col(History.at) < before, col(History.complaint_id).in_(closed))
    over = over.order_by(col(History.at)).limit(at_most)
    gone = db.execute(delete(History).where(col(History.at) < before, col(History.id).in_(over)))
    assert isinstance(gone, CursorResult)
    return gone.rowcount


def last_moved(db: Session, complaint_id: UUID) -> datetime | None:
    """When its status last changed, None if it never did."""
    asked = select(func.max(col(History.at))).where(
        col(History.complaint_id) == complaint_id, col(History.kind) == HistoryKind.MOVED
    )
    return db.scalar(asked)
