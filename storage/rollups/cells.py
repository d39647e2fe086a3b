"""Incidents counted by cell of a grid, for maps of more than can be drawn one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    Subquery,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy import type_coerce as seen_as
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.access import Sight
from cases.incidents import Question
from cases.words import IncidentKind, Status
from geo.cells import ZOOM, Range
from storage.asked import Asked, asked, values
from storage.columns import Form, gathered, read
from storage.density import about
from storage.plans import FEW, tile_plan
from storage.rollups.counted import group_words, of_group, own_beyond, tells
from storage.rollups.fold import offset
from storage.rollups.grains import CELL_LEVELS
from storage.tables import Complaint, RollupCell, RollupDelta, RollupGroup

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
    found: list[Cells] = []
    built = level <= CELL_LEVELS[0] and offset(db) is not None
    for form in asked(db, question, sight):
        if built and _kept(form, question):
            found += _from_rollups(db, form, question, now, level=level, run=run)
        else:
            found.append(_from_rows(db, form, question, now, level=level, run=run))
    return _summed(found)


def _kept(form: Asked, question: Question) -> bool:
    untimed = question.since is None and question.until is None
    nowhere = question.area is None and form.sight.area_code is None
    return untimed and nowhere and not form.own_beyond and tells(form, question)


def _from_rollups(
    db: Session, form: Asked, question: Question, now: datetime, *, level: int, run: Range
) -> Iterator[Cells]:
    kept = min(one for one in CELL_LEVELS if one >= level)
    shift = 2 * (ZOOM - kept)
    ends = {"noted_first": run[0], "noted_last": run[1], "cell_first": run[0] >> shift, "cell_last": run[1] >> shift}
    found = _Read(db.connection().execute(_gathering(form, kept, level), ends).one())
    at, group, number = found.numbers(), found.numbers(), found.numbers()
    ids, legend = found.numbers(), found.groups(form.kind)
    order = np.argsort(ids)
    yield Cells(at, order[np.searchsorted(ids[order], group)], number, legend)
    at, number, legend = found.numbers(), found.numbers(), found.groups(form.kind)
    yield Cells(at, np.arange(len(at)), number, legend)
    if (beyond := own_beyond(form, question)) is not None:
        yield _from_rows(db, beyond, question, now, level=level, run=run)


class _Read:
    """A row of whole columns, read from the left."""

    def __init__(self, row: Sequence[Any]) -> None:
        self._values = iter(row)

    def numbers(self) -> NDArray[np.int64]:
        """The next column."""
        return np.asarray(read(next(self._values), Form.COUNT), np.int64)

    def groups(self, kind: IncidentKind) -> tuple[Group, ...]:
        """The next two columns, states and categories."""
        status, category = (read(next(self._values), Form.TEXT) for _ in range(2))
        return tuple(_group(kind, str(one), str(other)) for one, other in zip(status, category, strict=True))


@lru_cache(maxsize=512)
def _gathering(form: Asked, kept: int, level: int) -> Select[Any]:
    """All that is known of these cells, in one row: cells, groups and counts as kept; the groups' numbers and words;
    and what is noted besides. One statement, as a question to a server takes longer than its answer.
    """
    words = group_words(form, form.question)
    cell, group, number = col(RollupCell.cell), col(RollupCell.group_id), col(RollupCell.n)
    rows: Any = select(cell.label("at"), group.label("of"), number.label("number"))
    if kept != level:
        rows = select(_coarser(cell, kept - level), group.label("of"), func.sum(number).label("number"))
        rows = rows.group_by(*_FIRST[:2])
    among = group.in_(words.with_only_columns(col(RollupGroup.id)))
    rows = rows.where(col(RollupCell.level) == kept, cell.between(*_ENDS), among)
    parts = [
        _whole(form, rows, Form.COUNT, Form.COUNT, Form.COUNT),
        _whole(form, words, Form.COUNT, Form.TEXT, Form.TEXT),
        _whole(form, _noted(form, level), Form.COUNT, Form.COUNT, Form.TEXT, Form.TEXT),
    ]
    joined: Any = parts[0]
    for part in parts[1:]:
        joined = joined.join(part, true())
    return select(*(column for part in parts for column in part.c)).select_from(joined)


def _whole(form: Asked, rows: Select[Any], *shapes: Form) -> Subquery:
    """The first columns of these rows, each as one value."""
    each = rows.subquery()
    columns = [
        gathered(cast(column, BigInteger) if shape is Form.COUNT else column, shape, form.dialect)
        for column, shape in zip(list(each.c)[: len(shapes)], shapes, strict=True)
    ]
    return select(*(column.label(f"column_{at}") for at, column in enumerate(columns))).subquery()


def _noted(form: Asked, level: int) -> Select[Any]:
    cell, number = col(RollupDelta.cell), func.sum(col(RollupDelta.sign))
    words = (col(RollupDelta.status), col(RollupDelta.category_code))
    found: Any = select(_coarser(cell, ZOOM - level), number.label("number"), *words)
    found = found.group_by(_FIRST[0], *words)
    return found.where(cell.between(*_NOTED), *of_group(RollupDelta, form, form.question))  # type: ignore[no-any-return]


def _from_rows(db: Session, form: Asked, question: Question, now: datetime, *, level: int, run: Range) -> Cells:
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
    return replace(form, plan=replace(tile_plan(form.dialect, form.kind), runs=form.plan.runs))


def _read(db: Session, form: Asked, rows: Select[Any], given: dict[str, Any]) -> Cells:
    legend: dict[tuple[str, str], int] = {}
    answer = db.connection().execute(rows, given).fetchall()
    groups = [legend.setdefault((status, category), len(legend)) for _, status, category, _ in answer]
    at, number = ([row[place] for row in answer] for place in (0, 3))
    columns = [np.array(column, dtype=np.int64) for column in (at, groups, number)]
    return Cells(columns[0], columns[1], columns[2], tuple(_group(form.kind, *words) for words in legend))


def _group(kind: IncidentKind, status: str, category: str) -> Group:
    return Group(kind, Status(status) if status else None, category or None)


def _coarser(cell: Any, levels: int) -> ColumnElement[Any]:
    return seen_as(cell.op(">>")(literal_column(str(2 * levels))), BigInteger).label("at")


def _summed(found: Sequence[Cells]) -> Cells:
    """What several queries found of one cell and group together, the groups in order."""
    every = {group for one in found for group in one.legend}
    legend = tuple(sorted(every, key=lambda group: tuple(word or "" for word in group)))
    places = {group: place for place, group in enumerate(legend)}
    keys, counts = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for one in found:
        mine = np.array([places[group] for group in one.legend], dtype=np.int64)
        keys.append(one.cells * len(legend) + mine[one.groups])
        counts.append(one.counts)
    unique, inverse = np.unique(np.concatenate(keys), return_inverse=True)
    # Exact as long as there are fewer than 2 to the power of 53 of anything.
    sums = np.bincount(inverse, np.concatenate(counts), len(unique)).astype(np.int64)
    unique, sums = unique[sums != 0], sums[sums != 0]
    at, group = np.divmod(unique, max(len(legend), 1))
    return Cells(at, group, sums, legend)


_ENDS = (bindparam("cell_first", type_=BigInteger), bindparam("cell_last", type_=BigInteger))
_NOTED = (bindparam("noted_first", type_=BigInteger), bindparam("noted_last", type_=BigInteger))
_FIRST: list[ColumnElement[Any]] = [literal_column(place) for place in ("1", "2", "3")]
