"""What every command needs: the settings, the database, a way to print a table, and who acts."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import typer
from rich.console import Console
from rich.table import Table

from cases.access import Principal
from cases.words import Role
from pantau.settings import Settings
from pantau.wiring import open_storage
from storage import migrate
from storage.database import Database

OPERATOR = Principal(role=Role.ADMINISTRATOR, name="command line")
"""Whoever may run commands on this machine; the audit shows no account."""

_console = Console(highlight=False)


def now() -> datetime:
    """The time, aware UTC."""
    return datetime.now(UTC)


@contextmanager
def storage() -> Iterator[Database]:
    """The database with its tables up to date; a clear word and exit 1 where they are not."""
    settings = Settings()
    database = open_storage(settings)
    try:
        if migrate.pending(database):
            typer.echo("The tables are not those of this Pantau. Run `pantau migrate` first.", err=True)
            raise typer.Exit(1)
        yield database
    finally:
        database.close()


def show(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A plain table; where the output is not a terminal, tab-separated lines for other programs."""
    listed = [["" if cell is None else str(cell) for cell in row] for row in rows]
    if not _console.is_terminal:
        for row in listed:
            typer.echo("\t".join(row))
        return
    table = Table(*titles, box=None, pad_edge=False, header_style="bold")
    for row in listed:
        table.add_row(*row)
    _console.print(table)
