"""Every minute: what writers noted is added to the counts that are kept."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ingest.parts import Parts
from ingest.work import Effect
from storage.rollups.upkeep import keep as keep_counts
from storage.tables import Job

EVERY = timedelta(minutes=1)
"""Answers are exact in between too: they add what is noted, which is little for so long."""


def keep(parts: Parts, job: Job) -> Effect:
    """Folds what was noted, in transactions of its own; builds the roll-ups where there are none yet."""
    keep_counts(parts.database, parts.zone, parts.clock())
    return _nothing


def _nothing(db: Session, now: datetime) -> None:
    """The job's end writes nothing more."""
