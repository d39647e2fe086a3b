"""The private networks that administrators allow for an owner's cameras."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.tables import OwnerNetwork


def of(db: Session, account_id: UUID) -> list[OwnerNetwork]:
    """The networks allowed for this account's cameras."""
    asked = select(OwnerNetwork).where(col(OwnerNetwork.account_id) == account_id)
    return list(db.scalars(asked.order_by(col(OwnerNetwork.cidr))))


def of_all(db: Session, accounts: Iterable[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The networks allowed for the cameras of these accounts, of those that have any."""
    asked = select(col(OwnerNetwork.account_id), col(OwnerNetwork.cidr))
    found: dict[UUID, tuple[str, ...]] = {}
    for account_id, cidr in db.execute(asked.where(col(OwnerNetwork.account_id).in_(set(accounts)))):
        found[account_id] = (*found.get(account_id, ()), cidr)
    return found


def replace(db: Session, account_id: UUID, cidrs: Iterable[str], by: UUID | None, now: datetime) -> None:
    """Allows these and no others; what was allowed before keeps its day and its giver."""
    wanted = set(cidrs)
    before = {row.cidr for row in of(db, account_id)}
    mine = col(OwnerNetwork.account_id) == account_id
    db.execute(delete(OwnerNetwork).where(mine, col(OwnerNetwork.cidr).not_in(wanted)))
    for cidr in sorted(wanted - before):
        db.add(OwnerNetwork(account_id=account_id, cidr=cidr, allowed_by=by, allowed_at=now))
    db.flush()
