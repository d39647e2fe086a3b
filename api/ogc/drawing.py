"""A small map for a page: features over the outlines of the areas, drawn as SVG without another host."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from weakref import WeakKeyDictionary

import msgspec
import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from api.ogc.encode import Feature, Point
from geo.areas import Level
from geo.index import AreaIndex

_WIDTH, _HEIGHT, _MARGIN = 720, 420, 0.08
_COARSE = 0.0015  # of a degree: less than a pixel of a city's map
_LEAST = 0.004
_FEW = 250

_outlines: WeakKeyDictionary[AreaIndex, dict[str, BaseGeometry]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class _Frame:
    """Degrees to pixels, as tall as broad on the ground."""

    west: float
    north: float
    scale: float
    squeeze: float

    def x(self, lon: float) -> float:
        return round((lon - self.west) * self.squeeze * self.scale, 1)

    def y(self, lat: float) -> float:
        return round((self.north - lat) * self.scale, 1)


def drawn(features: Sequence[Feature], index: AreaIndex, label: str) -> str:
    """The features (in degrees, lon lat) as SVG; empty where none has a place."""
    shapes = [shape for shape in map(_shape, features) if shape is not None]
    if not shapes:
        return ""
    frame = _frame(shapely.total_bounds(shapes).tolist())
    ground = "".join(f'<path class="ground" d="{_path(one, frame)}"/>' for one in _ground(index, frame))
    marks = "".join(_mark(one, frame) for one in shapes)
    return (
        f'<svg class="map" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(label)}">'
        f"<title>{escape(label)}</title>{ground}{marks}</svg>"
    )


def _shape(feature: Feature) -> BaseGeometry | None:
    match feature.geometry:
        case Point():
            return shapely.Point(feature.geometry.coordinates)
        case msgspec.Raw():
            return shapely.from_geojson(bytes(feature.geometry))
    return None


def _frame(bounds: list[float]) -> _Frame:
    """Around everything, with some margin; one place alone gets its neighbourhood."""
    west, south, east, north = bounds
    squeeze = math.cos(math.radians((south + north) / 2))
    broad, tall = max((east - west) * squeeze, _LEAST), max(north - south, _LEAST)
    scale = (1 - 2 * _MARGIN) * min(_WIDTH / broad, _HEIGHT / tall)
    middle_lon, middle_lat = (west + east) / 2, (south + north) / 2
    return _Frame(middle_lon - _WIDTH / scale / squeeze / 2, middle_lat + _HEIGHT / scale / 2, scale, squeeze)


def _ground(index: AreaIndex, frame: _Frame) -> list[BaseGeometry]:
    """The outlines that lie in the frame, made coarse once: the villages' where they are few, else the districts'."""
    kept = _outlines.get(index)
    if kept is None:
        kept = _outlines[index] = {area.code: area.geometry.simplify(_COARSE) for area in index.areas}
    east, south = frame.west + _WIDTH / frame.scale / frame.squeeze, frame.north - _HEIGHT / frame.scale
    inside = [
        area
        for area in index.areas
        if area.bbox[0] <= east and area.bbox[2] >= frame.west and area.bbox[1] <= frame.north and area.bbox[3] >= south
    ]
    villages = [area for area in inside if area.level is Level.VILLAGE]
    few = 0 < len(villages) <= _FEW
    return [kept[area.code] for area in (villages if few else inside) if few or area.level is not Level.VILLAGE]


def _mark(shape: BaseGeometry, frame: _Frame) -> str:
    if isinstance(shape, shapely.Point):
        return f'<circle class="mark" cx="{frame.x(shape.x)}" cy="{frame.y(shape.y)}" r="5"/>'
    return f'<path class="area" d="{_path(shape.simplify(_COARSE / 3), frame)}"/>'


def _path(shape: BaseGeometry, frame: _Frame) -> str:
    rings = orjson.loads(shapely.to_geojson(shape))["coordinates"]
    polygons: Iterable[list[list[list[float]]]] = [rings] if shape.geom_type == "Polygon" else rings
    return "".join(
        "M" + "L".join(f"{frame.x(at[0])} {frame.y(at[1])}" for at in ring) + "Z"
        for polygon in polygons
        for ring in polygon
    )
