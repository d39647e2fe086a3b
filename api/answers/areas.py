"""Areas as GeoJSON bytes, made once for each version of the areas and kept."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

import orjson
from shapely.geometry.base import BaseGeometry

from api.answers.kept import Kept, kept
from api.shapes.areas import Detail
from api.shapes.common import AreaName, Neighbour
from geo.areas import Area, Level, path
from geo.index import AreaIndex
from geo.outlines import outlines
from geo.shapes import to_geojson
from ingest.place import neighbours
from storage.areas import AreaBook
from storage.tables import Complaint, Photo

MOST = 64
"""Answers kept; a city asks for the same few again and again."""


class AreaAnswers:
    """Safe to share between threads. Follows the book: when its areas change, everything is made anew."""

    def __init__(self, book: AreaBook) -> None:
        self._book = book
        self._lock = Lock()
        self._index: AreaIndex | None = None
        self._outlines: Mapping[str, BaseGeometry] | None = None
        self._kept: OrderedDict[tuple[Level | None, str | None, Detail], Kept] = OrderedDict()

    def collection(self, level: Level | None, parent: str | None, detail: Detail) -> Kept:
        """The areas of a level and under a parent (directly or further down), by code, as a FeatureCollection."""
        key = (level, parent, detail)
        with self._lock:
            index = self._fresh()
            found = self._kept.get(key)
            if found is None:
                found = self._kept[key] = self._made(index, level, parent, detail)
                while len(self._kept) > MOST:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return found

    def _fresh(self) -> AreaIndex:
        index = self._book.index()
        if index is not self._index:
            self._index, self._outlines = index, None
            self._kept.clear()
        return index

    def _made(self, index: AreaIndex, level: Level | None, parent: str | None, detail: Detail) -> Kept:
        chosen = [
            area
            for area in index.areas
            if (level is None or area.level is level) and (parent is None or parent in path(area.code)[:-1])
        ]
        document: dict[str, Any] = {
            "type": "FeatureCollection",
            "features": [feature(area, self._drawn(index, area, detail)) for area in chosen],
        }
        if chosen:
            document["bbox"] = bounds(chosen)
        return kept(orjson.dumps(document))

    def _drawn(self, index: AreaIndex, area: Area, detail: Detail) -> BaseGeometry | None:
        if detail is Detail.NONE:
            return None
        if detail is Detail.FULL:
            return area.geometry
        if self._outlines is None:
            self._outlines = outlines(index.areas)
        return self._outlines[area.code]


def feature(area: Area, geometry: BaseGeometry | None) -> dict[str, Any]:
    """An area as a GeoJSON feature."""
    return {
        "type": "Feature",
        "id": area.code,
        "bbox": area.bbox,
        "geometry": None if geometry is None else to_geojson(geometry),
        "properties": {
            "code": area.code,
            "name": area.name,
            "level": area.level,
            "parent": area.parent,
            "kind": area.kind,
            "area_m2": round(area.area_m2),
            "lon": round(area.label[0], 6),
            "lat": round(area.label[1], 6),
        },
    }


def bounds(areas: Sequence[Area]) -> tuple[float, float, float, float]:
    """West, south, east, north of them all."""
    boxes = [area.bbox for area in areas]
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def steps(index: AreaIndex, code: str) -> list[dict[str, Any]]:
    """The way from the regency down to an area, itself included."""
    found = [index.area(above) for above in path(code) if above in index]
    return [{"code": area.code, "name": area.name, "level": area.level} for area in found]


def area_name(index: AreaIndex, code: str | None) -> AreaName | None:
    """An area with "Village, District, Regency" as its path; None for none, or one that is no longer known."""
    if code is None or code not in index:
        return None
    return AreaName(code=code, name=index.name(code), path=", ".join(reversed(index.path(code))))


def neighbours_of(index: AreaIndex, row: Photo | Complaint) -> list[Neighbour]:
    """The areas so near that a photo or complaint may lie in them, nearest first."""
    if row.lon is None or row.lat is None or row.radius_m is None:
        return []
    return [
        Neighbour(code=near.code, name=index.name(near.code), distance_m=round(near.distance_m, 1))
        for near in neighbours(index, row.lon, row.lat, row.radius_m)
    ]
