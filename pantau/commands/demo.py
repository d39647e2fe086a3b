"""`pantau demo`: an invented city and sixty days of its life."""

from collections.abc import Callable
from contextlib import closing
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from pantau import logs
from pantau.commands.migrate import bring_up_to_date
from pantau.demo import ground
from pantau.demo.mark import SEED
from pantau.demo.send import finished, send
from pantau.settings import Settings
from pantau.wiring import open_parts

PHOTOS = 300


def demo(
    photos: Annotated[int, typer.Option(min=40, max=5_000, help="Photos in the story.")] = PHOTOS,
    seed: Annotated[int, typer.Option(help="Same seed, same city, same story.")] = SEED,
) -> None:
    """Draw a city and tell sixty days of its life.

    Its photos go through the public API. It lies apart from real data, in the folder `demo` of the data folder; a
    database with real accounts is refused. Interrupted, it goes on where it was; once told, it does nothing.
    `pantau run --demo` does all this by itself and shows it; `PANTAU_DEMO=true` makes every other command look at
    the demo.
    """
    settings = Settings().model_copy(update={"demo": True})
    logs.configure(settings)
    bring_up_to_date(settings)
    told = tell(settings, photos=photos, seed=seed)
    if told is None:
        typer.echo("the demo's story is told already")
    else:
        typer.echo(f"the demo's story is told: {told} photos and decisions")


def tell(
    settings: Settings, *, photos: int = PHOTOS, seed: int = SEED, laid: Callable[[], None] = lambda: None
) -> int | None:
    """Lays the ground, calls `laid`, and tells what is left of the story, with a bar on a terminal.

    Answers how many events were told, None where all were told before. Raises DemoRefused.
    """
    with closing(open_parts(settings)) as parts:
        ground.lay(parts, seed)
        laid()
        if finished(parts):
            return None
        console = Console(stderr=True)
        with Progress(
            TextColumn("Demo city: sixty days of photos"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
        ) as bar:
            task = bar.add_task("", total=None)
            return send(
                parts, seed=seed, photos=photos, progress=lambda at, of: bar.update(task, completed=at, total=of)
            )
