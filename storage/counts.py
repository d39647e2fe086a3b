"""How many incidents answer a question: exactly, about, or by area, state and category."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ClauseElement, Executable, Select, func, literal, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

from cases.access import Sight
from cases.incidents import Question
from cases.words import IncidentKind, Status
from storage.asked import Asked, asked, values
from storage.density import every_nth
from storage.rollups.counted import Cut, counted, folded


@dataclass(frozen=True, slots=True)
class Matched:
    """How many incidents answer in all."""

    number: int
    estimated: bool


def count(db: Session, question: Question, sight: Sight, now: datetime) -> Matched:
    """Exactly how many incidents answer the question: milliseconds where roll-ups tell, else whatever it costs."""
    number, given = 0, values(question, now)
    for one in asked(db, question, sight):
        kept = _kept(db, one, question, now)
        number += _counted(db, one, given) if kept is None else kept
    return Matched(number, estimated=False)


def estimate(db: Session, question: Question, sight: Sight, now: datetime, exact_to: int = 10_000) -> Matched:
    """About how many answer: exact (and not marked) where roll-ups tell and up to `exact_to` of each kind, beyond that
    an estimate.

    PostgreSQL's planner is asked; on SQLite a sample of rows is. Either costs milliseconds.
    """
    number, estimated, given = 0, False, values(question, now)
    for one in asked(db, question, sight):
        if (kept := _kept(db, one, question, now)) is not None:
            number += kept
            continue
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
    question = replace(question, kinds=frozenset({IncidentKind.COMPLAINT}))
    found: Counter[tuple[str, str, str]] = Counter()
    for key, sums in counted(db, question, sight, now, Cut(code_length=code_length)).items():
        found[key.area, key.status, key.category] += sums.n
    # Those outside every area come last.
    ordered = sorted(found.items(), key=lambda item: (not item[0][0], *item[0]))
    return [Tally(area or None, Status(status), category, number) for (area, status, category), number in ordered]


def _kept(db: Session, one: Asked, question: Question, now: datetime) -> int | None:
    """How many roll-ups know of; None where they do not answer."""
    found = folded(db, one, question, now, Cut(words=False))
    return None if found is None else sum(sums.n for sums in found.values())


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
