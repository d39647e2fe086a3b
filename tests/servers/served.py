"""An app served for real on a loopback port that it knows beforehand: its answers hold full links to itself."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

_WITHIN_S = 20.0


@contextmanager
def served(make: Callable[[str], FastAPI]) -> Iterator[str]:
    """Serves the app that `make` gives for its address, for as long as the block lasts; the address."""
    listening = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(make(url), log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="served", daemon=True)
    thread.start()
    try:
        yield url
    finally:
        server.should_exit = True
        thread.join(_WITHIN_S)
        listening.close()
