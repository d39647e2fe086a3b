"""Incidents counted by cell of a grid, for maps of more than can be drawn one by one."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, ColumnElement, Select, String, cast, func, literal_column, select
from sqlalchemy import type_coerce as seen_as
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.access import Sight
from cases.incidents import Question
from cases.words import IncidentKind, Status
from geo.cells import ZOOM, Range
from storage.asked import Asked, asked, values
from storage.density import about
from storage.kinds import name
from storage.plans import FEW, Plan
from storage.rollups.counted import group_words, of_group, own_beyond, tells
from storage.rollups.fold import offset
from storage.rollups.grains import CELL_LEVELS
from storage.tables import Complaint, RollupCell, RollupDelta

_NONE = literal_column("''", String)
_ORDERS = frozenset({"complaint_opened", "photo_occurred", "outage_began"})
"""Indexes that hold a whole kind in the order of time."""


class Group(NamedTuple):
    """What incidents that are counted together have in common; None for what their kind has not."""

    kind: IncidentKind
    status: Status | None
    category: str | None


@dataclass(frozen=True, slots=True)
class Cells:
    """Counts in columns, sorted by cell: `counts[i]` incidents of `legend[groups[i]]` in `cells[i]`, each pair once.

    A cell is the Morton code of a tile of the level that was asked for.
    """

    cells: NDArray[np.int64]
    groups: NDArray[np.int64]
    counts: NDArray[np.int64]
    legend: tuple[Group, ...]


def cells(db: Session, question: Question, sight: Sight, now: datetime, *, level: int, run: Range) -> Cells:
    """The incidents of these cells (first and last of zoom 24, both included), counted by cells of zoom `level`.

    Exact: each incident with a place there that answers and exists for `sight` is counted once. Roll-ups answer what
    asks neither for an area nor a time; what they do not, or what is finer than they are, is counted from the rows. To
    be asked on one snapshot (`Database.read`).
    """
    found: list[tuple[int, Group, int]] = []
    for form in asked(db, question, sight):
        if level <= CELL_LEVELS[0] and _kept(db, form, question):
            found += _from_rollups(db, form, question, now, level=level, run=run)
        else:
            found += _from_rows(db, form, question, now, level=level, run=run)
    return _columns(found)


def _kept(db: Session, form: Asked, question: Question) -> bool:
    untimed = question.since is None and question.until is None
    nowhere = question.area is None and form.sight.area_code is None
    return untimed and nowhere and not form.own_beyond and tells(form, question) and offset(db) is not None


_Found = list[tuple[int, Group, int]]


def _from_rollups(db: Session, form: Asked, question: Question, now: datetime, *, level: int, run: Range) -> _Found:
    kept = min(one for one in CELL_LEVELS if one >= level)
    connection = db.connection()
    groups = {id_: _group(form.kind, *words[:2]) for id_, *words in connection.execute(group_words(form, question))}
    found: _Found = []
    if groups:
        cell, shift = col(RollupCell.cell), 2 * (ZOOM - kept)
        counted = cast(func.sum(col(RollupCell.n)), BigInteger)
        rows = select(_coarser(cell, kept - level), col(RollupCell.group_id), counted)
        rows = rows.where(col(RollupCell.level) == kept, cell.between(run[0] >> shift, run[1] >> shift))
        rows = rows.where(col(RollupCell.group_id).in_(list(groups))).group_by(*_FIRST[:2])
        found += [(at, groups[group], number) for at, group, number in connection.execute(rows)]
    found += _noted(db, form, question, level, run)
    beyond = own_beyond(form, question)
    return found if beyond is None else found + _from_rows(db, beyond, question, now, level=level, run=run)


def _noted(db: Session, form: Asked, question: Question, level: int, run: Range) -> _Found:
    cell, number = col(RollupDelta.cell), cast(func.sum(col(RollupDelta.sign)), BigInteger)
    words = (col(RollupDelta.status), col(RollupDelta.category_code))
    rows: Select[Any] = select(_coarser(cell, ZOOM - level), *words, number).where(cell.between(*run)).group_by(*_FIRST)
    return _read(db, form, rows.where(*of_group(RollupDelta, form, question)))


def _from_rows(db: Session, form: Asked, question: Question, now: datetime, *, level: int, run: Range) -> _Found:
    table, complaint = form.table, form.kind is IncidentKind.COMPLAINT
    cell = col(table.cell)
    status = seen_as(col(Complaint.status), String) if complaint else _NONE
    category = func.coalesce(col(table.category_code), "") if hasattr(table, "category_code") else _NONE
    words = (status.label("status"), category.label("category"))
    rows: Select[Any] = select(_coarser(cell, ZOOM - level), *words, func.count()).group_by(*_FIRST)
    rows = rows.where(*form.conditions(), cell.between(*run))
    return _read(db, form, _planned(db, form, question, run).through_index(rows), values(question, now))


def _planned(db: Session, form: Asked, question: Question, run: Range) -> Asked:
    """The form by the index of cells, where few lie in the run or its own index would walk through all there are."""
    if form.own_beyond or not form.plan.index:
        return form
    everything = form.plan.index in _ORDERS and question.since is None and question.until is None
    if not everything and about(db, form.kind, [run]) > FEW:
        return form
    return replace(form, plan=Plan(f"{name(form.kind)}_cell", form.plan.runs))


def _read(db: Session, form: Asked, rows: Select[Any], given: dict[str, Any] | None = None) -> _Found:
    answer = db.connection().execute(rows, given or {})
    return [(at, _group(form.kind, status, category), number) for at, status, category, number in answer]


def _group(kind: IncidentKind, status: str, category: str) -> Group:
    return Group(kind, Status(status) if status else None, category or None)


def _coarser(cell: Any, levels: int) -> ColumnElement[Any]:
    return seen_as(cell.op(">>")(literal_column(str(2 * levels))), BigInteger).label("at")


def _columns(found: _Found) -> Cells:
    """Sums what several queries found of one cell and group."""
    legend = tuple(sorted({group for _, group, _ in found}, key=lambda group: tuple(word or "" for word in group)))
    places = {group: place for place, group in enumerate(legend)}
    rows = np.array([(at, places[group], number) for at, group, number in found], dtype=np.int64).reshape(-1, 3)
    keys = rows[:, 0] * max(len(legend), 1) + rows[:, 1]
    unique, inverse = np.unique(keys, return_inverse=True)
    sums = np.zeros(len(unique), dtype=np.int64)
    np.add.at(sums, inverse, rows[:, 2])
    unique, sums = unique[sums != 0], sums[sums != 0]
    return Cells(*np.divmod(unique, max(len(legend), 1)), sums, legend)


_FIRST: list[ColumnElement[Any]] = [literal_column(place) for place in ("1", "2", "3")]
