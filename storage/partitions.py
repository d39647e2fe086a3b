"""The monthly partitions of the tables that grow for ever, on PostgreSQL; SQLite keeps each in one table.

A month is told from the partition key alone: the time in a snapshot's id (UUIDv7), or the column `at`. Rows of a month
that has no partition go into the one for the rest, so that nothing is ever refused; `keep` puts them where they belong.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from storage.database import Database
from storage.errors import DatabaseBusy
from storage.ids import lowest
from storage.tables.types import from_micros, micros

AHEAD: Final = 3
"""Months after the present one that have their partition already: a job that stands still for weeks does no harm."""

_OVER: Final = timedelta(days=7)
"""How long after its end a month is left alone: a row that was on its way then may still come."""

_MOST: Final = 240
"""Months that are made at once at most: a clock that was never set makes no thousand tables."""

_LOCK: Final = 5_720_414_092
"""PostgreSQL's advisory lock that says "somebody changes partitions"; any number that nothing else uses."""

_PATIENCE: Final = "5s"
"""How long a change waits for questions under way. Those that come after it wait behind it: better try again later."""


def _by_id(month: datetime) -> str:
    return f"'{lowest(month)}'"


def _by_time(month: datetime) -> str:
    return str(micros(month))


def _of_id(value: str) -> datetime | None:
    # The first 48 bits; an id that is no UUIDv7 has them by chance, mostly far from our time.
    millis = int(value.replace("-", "")[:12], 16)
    return from_micros(millis * 1000) if millis < 4_102_444_800_000 else None


def _of_time(value: str) -> datetime | None:
    return from_micros(int(value))


@dataclass(frozen=True, slots=True)
class Sliced:
    """A table in months: its partition key, how a month's beginning is written, and which month a key is of.

    `pointing` are the foreign keys to it, as (table, constraint, column).
    """

    table: str
    key: str
    bound: Callable[[datetime], str]
    moment: Callable[[str], datetime | None]
    pointing: tuple[tuple[str, str, str], ...] = ()

    @property
    def rest(self) -> str:
        """The partition for what fits no month."""
        return f"{self.table}_rest"

    def name(self, month: datetime) -> str:
        """The partition of a month, such as `snapshot_2026_11`."""
        return f"{self.table}_{month:%Y_%m}"

    def within(self, month: datetime) -> str:
        """Whether a row is of the month, as SQL."""
        return f"{self.key} >= {self.bound(month)} AND {self.key} < {self.bound(after(month))}"


SLICED: Final = (
    Sliced("snapshot", "id", _by_id, _of_id, (("link", "link_snapshot_id_fk", "snapshot_id"),)),
    Sliced("history", "at", _by_time, _of_time),
    Sliced("camera_history", "at", _by_time, _of_time),
    Sliced("heartbeat", "at", _by_time, _of_time),
)


@dataclass(slots=True)
class Changed:
    """What `keep` did: partitions by name, and how many rows found their month."""

    created: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    moved: int = 0


def month_of(moment: datetime) -> datetime:
    """The beginning of the month, in UTC."""
    return moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def after(month: datetime, count: int = 1) -> datetime:
    """The month so many after this one."""
    number = month.year * 12 + month.month - 1 + count
    return month.replace(year=number // 12, month=number % 12 + 1)


def coming(now: datetime, ahead: int = AHEAD) -> list[datetime]:
    """This month and those after it."""
    return [after(month_of(now), count) for count in range(ahead + 1)]


def keep(database: Database, now: datetime) -> Changed:
    """Makes the months to come, gives a month to rows that have none, and drops months gone by that are empty.

    Each change is a transaction of its own and waits its turn for 5 s at most; two processes may do it at once. Does
    nothing on SQLite. Raises DatabaseBusy when a table stayed in use: what was done stays, the rest is for later.
    """
    told = Changed()
    if database.dialect != "postgresql":
        return told
    for sliced in SLICED:
        for month in coming(now):
            _in_turn(database, lambda db, of=sliced, at=month: _create(db, of, at, told))  # type: ignore[misc]
        for month in _stray(database, sliced):
            _in_turn(database, lambda db, of=sliced, at=month: _create(db, of, at, told))  # type: ignore[misc]
        for name in _past(database, sliced, month_of(now - _OVER)):
            _in_turn(database, lambda db, of=sliced, one=name: _drop(db, of, one, told))  # type: ignore[misc]
    return told


def cover(database: Database, sliced: Sliced, first: datetime, last: datetime) -> None:
    """Makes the months from one moment to another, for rows that are about to come; none on SQLite."""
    month, end = month_of(first), month_of(last)
    if database.dialect != "postgresql" or end > after(month, _MOST):
        return
    while month <= end:
        _in_turn(database, lambda db, at=month: _create(db, sliced, at, Changed()))  # type: ignore[misc]
        month = after(month)


def lacking(db: Session, now: datetime) -> list[str]:
    """The partitions of this month and the next that should be there and are not."""
    wanted = [sliced.name(month) for sliced in SLICED for month in coming(now, 1)]
    there = set(db.scalars(text("SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'")))
    return [name for name in wanted if name not in there]


def _in_turn(database: Database, work: Callable[[Session], None]) -> None:
    try:
        with database.write() as db:
            db.execute(text(f"SET LOCAL lock_timeout = '{_PATIENCE}'"))
            db.execute(text("SET LOCAL statement_timeout = 0"))
            db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            work(db)
    except OperationalError as error:
        if "lock timeout" in str(error.orig):
            raise DatabaseBusy(f"a table of {database.place} stayed in use for {_PATIENCE}; try again") from error
        raise


def _create(db: Session, sliced: Sliced, month: datetime, told: Changed) -> None:
    name = sliced.name(month)
    if db.scalar(text("SELECT to_regclass(:name)"), {"name": name}) is not None:
        return
    bounds = f"FROM ({sliced.bound(month)}) TO ({sliced.bound(after(month))})"
    strays = db.scalar(text(f"SELECT EXISTS (SELECT FROM {sliced.rest} WHERE {sliced.within(month)})"))  # noqa: S608
    if not strays:
        db.execute(text(f"CREATE TABLE {name} PARTITION OF {sliced.table} FOR VALUES {bounds}"))
    else:
        told.moved += _create_of_strays(db, sliced, month, bounds)
    told.created.append(name)


def _create_of_strays(db: Session, sliced: Sliced, month: datetime, bounds: str) -> int:
    """A month whose rows lie among the rest. PostgreSQL takes no partition in while they are there, and lets none go
    that others point to: those foreign keys are made anew after the rows have moved, in the same transaction.
    """
    name = sliced.name(month)
    for table, constraint, _ in sliced.pointing:
        db.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}"))
    db.execute(text(f"LOCK TABLE {sliced.table} IN SHARE ROW EXCLUSIVE MODE"))
    db.execute(text(f"CREATE TABLE {name} (LIKE {sliced.table} INCLUDING ALL)"))
    moving = f"WITH gone AS (DELETE FROM {sliced.rest} WHERE {sliced.within(month)} RETURNING *)"  # noqa: S608
    db.execute(text(f"{moving} INSERT INTO {name} SELECT * FROM gone"))  # noqa: S608
    db.execute(text(f"ALTER TABLE {sliced.table} ATTACH PARTITION {name} FOR VALUES {bounds}"))
    for table, constraint, column in sliced.pointing:
        points = f"FOREIGN KEY ({column}) REFERENCES {sliced.table} ({sliced.key})"
        db.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {points}"))
    return int(db.scalar(text(f"SELECT count(*) FROM {name}")) or 0)  # noqa: S608


def _drop(db: Session, sliced: Sliced, name: str, told: Changed) -> None:
    if db.scalar(text("SELECT to_regclass(:name)"), {"name": name}) is None or _filled(db, name):
        return
    # Looked at again under the lock: nobody can have put a row in since.
    db.execute(text(f"LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE"))
    if not _filled(db, name):
        db.execute(text(f"ALTER TABLE {sliced.table} DETACH PARTITION {name}"))
        db.execute(text(f"DROP TABLE {name}"))
        told.dropped.append(name)


def _filled(db: Session, name: str) -> bool:
    return bool(db.scalar(text(f"SELECT EXISTS (SELECT FROM {name})")))  # noqa: S608


def _stray(database: Database, sliced: Sliced) -> list[datetime]:
    """The months of the rows that lie among the rest, as far as their keys tell one."""
    with database.read() as db:
        if db.scalar(text(f"SELECT EXISTS (SELECT FROM {sliced.rest})")) is False:  # noqa: S608
            return []
        keys: Iterable[str] = db.scalars(text(f"SELECT DISTINCT {sliced.key}::text FROM {sliced.rest}"))  # noqa: S608
        months = {month_of(moment) for moment in map(sliced.moment, keys) if moment is not None}
    return sorted(month for month in months if month.year >= 2000)


def _past(database: Database, sliced: Sliced, month: datetime) -> Sequence[str]:
    """The partitions of months before this one."""
    asked = text(
        "SELECT relname FROM pg_inherits JOIN pg_class ON oid = inhrelid "
        "WHERE inhparent = to_regclass(:table) AND relname < :month AND relname <> :rest ORDER BY relname"
    )
    with database.read() as db:
        return db.scalars(asked, {"table": sliced.table, "month": sliced.name(month), "rest": sliced.rest}).all()
