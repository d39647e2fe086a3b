"""Opening complaints, moving them, and deciding on their links."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from cases import complaint as rules
from cases import reference as references
from cases import times
from cases.access import Principal, sight
from cases.errors import (
    CategoryUnknown,
    ChangedMeanwhile,
    ComplaintUnknown,
    IdTaken,
    LinkUnknown,
    OriginalNeeded,
    PhotoUnknown,
    PlaceNeeded,
)
from cases.location import Candidate, candidate
from cases.words import Channel, HistoryKind, LinkState, LocationSource, Status
from ingest.cameras import evidence
from ingest.link import confirmed, tie_by_hand, tie_complaint
from ingest.parts import Parts
from ingest.place import Place, placed, somewhere_in
from storage import audit, complaints, history, links, photos
from storage.evidence import confirmed_on, hold
from storage.tables import Category, Complaint, Link, Photo, Report


@dataclass(frozen=True, slots=True)
class Opening:
    """A complaint to be opened. Its place is the point, else the area, else that of its first photo that has one."""

    category: str
    id: UUID | None = None
    lon: float | None = None
    lat: float | None = None
    radius_m: float | None = None
    area: str | None = None
    description: str = ""
    opened_at: datetime | None = None
    photos: Sequence[UUID] = ()
    channel: Channel = Channel.WEB


@dataclass(frozen=True, slots=True)
class Moving:
    """A move asked for. `duplicate_of` is a reference; `version` the one the asker saw, if they say so."""

    to: Status
    note: str = ""
    duplicate_of: str | None = None
    version: int | None = None


def open_complaint(parts: Parts, principal: Principal, opening: Opening) -> tuple[Complaint, bool]:
    """Opens a complaint with its first report and ties it to the photos around it: (complaint, newly opened).

    The same opening sent again by the same account under the same id is answered with what it opened. Raises
    CategoryUnknown, PlaceInvalid, PlaceNeeded, AreaUnknown, PhotoUnknown, IdTaken.
    """
    now = parts.clock()
    with parts.database.write() as db:
        complaints.take_turns(db)
        before = db.get(Complaint, opening.id) if opening.id else None
        if before is not None:
            if (before.opened_by, before.category_code) != (principal.account_id, opening.category):
                raise IdTaken
            return before, False
        category = active_category(db, opening.category)
        shown = _photos(db, principal, opening.photos)
        place = _place(parts, opening, shown)
        complaint = begin(
            db,
            category,
            place,
            opened_at=times.occurred(opening.opened_at, now).at,
            now=now,
            by=principal.account_id,
            description=opening.description,
            id_=opening.id,
        )
        db.add(
            Report(
                id=uuid7(),
                complaint_id=complaint.id,
                channel=opening.channel,
                account_id=principal.account_id,
                category_code=category.code,
                text=opening.description,
                received_at=now,
            )
        )
        for photo in shown:
            tie_by_hand(db, photo, complaint, "opened_with", now, by=principal.account_id)
        tie_complaint(db, complaint, now)
        evidence.tie_complaint(db, complaint, parts.zone, now)
        audit.record(db, principal, now, action="open", subject="complaint", subject_id=complaint.id)
    return complaint, True


def begin(
    db: Session,
    category: Category,
    place: Place,
    *,
    opened_at: datetime,
    now: datetime,
    by: UUID | None,
    description: str = "",
    id_: UUID | None = None,
) -> Complaint:
    """Writes a new complaint and the first entry of its history; nothing is tied yet."""
    complaint = Complaint(
        id=id_ or uuid7(),
        reference=_new_reference(db),
        category_code=category.code,
        agency_code=category.agency_code,
        status=Status.RECEIVED,
        description=description,
        confidential=category.confidential,
        opened_at=opened_at,
        received_at=now,
        updated_at=now,
        due_at=rules.due_at(opened_at, category.deadline_hours),
        opened_by=by,
    )
    place.put_on(complaint)
    db.add(complaint)
    db.flush()
    history.add(db, complaint, HistoryKind.OPENED, now, by=by)
    return complaint


def _new_reference(db: Session) -> str:
    """One that no complaint has: among a million, two out of 45 random bits do meet now and then."""
    while True:
        reference = references.make(os.urandom(references.RANDOM_BYTES))
        if not complaints.taken(db, reference):
            return reference


def active_category(db: Session, code: str) -> Category:
    """The category with this code. Raises CategoryUnknown."""
    category = db.get(Category, code)
    if category is None or not category.active:
        raise CategoryUnknown(category=code)
    return category


def named(db: Session, principal: Principal, reference: str) -> Complaint:
    """The complaint a person names, if they may see it. Raises ReferenceMistyped, ComplaintUnknown."""
    complaint = complaints.get(db, references.parse(reference), sight(principal))
    if complaint is None:
        raise ComplaintUnknown
    return complaint


def move(parts: Parts, principal: Principal, reference: str, moving: Moving) -> Complaint:
    """Moves a complaint to another state and writes it into its history.

    Raises ReferenceMistyped, ComplaintUnknown, ChangedMeanwhile, MoveNotAllowed, NoteNeeded, ProofNeeded,
    OriginalNeeded.
    """
    now = parts.clock()
    with parts.database.write() as db:
        complaints.take_turns(db)
        complaint = named(db, principal, reference)
        if moving.version is not None and moving.version != complaint.version:
            raise ChangedMeanwhile(version=complaint.version)
        before = complaint.status
        since = history.last_moved(db, complaint.id) or complaint.opened_at
        original = _original(db, principal, complaint, moving)
        rules.check_move(
            before,
            moving.to,
            principal.role,
            note=moving.note,
            original=original is not None,
            photo=complaints.shown_since(db, complaint.id, since),
        )
        complaint.status = moving.to
        complaint.closed_at = now if moving.to in rules.CLOSED else None
        complaint.duplicate_of = original.id if original else None
        complaint.version += 1
        complaint.updated_at = now
        by, note = principal.account_id, moving.note.strip()
        history.add(db, complaint, HistoryKind.MOVED, now, by=by, note=note, moved=(before, moving.to))
        if original is not None:
            _gather(db, complaint, original, now, by=by)
        audit.record(
            db, principal, now, action="move", subject="complaint", subject_id=complaint.id, to=moving.to, was=before
        )
    return complaint


def decide_link(
    parts: Parts, principal: Principal, link_id: UUID, *, confirm: bool, note: str = ""
) -> tuple[Link, Complaint]:
    """Confirms or rejects a tie on a person's word. Saying the same again changes nothing. Raises LinkUnknown."""
    now = parts.clock()
    state = LinkState.CONFIRMED if confirm else LinkState.REJECTED
    with parts.database.write() as db:
        complaints.take_turns(db)
        found = links.get(db, link_id, sight(principal))
        if found is None:
            raise LinkUnknown
        link, complaint, photo = found
        if link.state is state and link.decided_by is not None:
            return link, complaint
        link.state, link.decided_at, link.decided_by = state, now, principal.account_id
        kind = HistoryKind.LINK_CONFIRMED if confirm else HistoryKind.LINK_REJECTED
        told: dict[str, Any] = (
            {"photo": str(link.photo_id)} if photo is not None else {"snapshot": str(link.snapshot_id)}
        )
        history.add(db, complaint, kind, now, by=principal.account_id, note=note.strip(), **told)
        complaint.updated_at = now
        if confirm and photo is not None:
            confirmed(db, photo, complaint, now)
        elif confirm:
            assert link.snapshot_id is not None
            hold(db, [link.snapshot_id], forever=complaint.closed_at is None)
        audit.record(db, principal, now, action=kind, subject="link", subject_id=link.id)
    return link, complaint


def _photos(db: Session, principal: Principal, ids: Sequence[UUID]) -> list[Photo]:
    found = photos.some(db, ids, sight(principal))
    if len(found) < len(set(ids)):
        raise PhotoUnknown
    return [found[photo_id] for photo_id in dict.fromkeys(ids)]


def _place(parts: Parts, opening: Opening, shown: Sequence[Photo]) -> Place:
    index = parts.areas.index()
    if opening.lon is not None and opening.lat is not None:
        return placed(index, [candidate(opening.lon, opening.lat, LocationSource.PIN, opening.radius_m)])
    if opening.area is not None:
        return somewhere_in(index, opening.area)
    for photo in shown:
        place = placed(index, [Candidate.from_json(kept) for kept in photo.candidates])
        if place.chosen is not None:
            return place
    raise PlaceNeeded


def _original(db: Session, principal: Principal, complaint: Complaint, moving: Moving) -> Complaint | None:
    """The complaint that this one repeats: another, itself no duplicate, and no less confidential."""
    if moving.to is not Status.DUPLICATE or moving.duplicate_of is None:
        return None
    original = named(db, principal, moving.duplicate_of)
    fits = original.status is not Status.DUPLICATE and original.confidential == complaint.confidential
    if original.id == complaint.id or not fits:
        raise OriginalNeeded
    return original


def _gather(db: Session, complaint: Complaint, original: Complaint, now: datetime, *, by: UUID | None) -> None:
    """What was shown on a duplicate is shown on its original too."""
    for photo in photos.confirmed_on(db, complaint.id):
        tie_by_hand(db, photo, original, "from_duplicate", now, by=by)
    for snapshot in confirmed_on(db, complaint.id):
        evidence.tie_by_hand(db, snapshot, original, "from_duplicate", now, by=by)
    history.add(db, original, HistoryKind.NOTE, now, by=by, duplicate=complaint.reference)
    original.updated_at = now
