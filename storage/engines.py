"""How connections to SQLite and PostgreSQL are made, bounded and named, and what their drivers' errors mean."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import TimeoutError
from sqlalchemy.pool import QueuePool

from storage import liveness
from storage.errors import (
    DatabaseBusy,
    DatabaseFull,
    DatabaseGone,
    DatabaseSlow,
    DatabaseUnreachable,
    ReplicaConflict,
)

BUSY_S = 30.0
"""How long a writer waits for its turn on SQLite."""

CONNECT_S = 5

_STATES: Final[Mapping[str, type[DatabaseBusy | DatabaseSlow | DatabaseFull]]] = {
    "57014": DatabaseSlow,
    "40001": ReplicaConflict,
    "53100": DatabaseFull,
    "53300": DatabaseBusy,
}
"""PostgreSQL's words (SQLSTATE) for what is nobody's fault."""

_SAID: Final[Mapping[str, type[DatabaseSlow | DatabaseFull]]] = {
    "interrupted": DatabaseSlow,
    "database or disk is full": DatabaseFull,
}
"""SQLite's."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one process may take of a database.

    `pool` connections at most and half as many again for `Database.ask`; `wait_s` for one of them to come free;
    `statement_s` for one statement, and `read_s` for one that only reads. PostgreSQL shows `name` in pg_stat_activity.
    """

    pool: int = 10
    wait_s: float = 30.0
    statement_s: int = 60
    read_s: int = 60
    name: str = "pantau"

    @property
    def askers(self) -> int:
        """Connections for `ask`."""
        return max(self.pool // 2, 2)


@dataclass(frozen=True, slots=True)
class Engines:
    """The two pools of one database: for transactions, and for single statements that cannot write."""

    engine: Engine
    asking: Engine
    place: str

    def taken(self) -> dict[str, tuple[int, int]]:
        """The connections in use and the most there may be, of each pool."""
        pools = {"transactions": self.engine.pool, "lists": self.asking.pool}
        return {name: (pool.checkedout(), pool.size()) for name, pool in pools.items() if isinstance(pool, QueuePool)}

    def close(self) -> None:
        """Closes every connection that is not in use."""
        self.engine.dispose()
        self.asking.dispose()


def postgresql(address: URL, bounds: Bounds) -> Engines:
    """Engines of a server's database. Nothing is connected yet."""
    from psycopg.pq import Format  # noqa: PLC0415 (a small city on SQLite need not have it)

    connections = pools(address, bounds)
    asking = connections(
        bounds.askers, {"default_transaction_read_only": "on"}, isolation_level="AUTOCOMMIT", pool_reset_on_return=None
    )

    @event.listens_for(asking, "before_cursor_execute")
    def _in_binary(connection: Connection, cursor: Any, *statement: object) -> None:
        # A thousand rows with their places: 2.0 ms against 2.5 ms as text.
        cursor.format = Format.BINARY

    return Engines(connections(bounds.pool, {}), asking, place_of(address))


def pools(address: URL, bounds: Bounds) -> Callable[..., Engine]:
    """What makes pools of connections to this server: `(number, more settings of the server, **how)`."""
    settings = {
        # A generic plan forgets how wide a box is: 113 ms against 6 ms for the same query.
        "plan_cache_mode": "force_custom_plan",
        "timezone": "UTC",
        "statement_timeout": f"{bounds.read_s}s",
    }
    given = address.query.get("options", "")
    name = address.query.get("application_name", bounds.name)

    def connections(number: int, more: Mapping[str, str], **how: Any) -> Engine:
        options = " ".join(f"-c {key}={value}" for key, value in (settings | dict(more)).items())
        engine = create_engine(
            address.set(drivername="postgresql+psycopg").difference_update_query(["options", "application_name"]),
            pool_size=number,
            max_overflow=0,
            pool_timeout=bounds.wait_s,
            pool_recycle=1800,
            connect_args={
                "options": f"{options} {given if isinstance(given, str) else ' '.join(given)}".strip(),
                "application_name": name if isinstance(name, str) else name[0],
                "connect_timeout": CONNECT_S,
                "keepalives_idle": 30,
                "tcp_user_timeout": 30_000,
            },
            **how,
            **shared(),
        )
        liveness.watch(engine)
        translate(engine, place_of(address), bounds)
        return engine

    return connections


def place_of(address: URL) -> str:
    """Where a server's database is, for people: without user and password."""
    return f"{address.host or 'localhost'}:{address.port or 5432}/{address.database}"


def shared() -> dict[str, Any]:
    """What both engines are told. Errors go to logs, where a parameter (a hash, a name) has no business."""
    return {
        "hide_parameters": True,
        "json_serializer": lambda value: orjson.dumps(value).decode(),
        "json_deserializer": orjson.loads,
    }


def translate(engine: Engine, place: str, bounds: Bounds) -> None:
    """Makes the driver's ways of saying "gone", "busy", "full" and "too slow" our own."""

    @event.listens_for(engine, "handle_error")
    def _say(context: ExceptionContext) -> None:
        error = context.original_exception
        # psycopg has kinds of its own below this one, such as a connection that took too long.
        stopped = isinstance(error, context.dialect.loaded_dbapi.OperationalError)
        if stopped and "database is locked" in str(error):
            raise DatabaseBusy(f"the database {place} was busy writing for {BUSY_S:.0f} s; try again") from error
        kind = _STATES.get(getattr(error, "sqlstate", None) or "")
        if kind is ReplicaConflict and "recovery" not in str(error):
            raise DatabaseBusy(f"another wrote the same at the same time on {place}; try again") from error
        if kind is None and stopped:
            kind = _SAID.get(str(error))
        if kind is not None:
            raise kind(_sentence(kind, place, bounds)) from error
        never_came = context.connection is None and stopped
        if never_came or context.is_disconnect:
            # Only the server's first line: psycopg goes on with hints for whoever typed a command.
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            gone = DatabaseUnreachable if never_came else DatabaseGone
            raise gone(f"the database {place} cannot be reached: {reason}") from error


def _sentence(kind: type[DatabaseBusy | DatabaseSlow | DatabaseFull], place: str, bounds: Bounds) -> str:
    if kind is DatabaseSlow:
        return f"a statement took longer than {bounds.read_s} s on {place} and was given up; ask for less"
    if kind is DatabaseFull:
        return f"the disk of the database {place} is full; nothing was changed: make room"
    if kind is ReplicaConflict:
        return f"the replica {place} needed what this question was reading; try again"
    return f"the database {place} takes no more connections; try again"


@contextmanager
def patience(place: str, wait_s: float) -> Iterator[None]:
    """Says in our words that no connection came free in time."""
    try:
        yield
    except TimeoutError:
        raise DatabaseBusy(f"every connection to {place} stayed in use for {wait_s:.0f} s; try again") from None
