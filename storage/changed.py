"""What a change means to one question and one sight: what answers now, and what answered before and does not any more.

What was is asked by the very predicates that ask what is: the rows of the log that hold incidents as they were stand in
the query under the name of the incidents' own table.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Select, and_, bindparam, cast, func, literal_column, null, or_, select
from sqlalchemy import type_coerce as seen_as
from sqlalchemy.orm import Session
from sqlalchemy.types import BigInteger, NullType
from sqlmodel import col

from cases.access import Sight
from cases.incidents import MOST, Question
from cases.words import IncidentKind, Watch
from storage import incidents
from storage.asked import Asked, asked, values
from storage.incidents import COLUMNS
from storage.kinds import TABLES, TIMES
from storage.tables import Change, Complaint
from storage.tables.changes import ChangeKind

_AT_ONCE = 500
_SHARED = ("category_code", "confidential", "area_code", "lon", "lat", "cell")
_OF_COMPLAINTS = ("reference", "agency_code", "status", "due_at", "closed_at", *_SHARED)
_TIED_TO = "tied_to"


@dataclass(frozen=True, slots=True)
class Was:
    """An incident as it was: its GeoJSON id, place and time (microseconds since 1970)."""

    id: str
    lon: float | None
    lat: float | None
    happened_us: int


def answering(db: Session, question: Question, sight: Sight, ids: Iterable[UUID], now: datetime) -> list[Sequence[Any]]:
    """Those of the incidents that answer the question now: rows of `storage.incidents.COLUMNS`."""
    found: list[Sequence[Any]] = []
    for some in parts(sorted(set(ids))):
        only = replace(question, among=frozenset(some), limit=MOST)
        found += incidents.within(db, only, sight, now).rows
    return found


def answered(db: Session, question: Question, sight: Sight, notes: Iterable[int], now: datetime) -> list[Was]:
    """What the rows of the log with these ids hold that answered the question and that `sight` was allowed to see.

    Words and filters are left out of account (the log holds no texts), so it may be more, but never more than the
    sight saw.
    """
    was = replace(question, text="", filter=None, among=None)
    found: list[Was] = []
    those = list(parts(sorted(notes)))
    for form in asked(db, was, sight):
        for some in those:
            rows = db.connection().execute(_as_it_was(form), values(was, now) | {"notes": some})
            found += [Was(_feature_id(form.kind, id_, said), lon, lat, at) for id_, said, lon, lat, at in rows]
    return found


def unsettled(kinds: Container[ChangeKind], question: Question, sight: Sight) -> bool:
    """Whether changes of these kinds decide about more incidents than they name."""
    if ChangeKind.CATALOGUE in kinds and (sight.agency_code is not None or question.agency is not None):
        return True
    narrow = sight.watch in (Watch.OWN, Watch.SHARED) or (sight.watch is Watch.ALL and sight.area_code is not None)
    return ChangeKind.SHARING in kinds and narrow and IncidentKind.OUTAGE in question.answering


def row_was(row: Sequence[Any]) -> Was:
    """A row of COLUMNS seen as something that was."""
    named = dict(zip(COLUMNS, row, strict=True))
    kind = IncidentKind(named["kind"])
    return Was(_feature_id(kind, named["id"], named["reference"]), named["lon"], named["lat"], named["time"])


def due(db: Session, begin: datetime, end: datetime, most: int) -> list[UUID]:
    """At most so many open complaints whose deadline came between the two times, `begin` included."""
    late = select(col(Complaint.id)).where(col(Complaint.due_at) >= begin, col(Complaint.due_at) < end)
    late = late.where(col(Complaint.closed_at).is_(None)).order_by(col(Complaint.due_at)).limit(most)
    return list(db.scalars(late.with_hint(Complaint, "INDEXED BY complaint_due", "sqlite")))


@lru_cache(maxsize=512)
def _as_it_was(form: Asked) -> Select[Any]:
    """The rows of the log with the ids `notes`, where what they hold answers the form."""
    return as_it_was(form, col(Change.id).in_(bindparam("notes", expanding=True, type_=BigInteger())))


def as_it_was(form: Asked, which: ColumnElement[bool]) -> Select[Any]:
    """Id, reference, place and time of what those rows of the log hold that answers the form."""
    table, kind = form.table, form.kind
    said = col(Complaint.reference) if kind is IncidentKind.COMPLAINT else null()
    columns = [table.id, said, table.lon, table.lat, TIMES[kind]]
    conditions = form.conditions()
    if kind is IncidentKind.PHOTO and form.sight.agency_code is not None and not form.own_beyond:
        # A photo tied to a complaint of the agency's was seen as any photo in the area is.
        through = replace(form, sight=replace(form.sight, agency_code=None)).conditions()
        tied = literal_column(f"photo.{_TIED_TO}") == form.sight.agency_code
        conditions = [or_(and_(*conditions), and_(tied, *through))]
    shown: list[Any] = [seen_as(column, NullType()) for column in columns]
    return select(*shown).where(*conditions).add_cte(_log_as(form, which))


def _log_as(form: Asked, which: ColumnElement[bool]) -> CTE:
    """Rows of the log under the name and with the columns of the kind's table."""
    kind = form.kind
    named: dict[str, Any] = {"id": Change.subject}
    match kind:
        case IncidentKind.COMPLAINT:
            named |= {name: getattr(Change, name) for name in _OF_COMPLAINTS}
            named |= {"opened_at": Change.happened_at, "opened_by": Change.account_id}
        case IncidentKind.PHOTO:
            named |= {name: getattr(Change, name) for name in (*_SHARED, "account_id")}
            named |= {"occurred_at": Change.happened_at, _TIED_TO: Change.agency_code}
            named["deleted_at"] = cast(null(), BigInteger)
        case IncidentKind.OUTAGE:
            named |= {name: getattr(Change, name) for name in ("area_code", "lon", "lat", "cell", "camera_id")}
            named["began_at"] = Change.happened_at
    if form.question.shape is not None and form.dialect == "postgresql":
        named["geom"] = func.ST_SetSRID(func.ST_MakePoint(col(Change.lon), col(Change.lat)), 4326)
    rows = select(*(column.label(name) for name, column in named.items()))
    return rows.where(which, col(Change.kind) == ChangeKind(kind.value), col(Change.existed)).cte(
        str(TABLES[kind].__tablename__)
    )


def _feature_id(kind: IncidentKind, id_: Any, reference: str | None) -> str:
    name = reference if kind is IncidentKind.COMPLAINT else UUID(str(id_))
    return f"{kind.value}:{name}"


def parts(ids: list[Any]) -> Iterable[list[Any]]:
    """The ids, so many at a time as one statement takes."""
    return (ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE))
