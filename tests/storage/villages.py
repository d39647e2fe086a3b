"""PostGIS asked which village holds each place: what the index is held against, by a test and by bench/areas.py."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import psycopg
import shapely
from numpy.typing import NDArray

from geo.areas import Area
from tests.servers.postgres import PostgresServer, libpq


class Villages:
    """Areas and places in a database, each with the index PostGIS would use."""

    def __init__(self, connection: psycopg.Connection, areas: list[Area]) -> None:
        self._db = connection
        self._db.execute('CREATE TABLE village (code text COLLATE "C" PRIMARY KEY, geom geometry(Geometry, 4326))')
        with self._db.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO village VALUES (%s, ST_SetSRID(ST_GeomFromWKB(%s), 4326))",
                [(area.code, shapely.to_wkb(area.geometry)) for area in areas],
            )
        self._db.execute("CREATE INDEX ON village USING gist (geom)")
        self._db.execute("CREATE TABLE place (id int PRIMARY KEY, geom geometry(Point, 4326))")

    def holding(self, lons: NDArray[np.float64], lats: NDArray[np.float64]) -> tuple[float, list[str | None]]:
        """Seconds of the question alone, and for each place the lowest code whose ground covers it."""
        with self._db.cursor() as cursor, cursor.copy("COPY place (id, geom) FROM STDIN") as copy:
            points = shapely.set_srid(shapely.points(lons, lats), 4326)
            for row in enumerate(shapely.to_wkb(points, hex=True, include_srid=True)):
                copy.write_row(row)
        self._db.execute("ANALYZE")
        begin = time.perf_counter()
        rows = self._db.execute(
            "SELECT place.id, min(village.code) FROM place LEFT JOIN village ON ST_Covers(village.geom, place.geom) "
            "GROUP BY place.id ORDER BY place.id"
        ).fetchall()
        return time.perf_counter() - begin, [code for _, code in rows]


@contextmanager
def postgis(server: PostgresServer, areas: list[Area]) -> Iterator[Villages]:
    """The areas in a database of their own, for as long as the block lasts."""
    url = server.create_database()
    try:
        with psycopg.connect(libpq(url), autocommit=True) as connection:
            yield Villages(connection, areas)
    finally:
        server.drop_database(url)
