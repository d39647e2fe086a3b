"""`pantau watch`: the round of the cameras."""

import signal
import threading
from contextlib import closing
from typing import Annotated

import typer

from ingest.cameras.lanes import AT_ONCE
from ingest.cameras.round import Round
from pantau import logs
from pantau.commands.session import need_tables, visiting
from pantau.settings import Settings
from pantau.wiring import open_parts


def watch(
    name: Annotated[
        str | None, typer.Option(help="Name of this watcher in logs and leases; host, process and thread if not given.")
    ] = None,
    at_once: Annotated[int, typer.Option(min=1, max=500, help="Most visits at once; one of them to a host.")] = AT_ONCE,
) -> None:
    """Visit the cameras that are due.

    One still of each in its interval, judged and kept where it differs: until it is told to stop. Any number may run
    beside each other, on any number of machines, and share the fleet; what one leaves that is killed, the others take
    over within a minute.
    """
    settings = Settings()
    logs.configure(settings)
    with closing(open_parts(settings)) as parts:
        need_tables(parts.database)
        watcher = Round(visiting(parts, settings), name, at_once=at_once)
        stop = threading.Event()
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, lambda *_: stop.set())
        typer.echo(f"{watcher.name} watches; Ctrl+C stops it after the visits under way")
        watcher.run(stop)
