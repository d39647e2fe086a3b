"""A complaint as it goes out: in full for those who work on it, place, state and times for the public."""

from dataclasses import replace

from api.answers.areas import area_name, neighbours_of
from api.answers.links import link_answers, person
from api.answers.photos import place_of, urls
from api.answers.snapshots import moment_of, sighting
from api.house import House
from api.language import Language
from api.shapes.common import Named
from api.shapes.complaints import ComplaintAnswer, ComplaintBrief, HistoryEntry, PhotoOf, ReportAnswer
from api.shapes.photos import LinkAnswer
from cases.access import Principal, Right, Sight, sight
from cases.complaint import moves, overdue
from cases.words import HistoryKind, Moment
from storage import cameras, complaints, history, links
from storage.database import Session
from storage.tables import Agency, Camera, Category, Complaint, Link, Photo, Snapshot

_TOLD_TO_ALL = frozenset({HistoryKind.OPENED, HistoryKind.MOVED})
"""What of a history the public may read, without names and notes."""

_HOURS_SHOWN = 24
"""Of the hourly stills of cameras so many are told with a complaint; its strip shows as many as are asked for."""


def complaint_answer(
    house: House, db: Session, complaint: Complaint, caller: Principal, language: Language
) -> ComplaintAnswer:
    """All of a complaint that this caller may see. Who reports in confidence without being of its team gets a receipt:
    place, state and times, and nothing of what the team does with it."""
    seen = sight(caller)
    receipt = complaint.confidential and complaint.category_code not in seen.teams
    if receipt:
        seen = replace(seen, details=False)
    index = house.parts.areas.index()
    category = db.get_one(Category, complaint.category_code)
    agency = db.get_one(Agency, complaint.agency_code)
    shown = links.of_complaint(db, complaint.id, seen) if seen.details else []
    sightings = _sightings(db, complaint, seen) if seen.details else []
    of_cameras = link_answers(db, [(link, complaint) for link, _, _ in sightings], language)
    ties = link_answers(db, [(link, complaint) for link, _ in shown], language)
    may_move = caller.may(Right.COMPLAINT_MOVE) and not receipt
    return ComplaintAnswer(
        reference=complaint.reference,
        category=complaint.category_code,
        category_name=category.name_en if language == "en" else category.name_id,
        agency=Named(code=agency.code, name=agency.name_en if language == "en" else agency.name_id),
        status=complaint.status,
        description=complaint.description if seen.details else "",
        location=place_of(complaint),
        area=area_name(index, complaint.area_code),
        neighbours=neighbours_of(index, complaint),
        opened_at=complaint.opened_at,
        received_at=complaint.received_at,
        updated_at=complaint.updated_at,
        due_at=complaint.due_at,
        closed_at=complaint.closed_at,
        overdue=overdue(complaint.status, complaint.due_at, house.now),
        confidential=complaint.confidential,
        version=complaint.version,
        duplicate_of=_original(db, complaint, seen),
        photos=[_photo(photo, tie) for (_, photo), tie in zip(shown, ties, strict=True)],
        snapshots=[
            sighting(snapshot, camera, tie, link)
            for (link, snapshot, camera), tie in zip(sightings, of_cameras, strict=True)
        ],
        reports=_reports(db, complaint) if seen.details else [],
        links=ties + of_cameras,
        history=_history(db, complaint, seen),
        moves=moves(complaint.status, caller.role) if may_move else [],
    )


def complaint_brief(house: House, complaint: Complaint, seen: Sight) -> ComplaintBrief:
    """A complaint in a list."""
    index = house.parts.areas.index()
    code = complaint.area_code
    return ComplaintBrief(
        reference=complaint.reference,
        category=complaint.category_code,
        agency=complaint.agency_code,
        status=complaint.status,
        description=complaint.description if seen.details else "",
        location=place_of(complaint),
        area=Named(code=code, name=index.name(code)) if code is not None and code in index else None,
        opened_at=complaint.opened_at,
        updated_at=complaint.updated_at,
        due_at=complaint.due_at,
        closed_at=complaint.closed_at,
        overdue=overdue(complaint.status, complaint.due_at, house.now),
    )


def _sightings(db: Session, complaint: Complaint, seen: Sight) -> list[tuple[Link, Snapshot, Camera | None]]:
    """Stills with their cameras where these may be seen: what people decided on, the nearest, and the last hours."""
    found = links.sightings(db, complaint.id, seen, hours=_HOURS_SHOWN)
    hourly = [link.id for link, _, _ in found if link.decided_by is None and moment_of(link) is Moment.HOURLY]
    passed_by = set(hourly[_HOURS_SHOWN:])
    visible = cameras.some(db, {camera.id for _, _, camera in found}, seen)
    return [(link, shot, visible.get(camera.id)) for link, shot, camera in found if link.id not in passed_by]


def _photo(photo: Photo, tie: LinkAnswer) -> PhotoOf:
    return PhotoOf(
        id=photo.id,
        taken_at=photo.taken_at,
        received_at=photo.received_at,
        caption=photo.caption,
        location=place_of(photo),
        urls=urls(photo),
        link=tie,
    )


def _original(db: Session, complaint: Complaint, seen: Sight) -> str | None:
    if complaint.duplicate_of is None:
        return None
    found = complaints.some(db, [complaint.duplicate_of], seen)
    return next((original.reference for original in found.values()), None)


def _reports(db: Session, complaint: Complaint) -> list[ReportAnswer]:
    return [
        ReportAnswer(
            id=report.id,
            channel=report.channel,
            text=report.text,
            received_at=report.received_at,
            account=person(report.account_id, {report.account_id: name} if report.account_id and name else {}),
        )
        for report, name in complaints.reports(db, complaint.id)
    ]


def _history(db: Session, complaint: Complaint, seen: Sight) -> list[HistoryEntry]:
    entries = history.of(db, complaint.id)
    if not seen.details:
        entries = [(entry, None) for entry, _ in entries if entry.kind in _TOLD_TO_ALL]
    return [
        HistoryEntry.model_validate(
            {
                "at": entry.at,
                "kind": entry.kind,
                "account": person(entry.account_id, {entry.account_id: name} if entry.account_id and name else {}),
                "from": entry.from_status,
                "to": entry.to_status,
                "note": entry.note if seen.details else "",
                "data": entry.data if seen.details else {},
            }
        )
        for entry, name in entries
    ]
