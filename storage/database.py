"""The database: sessions for reading and for writing. Only this file commits."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

from sqlalchemy import DateTime, Engine, func, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import PoolProxiedConnection

from storage import engines, sqlite
from storage.asking import ask
from storage.engines import Bounds, Engines, patience
from storage.errors import (
    DatabaseBusy,
    DatabaseGone,
    DatabaseRefused,
    DatabaseUnreachable,
    ReplicaConflict,
    StorageError,
)
from storage.replica import Replica
from storage.sqlite import PATIENT, PREPARES, REBUILDS, WRITES, check_sqlite

__all__ = ["Bounds", "Database", "Session", "check_sqlite", "open_database"]

Dialect = Literal["sqlite", "postgresql"]
T = TypeVar("T")
U = TypeVar("U")

BUSY_S = engines.BUSY_S


class Database:
    """One database, SQLite or PostgreSQL, safe to share between threads. Made by `open_database`."""

    def __init__(self, opened: Engines, dialect: Dialect, bounds: Bounds, replica: Replica | None = None) -> None:
        engine = self.engine = opened.engine
        self.asking: Engine = opened.asking
        """Connections of its own for `ask`, that begin no transactions and cannot write."""
        self.dialect: Dialect = dialect
        self.place = opened.place
        """Where the data is, for people: a path or host/name, without user and password."""
        self.bounds = bounds
        self._opened = opened
        self.replica = replica
        """What answers questions of requests that only ask, while it is well; see storage/replica.py."""
        # SQLite's own waiting polls and is unfair; within one process its writers queue here instead.
        self._turn = threading.Lock() if dialect == "sqlite" else None
        if dialect == "sqlite":
            reading: Engine = engine
            writing: Engine = engine.execution_options(**{WRITES: True})
        else:
            reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            writing = engine
        self._readers = sessionmaker(reading, expire_on_commit=False, autoflush=False)
        self._writers = sessionmaker(writing, expire_on_commit=False)
        self._kept: list[PoolProxiedConnection] = []

    def read(self, *, fresh: bool = False, patient: bool = False) -> AbstractContextManager[Session]:
        """A session on one snapshot of what is committed; a write through it fails on both engines.

        Within `replica.may_lag` it may be some seconds old, unless `fresh`. No statement may take longer than
        `Bounds.read_s`, unless `patient`: for work that nobody waits for at a door; it is always fresh. Raises
        DatabaseUnreachable, DatabaseSlow, or DatabaseBusy when all connections stay taken.
        """
        return self._read_patiently() if patient else self._read(fresh)

    def ask(self, work: Callable[[Session], T], *, fresh: bool = False, patient: bool = False) -> T:
        """What `work` finds through a session in which each statement is a snapshot of its own.

        For questions of one statement, which need no transaction around it: on PostgreSQL that saves three round trips
        of four. A write fails on both engines. Where a connection turns out to be dead, `work` is done once more on a
        fresh one; where the replica broke off, on the primary. `patient` is as for `read`. Raises as `read`.
        """
        if patient:
            return self._ask_patiently(work)
        if not fresh and self.replica is not None and self.replica.chosen():
            try:
                found: T = self.replica.ask(work)
                return found
            except (DatabaseBusy, DatabaseUnreachable) as error:
                self.replica.failed(error)
        try:
            return self._ask(work)
        except DatabaseGone:
            return self._ask(work)

    def write(self) -> AbstractContextManager[Session]:
        """A session in one transaction: committed at the end of the block, rolled back when the block raises.

        Not to be nested: on SQLite the inner one would wait for the outer one. Raises DatabaseUnreachable, or
        DatabaseBusy when the turn to write does not come in BUSY_S.
        """
        return self._write()

    def write_prepared(self, prepare: Callable[[Session], T], write: Callable[[Session, T], U]) -> U:
        """What `write` answers in a transaction of its own, from what `prepare` made of one snapshot before it.

        On SQLite alone, where a long transaction that writes keeps everybody else from writing: `prepare` may take
        minutes, as it writes only temporary tables, which `write` finds there and which are gone afterwards. Others
        write between the two, and what they wrote `write` sees and `prepare` did not. Raises as `write` does.
        """
        assert self.dialect == "sqlite", "PostgreSQL's writers do not wait for a long transaction"
        with patience(self.place, self.bounds.wait_s), closing(sqlite.apart(self.engine)) as connection:
            preparing = connection.execution_options(**{PREPARES: True})
            with Session(preparing, autoflush=False) as session, session.begin():
                prepared = prepare(session)
            writing = connection.execution_options(**{PREPARES: False, WRITES: True})
            with self._my_turn(), Session(writing) as session, session.begin():
                return write(session, prepared)

    @contextmanager
    def rebuild(self) -> Iterator[Session]:
        """A `write` in which tables may be made anew, for migrations only.

        SQLite changes a table by copying it and dropping the old one, which its foreign keys would forbid: they are
        off meanwhile, and checked before the end. Raises DatabaseRefused when a row then points to nothing.
        """
        if self.dialect == "postgresql":
            with self.write() as session:
                yield session
            return
        try:
            with self.write() as session:
                session.connection(execution_options={REBUILDS: True})
                yield session
                if broken := session.execute(text("PRAGMA foreign_key_check")).first():
                    raise DatabaseRefused(f"a row of {broken[0]} would point to no row of {broken[2]}; nothing changed")
        finally:
            # The connection goes with its foreign keys off; nobody else may get it.
            self.engine.dispose()

    @contextmanager
    def _read(self, fresh: bool) -> Iterator[Session]:
        if fresh or self.replica is None or not self.replica.chosen():
            with patience(self.place, self.bounds.wait_s), self._readers() as session:
                yield session
            return
        with self._read_replica(self.replica) as session:
            yield session

    @contextmanager
    def _read_patiently(self) -> Iterator[Session]:
        with self._read(fresh=True) as session:
            if self.dialect == "sqlite":
                session.connection(execution_options={PATIENT: True})
            else:
                session.execute(text("SET LOCAL statement_timeout = 0"))
            yield session

    @contextmanager
    def _read_replica(self, replica: Replica) -> Iterator[Session]:
        """A session on the replica, or on the primary where the replica cannot be had after all."""
        opened = replica.session()
        try:
            session = opened.__enter__()
        except StorageError as error:
            replica.failed(error)
            with self._read(fresh=True) as session:
                yield session
            return
        try:
            yield session
        except BaseException as error:
            if isinstance(error, DatabaseUnreachable | ReplicaConflict):
                replica.failed(error)
            if not opened.__exit__(type(error), error, error.__traceback__):
                raise
        else:
            opened.__exit__(None, None, None)

    def _ask(self, work: Callable[[Session], T]) -> T:
        with patience(self.place, self.bounds.wait_s):
            return ask(self.asking, work)

    def _ask_patiently(self, work: Callable[[Session], T]) -> T:
        if self.dialect == "postgresql":
            with self._read_patiently() as session:
                return work(session)

        def patiently(session: Session) -> T:
            with sqlite.patiently(session.connection()):
                return work(session)

        with patience(self.place, self.bounds.wait_s):
            return ask(self.asking, patiently)

    @contextmanager
    def _write(self) -> Iterator[Session]:
        with self._my_turn(), patience(self.place, self.bounds.wait_s), self._writers.begin() as session:
            if self.dialect == "postgresql" and self.bounds.statement_s != self.bounds.read_s:
                session.execute(text(f"SET LOCAL statement_timeout = '{self.bounds.statement_s}s'"))
            yield session

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        """Nobody else of this process writes to SQLite meanwhile."""
        if self._turn is None:
            yield
            return
        if not self._turn.acquire(timeout=BUSY_S):
            raise DatabaseBusy(f"the database {self.place} was busy writing for {BUSY_S:.0f} s; try again")
        try:
            yield
        finally:
            self._turn.release()

    def version(self) -> str:
        """The engine's own version, such as 3.53.4 or 15.14. Raises DatabaseUnreachable."""
        with self.engine.connect() as connection:
            return ".".join(map(str, connection.dialect.server_version_info or ()))

    def now(self) -> datetime | None:
        """The time on the database's own clock, aware UTC; None for SQLite, which has ours."""
        if self.dialect == "sqlite":
            return None
        with self.read(fresh=True) as db:
            return db.scalar(select(func.clock_timestamp(type_=DateTime(timezone=True))))

    def keep(self) -> Any:
        """A connection of the driver's own beside the pools, which cannot write; it is closed with the database."""
        kept = self.asking.raw_connection()
        kept.detach()
        self._kept.append(kept)
        return kept.dbapi_connection

    def taken(self) -> dict[str, tuple[int, int]]:
        """The connections of this process in use and the most there may be, by pool."""
        found = self._opened.taken()
        if self.replica is not None:
            found |= {f"replica_{name}": number for name, number in self.replica.engines.taken().items()}
        return found

    def close(self) -> None:
        """Closes every connection that is not in use."""
        while self._kept:
            self._kept.pop().close()
        self._opened.close()
        if self.replica is not None:
            self.replica.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def open_database(
    url: str, *, pool: int | None = None, bounds: Bounds | None = None, read_url: str = "", most_lag_s: float = 5.0
) -> Database:
    """Opens `sqlite:////folder/file.db` (made when absent) or `postgresql://user:password@host:port/name`.

    `bounds` is what this process may take of it (`pool` alone is the short word for one of them). `read_url` names a
    streaming replica of the same PostgreSQL, used while it is at most `most_lag_s` behind; it need not be there. Raises
    DatabaseRefused for an address or an SQLite that must not be used, DatabaseUnreachable when there is no way in;
    neither message holds the password.
    """
    taken = bounds or Bounds()
    taken = taken if pool is None else replace(taken, pool=pool)
    address = _address(url)
    kind = address.get_backend_name()
    if kind not in ("sqlite", "postgresql"):
        raise DatabaseRefused(f"{kind} is no database that Pantau keeps its data in; use sqlite or postgresql")
    if read_url and {kind, _address(read_url).get_backend_name()} != {"postgresql"}:
        raise DatabaseRefused("only PostgreSQL has a replica; name two addresses that begin with postgresql://")
    opened = sqlite.sqlite(address, taken) if kind == "sqlite" else engines.postgresql(address, taken)
    following = Replica(read_url, url, taken, most_lag_s) if read_url else None
    database = Database(opened, "sqlite" if kind == "sqlite" else "postgresql", taken, following)
    try:
        with database.engine.connect():
            pass
    except BaseException:
        database.close()
        raise
    return database


def _address(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError:
        raise DatabaseRefused(
            "the database's address cannot be read; write sqlite:////folder/file.db or "
            "postgresql://user:password@host:port/name"
        ) from None
