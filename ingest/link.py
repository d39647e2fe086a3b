"""Ties photos to complaints and complaints to photos, as `cases.matching` judges, inside the caller's transaction.

The caller has taken its turn (`storage.complaints.take_turns`) before anything is read here.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from cases import location
from cases.complaint import OPEN
from cases.incidents import Circle
from cases.matching import AFTER, BEFORE, CONFIRM_SCORE, MOST_REACH_M, Reason, Subject, Tie, match
from cases.words import HistoryKind, LinkState, LocationSource
from storage import complaints, history, links, photos
from storage.tables import Category, Complaint, Link, Photo, Report


def tie_photo(db: Session, photo: Photo, now: datetime) -> None:
    """Works out the machine's ties of a photo anew; what a person decided stays as it is.

    A photo that a person confirmed somewhere gets no other ties, and a complaint that a person refused is not
    proposed again. When the photo's report still waits for a complaint and one fits, it joins it.
    """
    held = links.of_photo(db, photo.id)
    decided = {link.complaint_id: link for link in held if link.decided_by is not None}
    settled = any(link.state is LinkState.CONFIRMED for link in decided.values())
    ties = [] if settled else [tie for tie in _ties(db, photo) if tie.complaint_id not in decided]
    _replace(db, photo, {link.complaint_id: link for link in held if link.decided_by is None}, ties, now)


def tie_complaint(db: Session, complaint: Complaint, now: datetime) -> None:
    """Ties the photos that were there before a complaint: those around it in place and time that none holds yet."""
    if complaint.lon is None or complaint.lat is None or complaint.confidential:
        return
    if complaint.location_source is LocationSource.AREA:
        return
    around = Circle(complaint.lon, complaint.lat, MOST_REACH_M)
    until = (complaint.closed_at or now) + AFTER
    for photo in photos.waiting_around(db, around, complaint.opened_at - BEFORE, until):
        tie_photo(db, photo, now)


def tie_by_hand(db: Session, photo: Photo, complaint: Complaint, why: str, now: datetime, *, by: UUID | None) -> Link:
    """Confirms a tie on a person's word; `why` is the code of the reason."""
    link = next((held for held in links.of_photo(db, photo.id) if held.complaint_id == complaint.id), None)
    link = link or _new(db, photo, complaint, now)
    link.state, link.score, link.reasons = LinkState.CONFIRMED, 1.0, [Reason(why).as_json()]
    link.decided_at, link.decided_by = now, by
    confirmed(db, photo, complaint, now)
    db.flush()
    history.add(db, complaint, HistoryKind.LINKED, now, by=by, photo=str(photo.id), state=link.state, reason=why)
    return link


def confirmed(db: Session, photo: Photo, complaint: Complaint, now: datetime) -> None:
    """What follows from a confirmed tie: the photo's report joins the complaint, and its confidence is kept."""
    complaint.updated_at = now
    if complaint.confidential:
        photo.confidential = True
    report = db.get(Report, photo.report_id) if photo.report_id else None
    if report is not None and report.complaint_id is None and complaint.status in OPEN and _told(photo, complaint):
        report.complaint_id = complaint.id
        history.add(db, complaint, HistoryKind.REPORTED, now, by=report.account_id, report=str(report.id))


def fits_one(db: Session, photo: Photo) -> bool:
    """Whether an open complaint holds the photo or may well do so: then a report of it opens no other.

    What is reported in confidence needs a complaint that keeps it.
    """
    return any(
        link.state is LinkState.CONFIRMED or (link.state is LinkState.PROPOSED and link.score >= CONFIRM_SCORE)
        for link in links.of_photo(db, photo.id)
        if (complaint := db.get(Complaint, link.complaint_id)) is not None
        and complaint.status in OPEN
        and _told(photo, complaint)
    )


def _told(photo: Photo, complaint: Complaint) -> bool:
    """Whether what was reported with the photo may be read where the complaint is."""
    return complaint.confidential or not photo.confidential


def _ties(db: Session, photo: Photo) -> list[Tie]:
    lon, lat, radius_m, source = photo.lon, photo.lat, photo.radius_m, photo.location_source
    if lon is None or lat is None or radius_m is None or source is None or photo.confidential:
        return []
    category = db.get(Category, photo.category_code) if photo.category_code else None
    subject = Subject(
        lon=lon,
        lat=lat,
        radius_m=radius_m,
        source=source,
        occurred_at=photo.occurred_at,
        category=photo.category_code,
        related=frozenset(category.related) if category else frozenset(),
        disputed=location.disputed(map(location.Candidate.from_json, photo.candidates)),
    )
    return match(subject, complaints.open_around(db, lon, lat, photo.occurred_at))


def _new(db: Session, photo: Photo, complaint: Complaint, now: datetime) -> Link:
    link = Link(
        id=uuid7(),
        complaint_id=complaint.id,
        photo_id=photo.id,
        state=LinkState.PROPOSED,
        score=0.0,
        created_at=now,
    )
    db.add(link)
    return link


def _replace(db: Session, photo: Photo, held: dict[UUID, Link], ties: list[Tie], now: datetime) -> None:
    """Makes the machine's links what the ties say: those that stay keep their id, and only changes are told."""
    for tie in ties:
        complaint = db.get_one(Complaint, tie.complaint_id)
        link = held.pop(tie.complaint_id, None)
        before = link.state if link else None
        link = link or _new(db, photo, complaint, now)
        link.state, link.score = tie.state, tie.score
        link.reasons = [reason.as_json() for reason in tie.reasons]
        if before is not tie.state:
            sure = tie.state is LinkState.CONFIRMED
            link.decided_at = now if sure else None
            if sure:
                confirmed(db, photo, complaint, now)
            history.add(db, complaint, HistoryKind.LINKED, now, by=None, photo=str(photo.id), state=tie.state)
    for gone in held.values():
        complaint = db.get_one(Complaint, gone.complaint_id)
        history.add(db, complaint, HistoryKind.UNLINKED, now, by=None, photo=str(photo.id))
        db.delete(gone)
    db.flush()
