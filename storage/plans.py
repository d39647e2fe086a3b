"""Which index answers a question. SQLite picks poorly by itself (155 ms against 5 ms for one query), so it is told;
PostgreSQL plans by its own statistics and needs only to know whether a place is worth a search by cells.
"""

from dataclasses import dataclass

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from cases.access import Sight
from cases.complaint import OPEN
from cases.incidents import Question, Sort
from cases.words import IncidentKind
from geo.areas import Level, level_of
from storage.spatial import Places, bounds
from storage.tables import Complaint, Photo

_FEW = 20_000
"""Rows near a place up to which finding them by cell and sorting them beats walking the order."""


DISTRICT_LENGTH = 8
"""Of a Kemendagri code; BPS codes of districts have no index of their own and read by the village's."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How one kind is read: the index that SQLite is told to use, and whether places are narrowed by cells first."""

    index: str = ""
    by_cells: bool = False


def plan(db: Session, kind: IncidentKind, question: Question, sight: Sight) -> Plan:
    """The plan for one kind of incident. Asks the database only when the question names a place."""
    sqlite = db.get_bind().dialect.name == "sqlite"
    place = question.place
    name = "complaint" if kind is IncidentKind.COMPLAINT else "photo"
    if place is not None and _few(db, kind, bounds(place)):
        return Plan(f"{name}_cell" if sqlite else "", by_cells=True)
    return Plan(_index(kind, name, question, sight) if sqlite else "")


def _few(db: Session, kind: IncidentKind, box: tuple[float, float, float, float]) -> bool:
    """Whether at most _FEW rows lie in the cells around the place."""
    table = Complaint if kind is IncidentKind.COMPLAINT else Photo
    near = select(literal(1)).select_from(table).where(Places(table).in_cells(*box)).limit(_FEW + 1)
    if db.get_bind().dialect.name == "sqlite":
        near = near.with_hint(table, f"INDEXED BY {table.__tablename__}_cell", "sqlite")
    return int(db.execute(select(func.count()).select_from(near.subquery())).scalar_one()) <= _FEW


def _index(kind: IncidentKind, name: str, question: Question, sight: Sight) -> str:
    """The narrowest index whose order is the one asked for; else that of the order itself."""
    complaints = kind is IncidentKind.COMPLAINT
    by_time = question.sort in {Sort.NEWEST, Sort.OLDEST}
    choices = (
        (any(code and _narrow(code) for code in (question.area, sight.area_code)), f"{name}_area"),
        (complaints and only_open(question), "complaint_open"),
        (complaints and question.sort is Sort.DUE, "complaint_due"),
        (question.sort is Sort.UPDATED, f"{name}_updated"),
        (is_district(question.area or ""), f"{name}_district"),
        (len(question.categories) == 1, f"{name}_category"),
        (complaints and bool(question.agency or sight.agency_code), "complaint_agency"),
        (complaints and by_time and len(question.statuses) == 1, "complaint_status"),
        (complaints, "complaint_opened"),
    )
    return next((index for fits, index in choices if fits), "photo_occurred")


def only_open(question: Question) -> bool:
    """Whether only complaints that are not closed can answer."""
    return question.overdue is True or (bool(question.statuses) and question.statuses <= OPEN)


def is_district(code: str) -> bool:
    """Whether this is a district's code as Kemendagri writes it."""
    return len(code) == DISTRICT_LENGTH and "." in code


def _narrow(code: str) -> bool:
    """Whether an area is so small that all of it is sorted faster than the whole order is walked."""
    level = level_of(code)
    return level is Level.VILLAGE or (level is Level.DISTRICT and not is_district(code))
