"""Incidents: complaints, photos and cameras' outages as the map shows them, asked as one question and answered as rows.

Rows, not objects: times come as microseconds since 1970 and the caller turns whole columns into answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    String,
    Uuid,
    bindparam,
    cast,
    false,
    func,
    literal,
    null,
    select,
    tuple_,
)
from sqlalchemy import type_coerce as seen_as
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType
from sqlmodel import col

from cases.access import Sight
from cases.incidents import Cursor, Question, Sort
from cases.words import IncidentKind, ProcessingState
from storage.asked import Asked, asked, overdue, values
from storage.kinds import TABLES, TIMES
from storage.tables import Camera, Complaint, Outage, Photo

COLUMNS = (
    "kind",
    "id",
    "reference",
    "category",
    "status",
    "agency",
    "area",
    "time",
    "due_at",
    "updated_at",
    "overdue",
    "radius_m",
    "title",
    "thumbnail",
    "camera",
    "trouble",
    "ended_at",
    "lon",
    "lat",
    "key",
)
"""The columns of an answer, in order. `key` is what the rows are sorted by, together with `id`."""

_TITLE = 140
_NEVER = 2**62  # the due date of a thing that has none: after all others
_LIMIT = bindparam("limit", type_=Integer)
_KEY, _ID = COLUMNS.index("key"), COLUMNS.index("id")


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of COLUMNS, and where the next page begins (None on the last)."""

    rows: Sequence[Sequence[Any]]
    next: Cursor | None


def within(db: Session, question: Question, sight: Sight, now: datetime) -> Page:
    """The incidents that answer the question and that `sight` may see, at most `question.limit` of them."""
    forms = asked(db, question, sight)
    if not forms:
        return Page([], None)
    limit = question.limit + 1  # one more than asked for says whether there is a next page
    # By the connection, not the session, which would put every row through the ORM's hands once more.
    rows = db.connection().execute(_statement(forms), values(question, now) | {"limit": limit}).fetchall()
    if len(rows) < limit:
        return Page(rows, None)
    last = rows[question.limit - 1]
    return Page(rows[: question.limit], Cursor(last[_KEY], _uuid(last[_ID])))


@lru_cache(maxsize=512)
def _statement(forms: tuple[Asked, ...]) -> Select[Any]:
    """The query for these forms, the same object each time: SQLAlchemy then knows its SQL without looking."""
    branches = [_rows(form).limit(_LIMIT) for form in forms]
    if len(branches) == 1:
        return branches[0]
    # Each branch stops at the limit by its own index; only those few are merged.
    both = [select(branch.subquery()) for branch in branches]
    merged = both[0].union_all(*both[1:]).subquery()
    key, id_ = merged.c.key, merged.c.id
    order = (key.desc(), id_.desc()) if forms[0].question.sort.descending else (key, id_)
    return select(merged).order_by(*order).limit(_LIMIT)


def _rows(form: Asked) -> Select[Any]:
    """One kind's part of the answer, in order."""
    question, kind = form.question, form.kind
    key, id_ = _key(kind, question.sort), col(form.table.id)
    columns = _columns(form)
    conditions = form.conditions()
    if question.after is not None:
        place, after = (
            tuple_(key, id_),
            tuple_(bindparam("after_key", type_=BigInteger), bindparam("after_id", type_=Uuid)),
        )
        conditions.append(place < after if question.sort.descending else place > after)
    order = (key.desc(), id_.desc()) if question.sort.descending else (key.asc(), id_.asc())
    return form.through_index(select(*columns, key.label("key")).where(*conditions).order_by(*order))


def _key(kind: IncidentKind, sort: Sort) -> ColumnElement[int]:
    """What a kind is sorted by, as an integer."""
    if kind is IncidentKind.COMPLAINT:
        columns = {Sort.DUE: Complaint.due_at, Sort.UPDATED: Complaint.updated_at}
        return seen_as(col(columns.get(sort, Complaint.opened_at)), BigInteger)
    if sort is Sort.DUE:
        return literal(_NEVER, BigInteger)
    return seen_as(col(TABLES[kind].updated_at) if sort is Sort.UPDATED else TIMES[kind], BigInteger)


def _columns(form: Asked) -> list[ColumnElement[Any]]:
    match form.kind:
        case IncidentKind.COMPLAINT:
            return _complaint_columns(form.sight)
        case IncidentKind.PHOTO:
            return _photo_columns()
        case IncidentKind.OUTAGE:
            return _outage_columns()


def _complaint_columns(sight: Sight) -> list[ColumnElement[Any]]:
    return _as_kept(
        kind=literal(IncidentKind.COMPLAINT.value),
        id=col(Complaint.id),
        reference=col(Complaint.reference),
        category=col(Complaint.category_code),
        status=col(Complaint.status),
        agency=col(Complaint.agency_code),
        area=col(Complaint.area_code),
        time=col(Complaint.opened_at),
        due_at=col(Complaint.due_at),
        updated_at=col(Complaint.updated_at),
        overdue=overdue(),
        radius_m=col(Complaint.radius_m),
        title=func.substr(col(Complaint.description), 1, _TITLE) if sight.details else literal(""),
        thumbnail=false(),
        **_no_outage(),
        lon=col(Complaint.lon),
        lat=col(Complaint.lat),
    )


def _photo_columns() -> list[ColumnElement[Any]]:
    return _as_kept(
        kind=literal(IncidentKind.PHOTO.value),
        id=col(Photo.id),
        reference=cast(null(), String),
        category=col(Photo.category_code),
        status=cast(null(), String),
        agency=cast(null(), String),
        area=col(Photo.area_code),
        time=col(Photo.occurred_at),
        due_at=cast(null(), BigInteger),
        updated_at=col(Photo.updated_at),
        overdue=false(),
        radius_m=col(Photo.radius_m),
        title=func.substr(col(Photo.caption), 1, _TITLE),
        thumbnail=col(Photo.processing) == ProcessingState.DONE,
        **_no_outage(),
        lon=col(Photo.lon),
        lat=col(Photo.lat),
    )


def _outage_columns() -> list[ColumnElement[Any]]:
    camera = select(col(Camera.name)).where(col(Camera.id) == col(Outage.camera_id)).correlate(Outage)
    return _as_kept(
        kind=literal(IncidentKind.OUTAGE.value),
        id=col(Outage.id),
        reference=cast(null(), String),
        category=cast(null(), String),
        status=cast(null(), String),
        agency=cast(null(), String),
        area=col(Outage.area_code),
        time=col(Outage.began_at),
        due_at=cast(null(), BigInteger),
        updated_at=col(Outage.updated_at),
        overdue=false(),
        radius_m=col(Outage.radius_m),
        title=camera.scalar_subquery(),
        thumbnail=false(),
        camera=col(Outage.camera_id),
        trouble=col(Outage.state),
        ended_at=col(Outage.ended_at),
        lon=col(Outage.lon),
        lat=col(Outage.lat),
    )


def _no_outage() -> dict[str, ColumnElement[Any]]:
    """What only an outage has."""
    return {"camera": cast(null(), Uuid), "trouble": cast(null(), String), "ended_at": cast(null(), BigInteger)}


def _as_kept(**columns: Any) -> list[ColumnElement[Any]]:
    """The columns as the driver gives them: SQLAlchemy makes no words, booleans and UUIDs that the answer has no use
    for (1.2 ms of a thousand rows).
    """
    return [seen_as(column, NullType()).label(name) for name, column in columns.items()]


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)
