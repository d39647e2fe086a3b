"""A question put to one kind of incident: the plan to answer it and every condition a row must meet.

Building a statement costs more than running most of them, so it is built once for all questions of one form. A form
holds what decides the SQL (which filters, codes, words, who looks, by which index); what differs from one question to
the next (times, places, typed words, where to go on) stands in it as named parameters, which `values` fills.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

import shapely
from sqlalchemy import ColumnElement, Select, String, Uuid, and_, bindparam, func, literal_column, not_, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.access import Sight
from cases.complaint import OPEN
from cases.errors import ReferenceMistyped
from cases.filters.tree import Filter
from cases.incidents import Box, Circle, Cursor, Question
from cases.reference import parse
from cases.words import IncidentKind, Watch
from geo.areas import span
from storage import filtering, visible
from storage.deadlines import overdue
from storage.kind_columns import expressions
from storage.kinds import TABLES, TIMES, Table
from storage.plans import DISTRICT_LENGTH, Plan, by_order, is_district, narrowed, own_plan, plan
from storage.spatial import Places, box_values, circle_values, point, run_values, runs
from storage.tables import Category, Complaint, Photo
from storage.tables.types import UtcTime

_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_BOX, _OVER_DATE_LINE = Box(0.0, 0.0, 0.0, 0.0), Box(1.0, 0.0, 0.0, 0.0)
_CIRCLE, _SHAPE, _CURSOR = Circle(0.0, 0.0, 0.0), shapely.Polygon(), Cursor(0, UUID(int=0))
_VISIBLE = {
    IncidentKind.COMPLAINT: visible.complaints,
    IncidentKind.PHOTO: visible.photos,
    IncidentKind.OUTAGE: visible.outages,
}
_OWN_BEYOND = {
    IncidentKind.COMPLAINT: visible.own_complaints_beyond,
    IncidentKind.PHOTO: visible.own_photos_beyond,
}
_CATEGORIES = {IncidentKind.COMPLAINT: col(Complaint.category_code), IncidentKind.PHOTO: col(Photo.category_code)}


@dataclass(frozen=True, slots=True)
class Asked:
    """The form of one kind's share of a question. Made by `asked`, whose `question` has no values left in it."""

    dialect: str
    kind: IncidentKind
    question: Question
    sight: Sight
    plan: Plan
    own_beyond: bool = False
    """Only what the account sees because it is its own; then another form asks for what it sees besides."""

    @property
    def table(self) -> Table:
        """Where this kind is kept."""
        return TABLES[self.kind]

    def through_index(self, rows: Select[Any]) -> Select[Any]:
        """The same rows, by the index that SQLite would not have picked."""
        if not self.plan.index:
            return rows
        return rows.with_hint(self.table, f"INDEXED BY {self.plan.index}", "sqlite")

    def conditions(self) -> list[ColumnElement[bool]]:
        """Everything a row must be to answer, except its place in the order."""
        question, table = self.question, self.table
        time = TIMES[self.kind]
        found = [(_OWN_BEYOND if self.own_beyond else _VISIBLE)[self.kind](self._looking())]
        if question.area is not None:
            found.append(_in_area(table, question.area))
        found += self._places()
        if question.since is not None:
            found.append(time >= bindparam("since", type_=UtcTime()))
        if question.until is not None:
            found.append(time < bindparam("until", type_=UtcTime()))
        if question.categories:
            found.append(_CATEGORIES[self.kind].in_(sorted(question.categories)))
        if question.agency is not None:
            found.append(of_agency(self.kind, question.agency, table))
        if question.text:
            found.append(_says(self.kind, self.sight))
        if question.among is not None:
            found.append(col(table.id).in_(bindparam("among", expanding=True, type_=Uuid())))
        if question.filter is not None:
            found.append(self._filtered(question.filter))
        return found + (_standing(question, self.dialect) if self.kind is IncidentKind.COMPLAINT else [])

    def _filtered(self, wanted: Filter) -> ColumnElement[bool]:
        of, table = expressions(wanted.collection, self.kind, self.sight), self.table
        place = filtering.Place(geom=point(table), lon=table.lon, lat=table.lat)
        return filtering.condition(wanted.tree, of, place, self.dialect)

    def _looking(self) -> Sight:
        """The sight, without its area where the question asks for that or for a part of it: one condition says both.

        Said twice, PostgreSQL takes the two for independent, reads an index for each and sorts: 150 ms instead of 5.
        """
        its, asked_for = self.sight.area_code, self.question.area
        # An outage is seen where its camera stands, whatever area it is of itself.
        if its is None or asked_for is None or self.kind is IncidentKind.OUTAGE:
            return self.sight
        first, end = span(its)
        return replace(self.sight, area_code=None) if first <= asked_for < end else self.sight

    def _places(self) -> list[ColumnElement[bool]]:
        places, question = Places(self.table), self.question
        found = [places.in_runs([(0, 0)] * self.plan.runs)] if self.plan.runs else []
        if question.box is not None:
            found.append(places.in_box(question.box))
        if question.circle is not None:
            found.append(places.in_circle(question.circle))
        if question.shape is not None:
            found.append(places.in_shape(question.shape, self.dialect, f"{self.table.__tablename__}.geom"))
        return found


def asked(db: Session, question: Question, sight: Sight) -> tuple[Asked, ...]:
    """The forms in which those kinds are asked that can answer and that `sight` may see at all."""
    dialect = db.get_bind().dialect.name
    if all(part is None for part in (question.place, question.among, question.filter, question.after)):
        return _asked_anywhere(dialect, question, sight)
    return _forms(dialect, question, sight, partial(plan, db, dialect))


@lru_cache(maxsize=1024)
def _asked_anywhere(dialect: str, question: Question, sight: Sight) -> tuple[Asked, ...]:
    """Of questions whose plan needs no look at the data; most are asked over and over."""
    return _forms(dialect, question, sight, partial(by_order, dialect))


def _forms(
    dialect: str, question: Question, sight: Sight, planned: Callable[[IncidentKind, Question, Sight], Plan]
) -> tuple[Asked, ...]:
    form = _form(question)
    unseen = set() if sight.photos else {IncidentKind.PHOTO}
    unseen |= {IncidentKind.OUTAGE} if sight.watch is Watch.NONE else set()
    kinds = [kind for kind in question.answering if kind not in unseen]
    found: list[Asked] = []
    for kind in kinds:
        if kind in _OWN_BEYOND and visible.narrow(sight):
            # Two indexes find what one condition with an "or" in it would walk the whole order for.
            found.append(Asked(dialect, kind, form, sight, own_plan(dialect, kind, question), own_beyond=True))
            others, share = replace(sight, account_id=None), narrowed(question, sight, kind)
            found.append(Asked(dialect, kind, _form(share), others, planned(kind, share, others)))
        else:
            found.append(Asked(dialect, kind, form, sight, planned(kind, question, sight)))
    return tuple(found)


def values(question: Question, now: datetime) -> dict[str, Any]:
    """What the named parameters of the question's form are, this time."""
    given: dict[str, Any] = {"now": now, "since": question.since, "until": question.until}
    if question.box is not None:
        given |= box_values(question.box)
    if question.circle is not None:
        given |= circle_values(question.circle)
    if question.shape is not None:
        given["shape"] = shapely.to_wkb(question.shape)
    if question.place is not None:
        given |= run_values(runs(question.place))
    if question.text:
        text = question.text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
        given |= {"pattern": f"%{text}%", "reference": _reference(question.text)}
    if question.among is not None:
        given["among"] = sorted(question.among)
    if question.after is not None:
        given |= {"after_key": question.after.key, "after_id": question.after.id}
    return given


def _form(question: Question) -> Question:
    """The question with a stand-in for each value that `values` gives."""
    box = question.box
    return replace(
        question,
        since=question.since and _TIME,
        until=question.until and _TIME,
        box=box and (_OVER_DATE_LINE if box.west > box.east else _BOX),
        circle=question.circle and _CIRCLE,
        shape=None if question.shape is None else _SHAPE,
        text="words" if question.text else "",
        among=None if question.among is None else frozenset(),
        after=question.after and _CURSOR,
        limit=0,
    )


def _in_area(table: Table, code: str) -> ColumnElement[bool]:
    """In the area or below it; a district's Kemendagri code is the expression that an index holds."""
    column = col(table.area_code)
    if is_district(code):
        # Written out: an index over an expression knows it by its constants, not by parameters.
        return func.substr(column, literal_column("1"), literal_column(str(DISTRICT_LENGTH))) == code
    first, end = span(code)
    return and_(column >= first, column < end)


def of_agency(kind: IncidentKind, agency: str, table: Any) -> ColumnElement[bool]:
    """Led by the agency; a photo is by its category. `table` is the kind's own, or one that keeps its words."""
    if kind is IncidentKind.COMPLAINT:
        return col(table.agency_code) == agency
    return col(table.category_code).in_(select(col(Category.code)).where(col(Category.agency_code) == agency))


def _says(kind: IncidentKind, sight: Sight) -> ColumnElement[bool]:
    """The words as they stand in a description or caption, any case; or a complaint's reference."""
    pattern = bindparam("pattern", type_=String())
    if kind is IncidentKind.PHOTO:
        return col(Photo.caption).ilike(pattern, escape="!")
    named = col(Complaint.reference) == bindparam("reference", type_=String())
    # What may not be read may not be searched either: answers would spell it out.
    return or_(named, col(Complaint.description).ilike(pattern, escape="!")) if sight.details else named


def _reference(text: str) -> str:
    """The reference that somebody typed; empty, which no complaint has, where it is none."""
    try:
        return parse(text)
    except ReferenceMistyped:
        return ""


def _standing(question: Question, dialect: str) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if question.statuses:
        found.append(col(Complaint.status).in_(sorted(question.statuses)))
        # PostgreSQL takes the two for independent and joins both indexes, where that of one state alone is in order.
        if question.statuses <= OPEN and not (dialect == "postgresql" and len(question.statuses) == 1):
            found.append(col(Complaint.closed_at).is_(None))
    if question.overdue is not None:
        found.append(overdue() if question.overdue else not_(overdue()))
    return found
