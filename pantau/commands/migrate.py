"""`pantau migrate`: the tables."""

import typer

from pantau.settings import Settings
from pantau.wiring import open_storage
from storage import migrate as tables


def migrate() -> None:
    """Bring the tables up to date.

    Harmless when they are; safe while other processes do the same. There is no way back but the backup made before.
    """
    if not bring_up_to_date(Settings()):
        typer.echo("the tables are up to date")


def bring_up_to_date(settings: Settings) -> bool:
    """Runs what is pending and says so; whether there was anything."""
    with open_storage(settings) as database:
        applied = tables.upgrade(database)
    if applied:
        typer.echo(f"tables brought up to date: {', '.join(applied)}")
    return bool(applied)
