"""How many incidents answer a question: exactly, about, or by area, state and category."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ClauseElement, Executable, Integer, Select, func, literal, literal_column, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlmodel import col

from cases.access import Sight
from cases.incidents import Question
from cases.words import IncidentKind, Status
from storage.asked import Asked, asked, values
from storage.density import every_nth
from storage.tables import Complaint


@dataclass(frozen=True, slots=True)
class Matched:
    """How many incidents answer in all."""

    number: int
    estimated: bool


def count(db: Session, question: Question, sight: Sight, now: datetime) -> Matched:
    """Exactly how many incidents answer the question, whatever it costs."""
    given = values(question, now)
    return Matched(sum(_counted(db, one, given) for one in asked(db, question, sight)), estimated=False)


def estimate(db: Session, question: Question, sight: Sight, now: datetime, exact_to: int = 10_000) -> Matched:
    """About how many answer: exact (and not marked) up to `exact_to` of each kind, beyond that an estimate.

    PostgreSQL's planner is asked; on SQLite a sample of rows is. Either costs milliseconds.
    """
    number, estimated, given = 0, False, values(question, now)
    for one in asked(db, question, sight):
        found = _counted(db, one, given, exact_to + 1)
        if found > exact_to:
            found, estimated = max(_guessed(db, one, given), exact_to), True
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
    found: Counter[tuple[Any, ...]] = Counter()
    code = func.substr(col(Complaint.area_code), 1, literal_column(str(int(code_length)), Integer))
    by = (code, col(Complaint.status), col(Complaint.category_code))
    for one in asked(db, replace(question, kinds=frozenset({IncidentKind.COMPLAINT})), sight):
        rows = one.through_index(select(*by, func.count()).where(*one.conditions()).group_by(*by))
        for *group, number in db.execute(rows, values(question, now)):
            found[tuple(group)] += number
    # Those outside every area come last.
    ordered = sorted(found.items(), key=lambda item: (item[0][0] is None, item[0][0] or "", *item[0][1:]))
    return [Tally(area, status, category, number) for (area, status, category), number in ordered]


def _counted(db: Session, one: Asked, given: dict[str, Any], at_most: int | None = None) -> int:
    rows = one.through_index(select(literal(1)).select_from(one.table).where(*one.conditions()))
    return int(db.execute(select(func.count()).select_from(rows.limit(at_most).subquery()), given).scalar_one())


def _guessed(db: Session, one: Asked, given: dict[str, Any]) -> int:
    if one.dialect == "postgresql":
        return _planner_rows(db, select(literal(1)).select_from(one.table).where(*one.conditions()), given)
    rows, each = every_nth(db, one.table, func.count())
    return round(int(db.execute(rows.where(*one.conditions()), given).scalar_one()) * each)


class _Explained(Executable, ClauseElement):
    """A statement whose plan is asked for, not its rows."""

    inherit_cache = False

    def __init__(self, statement: Select[Any]) -> None:
        self.statement = statement


@compiles(_Explained, "postgresql")
def _explain(element: _Explained, compiler: SQLCompiler, **options: Any) -> str:
    return f"EXPLAIN (FORMAT JSON) {compiler.process(element.statement, **options)}"


def _planner_rows(db: Session, rows: Select[Any], given: dict[str, Any]) -> int:
    """The rows that PostgreSQL's planner expects, from the statistics that autovacuum keeps.

    It takes filters for independent of each other: two that go hand in hand are guessed too low.
    """
    return int(db.execute(_Explained(rows), given).scalar_one()[0]["Plan"]["Plan Rows"])
