"""When a photo was sent as a report: the complaint it opens if none fits."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from cases.location import Candidate
from cases.words import HistoryKind
from geo.index import AreaIndex
from ingest.cameras import evidence
from ingest.complaints import active_category, begin
from ingest.link import fits_one, tie_by_hand, tie_complaint
from ingest.place import placed
from storage import history
from storage.tables import Complaint, Photo, Report


def open_if_none_fits(db: Session, photo: Photo, index: AreaIndex, zone: ZoneInfo, now: datetime) -> Complaint | None:
    """Opens a complaint for a photo whose report has none yet, unless an open one holds it or may well do so.

    A photo without a place opens nothing: its report waits for the pin. One that rivals dispute waits for a person,
    whose confirmation joins the report to the complaint. `zone` is the city's clock.
    """
    report = db.get(Report, photo.report_id) if photo.report_id else None
    if report is None or report.complaint_id is not None or photo.category_code is None or photo.lon is None:
        return None
    if fits_one(db, photo):
        return None
    # The photo may have been corrected since it was sent.
    report.category_code, report.text = photo.category_code, photo.caption
    complaint = begin(
        db,
        active_category(db, photo.category_code),
        placed(index, [Candidate.from_json(kept) for kept in photo.candidates]),
        opened_at=photo.occurred_at,
        now=now,
        by=photo.account_id,
        description=photo.caption,
    )
    report.complaint_id = complaint.id
    history.add(db, complaint, HistoryKind.REPORTED, now, by=report.account_id, report=str(report.id))
    tie_by_hand(db, photo, complaint, "opened_with", now, by=photo.account_id)
    tie_complaint(db, complaint, now)
    evidence.tie_complaint(db, complaint, zone, now)
    return complaint
