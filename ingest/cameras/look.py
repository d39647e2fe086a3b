"""Looking now: every camera that sees a complaint's place is visited at once, and what it shows is told."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy.orm import Session

from cases.access import Principal, Right, sight
from cases.errors import ComplaintUnknown
from cases.snapshots import includes
from cases.words import CameraDoor, HistoryKind, LinkState, Sharing, VisitState
from ingest.cameras import evidence as ties
from ingest.cameras.arrive import Arrivals, CameraBusy
from ingest.cameras.capture import LONGEST_S
from ingest.cameras.keep import Memories
from ingest.cameras.reach import Visitor
from ingest.complaints import named
from ingest.parts import Parts
from ingest.photos.decoding import DecoderBroken
from storage import audit, cameras, complaints, evidence, history, stills
from storage.errors import StorageError
from storage.evidence import Seeing
from storage.tables import Camera, Complaint, Snapshot
from storage.visits import Outcome

MOST: Final = 16
"""Cameras that are visited for one look: the best."""

AT_ONCE: Final = 4
"""Looks at once in one process: each may keep that many cameras busy for some twenty seconds."""

_FRESH_S: Final = 120
_AGAIN_S: Final = 0.25
_REMEMBERED: Final = 100

_log = logging.getLogger("pantau.look")


@dataclass(frozen=True, slots=True)
class Sighted:
    """What came of the visit to one camera. `link` is the id of the tie that was proposed; `failed` says that it is not
    the camera that is in trouble, but we.
    """

    seeing: Seeing
    state: VisitState
    took_s: float
    snapshot: Snapshot | None = None
    link: UUID | None = None
    failed: bool = False


@dataclass
class Looking:
    """Looks of one process, so many at once."""

    parts: Parts
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _memories: Memories = field(default_factory=lambda: Memories(_REMEMBERED))

    def cameras(self, principal: Principal, reference: str) -> tuple[Complaint, list[Seeing]]:
        """The complaint, and the cameras to visit for it: those that see it and that the principal may see live.

        Raises ReferenceMistyped, ComplaintUnknown.
        """
        with self.parts.database.read() as db:
            complaint = shown(db, principal, reference)
            return complaint, [one for one in seeing(db, principal, complaint) if live(principal, one.camera)][:MOST]

    @property
    def full(self) -> bool:
        """Whether one more look would have to wait."""
        return self._room.locked()

    async def look(self, principal: Principal, complaint: Complaint, at: list[Seeing]) -> AsyncIterator[Sighted]:
        """Visits the cameras, one at a time per host, and gives what came of each as soon as it is known.

        What is shown is kept and proposed as evidence, unless the complaint is confidential.
        """
        async with self._room, Visitor(self.parts.pictures) as visitor:
            arrivals = Arrivals(self.parts, visitor, self._memories)
            hosts = {_host(one.camera): asyncio.Lock() for one in at}
            visits = [
                asyncio.create_task(self._visit(arrivals, principal, complaint, one, hosts[_host(one.camera)]))
                for one in at
            ]
            try:
                for visit in asyncio.as_completed(visits):
                    yield await visit
            finally:
                for task in visits:
                    task.cancel()
                await asyncio.gather(*visits, return_exceptions=True)

    async def _visit(
        self, arrivals: Arrivals, principal: Principal, complaint: Complaint, one: Seeing, host: asyncio.Lock
    ) -> Sighted:
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with host:
                state, snapshot, outcome = await self._looked(arrivals, one.camera)
            return await self._tied(principal, complaint, Sighted(one, state, loop.time() - began, snapshot), outcome)
        except CameraBusy:
            return Sighted(one, VisitState.BUSY, loop.time() - began)
        except (StorageError, DecoderBroken) as error:
            # What the other cameras show is told all the same.
            said = {"camera": str(one.camera.id)}
            _log.warning("camera %s could not be looked through: %s", one.camera.id, error, extra=said)
            return Sighted(one, VisitState.BUSY, loop.time() - began, failed=True)

    async def _tied(
        self, principal: Principal, complaint: Complaint, sighted: Sighted, outcome: Outcome | None
    ) -> Sighted:
        """What was seen with its tie to the complaint, and tied to all others that waited for it."""
        one, snapshot = sighted.seeing, sighted.snapshot
        if snapshot is not None and not complaint.confidential:
            link = await asyncio.to_thread(self._proposed, principal, complaint.id, one, snapshot)
            sighted = replace(sighted, link=link)
        if outcome is not None:
            await asyncio.to_thread(ties.followed, self.parts, [outcome])
        return sighted

    async def _looked(self, arrivals: Arrivals, camera: Camera) -> tuple[VisitState, Snapshot | None, Outcome | None]:
        """Visits the camera. While others do, what they bring counts for us too. Raises CameraBusy."""
        loop, since = asyncio.get_running_loop(), self.parts.clock()
        until = loop.time() + LONGEST_S
        while True:
            try:
                outcome = await arrivals.look(camera.id, within_s=0)
                return *await asyncio.to_thread(self._of_visit, camera, outcome), outcome
            except CameraBusy:
                if loop.time() > until:
                    raise
            await asyncio.sleep(_AGAIN_S)
            if (brought := await asyncio.to_thread(self._brought, camera.id, since)) is not None:
                return *brought, None

    def _of_visit(self, camera: Camera, outcome: Outcome | None) -> tuple[VisitState, Snapshot | None]:
        """What a visit of ours came to; of a camera that sends its own stills, what it sent just now."""
        if outcome is None:
            return VisitState.UNREACHABLE, None
        snapshot = outcome.snapshot
        if snapshot is None and camera.door is CameraDoor.PUSH:
            with self.parts.database.read() as db:
                snapshot = _fresh(stills.latest(db, camera.id), self.parts.clock())
        return outcome.standing.state or VisitState.OK, snapshot

    def _brought(self, camera_id: UUID, since: datetime) -> tuple[VisitState, Snapshot | None] | None:
        """What a visit of others came to since then; None without one, and if it left no still to show."""
        with self.parts.database.read() as db:
            visit, latest = cameras.visit_of(db, camera_id), stills.latest(db, camera_id)
        if visit is None or visit.state is None or visit.visited_at is None or visit.visited_at < since:
            return None
        if visit.state is not VisitState.OK:
            return visit.state, None
        return (visit.state, latest) if latest is not None and latest.received_at >= since else None

    def _proposed(self, principal: Principal, complaint_id: UUID, one: Seeing, snapshot: Snapshot) -> UUID | None:
        with self.parts.database.write() as db:
            complaints.take_turns(db)
            now = self.parts.clock()
            complaint = db.get_one(Complaint, complaint_id)
            known = evidence.link_of(db, complaint_id, snapshot.id)
            if known is not None or not evidence.hold(db, [snapshot.id], forever=complaint.closed_at is None):
                return None if known is None else known.id
            link = ties.propose_asked(db, complaint, snapshot, one.seen, zone=self.parts.zone, now=now)
            camera = str(one.camera.id)
            told: dict[str, Any] = {"snapshot": str(snapshot.id), "camera": camera, "state": LinkState.PROPOSED}
            history.add(db, complaint, HistoryKind.LINKED, now, by=principal.account_id, **told)
            audit.record(db, principal, now, action="look", subject="complaint", subject_id=complaint_id, camera=camera)
            return link.id


def shown(db: Session, principal: Principal, reference: str) -> Complaint:
    """A complaint for those who may see more of it than the public. Raises ReferenceMistyped, ComplaintUnknown."""
    complaint = named(db, principal, reference)
    team = not complaint.confidential or complaint.category_code in principal.teams
    if not team or not principal.may(Right.PHOTO_SEE):
        raise ComplaintUnknown
    return complaint


def seeing(db: Session, principal: Principal, complaint: Complaint) -> list[Seeing]:
    """The cameras that see a complaint's place and that the principal may see, best first."""
    if complaint.lon is None or complaint.lat is None or complaint.radius_m is None:
        return []
    found = evidence.seeing(db, complaint.lon, complaint.lat, complaint.radius_m)
    visible = cameras.some(db, [one.camera.id for one in found], sight(principal))
    return [one for one in found if one.camera.id in visible]


def live(principal: Principal, camera: Camera) -> bool:
    """Whether the principal may see what the camera sees now."""
    return includes(stills.shared(camera).to(principal), Sharing.LIVE)


def _fresh(snapshot: Snapshot | None, now: datetime) -> Snapshot | None:
    """What a camera that sends its own stills sent just now."""
    if snapshot is None or (now - snapshot.received_at).total_seconds() > _FRESH_S:
        return None
    return snapshot


def _host(camera: Camera) -> str:
    return urlsplit(camera.url).hostname or str(camera.id)
