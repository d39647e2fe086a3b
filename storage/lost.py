"""Whether something that was seen is not to be seen any more: deleted, confidential now, or beyond a sight.

The log of changes holds every incident as it was before each write, whoever wrote: what it holds that answered a
question, and does not exist for the sight today, is lost to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.access import Sight
from cases.incidents import Question
from cases.words import IncidentKind
from storage import changed, changes
from storage.asked import Asked, asked, values
from storage.changes import Position, PositionLost
from storage.incidents import COLUMNS
from storage.kinds import TABLES
from storage.tables import Change
from storage.tables.changes import ChangeKind

_CLOCKS: Final = timedelta(minutes=1)
"""By how much the clocks of two machines may differ."""

_ID: Final = COLUMNS.index("id")


@dataclass(frozen=True, slots=True)
class Taken:
    """What answered a question and existed for a sight, read after the position in the log and before `until`."""

    question: Question
    sight: Sight
    position: Position
    until: datetime


def any_lost(db: Session, taken: Taken, now: datetime) -> bool:
    """Whether anything of it exists for the sight no more.

    Where that cannot be told (the log does not go back so far, or something changed that decides about many) it may be:
    true. To be asked on one snapshot (`Database.read`).
    """
    try:
        changes.check(db, taken.position)
    except PositionLost:
        return True
    question, sight = taken.question, taken.sight
    if changed.unsettled(_deciding(db, taken.position), question, sight):
        return True
    # What was late then is not known now, and words are not in the log: rather too much than too little.
    was = replace(question, kinds=frozenset(question.answering), overdue=None, text="", filter=None, among=None)
    return any(_any_lost(db, form, replace(taken, question=was), now) for form in asked(db, was, sight))


def _deciding(db: Session, position: Position) -> set[ChangeKind]:
    """What changed that decides who sees many incidents."""
    kinds = select(col(Change.kind)).distinct().where(col(Change.kind).in_([ChangeKind.CATALOGUE, ChangeKind.SHARING]))
    return set(db.scalars(kinds.where(changes.after(position, db.get_bind().dialect.name))))


def _any_lost(db: Session, form: Asked, taken: Taken, now: datetime) -> bool:
    rows = changed.as_it_was(form, changes.after(taken.position, form.dialect))
    answered = {_uuid(row[0]) for row in db.connection().execute(rows, values(taken.question, now))}
    every = Question(kinds=frozenset({form.kind}))
    for some in changed.parts(sorted(answered)):
        seen = {_uuid(row[_ID]) for row in changed.answering(db, every, taken.sight, some, now)}
        gone = [one for one in some if one not in seen]
        if gone and len(gone) > len(_newer(db, form.kind, gone, taken.until)):
            return True
    return False


def _newer(db: Session, kind: IncidentKind, ids: Sequence[UUID], than: datetime) -> Sequence[UUID]:
    """Those of the incidents that surely came later. An outage does not tell when it was noted down."""
    table: Any = TABLES[kind]
    if kind is IncidentKind.OUTAGE:
        return []
    return db.scalars(select(table.id).where(table.id.in_(ids), table.received_at > than + _CLOCKS)).all()


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))
