"""Who did what to which record. Rows are added and never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.access import Principal
from storage.tables import Audit


def record(
    db: Session, principal: Principal, now: datetime, *, action: str, subject: str, subject_id: object, **data: Any
) -> None:
    """Writes down one deed in the transaction that does it. `data` holds what changed, never a secret or a text."""
    db.add(
        Audit(
            at=now,
            account_id=principal.account_id,
            token_id=principal.token_id,
            action=action,
            subject=subject,
            subject_id=str(subject_id),
            data=data,
        )
    )


def about(db: Session, subject: str, subject_id: object) -> list[Audit]:
    """What was done to one record, oldest first."""
    asked = select(Audit).where(col(Audit.subject) == subject, col(Audit.subject_id) == str(subject_id))
    return list(db.scalars(asked.order_by(col(Audit.id))))


def newest(db: Session) -> datetime | None:
    """When the latest deed was done, by the clock of whoever wrote it down; None if there is none."""
    return db.scalar(select(func.max(col(Audit.at))))
