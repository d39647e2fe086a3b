"""Cameras for the round: real ones that answer over HTTP, and their rows."""

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import cv2
from sqlalchemy.orm import Session

from cases.words import CameraDoor
from geo.cells import cell
from storage import visits
from storage.tables import Camera
from tests.ingest.cameras.scenes import Street

NOW = datetime(2026, 11, 20, 5, tzinfo=UTC)
_numbers = count(1)


def camera(account_id: UUID, url: str = "http://127.0.0.1/still.jpg", **more: Any) -> Camera:
    """A row of the register."""
    lon, lat = more.pop("lon", 113.01), more.pop("lat", -8.01)
    values: dict[str, Any] = {
        "id": uuid4(),
        "number": next(_numbers),
        "account_id": account_id,
        "name": "Jalan Mawar 7",
        "door": CameraDoor.HTTP,
        "url": url,
        "lon": lon,
        "lat": lat,
        "cell": cell(lon, lat),
        "area_code": "35.10.02.1001",
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Camera(**values | more)


def register(
    db: Session, account_id: UUID, now: datetime, url: str = "http://127.0.0.1/still.jpg", **more: Any
) -> UUID:
    """A camera that is due at once."""
    made = camera(account_id, url, **more)
    db.add(made)
    db.flush()
    visits.schedule(db, made.id, now)
    return made.id


@dataclass
class Site:
    """A machine with a camera on it. `mode` is what it does: ok, same (always the one still), dark, stall, refuse;
    with `tls` it speaks HTTPS.

    `begun` are the times at which stills were asked for, `most_at_once` the most that were under way together.
    """

    host: str
    mode: str = "ok"
    tls: ssl.SSLContext | None = None
    takes_s: float = 0.0
    port: int = 0
    begun: list[float] = field(default_factory=list)
    under_way: int = 0
    most_at_once: int = 0
    closing: threading.Event = field(default_factory=threading.Event)
    street: Street = field(default_factory=Street)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """Where its stills are."""
        return f"{'https' if self.tls else 'http'}://{self.host}:{self.port}/still.jpg"

    def still(self) -> bytes:
        """What it sees now."""
        with self.lock:
            grey = self.street.still(light=0.0) if self.mode == "dark" else self.street.still()
        if self.mode == "dark":
            grey //= 2
        written, encoded = cv2.imencode(".jpg", grey)
        assert written
        return encoded.tobytes()


@contextmanager
def site(host: str = "127.0.0.1", **more: Any) -> Iterator[Site]:
    """A camera on an address of this machine as long as the context lasts."""
    made = Site(host, **more)
    same = made.still()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with made.lock:
                made.begun.append(time.monotonic())
                made.under_way += 1
                made.most_at_once = max(made.most_at_once, made.under_way)
            try:
                self._answer()
            except OSError:
                pass
            finally:
                with made.lock:
                    made.under_way -= 1

        def _answer(self) -> None:
            made.closing.wait(made.takes_s)
            if made.mode == "stall":
                made.closing.wait(60)
                return
            if made.mode == "refuse":
                self.send_error(401)
                return
            content = same if made.mode == "same" else made.still()
            self.send_response(200)
            self.send_header("Content-Type", "image/jpeg")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer((host, 0), Handler)
    server.daemon_threads = True
    if made.tls is not None:
        server.socket = made.tls.wrap_socket(server.socket, server_side=True)
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
