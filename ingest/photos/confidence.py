"""A photo whose sender says that it shows something confidential, when it has opened a complaint already."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from cases import complaint as rules
from cases.words import HistoryKind, LinkState
from storage import history
from storage.tables import Category, Complaint, Link, Photo, Report


def follow(db: Session, photo: Photo, category: Category, now: datetime, *, by: UUID | None) -> None:
    """Takes what the photo's report opened into confidence with it.

    The complaint itself, where nobody else stands behind it. Where somebody does it stays theirs: the photo's tie, its
    report and its words are taken back, and the report waits for a complaint of its own.
    """
    report = db.get(Report, photo.report_id) if photo.report_id else None
    complaint = db.get(Complaint, report.complaint_id) if report and report.complaint_id else None
    if report is None or complaint is None or complaint.confidential:
        return
    if complaint.closed_at is None and not _shared(db, complaint, report, photo):
        _hide(db, complaint, photo, category, now, by=by)
        report.category_code = category.code
    else:
        _withdraw(db, complaint, report, photo, now, by=by)
    db.flush()


def _shared(db: Session, complaint: Complaint, report: Report, photo: Photo) -> bool:
    """Whether somebody else reported it, or a person found that another photo shows it."""
    reports = select(col(Report.id)).where(col(Report.complaint_id) == complaint.id, col(Report.id) != report.id)
    shown = select(col(Link.id)).where(
        col(Link.complaint_id) == complaint.id,
        col(Link.state) == LinkState.CONFIRMED,
        col(Link.decided_by).is_not(None),
        col(Link.photo_id).is_not(None),
        col(Link.photo_id) != photo.id,
    )
    return db.scalar(reports.limit(1)) is not None or db.scalar(shown.limit(1)) is not None


def _hide(
    db: Session, complaint: Complaint, photo: Photo, category: Category, now: datetime, *, by: UUID | None
) -> None:
    before = complaint.category_code
    complaint.category_code, complaint.agency_code, complaint.confidential = category.code, category.agency_code, True
    complaint.due_at = rules.due_at(complaint.opened_at, category.deadline_hours)
    complaint.version += 1
    complaint.updated_at = now
    # For what is confidential the machine proposes nothing, and people have confirmed nothing but this photo.
    for link in db.scalars(select(Link).where(col(Link.complaint_id) == complaint.id)):
        if link.photo_id != photo.id:
            db.delete(link)
    history.add(db, complaint, HistoryKind.EDITED, now, by=by, category=category.code, was=before)


def _withdraw(
    db: Session, complaint: Complaint, report: Report, photo: Photo, now: datetime, *, by: UUID | None
) -> None:
    held = select(Link).where(col(Link.complaint_id) == complaint.id, col(Link.photo_id) == photo.id)
    for link in db.scalars(held):
        db.delete(link)
    if complaint.description == report.text:
        complaint.description = ""
    report.complaint_id = None
    complaint.version += 1
    complaint.updated_at = now
    history.add(db, complaint, HistoryKind.UNLINKED, now, by=by, photo=str(photo.id))
