"""Thousands who listen for changes on one worker, beside the same number asking again and again.

For each engine: memory and idle CPU of a listener, the time from a commit to them all, what the log costs a write,
and, in the same run, what as many pages cost that ask every five seconds with an ETag (the floor of polling: most
answers are 304).

    python -m bench.live [--listeners 2000] [--engine sqlite|postgresql] [--postgresql URL]
"""

import os
import resource
import selectors
import socket
import statistics
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import text

from bench import _options
from bench._client import Client, request
from bench._service import Service, serving
from bench._town import issue_token, prepare
from storage.database import Database, open_database
from storage.tables import Complaint

PATH = "/api/v1/incidents/stream"
POLL_S = 5.0
_WRITES, _ROUNDS = 100, 8


@dataclass
class Ear:
    """One open stream."""

    line: socket.socket
    heard: float = 0.0


def listen(port: int, token: str, number: int) -> list[Ear]:
    """So many streams, each with its first event read; every tenth looks at a place of its own."""
    ears = []
    for at in range(number):
        place = f"?bbox={113 + at % 97 / 1000:.4f},-9,115,-7" if at % 10 == 0 else "?kind=complaint"
        line = socket.create_connection(("127.0.0.1", port))
        line.sendall(request(PATH + place, {"authorization": f"Bearer {token}"}))
        held = b""
        while b"event: ready" not in held:
            got = line.recv(65_536)
            if not got or (held and not held.startswith(b"HTTP/1.1 200")):
                raise SystemExit(f"a stream was refused: {held[:300]!r}")
            held += got
        line.setblocking(False)
        ears.append(Ear(line))
    return ears


def delays(database: Database, ears: list[Ear], rounds: int) -> list[list[float]]:
    """Seconds from a commit to each listener, for so many commits one after the other."""
    found = []
    with selectors.DefaultSelector() as ready:
        for ear in ears:
            ready.register(ear.line, selectors.EVENT_READ, ear)
        for at in range(rounds):
            time.sleep(1.1 + 0.037 * at)  # at every phase of whatever looks regularly
            committed = change(database)
            waiting, heard = len(ears), []
            end = time.perf_counter() + 20
            while waiting and time.perf_counter() < end:
                for key, _ in ready.select(1):
                    if b"event: incident" in key.data.line.recv(65_536):
                        heard.append(time.perf_counter() - committed)
                        waiting -= 1
            if waiting:
                raise SystemExit(f"{waiting} listeners heard nothing")
            found.append(sorted(heard))
    return found


def change(database: Database) -> float:
    """One commit that all hear of; when it was done."""
    with database.write() as db:
        row = db.get_one(Complaint, _target(database))
        row.version += 1
    return time.perf_counter()


def _target(database: Database) -> UUID:
    with database.read() as db:
        found = db.execute(
            text(
                "SELECT id FROM complaint WHERE status = 'received' AND lon > 113.2 AND NOT confidential"
                " ORDER BY id LIMIT 1"
            )
        )
        return UUID(str(found.scalar_one()))


def cpu(service: Service, seconds: float) -> float:
    """Per cent of a core that the server uses."""
    before, began = service.cpu_s(), time.perf_counter()
    time.sleep(seconds)
    return 100 * (service.cpu_s() - before) / (time.perf_counter() - began)


def polling(service: Service, token: str, number: int, seconds: float) -> float:
    """Per cent of a core for so many pages that each ask every POLL_S with the ETag they have."""
    with Client(service.port) as client:
        headers = {"authorization": f"Bearer {token}"}
        path = "/api/v1/incidents?kind=complaint&limit=1000"
        etag = client.ask(request(path, headers)).headers["etag"]
        prepared = request(path, headers | {"if-none-match": etag})
        asked, before, began = 0, service.cpu_s(), time.perf_counter()
        while time.perf_counter() - began < seconds:
            client.ask(prepared)
            asked += 1
        each = (service.cpu_s() - before) / asked
    return 100 * each * number / POLL_S


def writes(database: Database) -> tuple[float, float]:
    """Seconds of one commit that opens a complaint: without the triggers of the log and with them, by turns."""
    with database.read() as db:
        row = db.query(Complaint).limit(1).one()
        values = {name: getattr(row, name) for name in Complaint.model_fields}
    took: dict[bool, list[float]] = {False: [], True: []}
    for at in range(_ROUNDS):
        followed = at % 2 == 1
        switch(database, on=followed)
        for _ in range(_WRITES):
            new = {"id": uuid4(), "reference": uuid4().hex[:16], "opened_at": datetime.now(UTC)}
            began = time.perf_counter()
            with database.write() as db:
                db.add(Complaint(**values | new))
            took[followed].append(time.perf_counter() - began)
    return statistics.median(took[False]), statistics.median(took[True])


_TAKEN: list[str] = []


def switch(database: Database, *, on: bool) -> None:
    """Takes the log's triggers off `complaint`, or puts them back."""
    with database.rebuild() as db:
        if database.dialect == "postgresql":
            word = "ENABLE" if on else "DISABLE"
            for event in ("insert", "update", "delete"):
                db.execute(text(f"ALTER TABLE complaint {word} TRIGGER change_complaint_{event}"))
            return
        if on:
            while _TAKEN:
                db.execute(text(_TAKEN.pop()))
            return
        asked = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'change_complaint%'"
        for name, sql in db.execute(text(asked)).all():
            _TAKEN.append(sql)
            db.execute(text(f"DROP TRIGGER {name}"))


def measure(url: str, folder: Path, number: int) -> None:
    """Everything about one engine, a line a figure."""
    with open_database(url) as database:
        prepare(database, 20_000)
        name = database.dialect
        token = issue_token(database)
        os.environ |= {"PANTAU_LISTENERS": str(number + 10), "PANTAU_LISTENERS_EACH": str(number + 10)}
        with serving(url, folder) as service:
            with Client(service.port) as client:
                client.ask(request("/api/v1/incidents?limit=1", {"authorization": f"Bearer {token}"}))
            asking = polling(service, token, number, 5)
            idle, before = cpu(service, 3), service.memory_mb()
            ears = listen(service.port, token, number)
            each_kb = (service.memory_mb() - before) * 1000 / number
            listening = cpu(service, 35) - idle
            heard = delays(database, ears, 10)
            for ear in ears:
                ear.line.close()
        last = sorted(one[-1] for one in heard)
        every = sorted(delay for one in heard for delay in one)
        print(f"{name}: {number} listeners: {each_kb:.1f} kB each  {_verdict(each_kb <= 60)} (at most 60)")
        print(f"{name}: commit to a listener p50 {_ms(every, 0.5)}, p99 {_ms(every, 0.99)}, the last {_ms(last, 1)}"
              f"  {_verdict(every[int(len(every) * 0.99)] <= 1)} (p99 at most 1,000 ms)")  # fmt: skip
        print(f"{name}: idle {listening * 1000 / number:.2f} % of a core per 1,000 listeners; polling with ETag every "
              f"{POLL_S:.0f} s {asking * 1000 / number:.1f} %: {asking / max(listening, 0.01):.0f}x")  # fmt: skip
        without, followed = writes(database)
        print(f"{name}: opening a complaint {without * 1e3:.2f} ms without the log, {followed * 1e3:.2f} ms with it: "
              f"{followed / without:.2f}x  {_verdict(followed <= without * 1.25)} (at most 1.25x)")  # fmt: skip


def _ms(sorted_s: list[float], share: float) -> str:
    return f"{sorted_s[min(int(len(sorted_s) * share), len(sorted_s) - 1)] * 1000:.0f} ms"


def _verdict(fits: bool) -> str:
    return "PASS" if fits else "MISS"


def main() -> None:
    """Both engines, or one."""
    options = _options.plain(__doc__)
    options.add_argument("--listeners", type=int, default=2_000)
    _options.engines(options)
    given = options.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory() as folder:
        if given.engine != "postgresql":
            measure(f"sqlite:///{Path(folder) / 'live.db'}", Path(folder), given.listeners)
        if given.engine != "sqlite":
            with _options.postgresql(given.postgresql) as url:
                measure(url, Path(folder), given.listeners)


if __name__ == "__main__":
    main()
