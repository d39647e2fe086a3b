"""`pantau demo`: an invented city and sixty days of its life."""

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from pantau import logs
from pantau.demo import ground
from pantau.demo.send import finished, send
from pantau.settings import Settings
from pantau.wiring import open_parts, open_storage
from storage import migrate


def add_to(app: typer.Typer) -> None:
    """Puts the command at the top."""
    app.command()(demo)


def demo(
    photos: Annotated[int, typer.Option(min=40, max=5_000, help="Photos in the story.")] = 300,
    seed: Annotated[int, typer.Option(help="Same seed, same city, same story.")] = 7,
) -> None:
    """Draw a city and send sixty days of photos through the public API.

    For an installation of its own (PANTAU_DATA_DIR or PANTAU_DATABASE_URL); one with real accounts is refused. Goes on
    where it was interrupted; once told, it does nothing. `pantau run --demo` does this by itself.
    """
    settings = Settings()
    logs.configure(settings)
    database = open_storage(settings)
    migrate.upgrade(database)
    database.close()
    parts = open_parts(settings)
    try:
        ground.lay(parts, seed)
        if finished(parts):
            typer.echo("The demo's story is told already.", err=True)
            return
        console = Console(stderr=True)
        with Progress(
            TextColumn("Demo city: {task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
        ) as bar:
            task = bar.add_task("sixty days of photos", total=None)
            told = send(
                parts, seed=seed, photos=photos, progress=lambda at, of: bar.update(task, completed=at, total=of)
            )
        typer.echo(f"Demo city: {told} photos and decisions told.", err=True)
    finally:
        parts.close()
