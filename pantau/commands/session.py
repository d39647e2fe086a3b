"""What every command needs: the settings, the database, a way to print a table, and who acts."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy.orm import Session

from cases.access import Principal
from cases.words import Role
from ingest.parts import Parts
from pantau.errors import Refused
from pantau.settings import Settings
from pantau.wiring import open_storage
from storage import accounts, migrate
from storage.database import Database
from storage.tables import Account

OPERATOR = Principal(role=Role.ADMINISTRATOR, name="command line")
"""Whoever may run commands on this machine; the audit shows no account."""


def now() -> datetime:
    """The time, aware UTC."""
    return datetime.now(UTC)


def minute(moment: datetime | None) -> str:
    """A time as tables show it: UTC, to the minute; empty for never."""
    return "" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}Z"


@contextmanager
def storage() -> Iterator[Database]:
    """The database with its tables up to date. Raises Refused where they are not."""
    with open_storage(Settings()) as database:
        need_tables(database)
        yield database


def need_tables(database: Database) -> None:
    """Raises Refused unless the tables are those of this Pantau."""
    if migrate.pending(database):
        raise Refused("the tables are not those of this Pantau; run `pantau migrate` first")


def visiting(parts: Parts, settings: Settings) -> Parts:
    """The parts of who visits cameras. A demo's are on this machine, where no others may be, while it runs."""
    if not settings.demo:
        return parts
    from pantau.demo.cameras.beside import known  # noqa: PLC0415 (a city has no use for it)

    return known(parts)


def account(db: Session, login: str) -> Account:
    """The account of this login. Raises Refused."""
    found = accounts.by_login(db, login)
    if found is None:
        raise Refused(f"there is no account {login!r}; `pantau accounts list` shows them")
    return found


def show(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A plain table; where the output is not a terminal, tab-separated lines for other programs."""
    listed = [["" if cell is None else str(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for row in listed:
            typer.echo("\t".join(" ".join(cell.split()) for cell in row))
        return
    table = Table(*titles, box=None, pad_edge=False, header_style="bold")
    for row in listed:
        table.add_row(*(Text(cell) for cell in row))
    Console(highlight=False).print(table)
