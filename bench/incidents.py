"""Incidents over HTTP beside the raw rows in the database, at a million complaints.

    python -m bench.incidents [--rows N] [--cache FOLDER] [--engine sqlite|postgresql] [--postgresql URL]

Starts `pantau serve` (one process) over a town of its own and asks it over kept connections. The floor is the same SQL
by the plain driver on a kept connection, fetchall and nothing else, taken in turns with the request in the same run.
With --cache the SQLite town is kept there for the next run. PostgreSQL is a private server for this run, or the (empty
or already filled) database at --postgresql.
"""

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import parse_qsl

from bench import _floor, _town
from bench._client import Client, request, throughput
from bench._service import Service, serving
from cases.incidents import Cursor
from storage.database import Database, open_database
from tests.servers.kept import session_folder
from tests.servers.postgres import PostgresServer

DISTRICT, TOWN = "99.01.04", "113.13,-8.47,113.17,-8.43"
THOUSAND = {
    "newest": "",
    "district": f"area={DISTRICT}",
    "bbox of town": f"bbox={TOWN}",
    "category + status": "category=pothole&status=resolved",
    "open": "status=received,verified,in_progress",
    "overdue, soonest due": "overdue=true&sort=due",
}
"""Questions of a thousand features, held to the raw rows."""

ASIDE = {
    "estimate, wide box": "bbox=113.0,-8.6,113.5,-8.1&count=estimate&limit=10",
    "estimate, everything": "count=estimate&limit=10",
    "exact, a district": f"area={DISTRICT}&count=exact&limit=10",
    "village": f"area={DISTRICT}.2003",
    "near 500 m": "near=113.15,-8.45&radius_m=500",
    "since, a day": "since=2026-11-20",
}
"""Questions without a floor of their own."""

ROUNDS, RATIO, PAGE_RATIO, RATE = 100, 2.0, 2.0, 1000.0


@dataclass
class Verdicts:
    """Prints what was measured, and remembers what missed."""

    missed: int = 0

    def say(self, name: str, figures: str, held: bool | None = None) -> None:
        """One line; `held` None for a figure without a target."""
        self.missed += held is False
        print(f"  {name:<30}{figures:<62}{'' if held is None else 'PASS' if held else 'MISS'}", flush=True)


def main() -> None:
    """Measures; the exit code says whether every target held."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=1_000_000, help="complaints; photos are a fifth of that")
    options.add_argument("--cache", type=Path, help="folder that keeps the SQLite town for the next run")
    options.add_argument("--engine", choices=("sqlite", "postgresql"), help="one engine only")
    options.add_argument("--postgresql", help="database to use, filled when it is empty")
    given = options.parse_args()
    verdicts = Verdicts()
    for engine in [given.engine] if given.engine else ["sqlite", "postgresql"]:
        opened = sqlite(given.cache, given.rows) if engine == "sqlite" else postgresql(given.postgresql)
        with opened as url, open_database(url) as database, tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            _town.prepare(database, given.rows)
            took = time.perf_counter() - began
            print(f"{engine} {database.version()}: {given.rows:,} complaints, ready in {took:.0f} s", flush=True)
            with serving(url, Path(folder)) as service:
                measure(database, service, url, given.rows, verdicts)
    print(f"{verdicts.missed} targets missed" if verdicts.missed else "every target held")
    raise SystemExit(1 if verdicts.missed else 0)


def measure(database: Database, service: Service, url: str, rows: int, verdicts: Verdicts) -> None:
    """Everything, on one engine."""
    headers = {"authorization": f"Bearer {_town.issue_token(database)}", "accept-encoding": "identity"}
    with Client(service.port) as client, _floor.floor(url) as raw:
        for who, sent in (("command", headers), ("public", {})):
            for name, query in THOUSAND.items():
                prepared = request(f"/api/v1/incidents?{query}", sent)
                statement = _floor.statement(database, dict(parse_qsl(query)), public=not sent)
                least, ours = in_turns(partial(raw, statement), partial(answered, client, prepared))
                ratio = median(ours) / median(least)
                figures = f"raw {spread(least)}   http {spread(ours)}   ratio {ratio:4.2f}"
                verdicts.say(f"{who}: {name}", figures, ratio <= RATIO)
        pages(client, database, headers, rows, verdicts)
        for name, query in ASIDE.items():
            verdicts.say(name, spread(timed(partial(answered, client, request(f"/api/v1/incidents?{query}", headers)))))
        for name, query in (("summary, districts", ""), ("summary, open", "?status=received,verified,in_progress")):
            asked = request(f"/api/v1/summary{query}", headers)
            verdicts.say(name, spread(timed(partial(answered, client, asked), 5)))
        unchanged(client, headers, verdicts)
    rates(service, headers, verdicts)


def pages(client: Client, database: Database, headers: dict[str, str], rows: int, verdicts: Verdicts) -> None:
    """The page in the middle of the list beside the first."""
    cursor = _floor.cursor_at(database, rows // 2)
    first, deep = (
        request(f"/api/v1/incidents?{query}", headers) for query in ("", f"cursor={Cursor(*cursor).encode()}")
    )
    near, far = in_turns(lambda: answered(client, first), lambda: answered(client, deep))
    ratio = median(far) / median(near)
    verdicts.say(f"page at row {rows // 2:,}", f"{spread(far)}   of the first page's {ratio:4.2f}", ratio <= PAGE_RATIO)


def unchanged(client: Client, headers: dict[str, str], verdicts: Verdicts) -> None:
    """What the asker has already."""
    path = f"/api/v1/incidents?area={DISTRICT}"
    etag = client.ask(request(path, headers)).headers["etag"]
    again = request(path, headers | {"if-none-match": etag})
    verdicts.say("304, a district", spread(timed(lambda: answered(client, again, 304))))


def rates(service: Service, headers: dict[str, str], verdicts: Verdicts) -> None:
    """Answers per second of ten features, several connections at once."""
    for who, sent in (("command", headers), ("public", {})):
        for name, query in (("newest", ""), ("district", f"area={DISTRICT}&"), ("open", "status=received&")):
            prepared = request(f"/api/v1/incidents?{query}limit=10", sent)
            throughput(service.port, prepared, 8, 0.5)
            before = service.cpu_s()
            rate = throughput(service.port, prepared, 8, 3.0)
            cpu_ms = (service.cpu_s() - before) / (rate * 3.0) * 1000
            verdicts.say(f"limit=10, {who}: {name}", f"{rate:,.0f}/s, {cpu_ms:.2f} ms CPU each", rate >= RATE)
    print(f"  the server holds {service.memory_mb():.0f} MB")


def answered(client: Client, prepared: bytes, status: int = 200) -> None:
    """Asks and checks that the answer is one."""
    answer = client.ask(prepared)
    if answer.status != status:
        raise ValueError(f"{answer.status}: {answer.body[:300]!r}")


def in_turns(one: Callable[[], object], other: Callable[[], object]) -> tuple[list[float], list[float]]:
    """Milliseconds of each, taken in turns so that both meet the same machine."""
    both: tuple[list[float], list[float]] = ([], [])
    for at in range(ROUNDS + 5):
        for work, times in zip((one, other), both, strict=True):
            began = time.perf_counter()
            work()
            if at >= 5:
                times.append((time.perf_counter() - began) * 1000)
    return both


def timed(work: Callable[[], object], rounds: int = 30) -> list[float]:
    """Milliseconds of each round, warm."""
    work()
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return times


def spread(times: list[float]) -> str:
    """p50 and p99 in milliseconds."""
    return f"{median(times):6.2f} / {quantiles(times, n=100, method='inclusive')[98]:6.2f} ms"


@contextmanager
def sqlite(cache: Path | None, rows: int) -> Iterator[str]:
    """The address of the town's file."""
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{(cache or Path(folder)).absolute() / f'town-{rows}.db'}"


@contextmanager
def postgresql(url: str | None) -> Iterator[str]:
    """The address of the town's database."""
    if url is not None:
        yield url
        return
    folder = session_folder()
    server = PostgresServer.start(folder / "postgres-server", os.getpid())
    try:
        yield server.create_database()
    finally:
        server.close()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
