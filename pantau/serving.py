"""Running Pantau: the server, the workers beside it, and the first administrator's link."""

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from ingest.parts import Parts
from ingest.worker import Worker
from pantau import logs
from pantau.settings import Settings
from pantau.wiring import make_app, open_parts
from storage import tickets

_log = logging.getLogger("pantau")

_DRAIN_S = 20
"""How long requests and jobs under way may take to end when Pantau is told to stop."""


def app() -> FastAPI:
    """The app of one server process, from the environment: what `pantau serve --processes N` starts N times."""
    settings = Settings()
    logs.configure(settings)
    return make_app(settings, open_parts(settings))


@contextmanager
def workers(parts: Parts, number: int) -> Iterator[None]:
    """Background workers in threads of this process, stopped and waited for at the end."""
    stop = threading.Event()
    threads = [
        threading.Thread(target=Worker(parts, f"{socket.gethostname()}-{at}").run, args=(stop,), name=f"worker-{at}")
        for at in range(number)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(_DRAIN_S)


def listen(settings: Settings) -> socket.socket:
    """The bound socket: before anything else starts, so that a taken port is told at once."""
    try:
        return socket.create_server((settings.host, settings.port), backlog=1024, reuse_port=False)
    except OSError as error:
        raise OSError(
            f"cannot listen on {settings.host}:{settings.port} ({error.strerror}); "
            "is Pantau running already? PANTAU_PORT or --port chooses another"
        ) from None


def serve(settings: Settings, application: FastAPI, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Serves until told to stop (SIGINT, SIGTERM); `ready` is called when the first request can be answered."""
    server = _Server(
        uvicorn.Config(
            application,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=list(settings.trusted_proxies),
            timeout_graceful_shutdown=_DRAIN_S,
        ),
        ready,
    )
    server.run(sockets=[listening])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def first_link(parts: Parts, settings: Settings) -> str | None:
    """The one-time link for the first administrator, while there is none who can sign in."""
    with parts.database.write() as db:
        secret = tickets.first(db, parts.clock())
    return None if secret is None else f"{settings.url}/ticket#{secret}"
