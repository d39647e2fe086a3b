"""The least that a question about incidents can cost: its own SQL, by the plain driver, fetched and dropped."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
from pysqlite3 import dbapi2
from sqlalchemy import event, select
from sqlalchemy.engine import make_url

from api.questions import Paged
from cases.access import PUBLIC, Principal, sight
from cases.words import Role
from storage import incidents
from storage.database import Database, Session
from storage.tables import Complaint
from storage.tables.types import micros

COMMAND = Principal(account_id=UUID(int=1), role=Role.COMMAND)

Statement = tuple[str, Any]


def statement(database: Database, query: dict[str, str], *, public: bool) -> Statement:
    """The SQL and parameters that fetch the rows of this query."""
    asked = Paged.model_validate(query).question(ZoneInfo("Asia/Jakarta"))
    seen = sight(PUBLIC if public else COMMAND)
    return last_statement(database, lambda db: incidents.within(db, asked, seen, datetime.now(UTC)))


def last_statement(database: Database, work: Callable[[Session], object]) -> Statement:
    """The last SQL that some work asks, with its parameters."""
    seen: list[Statement] = []

    def note(connection: Any, cursor: Any, sql: str, parameters: Any, context: Any, many: bool) -> None:
        seen.append((sql, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        with database.read() as db:
            work(db)
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    return seen[-1]


def cursor_at(database: Database, row: int) -> tuple[int, UUID]:
    """Sort key and id of the complaint that is so many rows from the newest."""
    key = (Complaint.opened_at.desc(), Complaint.id.desc())  # type: ignore[attr-defined]
    with database.read() as db:
        opened, id_ = db.execute(select(Complaint.opened_at, Complaint.id).order_by(*key).offset(row).limit(1)).one()  # type: ignore[call-overload]
    return micros(opened), id_


@contextmanager
def floor(url: str) -> Iterator[Callable[[Statement], int]]:
    """Runs statements on one kept connection, tuned as the service's own; gives how many rows came."""
    with connected(url) as connection:
        yield lambda one: len(connection.execute(*one).fetchall())


@contextmanager
def connected(url: str) -> Iterator[Any]:
    """One kept connection of the plain driver, tuned as the service's own."""
    address = make_url(url)
    connection: Any
    if address.get_backend_name() == "sqlite":
        connection = dbapi2.connect(address.database, isolation_level=None)
        connection.execute("PRAGMA mmap_size = 268435456")
    else:
        plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
        connection = psycopg.connect(plain, autocommit=True, options="-c plan_cache_mode=force_custom_plan")
    try:
        yield connection
    finally:
        connection.close()
