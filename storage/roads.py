"""The roads drawn under the map."""

from collections.abc import Iterable

import shapely
from shapely import LineString
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session
from sqlmodel import col

from geo.roads import RoadLine
from storage.tables import Road


def replace(db: Session, roads: Iterable[RoadLine]) -> int:
    """Keeps these roads in place of those there were; answers how many."""
    db.execute(delete(Road))
    rows = [{"name": road.name, "road_class": road.road_class, "geometry": shapely.to_wkb(road.line)} for road in roads]
    if rows:
        db.execute(insert(Road), rows)
    return len(rows)


def listed(db: Session) -> list[RoadLine]:
    """All roads, in the order in which they came."""
    return [
        RoadLine(road.name, road.road_class, _line(road.geometry))
        for road in db.scalars(select(Road).order_by(col(Road.id)))
    ]


def _line(wkb: bytes) -> LineString:
    line = shapely.from_wkb(wkb)
    assert isinstance(line, LineString)
    return line
