"""What each kind of incident is asked for: by the names that answers and filters use, an expression of its table."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, String, Uuid, cast, false, func, literal, null, select
from sqlmodel import col

from cases.access import Sight
from cases.features import Collection
from cases.words import IncidentKind, ProcessingState
from storage.deadlines import overdue
from storage.tables import Camera, Complaint, Outage, Photo

TITLE = 140
"""Characters of a text that a list shows."""


def expressions(collection: str, kind: IncidentKind, sight: Sight) -> Mapping[str, Any]:
    """The properties of a kind as this collection names them, for somebody who sees so much."""
    if collection == Collection.COMPLAINTS:
        return _complaint_alone(sight)
    if collection == Collection.PHOTOS:
        return _photo_alone()
    return incident(kind, sight)


def incident(kind: IncidentKind, sight: Sight) -> dict[str, Any]:
    """A kind as an incident: every name for every kind, nothing where it has no such property."""
    match kind:
        case IncidentKind.COMPLAINT:
            return _complaint(sight)
        case IncidentKind.PHOTO:
            return _photo()
        case IncidentKind.OUTAGE:
            return _outage()


def _complaint_alone(sight: Sight) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": col(Complaint.id),
        "reference": col(Complaint.reference),
        "category": col(Complaint.category_code),
        "status": col(Complaint.status),
        "agency": col(Complaint.agency_code),
        "area": col(Complaint.area_code),
        "opened_at": col(Complaint.opened_at),
        "due_at": col(Complaint.due_at),
        "updated_at": col(Complaint.updated_at),
        "closed_at": col(Complaint.closed_at),
        "overdue": overdue(),
        "radius_m": col(Complaint.radius_m),
        "lon": col(Complaint.lon),
        "lat": col(Complaint.lat),
    }
    return found | ({"description": col(Complaint.description)} if sight.details else {})


def _photo_alone() -> dict[str, Any]:
    return {
        "id": col(Photo.id),
        "category": col(Photo.category_code),
        "caption": col(Photo.caption),
        "area": col(Photo.area_code),
        "time": col(Photo.occurred_at),
        "taken_at": col(Photo.taken_at),
        "received_at": col(Photo.received_at),
        "updated_at": col(Photo.updated_at),
        "radius_m": col(Photo.radius_m),
        "direction_deg": col(Photo.direction_deg),
        "width": col(Photo.width),
        "height": col(Photo.height),
        "media_type": col(Photo.media_type),
        "thumbnail": col(Photo.processing) == ProcessingState.DONE,
        "lon": col(Photo.lon),
        "lat": col(Photo.lat),
    }


def _complaint(sight: Sight) -> dict[str, Any]:
    return {
        "kind": literal(IncidentKind.COMPLAINT.value),
        "id": col(Complaint.id),
        "reference": col(Complaint.reference),
        "category": col(Complaint.category_code),
        "status": col(Complaint.status),
        "agency": col(Complaint.agency_code),
        "area": col(Complaint.area_code),
        "time": col(Complaint.opened_at),
        "due_at": col(Complaint.due_at),
        "updated_at": col(Complaint.updated_at),
        "overdue": overdue(),
        "radius_m": col(Complaint.radius_m),
        "title": func.substr(col(Complaint.description), 1, TITLE) if sight.details else literal(""),
        "thumbnail": false(),
        **_no_outage(),
        "lon": col(Complaint.lon),
        "lat": col(Complaint.lat),
    }


def _photo() -> dict[str, Any]:
    return {
        "kind": literal(IncidentKind.PHOTO.value),
        "id": col(Photo.id),
        "reference": cast(null(), String),
        "category": col(Photo.category_code),
        "status": cast(null(), String),
        "agency": cast(null(), String),
        "area": col(Photo.area_code),
        "time": col(Photo.occurred_at),
        "due_at": cast(null(), BigInteger),
        "updated_at": col(Photo.updated_at),
        "overdue": false(),
        "radius_m": col(Photo.radius_m),
        "title": func.substr(col(Photo.caption), 1, TITLE),
        "thumbnail": col(Photo.processing) == ProcessingState.DONE,
        **_no_outage(),
        "lon": col(Photo.lon),
        "lat": col(Photo.lat),
    }


def _outage() -> dict[str, Any]:
    camera = select(col(Camera.name)).where(col(Camera.id) == col(Outage.camera_id)).correlate(Outage)
    return {
        "kind": literal(IncidentKind.OUTAGE.value),
        "id": col(Outage.id),
        "reference": cast(null(), String),
        "category": cast(null(), String),
        "status": cast(null(), String),
        "agency": cast(null(), String),
        "area": col(Outage.area_code),
        "time": col(Outage.began_at),
        "due_at": cast(null(), BigInteger),
        "updated_at": col(Outage.updated_at),
        "overdue": false(),
        "radius_m": col(Outage.radius_m),
        "title": camera.scalar_subquery(),
        "thumbnail": false(),
        "camera": col(Outage.camera_id),
        "trouble": col(Outage.state),
        "faults": cast(col(Outage.faults), String),
        "ended_at": col(Outage.ended_at),
        "lon": col(Outage.lon),
        "lat": col(Outage.lat),
    }


def _no_outage() -> dict[str, ColumnElement[Any]]:
    """What only an outage has."""
    return {
        "camera": cast(null(), Uuid),
        "trouble": cast(null(), String),
        "faults": cast(null(), String),
        "ended_at": cast(null(), BigInteger),
    }
