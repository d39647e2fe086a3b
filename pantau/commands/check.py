"""`pantau check`: is all well?"""

from typing import Annotated

import typer

from ingest import health
from pantau.commands.session import now
from pantau.settings import Settings
from pantau.wiring import kept_keys, open_storage, open_store


def check(
    vital: Annotated[
        bool,
        typer.Option("--vital", help="Only what a server cannot work without: database, migrations, blobs."),
    ] = False,
) -> None:
    """Say whether this installation is healthy.

    Looks at database, migrations, blobs, areas, jobs, roll-ups, keys, disk and clock. Exit code 0 when all is well, 1
    when something needs a person.
    """
    settings = Settings()
    installation = health.Installation(
        lambda: open_storage(settings), lambda: open_store(settings), now, lambda: kept_keys(settings)
    )
    found = health.vital(installation) if vital else health.checks(installation)
    for one in found:
        typer.echo(f"{'ok  ' if one.ok else 'FAIL'}  {one.name:<10}  {one.detail}")
    installation.close()
    raise typer.Exit(0 if health.healthy(found) else 1)
