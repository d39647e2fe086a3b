"""Areas and roads as GeoJSON (RFC 7946)."""

from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from api.shapes.common import Neighbour, Out
from cases.words import Status
from geo.areas import Level


class Detail(StrEnum):
    """How finely areas are drawn."""

    NONE = "none"
    SIMPLIFIED = "simplified"
    FULL = "full"


class Geometry(Out):
    """A GeoJSON geometry, lon lat."""

    type: str = Field(examples=["Polygon"])
    coordinates: list[Any]


class AreaProperties(Out):
    """What an area is; `lon`, `lat` is where its name is written."""

    code: str
    name: str
    level: Level
    parent: str | None
    kind: str | None
    area_m2: float
    lon: float
    lat: float


class AreaFeature(Out):
    """One area."""

    type: Literal["Feature"] = "Feature"
    id: str
    bbox: tuple[float, float, float, float]
    geometry: Geometry | None
    properties: AreaProperties


class AreasAnswer(Out):
    """Areas, by code."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    bbox: tuple[float, float, float, float] | None = None
    features: list[AreaFeature]


class Step(Out):
    """One area on the way from the regency down."""

    code: str
    name: str
    level: Level


class OneAreaProperties(AreaProperties):
    """An area with the way to it, and its complaints by status as the caller sees them."""

    path: list[Step]
    counts: dict[Status, int]


class OneAreaAnswer(AreaFeature):
    """One area in full."""

    properties: OneAreaProperties


class AreaAt(Out):
    """The area a place lies in."""

    code: str
    name: str
    level: Level
    path: list[Step]


class AtAnswer(Out):
    """Where a place lies, and which areas are so near that it may lie in them."""

    area: AreaAt | None
    neighbours: list[Neighbour]


class RoadProperties(Out):
    """A road's name and class."""

    name: str
    road_class: str


class RoadFeature(Out):
    """One road."""

    type: Literal["Feature"] = "Feature"
    geometry: Geometry
    properties: RoadProperties


class RoadsAnswer(Out):
    """The roads drawn under the map."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[RoadFeature]
