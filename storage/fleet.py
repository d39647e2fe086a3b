"""The fleet of cameras in numbers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.words import SightFault, VisitState
from storage.tables import CameraVisit
from storage.visits import LATE_AFTER


@dataclass(frozen=True, slots=True)
class Tally:
    """How the cameras in the round fare: how many in each state (None before the first visit) and with each fault, and
    how many are late, the latest by how many seconds.
    """

    states: dict[VisitState | None, int]
    faults: dict[SightFault, int]
    late: int
    latest_s: float


def tally(db: Session, now: datetime) -> Tally:
    """The fleet in numbers."""
    state = col(CameraVisit.state)
    states = dict(db.execute(select(state, func.count()).group_by(state)).all())
    faults: dict[SightFault, int] = {}
    # Few cameras have any: the words are counted here, not in two dialects of JSON.
    some = func.length(func.cast(col(CameraVisit.faults), String)) > 2
    for words in db.scalars(select(col(CameraVisit.faults)).where(some)):
        for word in words:
            faults[SightFault(word)] = faults.get(SightFault(word), 0) + 1
    late = col(CameraVisit.due_at) < now - LATE_AFTER
    count, first = db.execute(select(func.count(), func.min(col(CameraVisit.due_at))).where(late)).one()
    return Tally(states, faults, count, 0.0 if first is None else (now - first).total_seconds())
