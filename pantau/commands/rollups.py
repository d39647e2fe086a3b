"""`pantau rollups`: the counts that are kept beside the rows."""

import time
from zoneinfo import ZoneInfo

import typer

from pantau.commands.session import now, storage
from pantau.errors import Refused
from pantau.settings import Settings
from storage.rollups import check
from storage.rollups.rebuild import rebuild as count_anew

app = typer.Typer(help="Counts kept beside the rows, for maps, trends and summaries.", no_args_is_help=True)


@app.command("rebuild")
def rebuild() -> None:
    """Count everything anew.

    Needed after rows were loaded with the database's triggers switched off, or if `pantau rollups check` finds a
    difference. Others read and write meanwhile; answers stay exact.
    """
    began = time.perf_counter()
    with storage() as database:
        count_anew(database, ZoneInfo(Settings().timezone), now())
    typer.echo(f"counted anew in {time.perf_counter() - began:.1f} s")


@app.command("check")
def check_all() -> None:
    """Hold every count to the rows and say what differs. The exit code is 1 if anything does."""
    with storage() as database:
        with database.read() as db:
            waiting = check.state(db).waiting
        found = list(check.differences(database))
    for difference in found:
        typer.echo(difference, err=True)
    if found:
        raise Refused("the roll-ups differ from the rows as told above: `pantau rollups rebuild` counts anew")
    typer.echo(f"every count is what the rows say; {waiting} changes wait to be folded in")
