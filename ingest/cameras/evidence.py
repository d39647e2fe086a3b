"""Ties cameras' stills to the complaints that they bear witness to, on both sides, as `cases.evidence` chooses.

The machine only proposes, and never for what is confidential. What writes here has taken its turn
(`storage.complaints.take_turns`) before anything is read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from cases.evidence import NEAREST, Span, Still, Witness, chosen, moment_of
from cases.matching import Reason
from cases.sighting import reasons
from cases.words import HistoryKind, LinkState, Moment
from geo.view import Seen
from geo.zones import zone_of
from ingest.parts import Parts
from ingest.work import Effect
from storage import complaints, evidence, history, views, visits
from storage.tables import Camera, Complaint, Job, Link, Snapshot
from storage.views import Period, Watching
from storage.visits import Outcome

EVERY = timedelta(minutes=5)
"""How often new stills are looked through for what open complaints still want."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A still to be linked: the moment it shows, and how its camera sees the place."""

    still: Still
    moment: Moment
    seen: Seen


def tie_complaint(db: Session, complaint: Complaint, zone: ZoneInfo, now: datetime) -> int:
    """Links what the cameras that see a complaint have shown of it so far; answers how many stills are new.

    Those that have shown nothing since it opened keep the next still whatever it shows, and it is linked at once.
    """
    made = _link(db, complaint, _wanted(db, complaint, zone, now), now)
    if complaint.closed_at is None:
        seeing = {one.camera.id for one in _watching(db, complaint) if one.now is not None}
        linked = evidence.linked(db, complaint.id)
        shown = {id_ for id_, stills in linked.items() if any(still.at >= complaint.opened_at for still in stills)}
        visits.want(db, seeing - shown, now)
    return made


def tie_camera(db: Session, camera: Camera, zone: ZoneInfo, now: datetime) -> int:
    """Links what a camera has shown of the open complaints that it sees; answers how many stills are new."""
    made = 0
    for complaint, seen in evidence.seen_by(db, camera):
        before = evidence.linked(db, complaint.id).get(camera.id, [])
        one = Watching(camera, (Period(camera.view_since, None, seen),))
        made += _link(db, complaint, _of_one(db, one, _span(complaint, zone), before, now), now)
    return made


def expect(db: Session, camera: Camera, now: datetime) -> None:
    """A new camera, or a new view: if it sees an open complaint, its next still is kept and linked at once."""
    if evidence.seen_by(db, camera):
        visits.want(db, [camera.id], now)


def followed(parts: Parts, outcomes: Iterable[Outcome]) -> None:
    """Links, of what visits brought and is written down, the stills that complaints had been waiting for."""
    for one in outcomes:
        if one.snapshot is not None and one.due.wanted_since is not None:
            follow(parts, one.due.camera_id)


def follow(parts: Parts, camera_id: UUID) -> None:
    """Links what a camera has just shown, if it sees an open complaint at all; the job would a little later."""
    with parts.database.read() as db:
        if not evidence.seen_by(db, db.get_one(Camera, camera_id)):
            return
    with parts.database.write() as db:
        complaints.take_turns(db)
        tie_camera(db, db.get_one(Camera, camera_id), parts.zone, parts.clock())


def gather(parts: Parts, job: Job) -> Effect:
    """The job: goes through all complaints that want stills. Each hundred are asked first and written at once."""
    last: UUID | None = None
    while True:
        now = parts.clock()
        with parts.database.read() as db:
            batch = evidence.gathering(db, now - NEAREST, last)
            waiting = [complaint.id for complaint in batch if _wanted(db, complaint, parts.zone, now)]
        if waiting:
            with parts.database.write() as db:
                complaints.take_turns(db)
                for complaint_id in waiting:
                    tie_complaint(db, db.get_one(Complaint, complaint_id), parts.zone, now)
        if not batch:
            return _nothing
        last = batch[-1].id


def _nothing(db: Session, now: datetime) -> None:
    """All is written already, batch by batch."""


def _span(complaint: Complaint, zone: ZoneInfo) -> Span:
    return Span(complaint.opened_at, complaint.closed_at, ZoneInfo(zone_of(complaint.area_code, zone.key)))


def _wanted(db: Session, complaint: Complaint, zone: ZoneInfo, now: datetime) -> list[Wanted]:
    """The stills of all cameras that see the complaint, chosen and not linked yet."""
    cameras = _watching(db, complaint)
    before = evidence.linked(db, complaint.id) if cameras else {}
    span = _span(complaint, zone)
    return [wanted for one in cameras for wanted in _of_one(db, one, span, before.get(one.camera.id, []), now)]


def _watching(db: Session, complaint: Complaint) -> list[Watching]:
    """The cameras that see the complaint's place or once saw it, if the machine may tie what they show."""
    lon, lat, radius_m = complaint.lon, complaint.lat, complaint.radius_m
    if not evidence.tied_by_machine(complaint) or lon is None or lat is None or radius_m is None:
        return []
    return views.watching(db, lon, lat, radius_m)


def _of_one(db: Session, one: Watching, span: Span, linked: Sequence[Still], now: datetime) -> list[Wanted]:
    """The stills of one camera, each taken while it saw the place, that are chosen and not among those linked."""
    last = _last(linked, span)
    every = evidence.stills(db, one.camera.id, last or span.opened_at - NEAREST, now)
    stills = [still for still in every if one.at(still.at) is not None]
    found: Iterable[Witness] = chosen(stills, span) if last is None else _following(stills, span, last)
    known = {still.id for still in linked}
    had_before = any(still.at < span.opened_at for still in linked)
    return [
        Wanted(witness.still, witness.moment, seen)
        for witness in found
        if witness.still.id not in known
        and not (witness.moment is Moment.BEFORE and had_before)
        and (seen := one.at(witness.still.at)) is not None
    ]


def _last(linked: Sequence[Still], span: Span) -> datetime | None:
    """When the last of a camera's linked stills since the complaint was taken."""
    return max((still.at for still in linked if still.at >= span.opened_at), default=None)


def _following(stills: Iterable[Still], span: Span, last: datetime) -> Iterable[Witness]:
    """Those chosen after the one chosen last."""
    for still in stills:
        moment = moment_of(still.at, span, last) if still.at > last else None
        if moment is not None:
            yield Witness(still, moment)
            last = still.at


def _link(db: Session, complaint: Complaint, wanted: Sequence[Wanted], now: datetime) -> int:
    there = evidence.hold(db, (one.still.id for one in wanted), forever=complaint.closed_at is None)
    made = [one for one in wanted if one.still.id in there]
    for one in made:
        propose(db, complaint, one.still.id, one.seen, moment=one.moment, now=now)
        # One an hour for weeks would bury what people did.
        if one.moment is not Moment.HOURLY:
            history.add(
                db,
                complaint,
                HistoryKind.LINKED,
                now,
                by=None,
                snapshot=str(one.still.id),
                camera=str(one.still.camera_id),
                state=LinkState.PROPOSED,
            )
    db.flush()
    return len(made)


def tie_by_hand(
    db: Session, snapshot: Snapshot, complaint: Complaint, why: str, now: datetime, *, by: UUID | None
) -> None:
    """Confirms a tie on a person's word, if the still is there yet; `why` is the code of the reason.

    A still that was linked already stays the one of its moment.
    """
    if not evidence.hold(db, [snapshot.id], forever=complaint.closed_at is None):
        return
    link = evidence.link_of(db, complaint.id, snapshot.id)
    if link is None:
        link = Link(id=uuid7(), complaint_id=complaint.id, snapshot_id=snapshot.id, score=1.0, created_at=now)
        db.add(link)
    others = [reason for reason in link.reasons if reason["code"] != why]
    link.state, link.score, link.reasons = LinkState.CONFIRMED, 1.0, [*others, Reason(why).as_json()]
    link.decided_at, link.decided_by = now, by
    db.flush()
    history.add(
        db,
        complaint,
        HistoryKind.LINKED,
        now,
        by=by,
        snapshot=str(snapshot.id),
        camera=str(snapshot.camera_id),
        state=link.state,
        reason=why,
    )


def propose_asked(
    db: Session, complaint: Complaint, snapshot: Snapshot, seen: Seen, *, zone: ZoneInfo, now: datetime
) -> Link:
    """A new link with a still that somebody asked for; if it is the camera's first since the complaint, it is so."""
    span = _span(complaint, zone)
    last = _last(evidence.linked(db, complaint.id).get(snapshot.camera_id, []), span)
    moment = None if snapshot.faults else moment_of(snapshot.taken_at, span, last)
    # An hour's still is one that nobody asked for.
    first = moment if moment is Moment.AFTER else None
    return propose(db, complaint, snapshot.id, seen, moment=first, asked=True, now=now)


def propose(
    db: Session,
    complaint: Complaint,
    snapshot_id: UUID,
    seen: Seen,
    *,
    moment: Moment | None,
    now: datetime,
    asked: bool = False,
) -> Link:
    """A new link, proposed: chosen for a moment, or because somebody `asked` to look."""
    link = Link(
        id=uuid7(),
        complaint_id=complaint.id,
        snapshot_id=snapshot_id,
        state=LinkState.PROPOSED,
        score=seen.score,
        reasons=[reason.as_json() for reason in reasons(seen, moment, asked=asked)],
        created_at=now,
    )
    db.add(link)
    return link
