"""The areas of this installation: taken in, listed, and ready for questions."""

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import shapely
from shapely import MultiPolygon, Polygon
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, defer
from sqlmodel import col

from geo.areas import Area, Level, path, span
from geo.index import AreaIndex
from storage.database import Database
from storage.tables import AreaRow, Fact

VERSION = "areas_version"
"""The fact that counts how often the areas changed."""

_LOOK_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class Saved:
    """What taking in areas did to those that were there."""

    added: int
    changed: int
    unchanged: int
    removed: int


def save(db: Session, areas: Sequence[Area], now: datetime) -> Saved:
    """Makes the areas of these regencies what they are in `areas`; the same areas again change nothing.

    What vanished is removed, but only in the regencies and on the levels that `areas` has: a file of districts leaves
    villages alone, and a neighbouring regency's file leaves ours alone.
    """
    there = {row.code: row for row in db.scalars(select(AreaRow).where(col(AreaRow.code).in_([a.code for a in areas])))}
    added = changed = 0
    for area in areas:
        row, values = there.get(area.code), _values(area)
        if row is None:
            db.add(AreaRow(code=area.code, **values))
            added += 1
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            changed += 1
    removed = _remove_vanished(db, areas)
    if added or changed or removed:
        _count_change(db, now)
    db.flush()
    return Saved(added, changed, len(areas) - added - changed, removed)


def load(db: Session) -> list[Area]:
    """Every area with its ground, by code."""
    return [_area(row) for row in db.scalars(select(AreaRow).order_by(col(AreaRow.code)))]


def listed(db: Session, level: Level | None = None, parent: str | None = None) -> list[AreaRow]:
    """Areas by code, of one level or directly below one area where asked; without their geometry."""
    asked = select(AreaRow).options(defer(AreaRow.geometry, raiseload=True)).order_by(col(AreaRow.code))  # type: ignore[arg-type]
    if level is not None:
        asked = asked.where(col(AreaRow.level) == level)
    if parent is not None:
        first, end = span(parent)
        asked = asked.where(col(AreaRow.code) > first, col(AreaRow.code) < end)
    return list(db.scalars(asked))


def one(db: Session, code: str) -> Area | None:
    """The area of this code with its ground."""
    row = db.get(AreaRow, code)
    return None if row is None else _area(row)


class AreaBook:
    """The index over the areas that are in the database now. One per process, shared by its threads.

    It looks once a second whether another process changed them, and then builds the index anew; `forget` makes the
    next question look at once.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._index: AreaIndex | None = None
        self._version = ""
        self._look_at = 0.0

    def index(self) -> AreaIndex:
        """The index; empty where no areas were taken in yet. Raises DatabaseUnreachable."""
        index = self._index
        if index is not None and time.monotonic() < self._look_at:
            return index
        with self._lock:
            if self._index is None or time.monotonic() >= self._look_at:
                self._index = self._current()
                self._look_at = time.monotonic() + _LOOK_EVERY_S
            return self._index

    def forget(self) -> None:
        """Makes the next `index` look into the database, for whoever just changed the areas."""
        self._look_at = 0.0

    def _current(self) -> AreaIndex:
        with self._database.read() as db:
            version = db.scalar(select(col(Fact.value)).where(col(Fact.key) == VERSION)) or ""
            if self._index is not None and version == self._version:
                return self._index
            areas = load(db)
        self._version = version
        return AreaIndex(areas)


def _remove_vanished(db: Session, areas: Iterable[Area]) -> int:
    kept = {area.code for area in areas}
    levels = {area.level for area in areas}
    removed = 0
    for regency in {path(code)[0] for code in kept}:
        first, end = span(regency)
        inside = (col(AreaRow.code) >= first, col(AreaRow.code) < end, col(AreaRow.level).in_(sorted(levels)))
        gone = [code for code in db.scalars(select(col(AreaRow.code)).where(*inside)) if code not in kept]
        db.execute(delete(AreaRow).where(col(AreaRow.code).in_(gone)))
        removed += len(gone)
    return removed


def _count_change(db: Session, now: datetime) -> None:
    fact = db.get(Fact, VERSION, with_for_update=True)
    if fact is None:
        db.add(Fact(key=VERSION, value="1", updated_at=now))
    else:
        fact.value, fact.updated_at = str(int(fact.value) + 1), now


def _values(area: Area) -> dict[str, Any]:
    lon, lat = area.label
    west, south, east, north = area.bbox
    return {
        "name": area.name,
        "level": area.level,
        "parent_code": area.parent,
        "kind": area.kind or "",
        "geometry": shapely.to_wkb(area.geometry),
        "lon": lon,
        "lat": lat,
        "west": west,
        "south": south,
        "east": east,
        "north": north,
        "area_m2": area.area_m2,
    }


def _area(row: AreaRow) -> Area:
    geometry = shapely.from_wkb(row.geometry)
    assert isinstance(geometry, Polygon | MultiPolygon)
    return Area(
        code=row.code,
        name=row.name,
        level=row.level,
        parent=row.parent_code,
        kind=row.kind or None,
        geometry=geometry,
        label=(row.lon, row.lat),
        area_m2=row.area_m2,
        bbox=(row.west, row.south, row.east, row.north),
    )
