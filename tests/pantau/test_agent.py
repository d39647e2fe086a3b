"""The agent as its owner runs it: a process beside a real camera, on a line that goes down, killed in between."""

import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from api.app import AppOptions, create_app
from cases.words import CameraDoor
from ingest.cameras.agent import Queue
from storage import cameras
from storage.tables import Camera, CameraVisit, Snapshot
from tests.ingest.cameras.fleet import site
from tests.ingest.cameras.sightings import beside
from tests.ingest.city import City, city, decoder
from tests.storage.pairs import on_sqlite

__all__ = ["city", "decoder"]


def wait_for(question: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not question():
        assert time.monotonic() < deadline, "it did not happen within a minute"
        time.sleep(0.05)


@contextmanager
def agent(folder: Path, to: str, camera: str, token: str) -> Iterator[subprocess.Popen[bytes]]:
    words = ["agent", "--to", to, "--every", "1", "--folder", str(folder)]
    environment = os.environ | {"PANTAU_AGENT_TOKEN": token, "PANTAU_AGENT_CAMERA": camera}
    process = subprocess.Popen(
        [sys.executable, "-m", "pantau", *words], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        yield process
    finally:
        process.kill()
        out, told = process.communicate()
        assert token not in (out + told).decode()


@contextmanager
def line_up(city: City, port: int) -> Iterator[None]:
    """Pantau at this port, by the true clock, as long as the context lasts."""
    app = create_app(replace(city.parts, clock=lambda: datetime.now(UTC)), AppOptions())
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        wait_for(lambda: server.started)
        yield
    finally:
        server.should_exit = True
        thread.join(20)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@on_sqlite
def test_stills_wait_for_the_line_through_a_kill_and_come_in_order(city: City, tmp_path: Path) -> None:
    camera = beside(city, door=CameraDoor.PUSH, url="")
    with city.parts.database.write() as db:
        token = cameras.new_push_token(db.get_one(Camera, camera.id))
    port, queue = free_port(), tmp_path / "queue"
    to = f"http://127.0.0.1:{port}/api/v1/cameras/{camera.id}/snapshots"
    with site() as beside_it:
        with agent(queue, to, beside_it.url, token) as process:
            wait_for(lambda: len(list(queue.glob("*.jpg"))) >= 3)
            process.send_signal(signal.SIGKILL)
            process.wait()
        waiting = sorted(queue.glob("*.jpg"))
        with line_up(city, port), agent(queue, to, beside_it.url, token) as process:
            wait_for(lambda: not set(waiting) & set(queue.glob("*.jpg")))
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
    with city.parts.database.read() as db:
        kept = sorted(db.query(Snapshot), key=lambda one: one.received_at)
        visit = db.get_one(CameraVisit, camera.id)
    assert visit.reached_by is CameraDoor.PUSH
    # In the order they were taken, each with its own time; one that showed nothing new may have been only noted.
    taken = [one.taken_at for one in kept]
    assert taken == sorted(taken)
    assert taken[0] == Queue.taken_at(waiting[0])
    assert {at for at in taken if at <= Queue.taken_at(waiting[-1])} <= {Queue.taken_at(path) for path in waiting}


@pytest.mark.parametrize("status", [429, 503])
def test_a_still_that_is_not_taken_now_is_kept(tmp_path: Path, status: int) -> None:
    asked: list[bytes] = []

    class Busy(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status if len(asked) < 3 else 201)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Busy) as server, site() as beside_it:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        to = f"http://127.0.0.1:{server.server_address[1]}/api/v1/cameras/1/snapshots"
        with agent(tmp_path, to, beside_it.url, "pantau_kamera_x"):
            wait_for(lambda: len(asked) >= 4)
        server.shutdown()
    # The first was sent until it was taken, and only then the next.
    assert asked[0] == asked[1] == asked[2] != asked[3]


@on_sqlite
def test_a_disk_that_takes_nothing_ends_no_agent(city: City, tmp_path: Path) -> None:
    camera = beside(city, door=CameraDoor.PUSH, url="")
    with city.parts.database.write() as db:
        token = cameras.new_push_token(db.get_one(Camera, camera.id))
    to = f"http://127.0.0.1:{free_port()}/api/v1/cameras/{camera.id}/snapshots"
    with site() as beside_it, agent(tmp_path, to, beside_it.url, token) as process:
        assert process.stderr is not None
        wait_for(lambda: len(list(tmp_path.glob("*.jpg"))) >= 1)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
        while b"Make room there" not in (line := process.stderr.readline()):
            assert line, "it ended"
        before = len(list(tmp_path.glob("*.jpg")))
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        wait_for(lambda: len(list(tmp_path.glob("*.jpg"))) > before)


@pytest.mark.unit
def test_what_else_lies_in_the_folder_is_left_alone(tmp_path: Path) -> None:
    others = [tmp_path / name for name in ("holiday.jpg", "20261122.jpg", "film.part")]
    for path in others:
        path.write_bytes(bytes(100))
    queue = Queue(tmp_path, 10)
    queue.put(bytes(20), datetime(2026, 11, 22, tzinfo=UTC))
    queue.put(bytes(20), datetime(2026, 11, 23, tzinfo=UTC))
    assert [Queue.taken_at(path).day for path in queue.waiting()] == [23]
    assert all(path.exists() for path in others)


@pytest.mark.unit
def test_the_oldest_go_when_there_is_no_room(tmp_path: Path) -> None:
    (tmp_path / "00000000000000000001.part").write_bytes(b"cut off")
    queue = Queue(tmp_path, 25)
    at = [datetime(2026, 11, 22, 0, 0, second, 123456, tzinfo=UTC) for second in range(4)]
    for moment in at:
        queue.put(bytes(10), moment)
    assert [Queue.taken_at(path) for path in queue.waiting()] == at[2:]
    queue.put(bytes(100), at[3] + timedelta(seconds=1))
    assert len(queue.waiting()) == 1
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("to", "camera", "told"),
    [
        ("http://pantau.city.example/api/v1/cameras/1/snapshots", "rtsp://192.168.1.2/1", "must be https"),
        ("https://pantau.city.example/", "rtsp://192.168.1.2/1", "--to is an address such as"),
        ("https://pantau.city.example/api/v1/cameras/1/snapshots", "file:///etc/passwd", "only rtsp"),
    ],
)
def test_what_cannot_work_is_refused_in_a_sentence(tmp_path: Path, to: str, camera: str, told: str) -> None:
    with agent(tmp_path, to, camera, "pantau_kamera_x") as process:
        out, said = process.communicate(timeout=60)
        assert (process.returncode, out) == (1, b"")
        assert told in said.decode()
