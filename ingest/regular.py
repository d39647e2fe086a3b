"""Work that comes round again by itself: put among the jobs once each time, however many workers there are."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from cases.words import JobKind
from ingest.parts import Parts
from storage import complaints, facts, jobs


def plan(parts: Parts, kind: JobKind, every: timedelta) -> bool:
    """Puts this work among the jobs if its time has come and no other worker has; whether it did."""
    now = parts.clock()
    with parts.database.read() as db:
        if not _due(db, kind, every, now):
            return False
    with parts.database.write() as db:
        complaints.take_turns(db)
        if not _due(db, kind, every, now):
            return False
        facts.put(db, _key(kind), now.isoformat(), now)
        jobs.add(db, kind, "", now)
    return True


def _due(db: Session, kind: JobKind, every: timedelta, now: datetime) -> bool:
    planned = facts.get(db, _key(kind))
    return planned is None or now - datetime.fromisoformat(planned) >= every


def _key(kind: JobKind) -> str:
    return f"{kind}_planned_at"
