"""Incidents: complaints and photos as the map shows them, asked as one question and answered as rows.

Rows, not objects: times come as microseconds since 1970 and the caller turns whole columns into answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, String, cast, false, func, literal, null, select, tuple_
from sqlalchemy import type_coerce as seen_as
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.access import Sight
from cases.incidents import Cursor, Question, Sort
from cases.words import IncidentKind, ProcessingState
from storage.asked import Asked, overdue
from storage.tables import Complaint, Photo

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
    "lon",
    "lat",
    "key",
)
"""The columns of an answer, in order. `key` is what the rows are sorted by, together with `id`."""

_TITLE = 140
_NEVER = 2**62  # the due date of a thing that has none: after all others
_PLAIN_ID = String(36)  # the id as the engine keeps it: no UUID object a row is made for nothing
_KEY, _ID = COLUMNS.index("key"), COLUMNS.index("id")


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of COLUMNS, and where the next page begins (None on the last)."""

    rows: Sequence[Sequence[Any]]
    next: Cursor | None


def within(db: Session, question: Question, sight: Sight, now: datetime) -> Page:
    """The incidents that answer the question and that `sight` may see, at most `question.limit` of them."""
    branches = [_rows(Asked(db, kind, question, sight, now)) for kind in question.answering]
    if not branches:
        return Page([], None)
    limit = question.limit + 1  # one more than asked for says whether there is a next page
    if len(branches) == 1:
        statement = branches[0].limit(limit)
    else:
        # Each branch stops at the limit by its own index; only those few are merged.
        both = [select(branch.limit(limit).subquery()) for branch in branches]
        merged = both[0].union_all(*both[1:]).subquery()
        key, id_ = merged.c.key, merged.c.id
        order = (key.desc(), id_.desc()) if question.sort.descending else (key, id_)
        statement = select(merged).order_by(*order).limit(limit)
    rows = db.execute(statement).fetchall()
    if len(rows) < limit:
        return Page(rows, None)
    last = rows[question.limit - 1]
    return Page(rows[: question.limit], Cursor(last[_KEY], _uuid(last[_ID])))


def _rows(asked: Asked) -> Select[Any]:
    """One kind's part of the answer, in order."""
    question, kind = asked.question, asked.kind
    key, id_ = _key(kind, question.sort), col(asked.table.id)
    columns = _complaint_columns(asked.sight, asked.now) if kind is IncidentKind.COMPLAINT else _photo_columns()
    conditions = asked.conditions()
    if question.after is not None:
        place, after = tuple_(key, id_), tuple_(literal(question.after.key, BigInteger), literal(question.after.id))
        conditions.append(place < after if question.sort.descending else place > after)
    order = (key.desc(), id_.desc()) if question.sort.descending else (key.asc(), id_.asc())
    return asked.through_index(select(*columns, key.label("key")).where(*conditions).order_by(*order))


def _key(kind: IncidentKind, sort: Sort) -> ColumnElement[int]:
    """What a kind is sorted by, as an integer."""
    if kind is IncidentKind.COMPLAINT:
        columns = {Sort.DUE: Complaint.due_at, Sort.UPDATED: Complaint.updated_at}
        return seen_as(col(columns.get(sort, Complaint.opened_at)), BigInteger)
    if sort is Sort.DUE:
        return literal(_NEVER, BigInteger)
    return seen_as(col(Photo.updated_at if sort is Sort.UPDATED else Photo.occurred_at), BigInteger)


def _complaint_columns(sight: Sight, now: datetime) -> list[ColumnElement[Any]]:
    return [
        literal(IncidentKind.COMPLAINT.value).label("kind"),
        seen_as(col(Complaint.id), _PLAIN_ID).label("id"),
        col(Complaint.reference).label("reference"),
        col(Complaint.category_code).label("category"),
        seen_as(col(Complaint.status), String).label("status"),
        col(Complaint.agency_code).label("agency"),
        col(Complaint.area_code).label("area"),
        seen_as(col(Complaint.opened_at), BigInteger).label("time"),
        seen_as(col(Complaint.due_at), BigInteger).label("due_at"),
        seen_as(col(Complaint.updated_at), BigInteger).label("updated_at"),
        overdue(now).label("overdue"),
        col(Complaint.radius_m).label("radius_m"),
        (func.substr(col(Complaint.description), 1, _TITLE) if sight.details else literal("")).label("title"),
        false().label("thumbnail"),
        col(Complaint.lon).label("lon"),
        col(Complaint.lat).label("lat"),
    ]


def _photo_columns() -> list[ColumnElement[Any]]:
    done = literal(ProcessingState.DONE.value, String)
    return [
        literal(IncidentKind.PHOTO.value).label("kind"),
        seen_as(col(Photo.id), _PLAIN_ID).label("id"),
        cast(null(), String).label("reference"),
        col(Photo.category_code).label("category"),
        cast(null(), String).label("status"),
        cast(null(), String).label("agency"),
        col(Photo.area_code).label("area"),
        seen_as(col(Photo.occurred_at), BigInteger).label("time"),
        cast(null(), BigInteger).label("due_at"),
        seen_as(col(Photo.updated_at), BigInteger).label("updated_at"),
        false().label("overdue"),
        col(Photo.radius_m).label("radius_m"),
        func.substr(col(Photo.caption), 1, _TITLE).label("title"),
        (seen_as(col(Photo.processing), String) == done).label("thumbnail"),
        col(Photo.lon).label("lon"),
        col(Photo.lat).label("lat"),
    ]


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)
