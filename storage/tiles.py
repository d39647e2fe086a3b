"""The rows of one map tile, as columns. A tile is one run of cells, which an index of each kind holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache, reduce
from itertools import compress
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    BigInteger,
    Float,
    Integer,
    Select,
    String,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.access import Sight
from cases.incidents import Question
from cases.words import IncidentKind
from geo.cells import Range
from storage.asked import Asked, asked, values
from storage.columns import NATIVE, NEVER, Column, Form, gathered, read
from storage.density import about
from storage.kind_columns import incident
from storage.kinds import TIMES
from storage.plans import tile_plan

PROPERTIES: Final[Mapping[str, Form]] = {
    "kind": Form.TEXT,
    "reference": Form.TEXT,
    "photo": Form.TEXT,
    "category": Form.TEXT,
    "status": Form.TEXT,
    "agency": Form.TEXT,
    "area": Form.TEXT,
    "time": Form.TIME,
    "due_at": Form.TIME,
    "overdue": Form.FLAG,
    "updated_at": Form.TIME,
    "radius_m": Form.NUMBER,
    "title": Form.TEXT,
    "camera": Form.TEXT,
    "trouble": Form.TEXT,
    "ended_at": Form.TIME,
}
"""What a row can tell of itself on a tile. Whether it is overdue changes without anybody changing it."""

_FAR_MORE = 2
_PLACE: Final = {"lon": Form.NUMBER, "lat": Form.NUMBER}
_UUIDS: Final = frozenset({"photo", "camera"})
_FIRST, _LAST = bindparam("tile_first", type_=BigInteger), bindparam("tile_last", type_=BigInteger)
_LIMIT = bindparam("tile_limit", type_=Integer)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows by columns of equal length: degrees, and the properties that were asked for."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    columns: Mapping[str, Column]

    def __len__(self) -> int:
        """How many rows."""
        return len(self.lon)

    def only(self, which: NDArray[np.bool_]) -> "Rows":
        """Those of the rows."""
        return Rows(self.lon[which], self.lat[which], {name: _only(one, which) for name, one in self.columns.items()})


def _only(column: Column, which: NDArray[np.bool_]) -> Column:
    return column[which] if isinstance(column, np.ndarray) else list(compress(column, which))


def rows(
    db: Session,
    question: Question,
    sight: Sight,
    now: datetime,
    *,
    run: Range,
    names: Sequence[str],
    at_most: int,
) -> Rows | None:
    """The incidents of a tile that answer the question and that `sight` may see, with these of PROPERTIES.

    None if there are more than `at_most`. The order is that of the cells, so that the same rows are the same answer.
    """
    forms = tuple(_by_cell(form) for form in asked(db, question, sight))
    given = values(question, now) | {"tile_first": run[0], "tile_last": run[1], "tile_limit": at_most + 1}
    # Where there are surely too many, they are counted before they are fetched.
    if sum(about(db, form.kind, [run]) for form in forms) > _FAR_MORE * at_most:
        counted = sum(int(db.execute(_counting(form), given).scalar_one()) for form in forms)
        if counted > at_most:
            return None
    wanted = {name: PROPERTIES[name] for name in names}
    connection = db.connection()
    found = [connection.execute(_gathering(form, tuple(wanted)), given).one() for form in forms]
    columns = [_columns(one, [*_PLACE.values(), *wanted.values()]) for one in found]
    if sum(len(one[0]) for one in columns) > at_most:
        return None
    lon, lat, *others = [_one(form, parts) for form, *parts in _turned(columns, [*_PLACE.values(), *wanted.values()])]
    return Rows(np.asarray(lon, np.float64), np.asarray(lat, np.float64), dict(zip(wanted, others, strict=True)))


def _by_cell(form: Asked) -> Asked:
    """The form read by the index of cells; but what an account sees as its own is few by another index."""
    if form.own_beyond:
        return form
    return replace(form, plan=tile_plan(form.dialect, form.kind))


@lru_cache(maxsize=512)
def _counting(form: Asked) -> Select[Any]:
    few = form.through_index(select(literal(1)).select_from(form.table).where(*_conditions(form))).limit(_LIMIT)
    return select(func.count()).select_from(few.subquery())


@lru_cache(maxsize=512)
def _gathering(form: Asked, names: tuple[str, ...]) -> Select[Any]:
    """Each property of all rows as one value."""
    of = _expressions(form)
    wanted = {**_PLACE, **{name: PROPERTIES[name] for name in names}}
    columns = [_kept(of[name], shape, form.dialect, name).label(name) for name, shape in wanted.items()]
    order = (col(form.table.cell), TIMES[form.kind], col(form.table.id))
    each = form.through_index(select(*columns).where(*_conditions(form)).order_by(*order)).limit(_LIMIT).subquery()
    return select(*(gathered(each.c[name], shape, form.dialect) for name, shape in wanted.items()))


def _conditions(form: Asked) -> list[Any]:
    return [*form.conditions(), col(form.table.cell).between(_FIRST, _LAST)]


def _expressions(form: Asked) -> Mapping[str, Any]:
    of = incident(form.kind, form.sight)
    return of | {"photo": of["id"] if form.kind is IncidentKind.PHOTO else null()}


def _kept(value: Any, shape: Form, dialect: str, name: str) -> Any:
    """A value with something that is no value where there is none."""
    match shape:
        case Form.TEXT:
            return _dashed(value, dialect) if name in _UUIDS else type_coerce(value, String)
        case Form.TIME:
            return func.coalesce(type_coerce(value, BigInteger), literal(NEVER, BigInteger))
        case Form.NUMBER:
            return func.coalesce(type_coerce(value, Float), literal(_NOWHERE, Float))
        case Form.FLAG:
            return cast(case((value, 1), else_=0), BigInteger)


_NOWHERE = -1e300  # JSON has no word for "not a number"


def _dashed(value: Any, dialect: str) -> Any:
    """A UUID as people write it."""
    if dialect == "postgresql":
        return cast(value, String)
    text = type_coerce(value, String)
    ends = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
    parts: list[Any] = [func.substr(text, begin, length, type_=String) for begin, length in ends]
    return reduce(lambda front, part: front + "-" + part, parts)


def _columns(row: Sequence[Any], shapes: Sequence[Form]) -> list[Column]:
    return [read(value, shape) for value, shape in zip(row, shapes, strict=True)]


def _turned(found: Sequence[Sequence[Column]], shapes: Sequence[Form]) -> list[tuple[Any, ...]]:
    """Each column's shape, and its parts from every kind."""
    return [(shape, *(one[at] for one in found)) for at, shape in enumerate(shapes)]


def _one(shape: Form, parts: Sequence[Any]) -> Column:
    """The parts of a column together."""
    if shape is Form.TEXT:
        return [text for part in parts for text in part] if len(parts) != 1 else parts[0]
    joined = (np.concatenate(parts) if parts else np.zeros(0)).astype(NATIVE[shape], copy=False)
    return np.where(joined == _NOWHERE, np.nan, joined) if shape is Form.NUMBER else joined
