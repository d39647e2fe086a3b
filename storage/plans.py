"""Which index answers a question. SQLite picks poorly by itself (155 ms against 5 ms for one query), so it is told;
PostgreSQL plans by its own statistics and needs only to know whether a place is worth a search by cells.
"""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from cases.access import Sight
from cases.complaint import OPEN
from cases.incidents import Question
from cases.words import IncidentKind
from geo.areas import Level, level_of
from storage import kinds
from storage.density import about
from storage.spatial import runs

FEW = 20_000
"""Rows near a place up to which finding them by cell and sorting them beats walking the order."""


DISTRICT_LENGTH = 8
"""Of a Kemendagri code; BPS codes of districts have no index of their own and read by the village's."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How one kind is read: the index that SQLite is told to use, and how many runs of cells narrow a place first."""

    index: str = ""
    runs: int = 0


def plan(db: Session, dialect: str, kind: IncidentKind, question: Question, sight: Sight) -> Plan:
    """The plan for one kind of incident."""
    if question.among is not None:
        return Plan()
    if question.place is not None:
        near = runs(question.place)
        if about(db, kind, near) <= FEW:
            return Plan(f"{kinds.name(kind)}_cell" if dialect == "sqlite" else "", len(near))
    return by_order(dialect, kind, question, sight)


def by_order(dialect: str, kind: IncidentKind, question: Question, sight: Sight) -> Plan:
    """The plan for one kind of incident wherever it is, by the order that is asked for."""
    return Plan(_index(kind, kinds.name(kind), question, sight) if dialect == "sqlite" else "")


def tile_plan(dialect: str, kind: IncidentKind) -> Plan:
    """The plan for one kind of incident in one run of cells: on SQLite by an index that alone tells what is usual."""
    name = "complaint_tile" if kind is IncidentKind.COMPLAINT else f"{kinds.name(kind)}_cell"
    return Plan(name if dialect == "sqlite" else "")


def own_plan(dialect: str, kind: IncidentKind, question: Question) -> Plan:
    """The plan for what an account opened or sent itself: so few that they are sorted."""
    if question.among is not None:
        return Plan()
    index = "complaint_opened_by" if kind is IncidentKind.COMPLAINT else "photo_account"
    return Plan(index if dialect == "sqlite" else "")


def narrowed(question: Question, sight: Sight, kind: IncidentKind) -> Question:
    """The question with what the sight itself narrows, in the words that an index answers."""
    area = sight.area_code if question.area is None else question.area
    # A photo is also an agency's by its links, which no index of photos holds.
    agency = sight.agency_code if question.agency is None and kind is IncidentKind.COMPLAINT else question.agency
    return replace(question, area=area, agency=agency)


def _index(kind: IncidentKind, name: str, question: Question, sight: Sight) -> str:
    """The narrowest index whose order is the one asked for; else that of the order itself."""
    complaints = kind is IncidentKind.COMPLAINT
    by_time = question.sort.by == "time"
    choices = (
        # Who may not read descriptions finds a complaint by its reference only.
        (complaints and bool(question.text) and not sight.details, "complaint_reference"),
        (_narrow(question.area), f"{name}_area"),
        (complaints and only_open(question), "complaint_open"),
        (complaints and question.sort.by == "due", "complaint_due"),
        (question.sort.by == "updated", f"{name}_updated"),
        (kind is IncidentKind.OUTAGE, "outage_began"),
        (is_district(question.area), f"{name}_district"),
        (len(question.categories) == 1, f"{name}_category"),
        (complaints and question.agency is not None, "complaint_agency"),
        (complaints and by_time and len(question.statuses) == 1, "complaint_status"),
        (complaints, "complaint_opened"),
    )
    return next((index for fits, index in choices if fits), "photo_occurred")


def only_open(question: Question) -> bool:
    """Whether only complaints that are not closed can answer."""
    return question.overdue is True or (bool(question.statuses) and question.statuses <= OPEN)


def is_district(code: str | None) -> bool:
    """Whether this is a district's code as Kemendagri writes it."""
    return code is not None and len(code) == DISTRICT_LENGTH and "." in code


def _narrow(code: str | None) -> bool:
    """Whether an area is so small that all of it is sorted faster than the whole order is walked."""
    if code is None:
        return False
    level = level_of(code)
    return level is Level.VILLAGE or (level is Level.DISTRICT and not is_district(code))
