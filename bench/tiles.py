"""Vector tiles over HTTP beside PostGIS's own, at a million complaints.

    python -m bench.tiles [--rows N] [--cache FOLDER] [--engine sqlite|postgresql] [--postgresql URL]

Starts `pantau serve` (one process) over a town of its own. A tile is cold because a complaint elsewhere was changed
before: all of it is read and written anew. Beside the tile of 10,000 points stands what the database alone needs, taken
in turns in the same run by the plain driver on a kept connection: `ST_AsMVT` of the same rows with the same properties
on PostgreSQL, the rows themselves on SQLite.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from pysqlite3 import dbapi2
from sqlalchemy import func, literal_column, select, update
from sqlalchemy.engine import make_url
from sqlmodel import col

from bench import _town
from bench._client import Client, request, throughput
from bench._service import Service, serving
from bench.incidents import Verdicts, answered, postgresql, spread, sqlite
from geo.cells import ZOOM
from geo.tiles import Tile
from storage.changes import STALE_S
from storage.database import Database, open_database
from storage.rollups.upkeep import keep
from storage.tables import Complaint
from tests.geo import tiled

FULL, COLD_MS, OF_POSTGIS, LOW_MS, RATE = 10_000, 20.0, 1.1, 15.0, 2000.0
ROUNDS, WARM = 20, 3

_ROWS = "lon, lat, reference, category_code, status, opened_at, due_at"
_POSTGIS = """
SELECT ST_AsMVT(tile, 'complaints', 4096, 'drawn') FROM (
  SELECT reference, category_code AS category, status, opened_at / 1000000 AS time, due_at / 1000000 AS due_at,
         ST_AsMVTGeom(ST_Transform(geom, 3857), ST_TileEnvelope({z}, {x}, {y}), 4096, 0, true) AS drawn
  FROM complaint WHERE cell BETWEEN {first} AND {last} AND NOT confidential
) AS tile
"""


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
            _town.prepare(database, given.rows)
            # A town kept from before there were counts has none.
            keep(database, _town.ZONE, _town.LAST)
            print(f"{engine} {database.version()}: {given.rows:,} complaints", flush=True)
            with serving(url, Path(folder)) as service:
                measure(database, service, url, verdicts)
    print(f"{verdicts.missed} targets missed" if verdicts.missed else "every target held")
    raise SystemExit(1 if verdicts.missed else 0)


def measure(database: Database, service: Service, url: str, verdicts: Verdicts) -> None:
    """Everything, on one engine."""
    headers = {"authorization": f"Bearer {_town.issue_token(database)}", "accept-encoding": "identity"}
    elsewhere = partial(touch, database)
    with Client(service.port) as client, floor(url) as raw:
        tile, rows = fullest(database)
        path = f"/tiles/complaints/{tile.z}/{tile.x}/{tile.y}.mvt"
        prepared = request(path, headers)
        drawn = tiled.tile(client.ask(prepared).body)["complaints"]
        least, ours = in_turns(partial(raw, tile), partial(answered, client, prepared), elsewhere)
        figures = f"raw {spread(least)}   http {spread(ours)}"
        ratio = median(ours) / median(least)
        if database.dialect == "sqlite":
            verdicts.say(f"cold, {len(drawn):,} points", figures, median(ours) <= COLD_MS)
        else:
            verdicts.say(f"cold, {len(drawn):,} points", f"{figures}   ratio {ratio:4.2f}", ratio <= OF_POSTGIS)
        for zoom in (9, 6, 0):
            low(client, database, headers, zoom, verdicts)
        for name, query in (
            ("z9, status", "complaints/9/416/268.mvt?status=received"),
            ("overfull z12", over(database)),
        ):
            asked = request(f"/tiles/{query}", headers)
            verdicts.say(f"cold, {name}", spread(in_turns(None, partial(answered, client, asked), elsewhere)[1]))
        etag = client.ask(prepared).headers["etag"]
    unchanged = request(path, headers | {"if-none-match": etag})
    throughput(service.port, unchanged, 8, 0.5, 304)
    before = service.cpu_s()
    rate = throughput(service.port, unchanged, 8, 3.0, 304)
    cpu_ms = (service.cpu_s() - before) / (rate * 3.0) * 1000
    verdicts.say(f"unchanged (304), of {rows:,}", f"{rate:,.0f}/s, {cpu_ms:.2f} ms CPU each", rate >= RATE)
    print(f"  the server holds {service.memory_mb():.0f} MB")


def low(client: Client, database: Database, headers: dict[str, str], zoom: int, verdicts: Verdicts) -> None:
    """The tile of a low zoom that holds most, cold, and whether its counts are all rows."""
    tile, rows = fullest(database, zoom, of_all=True)
    prepared = request(f"/tiles/incidents/{tile.z}/{tile.x}/{tile.y}.mvt?kind=complaint", headers)
    times = in_turns(None, partial(answered, client, prepared), partial(touch, database))[1]
    cells = tiled.tile(client.ask(prepared).body)["cells"]
    shown = sum(one.properties["count"] for one in cells)
    figures = f"{spread(times)}   {len(cells)} cells, {shown:,} of {rows:,} rows"
    verdicts.say(f"cold, z{zoom}, all rows", figures, median(times) <= LOW_MS and shown == rows)


def over(database: Database) -> str:
    """A tile of zoom 12 that holds too many rows to show them one by one."""
    tile, _ = fullest(database, 12, of_all=True)
    return f"complaints/{tile.z}/{tile.x}/{tile.y}.mvt"


def fullest(database: Database, zoom: int | None = None, *, of_all: bool = False) -> tuple[Tile, int]:
    """The tile with the most rows that are not confidential; `of_all` False: of those that may still show each row."""
    found = (0, 0, 0)
    cell: Any = col(Complaint.cell)
    for z in range(10, 17) if zoom is None else [zoom]:
        code = cell.op(">>")(literal_column(str(2 * (ZOOM - z)))).label("code")
        many = func.count().label("many")
        asked = select(code, many).where(cell.is_not(None), col(Complaint.confidential).is_(False)).group_by("code")
        if not of_all:
            asked = asked.having(func.count() <= FULL)
        with database.read() as db:
            best = db.execute(asked.order_by(many.desc()).limit(1)).first()
        if best is not None and best[1] > found[2]:
            found = (z, int(best[0]), int(best[1]))
    zoom, at, rows = found
    x, y = (sum((at >> 2 * bit + axis & 1) << bit for bit in range(zoom)) for axis in (0, 1))
    return Tile(zoom, x, y), rows


def touch(database: Database) -> None:
    """Changes one complaint far from every town, so that no tile is known to be what it was."""
    cell: Any = col(Complaint.cell)
    with database.write() as db:
        one = db.scalar(select(col(Complaint.id)).order_by(cell).where(cell.is_not(None)).limit(1))
        db.execute(update(Complaint).where(col(Complaint.id) == one).values(version=Complaint.version + 1))
    if database.dialect == "postgresql":
        time.sleep(STALE_S + 0.05)


def in_turns(
    one: Callable[[], object] | None, other: Callable[[], object], before: Callable[[], None]
) -> tuple[list[float], list[float]]:
    """Milliseconds of each, taken in turns after what makes tiles cold."""
    both: tuple[list[float], list[float]] = ([], [])
    for at in range(ROUNDS + WARM):
        before()
        for work, times in zip((one, other), both, strict=True):
            if work is not None:
                began = time.perf_counter()
                work()
                if at >= WARM:
                    times.append((time.perf_counter() - began) * 1000)
    return both


@contextmanager
def floor(url: str) -> Iterator[Callable[[Tile], object]]:
    """What the database alone needs for a tile of complaints, on one kept connection, tuned as the service's own."""
    address = make_url(url)
    connection: Any
    if address.get_backend_name() == "sqlite":
        connection = dbapi2.connect(address.database, isolation_level=None)
        connection.execute("PRAGMA mmap_size = 268435456")
        asked = (
            f"SELECT {_ROWS} FROM complaint INDEXED BY complaint_cell WHERE cell BETWEEN ? AND ? AND confidential IS 0"
        )
        run: Callable[[Tile], object] = lambda tile: connection.execute(asked, tile.run).fetchall()  # noqa: E731
    else:
        plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
        connection = psycopg.connect(plain, autocommit=True, options="-c plan_cache_mode=force_custom_plan")

        def run(tile: Tile) -> object:
            named = {"z": tile.z, "x": tile.x, "y": tile.y, "first": tile.run[0], "last": tile.run[1]}
            return connection.execute(_POSTGIS.format(**named), binary=True).fetchall()

    try:
        yield run
    finally:
        connection.close()


if __name__ == "__main__":
    main()
