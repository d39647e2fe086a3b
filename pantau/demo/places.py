"""Where things happen: points on the roads with their street, village and surroundings, most of them in town."""

import math
from dataclasses import dataclass
from itertools import accumulate, pairwise
from random import Random
from typing import Final

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from pantau.demo.city import City
from pantau.demo.drawing.street import Setting
from pantau.demo.plane import Point, to_degrees, to_metres
from pantau.demo.roads import RoadClass

_STEP_M: Final = 70.0
_TOWN_M: Final = 2_600.0
_SEASIDE_M: Final = 1_300.0
_HILLS_M: Final = 9_000.0
_AT_HOME: Final = 0.35
"""The share of troubles that come from any village at all; the rest cluster in town."""


@dataclass(frozen=True)
class Place:
    """A point on a road: lon, lat in degrees."""

    lon: float
    lat: float
    street: str
    village: str
    district: str
    village_code: str
    setting: Setting
    bearing: float
    """Of the road, degrees clockwise from north."""

    @property
    def words(self) -> dict[str, str]:
        """For captions."""
        return {"jalan": self.street, "desa": self.village, "kecamatan": self.district}


@dataclass(frozen=True)
class _Spot:
    at: Point
    street: str
    class_: RoadClass
    bearing: float


class Gazetteer:
    """All places of a city, to choose from."""

    def __init__(self, city: City) -> None:
        self._properties = [feature["properties"] for feature in city.areas_geojson["features"]]
        areas = [shape(feature["geometry"]) for feature in city.areas_geojson["features"]]
        self._rim = _shore(areas)
        self._centre = to_metres(*city.centre)
        spots = [spot for road in city.roads for spot in _along(road.name, road.class_, road.coordinates)]
        tree = shapely.STRtree(areas)
        found = tree.query(shapely.points([to_degrees([spot.at])[0] for spot in spots]), predicate="within")
        self._spots = [(spots[n], int(village)) for n, village in found.T]
        self._by_village: dict[int, list[int]] = {}
        for n, (_, village) in enumerate(self._spots):
            self._by_village.setdefault(village, []).append(n)
        near = (math.exp(-math.dist(spot.at, self._centre) / 2_500) for spot, _ in self._spots)
        self._weights = list(accumulate(near))

    def choose(self, rng: Random) -> Place:
        """Somewhere in town, or now and then in any village with a road."""
        if rng.random() < _AT_HOME:
            n = rng.choice(self._by_village[rng.choice(sorted(self._by_village))])
        else:
            n = rng.choices(range(len(self._spots)), cum_weights=self._weights)[0]
        return self._place(*self._spots[n], rng)

    def beside(self, place: Place, away_m: float, rng: Random) -> Point:
        """lon, lat of a point some metres away, in any direction."""
        x, y = to_metres(place.lon, place.lat)
        turn = rng.uniform(0, math.tau)
        return to_degrees([(x + away_m * math.cos(turn), y + away_m * math.sin(turn))])[0]

    def _place(self, spot: _Spot, number: int, rng: Random) -> Place:
        lon, lat = to_degrees([(spot.at[0] + rng.uniform(-4, 4), spot.at[1] + rng.uniform(-4, 4))])[0]
        village = self._properties[number]
        setting = self._setting(spot)
        name, district, code = village["nama"], village["nama_kecamatan"], village["kode"]
        return Place(lon, lat, spot.street, name, district, code, setting, spot.bearing)

    def _setting(self, spot: _Spot) -> Setting:
        inland = shapely.Point(spot.at).distance(self._rim)
        if spot.class_ is RoadClass.RESIDENTIAL or math.dist(spot.at, self._centre) < _TOWN_M:
            return Setting.TOWN
        if inland < _SEASIDE_M:
            return Setting.COAST
        return Setting.HILLS if inland > _HILLS_M else Setting.KAMPUNG


def _shore(areas: list[BaseGeometry]) -> shapely.LineString:
    """The northern outline in metres, roughly: the highest vertex of each half kilometre from west to east."""
    tops: dict[int, Point] = {}
    for area in areas:
        for lon, lat in shapely.get_coordinates(area):
            x, y = to_metres(lon, lat)
            column = int(x // 500)
            if y > tops.get(column, (0.0, -math.inf))[1]:
                tops[column] = (x, y)
    return shapely.LineString([tops[column] for column in sorted(tops)])


def _along(street: str, class_: RoadClass, coordinates: tuple[Point, ...]) -> list[_Spot]:
    """A spot every 70 m, in metres."""
    points = [to_metres(lon, lat) for lon, lat in coordinates]
    found: list[_Spot] = []
    for (x0, y0), (x1, y1) in pairwise(points):
        steps = max(1, int(math.hypot(x1 - x0, y1 - y0) / _STEP_M))
        bearing = round(math.degrees(math.atan2(x1 - x0, y1 - y0)) % 360, 1)
        for n in range(steps):
            share = (n + 0.5) / steps
            found.append(_Spot((x0 + (x1 - x0) * share, y0 + (y1 - y0) * share), street, class_, bearing))
    return found
