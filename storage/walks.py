"""All incidents that answer a question, from the first to the last, in pieces.

Each piece is a question of its own, which goes on after the last row of the piece before it: nothing holds a
transaction, or a connection, for as long as a slow reader takes. What the rows are ordered by (when a thing happened,
and its id) never changes, so every row that is there throughout comes exactly once, whatever others write meanwhile.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.access import Sight
from cases.incidents import Question, Sort
from cases.words import IncidentKind
from storage import incidents, visible
from storage.database import Database
from storage.incidents import COLUMNS, Page
from storage.tables import Complaint, Photo

PIECE = 1_000
"""Rows of one piece."""

Row = Sequence[Any]

_KIND, _ID, _TITLE = (COLUMNS.index(name) for name in ("kind", "id", "title"))


def walk(
    database: Database, question: Question, sight: Sight, now: datetime, piece: int = PIECE, *, patient: bool = False
) -> Iterator[list[Row]]:
    """Rows of `storage.incidents.COLUMNS`, kind after kind, each kind the oldest first; `title` is the whole text.

    `now` decides what is overdue, for all rows alike. Order and place in the question's list count for nothing. A piece
    may take no longer than any question does, unless `patient`: where few of a million rows answer, it may take minutes
    to find a thousand. Raises as `Database.read`.
    """
    for kind in question.answering:
        asked = replace(question, kinds=frozenset({kind}), sort=Sort.OLDEST, limit=piece, after=None)
        while True:
            page = database.ask(partial(_piece, question=asked, sight=sight, now=now), patient=patient)
            if page.rows:
                yield _whole(database, kind, page.rows, sight)
            if page.next is None:
                break
            asked = replace(asked, after=page.next)


def _piece(db: Session, question: Question, sight: Sight, now: datetime) -> Page:
    page = incidents.within(db, question, sight, now)
    if db.get_bind().dialect.name == "sqlite":
        # What it has mapped of its file counts as this process's memory, and a walk maps all of it: let go.
        connection = db.connection()
        mapped = connection.exec_driver_sql("PRAGMA mmap_size").scalar_one()
        for size in (0, mapped):
            connection.exec_driver_sql(f"PRAGMA mmap_size = {size}")
    return page


def _whole(database: Database, kind: IncidentKind, rows: Sequence[Row], sight: Sight) -> list[Row]:
    """The rows with their texts in full where the list cuts them."""
    cut = [_uuid(row[_ID]) for row in rows if len(row[_TITLE] or "") >= incidents.TITLE]
    if not cut or kind is IncidentKind.OUTAGE:
        return list(rows)
    texts = database.ask(lambda db: _texts(db, kind, cut, sight))
    return [_with_text(row, texts.get(_uuid(row[_ID]))) for row in rows]


def _texts(db: Session, kind: IncidentKind, ids: list[UUID], sight: Sight) -> dict[UUID, str]:
    seen: ColumnElement[bool]
    if kind is IncidentKind.COMPLAINT:
        id_, text, seen = col(Complaint.id), col(Complaint.description), visible.complaints(sight)
    else:
        id_, text, seen = col(Photo.id), col(Photo.caption), visible.photos(sight)
    return {row[0]: row[1] for row in db.execute(select(id_, text).where(id_.in_(ids), seen))}


def _with_text(row: Row, text: str | None) -> Row:
    if text is None:
        return row
    return (*row[:_TITLE], text, *row[_TITLE + 1 :])


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)
