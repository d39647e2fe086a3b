"""How many incidents answer a question: exactly, about, or by area, state and category."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ClauseElement, ColumnElement, Executable, Integer, Select, func, literal, literal_column, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlmodel import col

from cases.access import Sight
from cases.incidents import Question
from cases.words import IncidentKind, Status
from storage.asked import Asked
from storage.tables import Complaint, Photo

_SAMPLE = 4_000


@dataclass(frozen=True, slots=True)
class Matched:
    """How many incidents answer in all."""

    number: int
    estimated: bool


def count(db: Session, question: Question, sight: Sight, now: datetime) -> Matched:
    """Exactly how many incidents answer the question, whatever it costs."""
    asked = (Asked(db, kind, question, sight, now) for kind in question.answering)
    return Matched(sum(_counted(one) for one in asked), estimated=False)


def estimate(db: Session, question: Question, sight: Sight, now: datetime, exact_to: int = 10_000) -> Matched:
    """About how many answer: exact (and not marked) up to `exact_to` of each kind, beyond that an estimate.

    PostgreSQL's planner is asked; on SQLite a sample of rows is. Either costs milliseconds.
    """
    number, estimated = 0, False
    for kind in question.answering:
        asked = Asked(db, kind, question, sight, now)
        found = _counted(asked, exact_to + 1)
        if found > exact_to:
            found, estimated = max(_guessed(asked), exact_to), True
        number += found
    return Matched(number, estimated)


@dataclass(frozen=True, slots=True)
class Tally:
    """So many complaints of one area, state and category. `area` None: outside every area, or of no known place."""

    area: str | None
    status: Status
    category: str
    count: int


def summary(db: Session, question: Question, sight: Sight, now: datetime, code_length: int) -> list[Tally]:
    """Complaints counted by area (the first `code_length` characters of its code), status and category."""
    asked = Asked(db, IncidentKind.COMPLAINT, question, sight, now)
    area = func.substr(col(Complaint.area_code), 1, literal_column(str(int(code_length)), Integer))
    by = (area, col(Complaint.status), col(Complaint.category_code))
    rows = select(*by, func.count()).where(*asked.conditions()).group_by(*by).order_by(*by)
    return [Tally(*row) for row in db.execute(asked.through_index(rows))]


def _counted(asked: Asked, at_most: int | None = None) -> int:
    rows = asked.through_index(select(literal(1)).select_from(asked.table).where(*asked.conditions()))
    return int(asked.db.execute(select(func.count()).select_from(rows.limit(at_most).subquery())).scalar_one())


def _guessed(asked: Asked) -> int:
    if asked.db.get_bind().dialect.name == "postgresql":
        return _planner_rows(asked.db, select(literal(1)).select_from(asked.table).where(*asked.conditions()))
    return _sampled_rows(asked.db, asked.table, asked.conditions())


class _Explained(Executable, ClauseElement):
    """A statement whose plan is asked for, not its rows."""

    inherit_cache = False

    def __init__(self, statement: Select[Any]) -> None:
        self.statement = statement


@compiles(_Explained, "postgresql")
def _explain(element: _Explained, compiler: SQLCompiler, **options: Any) -> str:
    return f"EXPLAIN (FORMAT JSON) {compiler.process(element.statement, **options)}"


def _planner_rows(db: Session, rows: Select[Any]) -> int:
    """The rows that PostgreSQL's planner expects, from the statistics that autovacuum keeps.

    It takes filters for independent of each other: two that go hand in hand are guessed too low.
    """
    return int(db.execute(_Explained(rows)).scalar_one()[0]["Plan"]["Plan Rows"])


def _sampled_rows(db: Session, table: type[Complaint] | type[Photo], conditions: Sequence[ColumnElement[bool]]) -> int:
    """An estimate from every n-th row of an SQLite table, about 4,000 in all (right to a few percent at a half)."""
    rowid: ColumnElement[int] = literal_column(f"{table.__tablename__}.rowid")
    last = int(db.execute(select(func.coalesce(func.max(rowid), 0)).select_from(table)).scalar_one())
    step = max(last // _SAMPLE, 1)
    picked = func.json_each(orjson.dumps(list(range(1, last + 1, step))).decode()).table_valued("value")
    statement = select(func.count()).select_from(table).join(picked, rowid == picked.c.value).where(*conditions)
    return int(db.execute(statement).scalar_one()) * step
