"""OGC API - Features beside the raw query and beside tipg, at a million complaints.

    python -m bench.ogc [--rows N] [--cache FOLDER] [--engine sqlite|postgresql] [--postgresql URL]

Starts `pantau serve` (one process) over a town of its own, as `bench.incidents` does. tipg (PyPI) is put into an
environment of its own in a temporary folder and serves the same table of the same PostgreSQL, one process as well; all
are asked over kept connections, in turns. The floor is our own SQL by the plain driver, fetched and dropped.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote

from sqlalchemy.engine import make_url

from bench import _floor, _options, _town
from bench._client import Client, request, throughput
from bench._measured import Verdicts, answered, in_turns, once, rate, spread, timed
from bench._options import Town
from bench._service import Service, serving
from cases.access import sight
from cases.features import COLLECTIONS, Collection
from cases.incidents import Cursor, Question
from storage import features
from storage.database import Database, open_database
from tests.servers.kept import free_ports

P50_MS, P99_MS, RATE, TEN_RATE, TIMES_TIPG = 8.0, 40.0, 150.0, 1_500.0, 8.0
BOX_MS, PAGE_MS = 20.0, 5.0
ITEMS = "/ogc/collections/complaints/items"
UTM = quote("http://www.opengis.net/def/crs/EPSG/0/32749")
ASIDE = {
    "1,000, UTM 49S": f"limit=1000&count=none&crs={UTM}",
    "1,000, CQL2 with an index": "limit=1000&filter=" + quote("category = 'pothole' AND status = 'resolved'"),
    "1,000, CQL2 polygon": "limit=1000&filter="
    + quote("S_INTERSECTS(geometry, POLYGON((113.1 -8.5, 113.2 -8.5, 113.15 -8.4, 113.1 -8.5)))"),
    "10, CQL2 that finds little": "limit=10&filter=" + quote("description LIKE '%tikungan%' AND overdue = TRUE"),
    "10, a page for people": "f=html",
}


def main() -> None:
    """Measures on each engine; the exit code says whether every target held."""
    _options.measure(_options.town(__doc__).parse_args(), measure)


def measure(town: Town, verdicts: Verdicts) -> None:
    """Everything, on one engine."""
    with open_database(town.url) as database, serving(town.url, town.folder) as service:
        headers = _town.headers(database)
        questions(service, database, town, headers, verdicts)
        rates(service, headers, verdicts)
        if town.engine == "postgresql":
            rival(service, town, headers, verdicts)


def questions(service: Service, database: Database, town: Town, headers: dict[str, str], verdicts: Verdicts) -> None:
    """Ours beside the raw query."""
    with Client(service.port) as client, _floor.floor(town.url) as raw:
        for name, query, said in (("1,000", "", ""), ("1,000 in a district", "area=99.01.04&", "99.01.04")):
            prepared = request(f"{ITEMS}?{query}limit=1000", headers)
            statement = _statement(database, Question(area=said or None, limit=1000))
            least, ours = in_turns(partial(raw, statement), partial(answered, client, prepared))
            p99 = quantiles(ours, n=100, method="inclusive")[98]
            figures = f"raw {spread(least)}   http {spread(ours)}   ratio {median(ours) / median(least):4.2f}"
            verdicts.say(name, figures, median(ours) <= P50_MS and p99 <= P99_MS)
        for name, query in ASIDE.items():
            verdicts.say(name, spread(timed(partial(answered, client, request(f"{ITEMS}?{query}", headers)))))
        wide(client, headers, verdicts)
        pages(client, raw, database, headers, town.rows, verdicts)


def wide(client: Client, headers: dict[str, str], verdicts: Verdicts) -> None:
    """A wide box with numberMatched: each round another box, so that nothing is remembered of it."""
    times = []
    for at in range(33):
        step = at / 10_000
        asked = request(f"{ITEMS}?bbox={113.0 + step},-8.6,{113.5 + step},-8.1&limit=10", headers)
        times.append(once(partial(answered, client, asked)))
    verdicts.say("wide box with numberMatched", spread(times[3:]), median(times[3:]) <= BOX_MS)
    again = timed(partial(answered, client, asked))
    verdicts.say("the same box again", spread(again))


def pages(
    client: Client, raw: object, database: Database, headers: dict[str, str], rows: int, verdicts: Verdicts
) -> None:
    """The page in the middle of the list, in the database and over HTTP."""
    assert callable(raw)
    key, id_ = _floor.cursor_at(database, rows // 2)
    after = Cursor(key, id_)
    statement = _statement(database, Question(limit=1000, after=after))
    deep = request(f"{ITEMS}?limit=1000&count=none&cursor={after.encode()}", headers)
    least, ours = in_turns(partial(raw, statement), partial(answered, client, deep))
    figures = f"database {spread(least)}   http {spread(ours)}"
    verdicts.say(f"page at row {rows // 2:,}", figures, median(least) <= PAGE_MS)


def rates(service: Service, headers: dict[str, str], verdicts: Verdicts) -> None:
    """Answers per second, several connections at once."""
    for name, query, least in (("limit=1000", "limit=1000", RATE), ("limit=10", "limit=10", TEN_RATE)):
        prepared = request(f"{ITEMS}?{query}", headers)
        found, figures = rate(service, prepared, 4.0)
        verdicts.say(f"rate, {name}", figures, found >= least)


def rival(service: Service, town: Town, headers: dict[str, str], verdicts: Verdicts) -> None:
    """tipg over the same rows."""
    with tipg(town.url, town.folder) as port:
        for limit, wanted in ((1000, TIMES_TIPG), (10, None)):
            path = f"/collections/public.complaint/items?limit={limit}"
            other = request(path, {"accept-encoding": "identity", "accept": "application/geo+json"})
            mine = request(f"{ITEMS}?limit={limit}", headers)
            # Fresh each time: a connection that nobody uses for some seconds is closed.
            with Client(port) as theirs, Client(service.port) as ours:
                them, us = in_turns(partial(answered, theirs, other), partial(answered, ours, mine))
            rates_ = (throughput(port, other, 4, 3.0), throughput(service.port, mine, 4, 3.0))
            ratio, faster = median(them) / median(us), rates_[1] / rates_[0]
            figures = f"tipg {spread(them)}   ours {spread(us)}   {ratio:.1f}x; {rates_[0]:,.0f} and {rates_[1]:,.0f}/s"
            verdicts.say(
                f"tipg, limit={limit}",
                f"{figures} {faster:.1f}x",
                None if wanted is None else max(ratio, faster) >= wanted,
            )
        box = "bbox=113.0,-8.6,113.5,-8.1&limit=10"
        other = request(f"/collections/public.complaint/items?{box}", {"accept-encoding": "identity"})
        with Client(port) as theirs:
            verdicts.say("tipg, wide box with count", spread(timed(partial(answered, theirs, other), 3)))


@contextmanager
def tipg(url: str, folder: Path) -> Iterator[int]:
    """The port of a tipg that serves this database, in an environment of its own."""
    place = folder / "tipg"
    uv = [sys.executable, "-m", "uv", "-q"]
    subprocess.run([*uv, "venv", "--python", sys.executable, str(place)], check=True)
    python = place / "bin" / "python"
    subprocess.run(
        [*uv, "pip", "install", "--python", str(python), "tipg", "uvicorn", "httptools", "uvloop"], check=True
    )
    (port,), address = free_ports(1), make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    environment = os.environ | {"DATABASE_URL": address, "TIPG_DB_SCHEMAS": '["public"]', "TIPG_CATALOG_TTL": "3600"}
    command = [str(python), "-m", "uvicorn", "tipg.main:app", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen([*command, "--log-level", "warning"], env=environment)
    try:
        _await(port)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _await(port: int) -> None:
    """Until it answers. TimeoutError where it never does."""
    prepared, ends = request("/healthz", {}), time.monotonic() + 60
    while time.monotonic() < ends:
        try:
            with Client(port) as client:
                client.ask(prepared)
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("tipg did not answer within a minute")


def _statement(database: Database, question: Question) -> _floor.Statement:
    asked, seen = replace(question, kinds=COLLECTIONS[Collection.COMPLAINTS].kinds), sight(_floor.COMMAND)
    return _floor.last_statement(
        database, lambda db: features.page(db, Collection.COMPLAINTS, asked, seen, datetime.now(UTC))
    )


if __name__ == "__main__":
    main()
