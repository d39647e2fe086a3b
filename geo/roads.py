"""Roads as the map draws them."""

from dataclasses import dataclass

from shapely import LineString


@dataclass(frozen=True, slots=True)
class RoadLine:
    """A stretch of road: its name (may be empty), its class as OpenStreetMap names it, its line in lon, lat."""

    name: str
    road_class: str
    line: LineString
