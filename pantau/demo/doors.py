"""The demo's way to the public API: an ordinary server on a loopback port of its own, and requests to it."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import orjson
import urllib3
import uvicorn
from fastapi import FastAPI

_START_S = 20.0


class Doors:
    """Requests to a running Pantau in the name of accounts, by their tokens."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._pool = urllib3.PoolManager(maxsize=4, timeout=urllib3.Timeout(connect=5, read=60))

    def send(
        self, token: str, method: str, path: str, *, json: object | None = None, form: Mapping[str, Any] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Status and answer of one request; `form` is sent as multipart."""
        headers = {"authorization": f"Bearer {token}", "accept-language": "en"}
        if json is not None:
            headers["content-type"] = "application/json"
            answer = self._pool.request(method, self.url + path, body=orjson.dumps(json), headers=headers)
        elif form is not None:
            answer = self._pool.request(method, self.url + path, fields=dict(form), headers=headers)
        else:
            answer = self._pool.request(method, self.url + path, headers=headers)
        return answer.status, orjson.loads(answer.data) if answer.data else {}


@contextmanager
def opened(app: FastAPI) -> Iterator[Doors]:
    """The app served on a free loopback port for as long as the block lasts."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="demo-doors", daemon=True)
    thread.start()
    try:
        yield Doors(f"http://127.0.0.1:{listening.getsockname()[1]}")
    finally:
        server.should_exit = True
        thread.join(_START_S)
        listening.close()
