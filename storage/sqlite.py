"""SQLite: how its file is opened, what its connections are told, and in which words their transactions begin."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.engine import URL
from sqlalchemy.pool import QueuePool

from storage.engines import BUSY_S, Bounds, Engines, shared, translate
from storage.errors import DatabaseRefused, DatabaseUnreachable
from storage.spatial import give_functions

SAFE: Final = (3, 51, 3)
"""SQLite 3.7.0 to 3.51.2 can corrupt a database when a WAL is reset under concurrent writers (sqlite.org/wal.html)."""

WRITES, REBUILDS, PREPARES, PATIENT = "pantau_writes", "pantau_rebuilds", "pantau_prepares", "pantau_patient"
"""Options of an execution: that its transaction writes; that it may break foreign keys meanwhile; that it reads, and
writes temporary tables only; that it reads for as long as it takes.
"""

_WAITS: Final = f"PRAGMA busy_timeout = {int(BUSY_S * 1000)}"
_WAL: Final = "PRAGMA journal_mode = WAL"
_WAL_AGAIN_S: Final = 0.01
_PRAGMAS: Final = (
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -8000",
    "PRAGMA mmap_size = 268435456",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA journal_size_limit = 67108864",
)

_APART: Final = (
    # What is prepared for a transaction may be much: sorted and kept in files, it costs the process no more than this.
    "PRAGMA temp_store = FILE",
    "PRAGMA temp.cache_size = -16000",
    "PRAGMA mmap_size = 0",
)


def check_sqlite(version: tuple[int, ...]) -> None:
    """Raises DatabaseRefused for an SQLite whose WAL reset can corrupt the database."""
    if version < SAFE:
        has, needs = (".".join(map(str, numbers)) for numbers in (version, SAFE))
        raise DatabaseRefused(
            f"SQLite {has} can corrupt a database in WAL mode; install the locked requirements, whose pysqlite3 "
            f"brings {needs} or later"
        )


def sqlite(address: URL, bounds: Bounds) -> Engines:
    """Engines of a file, which is made when it is absent. Raises DatabaseRefused, DatabaseUnreachable."""
    from pysqlite3 import dbapi2  # noqa: PLC0415 (a city on PostgreSQL need not have it)

    from storage import limits  # noqa: PLC0415

    check_sqlite(dbapi2.sqlite_version_info)
    path = _file(address)

    def connections(number: int, *pragmas: str) -> Engine:
        engine = create_engine(
            address.set(drivername="sqlite", database=str(path)),
            module=dbapi2,
            poolclass=QueuePool,
            pool_size=number,
            max_overflow=0,
            pool_timeout=bounds.wait_s,
            # Transactions are begun below, in the words we choose, and not by the driver.
            connect_args={"check_same_thread": False, "isolation_level": None, "factory": limits.Connection},
            **shared(),
        )
        engine.dialect.statement_compiler = _Hinting

        @event.listens_for(engine, "connect")
        def _settle(connection: Any, record: object) -> None:
            _tell(connection, _WAITS)
            _into_wal(connection, dbapi2.OperationalError)
            _tell(connection, *_PRAGMAS, *pragmas)
            give_functions(connection)
            connection.seconds = bounds.read_s

        translate(engine, str(path), bounds)
        return engine

    engine = connections(bounds.pool)
    event.listen(engine, "begin", partial(_begin, bounds.read_s))
    return Engines(engine, connections(bounds.askers, "PRAGMA query_only = 1"), str(path))


def apart(engine: Engine) -> Connection:
    """A connection that is in no pool: closed, it and its temporary tables are gone."""
    connection = engine.connect()
    try:
        connection.detach()
        _tell(_raw(connection), *_APART)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def patiently(connection: Connection) -> Iterator[None]:
    """Lets the statements of this connection take as long as they like meanwhile."""
    raw = _raw(connection)
    usual, raw.seconds = raw.seconds, None
    try:
        yield
    finally:
        raw.seconds = usual


def _raw(connection: Connection) -> Any:
    """The driver's connection, a `storage.limits.Connection`."""
    return connection.connection.dbapi_connection


def _into_wal(connection: Any, failed: type[Exception]) -> None:
    """Turns the file to a WAL, or finds it turned. Of two who turn a new file at once SQLite refuses one, and does not
    let it wait for the other as it does elsewhere.
    """
    deadline = time.monotonic() + BUSY_S
    while True:
        try:
            _tell(connection, _WAL)
        except failed as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(_WAL_AGAIN_S)
        else:
            return


def _tell(connection: Any, *pragmas: str) -> None:
    cursor = connection.cursor()
    for pragma in pragmas:
        cursor.execute(pragma)
    cursor.close()


def _file(address: URL) -> Path:
    if address.database in (None, "", ":memory:"):
        raise DatabaseRefused("SQLite in memory forgets everything; name a file: sqlite:////folder/file.db")
    path = Path(str(address.database)).absolute()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Names, places and password hashes: for the service's own user only. The -wal and -shm files follow suit.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise DatabaseUnreachable(f"the database {path} cannot be opened: {error.strerror}") from None
    return path


def _begin(read_s: float, connection: Connection) -> None:
    options = connection.get_execution_options()
    writes, prepares, patient = (options.get(name, False) for name in (WRITES, PREPARES, PATIENT))
    _raw(connection).seconds = None if writes or prepares or patient else read_s
    connection.exec_driver_sql(f"PRAGMA query_only = {0 if writes or prepares else 1}")
    if options.get(REBUILDS, False):
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    if PREPARES in options:
        _guard(connection, guarded=prepares)
    # A deferred transaction that turns to writing fails at once when another wrote meanwhile.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _guard(connection: Connection, *, guarded: bool) -> None:
    """Lets nothing but temporary tables be written; `query_only` would forbid those too."""
    driver: Any = connection.dialect.loaded_dbapi
    changes = (driver.SQLITE_INSERT, driver.SQLITE_UPDATE, driver.SQLITE_DELETE)

    def authorised(action: int, one: object, other: object, place: str | None, trigger: object) -> int:
        return int(driver.SQLITE_DENY if action in changes and place == "main" else driver.SQLITE_OK)

    _raw(connection).set_authorizer(authorised if guarded else None)


class _Hinting(SQLiteCompiler):
    """Writes the index that a query names (`with_hint`): without this SQLAlchemy drops hints for SQLite unsaid."""

    def get_from_hint_text(self, table: Any, text: str | None) -> str | None:
        return text
