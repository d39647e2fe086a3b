"""`pantau run` and `pantau serve`: the pages and the API, alone or with everything else in one process."""

import socket
from collections.abc import Callable
from contextlib import ExitStack, closing
from typing import Annotated

import typer

from ingest.parts import Parts
from pantau import logs, serving
from pantau.commands.migrate import bring_up_to_date
from pantau.commands.session import need_tables
from pantau.demo import live, mark
from pantau.demo.cameras.beside import watched
from pantau.errors import Refused
from pantau.settings import Settings
from pantau.wiring import open_parts

Host = Annotated[str | None, typer.Option(help="Address to listen on; loopback unless told (PANTAU_HOST).")]
Port = Annotated[
    int | None, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one (PANTAU_PORT).")
]


def run(
    host: Host = None,
    port: Port = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="A drawn city, and sign-in as any role with one click (PANTAU_DEMO).")
    ] = False,
) -> None:
    """Run everything in one process: to try it, or for a small city.

    Brings the tables up to date, serves pages and API, works through the jobs and visits cameras. Prints where it is
    and, until an administrator can sign in, a one-time link that makes one. With --demo it draws a city and fills it
    while it runs; that lies apart from real data, in the folder `demo` of the data folder.
    """
    settings, listening = _opened(host, port, demo=demo)
    with listening, ExitStack() as beside:
        bring_up_to_date(settings)
        parts = beside.enter_context(closing(open_parts(settings)))
        if settings.demo:
            beside.enter_context(live.telling(settings))
            parts = beside.enter_context(watched(parts))
        beside.enter_context(serving.workers(parts, settings.workers))
        beside.enter_context(serving.watchers(parts, settings.watchers))
        serving.serve(settings, serving.make_app(settings, parts), listening, _ready(settings, parts))


def serve(
    host: Host = None,
    port: Port = None,
    processes: Annotated[int, typer.Option(min=1, max=64, help="Server processes, about one per core.")] = 1,
) -> None:
    """Serve the pages and the API, nothing else.

    `pantau work` does the jobs, here or elsewhere; `pantau migrate` comes before both.
    """
    settings, listening = _opened(host, port)
    with listening:
        with closing(open_parts(settings)) as parts:
            need_tables(parts.database)
            _refuse_false_demo(settings, parts)
            if processes == 1:
                serving.serve(settings, serving.make_app(settings, parts), listening, _ready(settings, parts))
                return
            _ready(settings, parts)()
        serving.serve_many(settings, listening, processes)


def _opened(host: str | None, port: int | None, *, demo: bool = False) -> tuple[Settings, socket.socket]:
    """The settings as the command's words change them, and the socket, with the port that it got."""
    settings = Settings()
    given = {"host": host, "port": port, "demo": demo or settings.demo}
    settings = settings.model_copy(update={name: value for name, value in given.items() if value is not None})
    logs.configure(settings)
    serving.stop_gracefully()
    listening = serving.listen(settings)
    return settings.model_copy(update={"port": listening.getsockname()[1]}), listening


def _refuse_false_demo(settings: Settings, parts: Parts) -> None:
    """One click that signs in as anyone has no place where real people have accounts."""
    if settings.demo and not mark.is_demo(parts.database):
        raise Refused("PANTAU_DEMO is set, but there is no demo here; run `pantau demo` first, or unset it")


def _ready(settings: Settings, parts: Parts) -> Callable[[], None]:
    """What is said when the first request can be answered. The link is made now, so that a fault shows before."""
    link = None if settings.demo else serving.first_link(parts, settings)
    kept = "S3" if settings.blobs.startswith("s3:") else settings.blobs.removeprefix("file://")
    lines = [
        f"{settings.name} is at {settings.url}{'  (a demo: sign in as anyone)' if settings.demo else ''}",
        f"  data      {parts.database.place}",
        f"  pictures  {kept}",
    ]
    if not serving.WEB.joinpath("index.html").is_file():
        lines.append("  pages     not built yet: run `make web`; the API answers")
    if link is not None:
        lines += ["There is no administrator yet. This link makes one, once, within three days:", f"  {link}"]
    lines.append("Ctrl+C stops it.")
    return lambda: typer.echo("\n".join(lines))
