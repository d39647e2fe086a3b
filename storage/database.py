"""The database: one engine per process, sessions for reading and for writing. Only this file commits."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

import orjson
from sqlalchemy import Connection, DateTime, Engine, create_engine, event, func, select, text
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, TimeoutError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import PoolProxiedConnection, QueuePool

from storage import liveness
from storage.errors import DatabaseBusy, DatabaseGone, DatabaseRefused, DatabaseUnreachable
from storage.spatial import give_functions

__all__ = ["Database", "Session", "check_sqlite", "open_database"]

Dialect = Literal["sqlite", "postgresql"]
T = TypeVar("T")

SAFE_SQLITE = (3, 51, 3)
"""SQLite 3.7.0 to 3.51.2 can corrupt a database when a WAL is reset under concurrent writers (sqlite.org/wal.html)."""

BUSY_S = 30.0
"""How long a writer waits for its turn, and a session for a connection."""

CONNECT_S = 5
STATEMENT_S = 60

_SQLITE_PRAGMAS = (
    f"PRAGMA busy_timeout = {int(BUSY_S * 1000)}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -8000",
    "PRAGMA mmap_size = 268435456",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA journal_size_limit = 67108864",
)

_WRITES, _REBUILDS = "pantau_writes", "pantau_rebuilds"


class Database:
    """One database, SQLite or PostgreSQL, safe to share between threads. Made by `open_database`."""

    def __init__(self, engine: Engine, asking: Engine, dialect: Dialect, place: str) -> None:
        self.engine = engine
        self.asking = asking
        """Connections of its own for `ask`, that begin no transactions and cannot write."""
        self.dialect: Dialect = dialect
        self.place = place
        """Where the data is, for people: a path or host/name, without user and password."""
        # SQLite's own waiting polls and is unfair; within one process its writers queue here instead.
        self._turn = threading.Lock() if dialect == "sqlite" else None
        if dialect == "sqlite":
            reading: Engine = engine
            writing: Engine = engine.execution_options(**{_WRITES: True})
        else:
            reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            writing = engine
        self._readers = sessionmaker(reading, expire_on_commit=False, autoflush=False)
        self._writers = sessionmaker(writing, expire_on_commit=False)
        self._askers = sessionmaker(asking, autoflush=False)
        self._kept: list[PoolProxiedConnection] = []

    def read(self) -> AbstractContextManager[Session]:
        """A session on one snapshot of what is committed; a write through it fails on both engines.

        Raises DatabaseUnreachable, or DatabaseBusy when all connections stay taken.
        """
        return self._read()

    def ask(self, work: Callable[[Session], T]) -> T:
        """What `work` finds through a session in which each statement is a snapshot of its own.

        For questions of one statement, which need no transaction around it: on PostgreSQL that saves three round trips
        of four. A write fails on both engines. Where a connection turns out to be dead, `work` is done once more on a
        fresh one. Raises DatabaseUnreachable, or DatabaseBusy when all connections stay taken.
        """
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
                session.connection(execution_options={_REBUILDS: True})
                yield session
                if broken := session.execute(text("PRAGMA foreign_key_check")).first():
                    raise DatabaseRefused(f"a row of {broken[0]} would point to no row of {broken[2]}; nothing changed")
        finally:
            # The connection goes with its foreign keys off; nobody else may get it.
            self.engine.dispose()

    @contextmanager
    def _read(self) -> Iterator[Session]:
        with _patience(self.place), self._readers() as session:
            yield session

    def _ask(self, work: Callable[[Session], T]) -> T:
        with _patience(self.place), self._askers() as session:
            return work(session)

    @contextmanager
    def _write(self) -> Iterator[Session]:
        if self._turn is not None and not self._turn.acquire(timeout=BUSY_S):
            raise DatabaseBusy(f"the database {self.place} was busy writing for {BUSY_S:.0f} s; try again")
        try:
            with _patience(self.place), self._writers.begin() as session:
                yield session
        finally:
            if self._turn is not None:
                self._turn.release()

    def version(self) -> str:
        """The engine's own version, such as 3.53.4 or 15.14. Raises DatabaseUnreachable."""
        with self.engine.connect() as connection:
            return ".".join(map(str, connection.dialect.server_version_info or ()))

    def now(self) -> datetime | None:
        """The time on the database's own clock, aware UTC; None for SQLite, which has ours."""
        if self.dialect == "sqlite":
            return None
        with self.read() as db:
            return db.scalar(select(func.clock_timestamp(type_=DateTime(timezone=True))))

    def keep(self) -> Any:
        """A connection of the driver's own beside the pools, which cannot write; it is closed with the database."""
        kept = self.asking.raw_connection()
        kept.detach()
        self._kept.append(kept)
        return kept.dbapi_connection

    def close(self) -> None:
        """Closes every connection that is not in use."""
        while self._kept:
            self._kept.pop().close()
        self.engine.dispose()
        self.asking.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def open_database(url: str, *, pool: int = 10) -> Database:
    """Opens `sqlite:////folder/file.db` (made when absent) or `postgresql://user:password@host:port/name`.

    `pool` is the most connections held at once, and half as many again for `ask`. Raises DatabaseRefused for an
    address or an SQLite that must not be used, DatabaseUnreachable when there is no way in; neither message holds the
    password.
    """
    try:
        address = make_url(url)
    except ArgumentError:
        raise DatabaseRefused(
            "the database's address cannot be read; write sqlite:////folder/file.db or "
            "postgresql://user:password@host:port/name"
        ) from None
    kind = address.get_backend_name()
    if kind == "sqlite":
        database = _open_sqlite(address, pool)
    elif kind == "postgresql":
        database = _open_postgresql(address, pool)
    else:
        raise DatabaseRefused(f"{kind} is no database that Pantau keeps its data in; use sqlite or postgresql")
    try:
        with database.engine.connect():
            pass
    except BaseException:
        database.close()
        raise
    return database


def check_sqlite(version: tuple[int, ...]) -> None:
    """Raises DatabaseRefused for an SQLite whose WAL reset can corrupt the database."""
    if version < SAFE_SQLITE:
        has, needs = (".".join(map(str, numbers)) for numbers in (version, SAFE_SQLITE))
        raise DatabaseRefused(
            f"SQLite {has} can corrupt a database in WAL mode; install the locked requirements, whose pysqlite3 "
            f"brings {needs} or later"
        )


def _open_sqlite(address: URL, pool: int) -> Database:
    from pysqlite3 import dbapi2  # noqa: PLC0415 (a city on PostgreSQL need not have it)

    check_sqlite(dbapi2.sqlite_version_info)
    if address.database in (None, "", ":memory:"):
        raise DatabaseRefused("SQLite in memory forgets everything; name a file: sqlite:////folder/file.db")
    path = Path(str(address.database)).absolute()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Names, places and password hashes: for the service's own user only. The -wal and -shm files follow suit.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise DatabaseUnreachable(f"the database {path} cannot be opened: {error.strerror}") from None

    def connections(number: int, *pragmas: str) -> Engine:
        engine = create_engine(
            address.set(drivername="sqlite", database=str(path)),
            module=dbapi2,
            poolclass=QueuePool,
            pool_size=number,
            max_overflow=0,
            pool_timeout=BUSY_S,
            # Transactions are begun below, in the words we choose, and not by the driver.
            connect_args={"check_same_thread": False, "isolation_level": None},
            **_shared(),
        )
        engine.dialect.statement_compiler = _Hinting

        @event.listens_for(engine, "connect")
        def _settle(connection: Any, record: object) -> None:
            cursor = connection.cursor()
            for pragma in (*_SQLITE_PRAGMAS, *pragmas):
                cursor.execute(pragma)
            cursor.close()
            give_functions(connection)

        _translate(engine, str(path))
        return engine

    engine = connections(pool)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql(f"PRAGMA query_only = {0 if writes else 1}")
        if connection.get_execution_options().get(_REBUILDS, False):
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        # A deferred transaction that turns to writing fails at once when another wrote meanwhile.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return Database(engine, connections(_askers(pool), "PRAGMA query_only = 1"), "sqlite", str(path))


class _Hinting(SQLiteCompiler):
    """Writes the index that a query names (`with_hint`): without this SQLAlchemy drops hints for SQLite unsaid."""

    def get_from_hint_text(self, table: Any, text: str | None) -> str | None:
        return text


def _open_postgresql(address: URL, pool: int) -> Database:
    from psycopg.pq import Format  # noqa: PLC0415 (a small city on SQLite need not have it)

    settings = {
        # A generic plan forgets how wide a box is: 113 ms against 6 ms for the same query.
        "plan_cache_mode": "force_custom_plan",
        "timezone": "UTC",
        "statement_timeout": f"{STATEMENT_S}s",
    }
    given = address.query.get("options", "")
    place = f"{address.host or 'localhost'}:{address.port or 5432}/{address.database}"

    def connections(number: int, more: dict[str, str], **how: Any) -> Engine:
        options = " ".join(f"-c {name}={value}" for name, value in (settings | more).items())
        engine = create_engine(
            address.set(drivername="postgresql+psycopg").difference_update_query(["options"]),
            pool_size=number,
            max_overflow=0,
            pool_timeout=BUSY_S,
            pool_recycle=1800,
            connect_args={
                "options": f"{options} {given if isinstance(given, str) else ' '.join(given)}".strip(),
                "application_name": "pantau",
                "connect_timeout": CONNECT_S,
                "keepalives_idle": 30,
                "tcp_user_timeout": 30_000,
            },
            **how,
            **_shared(),
        )
        liveness.watch(engine)
        _translate(engine, place)
        return engine

    asking = connections(
        _askers(pool), {"default_transaction_read_only": "on"}, isolation_level="AUTOCOMMIT", pool_reset_on_return=None
    )

    @event.listens_for(asking, "before_cursor_execute")
    def _in_binary(connection: Connection, cursor: Any, *statement: object) -> None:
        # A thousand rows with their places: 2.0 ms against 2.5 ms as text.
        cursor.format = Format.BINARY

    return Database(connections(pool, {}), asking, "postgresql", place)


def _askers(pool: int) -> int:
    return max(pool // 2, 2)


def _shared() -> dict[str, Any]:
    """What both engines are told. Errors go to logs, where a parameter (a hash, a name) has no business."""
    return {
        "hide_parameters": True,
        "json_serializer": lambda value: orjson.dumps(value).decode(),
        "json_deserializer": orjson.loads,
    }


def _translate(engine: Engine, place: str) -> None:
    """Makes the driver's ways of saying "gone" and "busy" our own."""

    @event.listens_for(engine, "handle_error")
    def _say(context: ExceptionContext) -> None:
        error = context.original_exception
        # psycopg has kinds of its own below this one, such as a connection that took too long.
        stopped = isinstance(error, context.dialect.loaded_dbapi.OperationalError)
        if stopped and "database is locked" in str(error):
            raise DatabaseBusy(f"the database {place} was busy writing for {BUSY_S:.0f} s; try again") from error
        never_came = context.connection is None and stopped
        if never_came or context.is_disconnect:
            # Only the server's first line: psycopg goes on with hints for whoever typed a command.
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            kind = DatabaseUnreachable if never_came else DatabaseGone
            raise kind(f"the database {place} cannot be reached: {reason}") from error


@contextmanager
def _patience(place: str) -> Iterator[None]:
    try:
        yield
    except TimeoutError:
        raise DatabaseBusy(f"every connection to {place} stayed in use for {BUSY_S:.0f} s; try again") from None
