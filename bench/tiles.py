"""Vector tiles over HTTP beside PostGIS's own, at a million complaints.

    python -m bench.tiles [--rows N] [--cache FOLDER] [--engine sqlite|postgresql] [--postgresql URL]

Starts `pantau serve` (one process) over a town of its own. A tile is cold because a complaint elsewhere was changed
before: all of it is read and written anew. Beside the tile of 10,000 points stands what the database alone needs, taken
in turns in the same run by the plain driver on a kept connection: `ST_AsMVT` of the same rows with the same properties
on PostgreSQL, the rows themselves on SQLite.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from statistics import median
from typing import Any

from sqlalchemy import func, literal_column, select, update
from sqlalchemy.engine import make_url
from sqlmodel import col

from bench import _floor, _options, _town
from bench._client import Client, request
from bench._measured import Verdicts, answered, in_turns, rate, spread
from bench._options import Town
from bench._service import Service, serving
from geo.cells import ZOOM
from geo.tiles import Tile
from storage.changes import STALE_S
from storage.database import Database, open_database
from storage.rollups.upkeep import keep
from storage.tables import Complaint
from tests.geo import tiled

FULL, COLD_MS, OF_POSTGIS, LOW_MS, RATE = 10_000, 20.0, 1.1, 15.0, 2000.0
ROUNDS, WARM = 20, 3

_SQLITE = """
SELECT lon, lat, reference, category_code, status, opened_at, due_at
FROM complaint INDEXED BY complaint_tile WHERE cell BETWEEN ? AND ? AND confidential IS 0
"""
_POSTGIS = """
SELECT ST_AsMVT(tile, 'complaints', 4096, 'drawn') FROM (
  SELECT reference, category_code AS category, status, opened_at / 1000000 AS time, due_at / 1000000 AS due_at,
         ST_AsMVTGeom(ST_Transform(geom, 3857), ST_TileEnvelope({z}, {x}, {y}), 4096, 0, true) AS drawn
  FROM complaint WHERE cell BETWEEN {first} AND {last} AND NOT confidential
) AS tile
"""


def main() -> None:
    """Measures on each engine; the exit code says whether every target held."""
    _options.measure(_options.town(__doc__).parse_args(), measure)


def measure(town: Town, verdicts: Verdicts) -> None:
    """Everything, on one engine."""
    with open_database(town.url) as database:
        # A town kept from before there were counts has none.
        keep(database, _town.ZONE, _town.LAST)
        headers = _town.headers(database)
        with serving(town.url, town.folder) as service:
            prepared, rows = cold(service, database, town, headers, verdicts)
            found, figures = rate(service, prepared, 3.0, 304)
            verdicts.say(f"unchanged (304), of {rows:,}", figures, found >= RATE)
            print(f"  the server holds {service.memory_mb():.0f} MB")


def cold(
    service: Service, database: Database, town: Town, headers: dict[str, str], verdicts: Verdicts
) -> tuple[bytes, int]:
    """Tiles that are made anew; how to ask for the first again by who has it, and how many rows it holds."""
    with Client(service.port) as client, floor(town.url) as raw:
        tile, rows = fullest(database)
        path = f"/tiles/complaints/{tile.z}/{tile.x}/{tile.y}.mvt"
        prepared = request(path, headers)
        drawn = tiled.tile(client.ask(prepared).body)["complaints"]
        least, ours = colds(database, partial(raw, tile), partial(answered, client, prepared))
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
            (times,) = colds(database, partial(answered, client, asked))
            verdicts.say(f"cold, {name}", spread(times))
        etag = client.ask(prepared).headers["etag"]
    return request(path, headers | {"if-none-match": etag}), rows


def low(client: Client, database: Database, headers: dict[str, str], zoom: int, verdicts: Verdicts) -> None:
    """The tile of a low zoom that holds most, cold, and whether its counts are all rows."""
    tile, rows = fullest(database, zoom, of_all=True)
    prepared = request(f"/tiles/incidents/{tile.z}/{tile.x}/{tile.y}.mvt?kind=complaint", headers)
    (times,) = colds(database, partial(answered, client, prepared))
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


def colds(database: Database, *works: Callable[[], object]) -> list[list[float]]:
    """Milliseconds of each, taken in turns after what makes tiles cold."""
    return in_turns(*works, rounds=ROUNDS, warm=WARM, before=partial(touch, database))


@contextmanager
def floor(url: str) -> Iterator[Callable[[Tile], object]]:
    """What the database alone needs for a tile of complaints, on one kept connection, tuned as the service's own."""
    with _floor.connected(url) as connection:
        if make_url(url).get_backend_name() == "sqlite":
            yield lambda tile: connection.execute(_SQLITE, tile.run).fetchall()
        else:
            yield lambda tile: connection.execute(_POSTGIS.format(**_named(tile)), binary=True).fetchall()


def _named(tile: Tile) -> dict[str, int]:
    return {"z": tile.z, "x": tile.x, "y": tile.y, "first": tile.run[0], "last": tile.run[1]}


if __name__ == "__main__":
    main()
