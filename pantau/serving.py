"""Running Pantau: the doors, the server, the workers beside it, and the first administrator's link."""

import errno
import gc
import logging
import os
import resource
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from api.app import AppOptions, create_app
from api.live.desk import Live
from ingest.cameras.round import Round
from ingest.parts import Parts
from ingest.worker import Worker
from pantau import logs
from pantau.errors import Refused
from pantau.settings import Settings
from pantau.wiring import open_parts
from storage import tickets

WEB = Path(__file__).resolve().parent.parent / "web" / "dist"
"""Where the built pages are, in a checkout and in the container alike."""

_GARBAGE = 50_000
"""New objects before the collector looks at them: several answers of a thousand features."""

_DRAIN_S = 20
"""How long requests and jobs under way may take to end when Pantau is told to stop."""

_OTHER_FILES = 1_000
"""Files and sockets beside streams: requests, connections to the database, pictures."""

_UNREAD_S = 60
"""How long a client may leave unread what it was sent before its line is cut (Linux, tcp(7))."""

_log = logging.getLogger("pantau")


def make_app(settings: Settings, parts: Parts) -> FastAPI:
    """The doors and pages over these parts."""
    return create_app(
        parts,
        AppOptions(
            name=settings.name,
            public_url=settings.url,
            demo=settings.demo,
            web_dir=WEB,
            session_hours=settings.session_hours,
            listeners=settings.listeners,
            listeners_each=settings.listeners_each,
            requests_per_minute=settings.requests_per_minute,
            public_requests_per_minute=settings.public_requests_per_minute,
            cors_origins=settings.cors_origins,
        ),
    )


def app() -> FastAPI:
    """The app of one server process, from the environment: what `pantau serve --processes N` starts N times."""
    settings = Settings()
    logs.configure(settings)
    _allow_connections(settings.listeners)
    made = make_app(settings, open_parts(settings))
    settle_memory()
    _end_streams_when_told(made)
    return made


def _end_streams_when_told(application: FastAPI) -> None:
    """Makes the signals that end the server end its streams first: it waits for every answer, and theirs have no end.

    To be called once the server has taken the signals over.
    """
    live: Live = application.state.house.live
    for sign in (signal.SIGINT, signal.SIGTERM):
        server = signal.getsignal(sign)

        def stop(number: int, frame: FrameType | None, then: Any = server) -> None:
            live.stop()
            if callable(then):
                then(number, frame)

        signal.signal(sign, stop)


def _allow_connections(listeners: int) -> None:
    """Raises how many sockets this process may have open: systems start with a thousand, which streams soon fill."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = listeners + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))


def settle_memory() -> None:
    """Tells the garbage collector what is worth looking at, once everything that stays is there.

    Left as it is, it walks the thousand features of each answer several times: a sixth of the answer's time.
    """
    gc.collect()
    gc.freeze()  # what is here now stays: the collector need not walk it again
    gc.set_threshold(_GARBAGE, 20, 50)


def listen(settings: Settings) -> socket.socket:
    """The bound socket: before anything else starts, so that a taken port is told at once. Raises Refused."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listening = socket.create_server((settings.host, settings.port), family=family, backlog=1024)
    except OSError as error:
        why = str(error.strerror).partition(" (")[0]
        guess = "Is Pantau running already? " if error.errno == errno.EADDRINUSE else ""
        raise Refused(
            f"cannot listen on {settings.host} port {settings.port}: {why}. "
            f"{guess}--host and --port (PANTAU_HOST, PANTAU_PORT) choose another place"
        ) from None
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        # Each connection has it from the socket it came through.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNREAD_S * 1000)
    return listening


def stop_gracefully() -> None:
    """Makes SIGINT and SIGTERM end this process by way of every `finally`, with exit code 0: it does as it is told.

    The server takes them over while it serves, and hands them on when the last request is answered.
    """
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: sys.exit(0))


def serve(settings: Settings, application: FastAPI, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Serves until told to stop (SIGINT, SIGTERM); `ready` is called when the first request can be answered."""
    _allow_connections(settings.listeners)
    settle_memory()
    _Server(_config(settings, application), application, ready).run(sockets=[listening])


def serve_many(settings: Settings, listening: socket.socket, processes: int) -> None:
    """Serves by so many processes, each with an app of its own; one that dies is replaced."""
    # They read their settings from the environment, as this one did.
    os.environ["PANTAU_HOST"], os.environ["PANTAU_PORT"] = settings.host, str(settings.port)
    config = _config(settings, f"{__name__}:{app.__name__}", factory=True, workers=processes)
    Multiprocess(config, sockets=[listening]).run()


def _config(
    settings: Settings, application: FastAPI | str, *, factory: bool = False, workers: int = 1
) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        factory=factory,
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_graceful_shutdown=_DRAIN_S,
    )


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, application: FastAPI, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._application = application
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        _end_streams_when_told(self._application)
        if self.started:
            self._ready()


@contextmanager
def workers(parts: Parts, number: int) -> Iterator[None]:
    """Background workers in threads of this process, stopped and waited for at the end."""
    with _beside({f"worker-{at}": Worker(parts, f"{_here()}:{at}").run for at in range(number)}):
        yield


@contextmanager
def watchers(parts: Parts, number: int) -> Iterator[None]:
    """Watchers of cameras in threads of this process, stopped and waited for at the end."""
    with _beside({f"watcher-{at}": Round(parts, f"{_here()}:{at}").run for at in range(number)}):
        yield


def _here() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


@contextmanager
def _beside(work: Mapping[str, Callable[[threading.Event], None]]) -> Iterator[None]:
    """Runs each in a thread of its name until the end of the block."""
    stop = threading.Event()
    threads = [threading.Thread(target=run, args=(stop,), name=name, daemon=True) for name, run in work.items()]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(_DRAIN_S)
            if thread.is_alive():
                _log.warning("%s is left in the middle of its work; that is done again after its lease", thread.name)


def first_link(parts: Parts, settings: Settings) -> str | None:
    """The one-time link for the first administrator, while there is none who can sign in."""
    with parts.database.write() as db:
        secret = tickets.first(db, parts.clock())
    return None if secret is None else f"{settings.url}/ticket#{secret}"
