"""Incidents: complaints, photos and cameras' outages as the map shows them, asked as one question and answered as rows.

Rows, not objects: times come as microseconds since 1970 and the caller turns whole columns into answers.
"""

from collections.abc import Mapping, Sequence
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
    Uuid,
    bindparam,
    literal,
    select,
    tuple_,
)
from sqlalchemy import type_coerce as seen_as
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType
from sqlmodel import col

from cases.access import Sight
from cases.incidents import Cursor, Question, Sort
from cases.words import IncidentKind
from storage.asked import Asked, asked, values
from storage.kind_columns import TITLE, expressions
from storage.kinds import TABLES, TIMES
from storage.tables import Complaint

__all__ = ["COLUMNS", "TITLE", "Page", "page", "within"]

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
    "faults",
    "ended_at",
    "lon",
    "lat",
    "key",
)
"""The columns of an answer, in order. `key` (the last) is what the rows are sorted by, together with `id`."""

_NEVER = 2**62  # the due date of a thing that has none: after all others
_LIMIT = bindparam("limit", type_=Integer)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of COLUMNS, and where the next page begins (None on the last)."""

    rows: Sequence[Sequence[Any]]
    next: Cursor | None


def within(db: Session, question: Question, sight: Sight, now: datetime) -> Page:
    """The incidents that answer the question and that `sight` may see, at most `question.limit` of them."""
    return page(db, question, sight, now, collection="incidents", columns=COLUMNS)


def page(
    db: Session, question: Question, sight: Sight, now: datetime, *, collection: str, columns: tuple[str, ...]
) -> Page:
    """The same with these columns of `storage.kind_columns.expressions`, `id` among them and `key` the last."""
    forms = asked(db, question, sight)
    if not forms:
        return Page([], None)
    limit = question.limit + 1  # one more than asked for says whether there is a next page
    statement = _statement(forms, collection, columns)
    # By the connection, not the session, which would put every row through the ORM's hands once more.
    rows = db.connection().execute(statement, values(question, now) | {"limit": limit}).fetchall()
    if len(rows) < limit:
        return Page(rows, None)
    last = rows[question.limit - 1]
    return Page(rows[: question.limit], Cursor(last[-1], _uuid(last[columns.index("id")])))


@lru_cache(maxsize=512)
def _statement(forms: tuple[Asked, ...], collection: str, columns: tuple[str, ...]) -> Select[Any]:
    """The query for these forms, the same object each time: SQLAlchemy then knows its SQL without looking."""
    branches = [_rows(form, collection, columns).limit(_LIMIT) for form in forms]
    if len(branches) == 1:
        return branches[0]
    # Each branch stops at the limit by its own index; only those few are merged.
    both = [select(branch.subquery()) for branch in branches]
    merged = both[0].union_all(*both[1:]).subquery()
    key, id_ = merged.c.key, merged.c.id
    order = (key.desc(), id_.desc()) if forms[0].question.sort.descending else (key, id_)
    return select(merged).order_by(*order).limit(_LIMIT)


def _rows(form: Asked, collection: str, columns: tuple[str, ...]) -> Select[Any]:
    """One kind's part of the answer, in order."""
    question, kind = form.question, form.kind
    key, id_ = _key(kind, question.sort), col(form.table.id)
    of = expressions(collection, kind, form.sight)
    conditions = form.conditions()
    if question.after is not None:
        place, after = (
            tuple_(key, id_),
            tuple_(bindparam("after_key", type_=BigInteger), bindparam("after_id", type_=Uuid)),
        )
        conditions.append(place < after if question.sort.descending else place > after)
    order = (key.desc(), id_.desc()) if question.sort.descending else (key.asc(), id_.asc())
    picked = _as_kept({name: of[name] for name in columns[:-1]})
    return form.through_index(select(*picked, key.label("key")).where(*conditions).order_by(*order))


def _key(kind: IncidentKind, sort: Sort) -> ColumnElement[int]:
    """What a kind is sorted by, as an integer."""
    if kind is IncidentKind.COMPLAINT:
        columns = {"due": Complaint.due_at, "updated": Complaint.updated_at}
        return seen_as(col(columns.get(sort.by, Complaint.opened_at)), BigInteger)
    if sort.by == "due":
        return literal(_NEVER, BigInteger)
    return seen_as(col(TABLES[kind].updated_at) if sort.by == "updated" else TIMES[kind], BigInteger)


def _as_kept(columns: Mapping[str, Any]) -> list[ColumnElement[Any]]:
    """The columns as the driver gives them: SQLAlchemy makes no words, booleans and UUIDs that the answer has no use
    for (1.2 ms of a thousand rows).
    """
    return [seen_as(column, NullType()).label(name) for name, column in columns.items()]


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)
