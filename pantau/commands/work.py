"""`pantau work`: the jobs."""

import signal
import threading
from contextlib import closing
from typing import Annotated

import typer

from ingest.worker import Worker
from pantau import logs
from pantau.commands.session import need_tables
from pantau.settings import Settings
from pantau.wiring import open_parts


def work(
    name: Annotated[
        str | None, typer.Option(help="Name of this worker in logs and leases; host, process and thread if not given.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, then stop.")] = False,
) -> None:
    """Work through the background jobs.

    Previews, near duplicates, erasing, tidying: until it is told to stop. Any number may run beside each other, on
    any number of machines; one that is killed loses nothing.
    """
    settings = Settings()
    logs.configure(settings)
    with closing(open_parts(settings)) as parts:
        need_tables(parts.database)
        worker = Worker(parts, name)
        if once:
            done = 0
            while worker.run_once():
                done += 1
            typer.echo(f"{done} jobs done")
            return
        stop = threading.Event()
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, lambda *_: stop.set())
        typer.echo(f"{worker.name} works; Ctrl+C stops it after the job in hand")
        worker.run(stop)
