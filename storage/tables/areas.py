"""Where things are: areas with their shapes, and the roads drawn under them."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from geo.areas import Level
from storage.tables.types import code_field, time_field, word_field


class AreaRow(SQLModel, table=True):
    """An administrative area. `geometry` is WKB, lon lat, WGS84."""

    __tablename__ = "area"
    __table_args__ = (Index("area_parent", "parent_code"), Index("area_level", "level"))

    code: str = code_field(length=16, primary_key=True)
    name: str
    level: Level = word_field(Level)
    parent_code: str | None = code_field(None, length=16)
    kind: str = ""
    geometry: bytes
    lon: float
    lat: float
    west: float
    south: float
    east: float
    north: float
    area_m2: float


class Road(SQLModel, table=True):
    """A road as the map draws it. `geometry` is a WKB LineString, lon lat, WGS84."""

    __tablename__ = "road"
    __table_args__ = (Index("road_class", "road_class"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    road_class: str
    geometry: bytes


class Fact(SQLModel, table=True):
    """A small thing this installation knows about itself, such as the version of its areas."""

    __tablename__ = "fact"

    key: str = code_field(length=64, primary_key=True)
    value: str
    updated_at: datetime = time_field()
