"""What is counted, in one form: complaints, photos and outages as they stand, or the changes noted of them."""

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal_column,
    null,
    select,
)
from sqlalchemy import type_coerce as seen_as
from sqlmodel import col

from cases.words import IncidentKind
from geo.cells import ZOOM
from storage.rollups import measures
from storage.rollups.grains import DAY_US, ROOM_DAYS, Axis, Grain, Ground, Span
from storage.tables import Complaint, Outage, Photo, Rollup, RollupCell, RollupDelta, RollupGroup
from storage.tables.types import UtcTime, Word

WORDS = ("kind", "category_code", "agency_code", "status", "confidential")
"""What makes a group."""

_NONE = literal_column("''", String)
_ONCE: ColumnElement[int] = literal_column("1", Integer)
_FIRST_THREE: list[ColumnElement[Any]] = [literal_column(place) for place in ("1", "2", "3")]
"""To group by an answer's first columns, some of which are constants in some grains."""


def _kind(kind: IncidentKind) -> ColumnElement[Any]:
    return seen_as(literal_column(f"'{kind.value}'"), Word(IncidentKind))


def _facts(kind: ColumnElement[Any], **columns: Any) -> Select[Any]:
    missing: dict[str, Any] = {"due_at": cast(null(), UtcTime), "closed_at": cast(null(), UtcTime), "sign": _ONCE}
    found = {"kind": kind, "category_code": _NONE, "agency_code": _NONE, "status": _NONE} | missing | columns
    return select(*(column.label(name) for name, column in found.items()))


ROWS: Final = (
    _facts(
        _kind(IncidentKind.COMPLAINT),
        category_code=col(Complaint.category_code),
        agency_code=col(Complaint.agency_code),
        status=seen_as(col(Complaint.status), RollupGroup.__table__.c.status.type),  # type: ignore[attr-defined]
        confidential=col(Complaint.confidential),
        area_code=func.coalesce(col(Complaint.area_code), ""),
        cell=col(Complaint.cell),
        happened_at=col(Complaint.opened_at),
        due_at=col(Complaint.due_at),
        closed_at=col(Complaint.closed_at),
    ),
    _facts(
        _kind(IncidentKind.PHOTO),
        category_code=func.coalesce(col(Photo.category_code), ""),
        confidential=col(Photo.confidential),
        area_code=func.coalesce(col(Photo.area_code), ""),
        cell=col(Photo.cell),
        happened_at=col(Photo.occurred_at),
    ).where(col(Photo.deleted_at).is_(None)),
    _facts(
        _kind(IncidentKind.OUTAGE),
        confidential=literal_column("false", Boolean),
        area_code=func.coalesce(col(Outage.area_code), ""),
        cell=col(Outage.cell),
        happened_at=col(Outage.began_at),
    ),
)
"""The rows that count, by kind. Migration 0008 says the same to the triggers; tests hold the two together."""


def noted(up_to: int | None = None) -> Select[Any]:
    """The changes that are not folded in, or those of them with an id up to `up_to`."""
    names = (*WORDS, "area_code", "cell", "happened_at", "due_at", "closed_at", "sign")
    found = select(*(col(getattr(RollupDelta, name)) for name in names))
    return found if up_to is None else found.where(col(RollupDelta.id) <= up_to)


def grouped(facts: Select[Any], *, outer: bool = False) -> Subquery:
    """The same rows with the number of their group (`outer`: NULL for a group that is not there yet)."""
    one = facts.subquery()
    same = and_(*(one.c[word] == col(getattr(RollupGroup, word)) for word in WORDS))
    columns = [column for column in one.c if column.name not in WORDS]
    return select(col(RollupGroup.id).label("group_id"), *columns).join(RollupGroup, same, isouter=outer).subquery()


def by_grain(facts: Subquery, grain: Grain, dialect: str, offset: int) -> Select[Any]:
    """`span, area_code, group_id` and the measures of these rows, as the grain cuts them."""
    happened = facts.c.happened_at if grain.axis is Axis.HAPPENED else facts.c.closed_at
    found = _cut(_day(happened, offset), facts.c.area_code, facts.c.group_id, grain, dialect)
    sums = measures.of_rows(facts.c.happened_at, facts.c.due_at, facts.c.closed_at, facts.c.sign)
    whole = select(*found, *sums).group_by(*_FIRST_THREE)
    return whole if grain.axis is Axis.HAPPENED else whole.where(facts.c.closed_at.is_not(None))


def by_finer(source: int, grain: Grain, dialect: str) -> Select[Any]:
    """The same from the finer grain with this number."""
    found = _cut(col(Rollup.span), col(Rollup.area_code), col(Rollup.group_id), grain, dialect)
    return select(*found, *measures.of_rollups()).where(col(Rollup.grain) == source).group_by(*_FIRST_THREE)


def by_cell(facts: Subquery, level: int) -> Select[Any]:
    """`cell, group_id, n` of the rows that have a place, in cells of this zoom."""
    cell = facts.c.cell.op(">>")(_steps(ZOOM - level))
    number = seen_as(func.sum(facts.c.sign), BigInteger).label("n")
    whole = select(cell.label("cell"), facts.c.group_id, number).where(facts.c.cell.is_not(None))
    return whole.group_by(cell, facts.c.group_id)


def by_finer_cell(finer: int, level: int) -> Select[Any]:
    """The same from the finer cells that are kept."""
    cell = col(RollupCell.cell).op(">>")(_steps(finer - level))
    number = func.sum(col(RollupCell.n)).label("n")
    whole = select(cell.label("cell"), col(RollupCell.group_id), number).where(col(RollupCell.level) == finer)
    return whole.group_by(cell, col(RollupCell.group_id))


def district(area: Any) -> ColumnElement[Any]:
    """The district's code of a village's, in either way of writing."""
    dotted, digits = func.substr(area, 1, literal_column("8")), func.substr(area, 1, literal_column("7"))
    return case((func.substr(area, 3, 1) == ".", dotted), else_=digits)


def _cut(day: Any, area: Any, group: Any, grain: Grain, dialect: str) -> list[ColumnElement[Any]]:
    spans = {Span.ALWAYS: literal_column("0", Integer), Span.MONTH: _month(day, dialect), Span.DAY: day}
    grounds = {Ground.CITY: _NONE, Ground.DISTRICT: district(area), Ground.VILLAGE: area}
    return [spans[grain.span].label("span"), grounds[grain.ground].label("area_code"), group.label("group_id")]


def _steps(levels: int) -> ColumnElement[int]:
    return literal_column(str(2 * levels))


def _day(moment: Any, offset: int) -> ColumnElement[int]:
    """The day since 1970 that a time lies in."""
    shift = literal_column(str(offset * 1_000_000 + ROOM_DAYS * DAY_US), BigInteger)
    whole = (seen_as(moment, BigInteger) + shift) // literal_column(str(DAY_US), BigInteger)
    return whole - literal_column(str(ROOM_DAYS), BigInteger)


def _month(day: Any, dialect: str) -> ColumnElement[int]:
    """The first day of a day's month, both since 1970."""
    if dialect == "sqlite":
        seconds = func.strftime("%s", day * literal_column("86400"), "unixepoch", "start of month")
        return cast(seconds, BigInteger) // literal_column("86400", BigInteger)
    start: Any = literal_column("DATE '1970-01-01'", Date)
    first = func.date_trunc("month", start.op("+")(cast(day, Integer)))
    return cast(first, Date).op("-")(start)
