"""Small things this installation knows about itself."""

from datetime import datetime

from sqlalchemy.orm import Session

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
