"""Whether the city's permits are kept: the facts gathered for the rule, and what the machine may say by itself."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from cases.access import Principal, Sight, sight
from cases.compliance import CameraFacts, Finding, Retired, findings, judged
from cases.words import PermitState, Role, SightFault, VisitState
from ingest.cameras.permits import put_in
from ingest.parts import Parts
from storage import cameras, permits
from storage.cameras import Found
from storage.permits import Wanted
from storage.tables import Camera, CameraHistory, Permit

_BATCH: Final = 500
_EVERYONE: Final = sight(Principal(role=Role.ADMINISTRATOR))


@dataclass(frozen=True, slots=True)
class Standing:
    """A permit with its cameras in service and what it lacks."""

    permit: Permit
    cameras: Sequence[Camera]
    found: Sequence[Finding]
    shown: bool
    """Whether as many cameras as are required have shown a picture."""

    def judged(self, now: datetime) -> PermitState:
        """The state that the machine gives it."""
        return judged(self.permit.state, self.found, self.permit.created_at, now, shown=self.shown)


def standings(db: Session, wanted: Wanted, seen: Sight, now: datetime) -> Iterator[Standing]:
    """Every permit asked for and seen, by number, with what it lacks; a revoked one owes nothing and is left out."""
    owing = (permit for permit in permits.every(db, wanted, seen) if permit.state is not PermitState.REVOKED)
    while batch := list(islice(owing, _BATCH)):
        yield from _judged(db, batch, now)


def standing(db: Session, permit: Permit, now: datetime) -> Standing:
    """How one permit stands."""
    return next(_judged(db, [permit], now))


def _judged(db: Session, batch: Sequence[Permit], now: datetime) -> Iterator[Standing]:
    by_permit = cameras.of_permits(db, (permit.id for permit in batch))
    faulty = [camera.id for held in by_permit.values() for camera, visit in held if visit is not None and visit.faults]
    past = cameras.histories(db, faulty) if faulty else {}
    short = [permit.id for permit in batch if len(by_permit.get(permit.id, ())) < permit.cameras_required]
    gone = cameras.retired_of_permits(db, short)
    for permit in batch:
        held = by_permit.get(permit.id, [])
        facts = [_facts(one, past.get(one[0].id, ())) for one in held]
        yield Standing(
            permit,
            [camera for camera, _ in held],
            findings(permit.cameras_required, permit.created_at, facts, now, retired=_retired(gone.get(permit.id, ()))),
            sum(one.last_seen_at is not None for one in facts) >= permit.cameras_required,
        )


def _retired(gone: Iterable[Camera]) -> Iterator[Retired]:
    # A camera out of service is not changed any more, but for its area where borders are.
    return (Retired(camera.created_at, camera.updated_at) for camera in gone)


def _facts(one: Found, past: Iterable[CameraHistory]) -> CameraFacts:
    camera, visit = one
    if visit is None:
        return CameraFacts(camera.id, camera.created_at)
    faults = {SightFault(fault): _since(fault, past) or visit.visited_at or camera.created_at for fault in visit.faults}
    return CameraFacts(camera.id, camera.created_at, visit.seen_at, faults)


def _since(fault: str, past: Iterable[CameraHistory]) -> datetime | None:
    """Since when the camera has had a fault without a break, by its history, latest first.

    A visit without a picture tells nothing of faults: it neither ends one nor begins one.
    """
    since = None
    for entry in past:
        if fault in entry.faults:
            since = entry.at
        elif entry.state is VisitState.OK:
            break
    return since


def judge(parts: Parts) -> int:
    """Says of every permit that nobody has warned whether it is kept; answers how many changed.

    Each batch is a transaction of its own; one that is cut short may be run again.
    """
    now = parts.clock()
    with parts.database.read() as db:
        changes = iter(
            [
                one.permit.id
                for one in standings(db, Wanted(), _EVERYONE, now)
                if one.judged(now) is not one.permit.state
            ]
        )
    changed = 0
    while batch := list(islice(changes, _BATCH)):
        with parts.database.write() as db:
            permits.take_turns(db)
            for permit_id in batch:
                changed += _judge(db, permit_id, now)
    return changed


def _judge(db: Session, permit_id: UUID, now: datetime) -> bool:
    """Looks once more, now that nobody else writes: a person may have decided meanwhile."""
    permit = db.get_one(Permit, permit_id)
    to = standing(db, permit, now).judged(now)
    if to is permit.state:
        return False
    put_in(db, permit, to, now, by=None)
    return True
