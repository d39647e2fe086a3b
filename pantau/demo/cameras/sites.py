"""Where the demo's cameras stand: some look at places of the story, the others along roads in town."""

import math
from dataclasses import dataclass
from typing import Final

from geo.distance import distance_m, offset
from pantau.demo.cameras.posts import Post
from pantau.demo.chance import dice
from pantau.demo.city import City
from pantau.demo.places import Gazetteer, Place

_IN_STORY: Final = 36
_BACK_M: Final = 19.0
_ASIDE_M: Final = 4.5
_APART_M: Final = 30.0
FOV_DEG: Final = 68.0
RANGE_M: Final = 48.0
HEIGHT_M: Final = 3.4


@dataclass(frozen=True)
class Site:
    """A camera's place in degrees, and where it looks."""

    post: Post
    lon: float
    lat: float
    bearing_deg: float
    place: Place
    """What it looks at."""


def sites(city: City, seed: int, cameras: list[Post]) -> list[Site]:
    """A place for each camera, none on top of another. Same arguments, same places."""
    gazetteer = Gazetteer(city)
    found: list[Site] = []
    number = 0
    for post in cameras:
        while True:
            story = post.number <= _IN_STORY
            # The first throw of a problem's dice is its place (`pantau.demo.story`).
            place = gazetteer.choose(dice("story", seed, number) if story else dice("site", seed, number))
            number += 1
            site = _beside(post, place, turned=dice("turn", seed, number).random() < 0.5)
            if all(distance_m(site.lon, site.lat, one.lon, one.lat) > _APART_M for one in found):
                found.append(site)
                break
    return found


def _beside(post: Post, place: Place, *, turned: bool) -> Site:
    """On the left kerb, some way back along the road, looking along it."""
    bearing = (place.bearing + (180 if turned else 0)) % 360
    ahead, left = math.radians(bearing), math.radians(bearing - 90)
    east = -_BACK_M * math.sin(ahead) + _ASIDE_M * math.sin(left)
    north = -_BACK_M * math.cos(ahead) + _ASIDE_M * math.cos(left)
    lon, lat = offset(place.lon, place.lat, east, north)
    return Site(post, round(lon, 6), round(lat, 6), round(bearing + 6, 1) % 360, place)
