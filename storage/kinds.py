"""Where each kind of incident is kept, and when one happened."""

from typing import Any, Final

from sqlmodel import SQLModel, col

from cases.words import IncidentKind
from storage.tables import Complaint, Outage, Photo

Table = type[Complaint] | type[Photo] | type[Outage]

TABLES: Final[dict[IncidentKind, Table]] = {
    IncidentKind.COMPLAINT: Complaint,
    IncidentKind.PHOTO: Photo,
    IncidentKind.OUTAGE: Outage,
}
TIMES: Final[dict[IncidentKind, Any]] = {
    IncidentKind.COMPLAINT: col(Complaint.opened_at),
    IncidentKind.PHOTO: col(Photo.occurred_at),
    IncidentKind.OUTAGE: col(Outage.began_at),
}


def name(kind: IncidentKind) -> str:
    """The table's name, which its indexes begin with."""
    table: type[SQLModel] = TABLES[kind]
    return str(table.__tablename__)
