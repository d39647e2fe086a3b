"""`pantau run`, `serve`, `work`, `migrate`, `check`: the service itself."""

import gc
import os
import signal
import threading
from contextlib import ExitStack
from typing import Annotated

import typer
import uvicorn

from ingest import health
from ingest.worker import Worker
from pantau import logs, serving
from pantau.demo import ground, live
from pantau.settings import Settings
from pantau.wiring import WEB, make_app, open_parts, open_storage
from storage import migrate as tables

Host = Annotated[str | None, typer.Option(help="Address to listen on; loopback unless told (PANTAU_HOST).")]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on (PANTAU_PORT).")]


_DEMO_SEED = 7


def add_to(app: typer.Typer) -> None:
    """Puts these commands at the top."""
    for command in (run, serve, work, migrate, check):
        app.command()(command)


def run(
    host: Host = None,
    port: Port = None,
    demo: Annotated[bool, typer.Option("--demo", help="Demo city, and sign-in as any role with one click.")] = False,
) -> None:
    """Everything in one process: migrates, serves pages and API, works through the jobs.

    Prints a one-time link for the first administrator. With --demo it draws a city and fills it while it runs; its
    data lies apart from a real installation's, in the folder `demo` of the data folder.
    """
    settings = _settings(host, port, demo=demo)
    logs.configure(settings)
    listening = serving.listen(settings)
    settings = settings.model_copy(update={"port": listening.getsockname()[1]})
    _migrate(settings)
    parts = open_parts(settings)
    if demo:
        ground.lay(parts, _DEMO_SEED)
    link = None if demo else serving.first_link(parts, settings)
    application = make_app(settings, parts)
    gc.collect()
    gc.freeze()  # what is here now stays: the collector need not walk it again

    def ready() -> None:
        typer.echo(f"{settings.name} is at {settings.url}")
        if not WEB.joinpath("index.html").is_file():
            typer.echo("The pages are not built yet: run `make web`. The API answers.", err=True)
        if link is not None:
            typer.echo(f"First administrator, one time only: {link}")

    with ExitStack() as beside:
        if demo:
            beside.enter_context(live.telling(settings))
        beside.enter_context(serving.workers(parts, settings.workers))
        serving.serve(settings, application, listening, ready)
    parts.close()


def serve(
    host: Host = None,
    port: Port = None,
    processes: Annotated[int, typer.Option(min=1, max=64, help="Server processes, about one per core.")] = 1,
) -> None:
    """Only the pages and the API; `pantau work` does the jobs elsewhere. Tables must be up to date."""
    settings = _settings(host, port)
    logs.configure(settings)
    _need_tables(settings)
    if processes > 1:
        os.environ["PANTAU_HOST"], os.environ["PANTAU_PORT"] = settings.host, str(settings.port)
        uvicorn.run(
            "pantau.serving:app",
            factory=True,
            host=settings.host,
            port=settings.port,
            workers=processes,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=list(settings.trusted_proxies),
        )
        return
    listening = serving.listen(settings)
    settings = settings.model_copy(update={"port": listening.getsockname()[1]})
    parts = open_parts(settings)
    link = serving.first_link(parts, settings)

    def ready() -> None:
        typer.echo(f"{settings.name} is at {settings.url}")
        if link is not None:
            typer.echo(f"First administrator, one time only: {link}")

    serving.serve(settings, make_app(settings, parts), listening, ready)
    parts.close()


def work(
    name: Annotated[
        str, typer.Option(help="Name of this worker in logs and leases; its host and number if empty.")
    ] = "",
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, then stop.")] = False,
) -> None:
    """Works through the jobs until told to stop. Any number may run beside each other; one killed loses nothing."""
    settings = Settings()
    logs.configure(settings)
    _need_tables(settings)
    parts = open_parts(settings)
    worker = Worker(parts, name or f"{os.uname().nodename}-{os.getpid()}")
    if once:
        done = 0
        while worker.run_once():
            done += 1
        typer.echo(f"{done} jobs done")
    else:
        stop = threading.Event()
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, lambda *_: stop.set())
        typer.echo("working; Ctrl+C stops after the job in hand")
        worker.run(stop)
    parts.close()


def migrate() -> None:
    """Brings the tables up to this Pantau's. Harmless when they are; safe while other processes do the same."""
    settings = Settings()
    _migrate(settings, aloud=True)


def check() -> None:
    """Is this installation healthy? Looks at database, migrations, blobs, areas, jobs, disk and clock.

    Exit code 0 when all is well, 1 when something needs a person.
    """
    settings = Settings()
    parts = open_parts(settings)
    found = health.checks(parts)
    for one in found:
        typer.echo(f"{'ok  ' if one.ok else 'FAIL'} {one.name:<11} {one.detail}")
    parts.close()
    raise typer.Exit(0 if health.healthy(found) else 1)


def _settings(host: str | None, port: int | None, *, demo: bool = False) -> Settings:
    settings = Settings()
    given = {"host": host, "port": port, "demo": demo or settings.demo}
    settings = settings.model_copy(update={key: value for key, value in given.items() if value is not None})
    if demo:
        settings = settings.model_copy(update={"data_dir": settings.data_dir / "demo", "name": "Pantau Demo"})
    return settings


def _migrate(settings: Settings, *, aloud: bool = False) -> None:
    database = open_storage(settings)
    try:
        applied = tables.upgrade(database)
    finally:
        database.close()
    for revision in applied:
        typer.echo(f"migrated to {revision}")
    if aloud and not applied:
        typer.echo("the tables are up to date")


def _need_tables(settings: Settings) -> None:
    database = open_storage(settings)
    try:
        pending = tables.pending(database)
    finally:
        database.close()
    if pending:
        typer.echo("The tables are not those of this Pantau. Run `pantau migrate` first.", err=True)
        raise typer.Exit(1)
