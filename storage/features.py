"""The collections of `cases/features.py` as rows: pages, single features, how many there are."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy import type_coerce as seen_as
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType
from sqlmodel import col

from cases.access import Sight
from cases.features import COLLECTIONS, Collection, readable
from cases.filters.lift import lifted
from cases.incidents import Cursor, Question
from cases.words import IncidentKind
from storage import counts, incidents, registers, visible
from storage.counts import Matched
from storage.kind_columns import expressions
from storage.tables import Complaint, Outage, Photo

_NOT_KEPT = frozenset({"area_name", "photo"})
"""Properties that are worked out of others when the answer is written."""


@dataclass(frozen=True, slots=True)
class Features:
    """Rows of `columns`, and where the next page begins (None on the last)."""

    columns: tuple[str, ...]
    rows: Any
    next: Cursor | None


def page(db: Session, collection: Collection, question: Question, sight: Sight, now: datetime) -> Features:
    """The features that answer the question and that `sight` may see, at most `question.limit` of them."""
    columns = columns_of(collection, sight.details)
    if collection in registers.REGISTERS:
        found = registers.page(db, collection, question, sight, columns)
    else:
        narrowed = lifted(question)
        found = incidents.page(db, narrowed, sight, now, collection=collection, columns=columns)
    return Features(columns, found.rows, found.next)


def matched(
    db: Session, collection: Collection, question: Question, sight: Sight, now: datetime, *, found: Features
) -> Matched | None:
    """How many features answer in all: exact where that is cheap, else an estimate, None where there is neither."""
    if question.after is None and found.next is None:
        return Matched(len(found.rows), estimated=False)
    if collection in registers.REGISTERS:
        number = registers.count(db, collection, question, sight)
        return None if number is None else Matched(number, estimated=False)
    if question.filter is None:
        return counts.estimate(db, question, sight, now)
    # A filter may have to look at every row to count; as many as were found already are counted, the rest is sampled.
    return counts.estimate(db, lifted(question), sight, now, exact_to=len(found.rows))


def one(db: Session, collection: Collection, id_: str, sight: Sight, now: datetime) -> Features | None:
    """The feature of this id, None where there is none for this sight."""
    columns = columns_of(collection, sight.details)
    if collection in registers.REGISTERS:
        key = id_ if collection is Collection.AREAS else _uuid(id_)
        row = None if key is None else registers.one(db, collection, key, sight, columns)
    else:
        row = _incident(db, collection, id_, sight, now, columns=columns)
    return None if row is None else Features(columns, [row], None)


def _incident(
    db: Session, collection: Collection, id_: str, sight: Sight, now: datetime, *, columns: tuple[str, ...]
) -> Any:
    kinds = COLLECTIONS[collection].kinds
    word, _, key = id_.partition(":") if len(kinds) > 1 else (next(iter(kinds)), "", id_)
    kind = next((kind for kind in kinds if kind == word), None)
    if kind is None:
        return None
    wanted: Any
    match kind:
        case IncidentKind.COMPLAINT:
            wanted, seen = col(Complaint.reference) == key, visible.complaints(sight)
        case IncidentKind.PHOTO:
            wanted, seen = col(Photo.id) == _uuid(key), visible.photos(sight)
        case IncidentKind.OUTAGE:
            wanted, seen = col(Outage.id) == _uuid(key), visible.outages(sight)
    of = expressions(collection, kind, sight)
    picked = [seen_as(of[name], NullType()).label(name) for name in columns[:-1]]
    return db.connection().execute(select(*picked, of["id"].label("key")).where(wanted, seen), {"now": now}).first()


@lru_cache
def columns_of(collection: Collection, details: bool) -> tuple[str, ...]:
    """What is asked of the database for somebody who reads details or does not; `key` is the last."""
    sight = Sight(None, photos=True, agency_code=None, area_code=None, teams=frozenset(), details=details)
    names = [one.name for one in readable(collection, sight) if one.name not in _NOT_KEPT]
    place = ["shape"] if COLLECTIONS[collection].polygons else ["lon", "lat"]
    return ("id", *names, *place, "key")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
