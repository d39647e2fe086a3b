"""What changed since when: the log that triggers write (revision 0009), read without losing a row of it.

On SQLite writers take turns and ids follow commits: a position is the last id. On PostgreSQL a slow transaction commits
what it wrote long ago after others; a position there is the oldest transaction that was still under way, and a reader
keeps the whole snapshot: what it did not hold and today's holds is new, whatever its number or time.
"""

import contextlib
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from storage import facts
from storage.database import Database
from storage.errors import StorageError
from storage.tables import Change
from storage.tables.changes import ChangeKind
from storage.tables.types import from_micros, micros

FACT: Final = "changes"
"""Names this log: a position in that of another database is none in this."""

KEPT = timedelta(hours=30)
"""How long a change can be asked for: longer than an export that was made is kept. The log is pruned once a day."""

STALE_S = 0.25
"""How old what `Changes.version` says may be on PostgreSQL."""

_POSITION = re.compile(r"([0-9a-f]{8})\.(\d{1,18})\.(\d{1,16})")

_SINCE = {
    "sqlite": text(
        "SELECT id, kind, subject, existed FROM change WHERE id > :mark ORDER BY id LIMIT :most",
    ),
    "postgresql": text(
        "SELECT id, kind, subject, existed FROM change WHERE turn >= :mark"
        " AND NOT pg_visible_in_snapshot(turn::text::xid8, CAST(:held AS pg_snapshot))"
        " AND pg_visible_in_snapshot(turn::text::xid8, CAST(:now AS pg_snapshot)) ORDER BY turn, id LIMIT :most"
    ),
}
_ENDS = {
    "sqlite": text("SELECT coalesce(min(id), 0) - 1, coalesce(max(id), 0), '' FROM change"),
    "postgresql": text(
        "SELECT coalesce((SELECT min(turn) FROM change), 0), pg_snapshot_xmin(shot)::text::bigint, shot::text"
        " FROM pg_current_snapshot() AS shot"
    ),
}
_ANY_SINCE = text(
    "SELECT shot::text, EXISTS (SELECT 1 FROM change WHERE turn >= pg_snapshot_xmin(CAST(:held AS pg_snapshot))::text"
    "::bigint AND NOT pg_visible_in_snapshot(turn::text::xid8, CAST(:held AS pg_snapshot)))"
    " FROM pg_current_snapshot() AS shot"
)


class PositionLost(Exception):
    """The log does not go back so far, or it is not this log's position: begin anew."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the log: all before it has been read, and deadlines up to `moment` were looked at.

    `held` is the snapshot that read it, on PostgreSQL, where the position came from reading and not from its text.
    """

    log: str
    mark: int
    moment: datetime
    held: str = ""

    def encode(self) -> str:
        """A short text for a client to keep."""
        return f"{self.log}.{self.mark}.{micros(self.moment) // 1_000_000}"

    @classmethod
    def decode(cls, said: str) -> "Position":
        """The position of a text made by `encode`. Raises PositionLost for any other."""
        found = _POSITION.fullmatch(said)
        if found is None:
            raise PositionLost
        try:
            return cls(found[1], int(found[2]), from_micros(int(found[3]) * 1_000_000))
        except (ValueError, OverflowError):
            raise PositionLost from None


@dataclass(frozen=True, slots=True)
class Note:
    """One row of the log. `existed`: it holds the incident as it was before."""

    id: int
    kind: ChangeKind
    subject: UUID | None
    existed: bool


@dataclass(frozen=True, slots=True)
class Batch:
    """What changed between two positions, in order; `overflow` says that there was more than was asked for."""

    notes: Sequence[Note]
    at: Position
    overflow: bool = False


def here(db: Session, now: datetime) -> Position:
    """The end of the log."""
    _, mark, held = db.execute(_ENDS[_dialect(db)]).one()
    return Position(facts.get(db, FACT) or "", mark, now, held)


def check(db: Session, position: Position) -> None:
    """Raises PositionLost if the log cannot go on from there without a gap."""
    first, last, _ = db.execute(_ENDS[_dialect(db)]).one()
    if position.log != facts.get(db, FACT) or not first <= position.mark <= last:
        raise PositionLost


def after(position: Position, dialect: str) -> ColumnElement[bool]:
    """Whether a row of the log became visible after the position. On PostgreSQL, where the position comes from its
    text, also some that did just before.
    """
    if dialect == "sqlite":
        return col(Change.id) > position.mark
    return col(Change.turn) >= position.mark


def since(db: Session, position: Position, now: datetime, most: int) -> Batch:
    """What became visible after the position, at most `most` changes of it. To be called in one snapshot or none."""
    dialect = _dialect(db)
    _, mark, shot = db.execute(_ENDS[dialect]).one()
    held = position.held or f"{position.mark}:{position.mark}:"
    given = {"mark": position.mark, "held": held, "now": shot, "most": most + 1}
    if dialect == "sqlite":
        given = {"mark": position.mark, "most": most + 1}
    notes = [
        Note(row[0], ChangeKind(row[1]), _uuid(row[2]), bool(row[3])) for row in db.execute(_SINCE[dialect], given)
    ]
    if dialect == "sqlite" and notes:
        mark = max(mark, notes[-1].id)
    return Batch(notes[:most], replace(position, mark=mark, held=shot, moment=now), overflow=len(notes) > most)


def prune(db: Session, now: datetime) -> None:
    """Forgets what is older than KEPT but the newest of it, by which positions after it are known to be whole."""
    order = col(Change.turn) if _dialect(db) == "postgresql" else col(Change.id)
    old = select(func.max(order)).where(col(Change.at) < micros(now - KEPT))
    db.execute(delete(Change).where(order < old.scalar_subquery()))


class Changes:
    """Whether anything about any incident changed, for caches. One per process, safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._version = time.time_ns()
        self._held = ""
        self._looked = 0.0
        self._kept: Any = None
        self._data_version = -1

    def version(self) -> int:
        """A number that differs whenever an incident may have changed, by whichever process; only to be compared within
        this one. On SQLite it is never stale, on PostgreSQL at most STALE_S.

        While the database cannot be reached it stays as it was.
        """
        with self._lock, contextlib.suppress(StorageError):
            if self._database.dialect == "sqlite":
                self._look_at_file()
            elif time.monotonic() - self._looked >= STALE_S:
                self._ask()
        return self._version

    @property
    def asks(self) -> bool:
        """Whether the next `version` asks a server, which an event loop must not wait for."""
        return self._database.dialect != "sqlite" and time.monotonic() - self._looked >= STALE_S

    def _look_at_file(self) -> None:
        """SQLite tells in 2 us whether anybody committed anything, and then the last id whether it matters to us."""
        if self._kept is None:
            self._kept = self._database.keep()
        found = self._number("PRAGMA data_version")
        if found == self._data_version:
            return
        self._data_version = found
        self._version = self._number("SELECT coalesce(max(id), 0) FROM change")

    def _number(self, query: str) -> int:
        # All rows, so that the query is over: one that is still open would go on seeing what was.
        ((found,),) = self._kept.execute(query).fetchall()
        return int(found)

    def _ask(self) -> None:
        held = self._held or "1:1:"
        now, changed = self._database.ask(lambda db: db.execute(_ANY_SINCE, {"held": held}).one(), fresh=True)
        self._looked = time.monotonic()
        if changed or not self._held:
            self._version += 1
        self._held = now


def _dialect(db: Session) -> str:
    return db.get_bind().dialect.name


def _uuid(value: Any) -> UUID | None:
    return value if value is None or isinstance(value, UUID) else UUID(value)
