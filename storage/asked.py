"""A question put to one kind of incident: the plan to answer it and every condition a row must meet."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, not_, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.access import Sight
from cases.complaint import OPEN
from cases.errors import ReferenceMistyped
from cases.incidents import Question
from cases.reference import parse
from cases.words import IncidentKind
from geo.areas import span
from storage import visible
from storage.plans import DISTRICT_LENGTH, Plan, is_district, plan
from storage.spatial import Places, bounds
from storage.tables import Category, Complaint, Photo


@dataclass(frozen=True)
class Asked:
    """One kind's share of a question, as `sight` may see it at `now`."""

    db: Session
    kind: IncidentKind
    question: Question
    sight: Sight
    now: datetime

    @property
    def table(self) -> type[Complaint] | type[Photo]:
        """Where this kind is kept."""
        return Complaint if self.kind is IncidentKind.COMPLAINT else Photo

    @cached_property
    def plan(self) -> Plan:
        """The index to read by."""
        return plan(self.db, self.kind, self.question, self.sight)

    def through_index(self, rows: Select[Any]) -> Select[Any]:
        """The same rows, by the index that SQLite would not have picked."""
        if not self.plan.index:
            return rows
        return rows.with_hint(self.table, f"INDEXED BY {self.plan.index}", "sqlite")

    def conditions(self) -> list[ColumnElement[bool]]:
        """Everything a row must be to answer, except its place in the order."""
        question, table = self.question, self.table
        complaints = self.kind is IncidentKind.COMPLAINT
        time = col(Complaint.opened_at) if complaints else col(Photo.occurred_at)
        found = [visible.complaints(self.sight) if complaints else visible.photos(self.sight)]
        if question.area is not None:
            found.append(_in_area(table, question.area))
        found += self._places()
        if question.since is not None:
            found.append(time >= question.since)
        if question.until is not None:
            found.append(time < question.until)
        if question.categories:
            found.append(col(table.category_code).in_(sorted(question.categories)))
        if question.agency is not None:
            found.append(_of_agency(self.kind, question.agency))
        if question.text:
            found.append(_says(self.kind, question.text, self.sight))
        return found + (_standing(question, self.now) if complaints else [])

    def _places(self) -> list[ColumnElement[bool]]:
        places, question = Places(self.table), self.question
        found: list[ColumnElement[bool]] = []
        if question.box is not None:
            found.append(places.in_box(question.box))
        if question.circle is not None:
            found.append(places.in_circle(question.circle))
        if question.shape is not None:
            dialect = self.db.get_bind().dialect.name
            found.append(places.in_shape(question.shape, dialect, f"{self.table.__tablename__}.geom"))
        place = question.place
        return [places.in_cells(*bounds(place)), *found] if place is not None and self.plan.by_cells else found


def overdue(now: datetime) -> ColumnElement[bool]:
    """Not closed, and its deadline is past."""
    return and_(col(Complaint.closed_at).is_(None), col(Complaint.due_at) < now)


def _in_area(table: type[Complaint] | type[Photo], code: str) -> ColumnElement[bool]:
    """In the area or below it; a district's Kemendagri code is the expression that an index holds."""
    column = col(table.area_code)
    if is_district(code):
        return func.substr(column, 1, DISTRICT_LENGTH) == code
    first, end = span(code)
    return and_(column >= first, column < end)


def _of_agency(kind: IncidentKind, agency: str) -> ColumnElement[bool]:
    if kind is IncidentKind.COMPLAINT:
        return col(Complaint.agency_code) == agency
    return col(Photo.category_code).in_(select(col(Category.code)).where(col(Category.agency_code) == agency))


def _says(kind: IncidentKind, text: str, sight: Sight) -> ColumnElement[bool]:
    """The words as they stand in a description or caption, any case; or a complaint's reference."""
    pattern = f"%{text.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
    if kind is IncidentKind.PHOTO:
        return col(Photo.caption).ilike(pattern, escape="!")
    try:
        named = col(Complaint.reference) == parse(text)
    except ReferenceMistyped:
        named = literal(0) == 1
    # What may not be read may not be searched either: answers would spell it out.
    return or_(named, col(Complaint.description).ilike(pattern, escape="!")) if sight.details else named


def _standing(question: Question, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if question.statuses:
        found.append(col(Complaint.status).in_(sorted(question.statuses)))
        if question.statuses <= OPEN:
            found.append(col(Complaint.closed_at).is_(None))
    if question.overdue is not None:
        found.append(overdue(now) if question.overdue else not_(overdue(now)))
    return found
