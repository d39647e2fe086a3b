"""Once a day: the months of the tables that grow for ever come and go, and stories end whose time is over."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ingest.parts import Parts
from ingest.work import Effect
from storage import history, partitions
from storage.tables import Job

EVERY = timedelta(days=1)

_BATCH = 10_000


def keep(parts: Parts, job: Job) -> Effect:
    """Forgets the stories whose time is over, then makes the months to come and drops those that are empty by now."""
    forget_stories(parts)
    partitions.keep(parts.database, parts.clock())
    return _nothing


def forget_stories(parts: Parts) -> int:
    """Deletes entries of complaints closed longer ago than the setting says; answers how many. 0 keeps them all."""
    if not parts.history_months:
        return 0
    before = partitions.after(partitions.month_of(parts.clock()), -parts.history_months)
    forgotten = 0
    while True:
        with parts.database.write() as db:
            gone = history.forget(db, before, at_most=_BATCH)
        forgotten += gone
        if gone < _BATCH:
            return forgotten


def _nothing(db: Session, now: datetime) -> None:
    """Everything was written as it was done."""
