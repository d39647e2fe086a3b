"""The roads as GeoJSON bytes, looked at again from time to time."""

import time
from threading import Lock

import orjson

from api.answers.kept import Kept, kept
from geo.shapes import to_geojson
from storage import roads
from storage.database import Database

REMEMBERED_S = 60.0
"""How long new roads take to be seen: they change once a year, by a command."""


class RoadAnswers:
    """Safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._kept: Kept | None = None
        self._until = 0.0

    def collection(self) -> Kept:
        """All roads as a FeatureCollection."""
        with self._lock:
            if self._kept is None or time.monotonic() > self._until:
                self._kept = self._made()
                self._until = time.monotonic() + REMEMBERED_S
            return self._kept

    def _made(self) -> Kept:
        with self._database.read() as db:
            lines = roads.listed(db)
        features = [
            {
                "type": "Feature",
                "geometry": to_geojson(line.line),
                "properties": {"name": line.name, "road_class": line.road_class},
            }
            for line in lines
        ]
        return kept(orjson.dumps({"type": "FeatureCollection", "features": features}))
