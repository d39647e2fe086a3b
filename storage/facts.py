"""Small things this installation knows about itself."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.tables import Fact


def get(db: Session, key: str) -> str | None:
    """What is kept under `key`, or None."""
    fact = db.get(Fact, key)
    return None if fact is None else fact.value


def put(db: Session, key: str, value: str, now: datetime) -> None:
    """Keeps `value` under `key` in place of what was there."""
    fact = db.get(Fact, key)
    if fact is None:
        db.add(Fact(key=key, value=value, updated_at=now))
    else:
        fact.value, fact.updated_at = value, now


def beginning(db: Session, prefix: str, since: datetime | None = None) -> dict[str, str]:
    """What is kept under keys that begin so, by the rest of the key; only what was put since then, if that is given."""
    asked = select(col(Fact.key), col(Fact.value)).where(col(Fact.key).startswith(prefix, autoescape=True))
    if since is not None:
        asked = asked.where(col(Fact.updated_at) >= since)
    return {key.removeprefix(prefix): value for key, value in db.execute(asked.order_by(col(Fact.key)))}


def forget(db: Session, prefix: str, before: datetime) -> None:
    """Removes what is kept under keys that begin so and was last put before then."""
    old = col(Fact.key).startswith(prefix, autoescape=True) & (col(Fact.updated_at) < before)
    db.execute(delete(Fact).where(old))
