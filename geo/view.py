"""The ground a camera sees: a sector with the camera at its point, and how well a place lies in it.

All is reckoned on the plane that touches the earth at the camera, within 0.1 % for the ranges a camera has. A bearing
is degrees clockwise from north, as ONVIF and GPSImgDirection (EXIF 2.32) have it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon

from geo.cells import MAX_LAT, Range, ranges
from geo.distance import Floats, metres_per_degree
from geo.shapes import joined

MOST_RANGE_M = 5_000.0
"""No street camera shows a parked car from farther away."""

_ARC_STEP_DEG = 3.0  # the chord then lies 0.03 % of the range inside its arc
_FAR_LOSS = 0.5  # what the score loses from the camera to the end of its range
_EDGE_LOSS = 0.25  # and from the middle of a narrow picture to its edge
_FOOT_M = 0.01  # nearer than this a direction is rounding
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)

Turn = TypeVar("Turn", float, Floats)


class ViewInvalid(ValueError):
    """Numbers that describe no view; the message says which."""


@dataclass(frozen=True, slots=True)
class View:
    """Where a camera stands and looks: degrees WGS84, `bearing_deg` of the picture's middle (any turn),
    `fov_deg` its horizontal field of view (above 0 to 360, a full circle), `range_m` how far it shows detail.

    Raises ViewInvalid.
    """

    lon: float
    lat: float
    bearing_deg: float
    fov_deg: float
    range_m: float

    def __post_init__(self) -> None:
        if not (-180 <= self.lon <= 180 and abs(self.lat) <= MAX_LAT):
            raise ViewInvalid(f"{self.lon}, {self.lat} is no place for a camera: lon, then lat, in degrees")
        if not math.isfinite(self.bearing_deg):
            raise ViewInvalid("the bearing is a number of degrees, clockwise from north")
        if not 0 < self.fov_deg <= 360:
            raise ViewInvalid("the field of view lies above 0 and up to 360 degrees")
        if not 0 < self.range_m <= MOST_RANGE_M:
            raise ViewInvalid(f"the range lies above 0 and up to {MOST_RANGE_M:g} m")


@dataclass(frozen=True, slots=True)
class Seen:
    """How a place lies in a view.

    `score` (0 unseen to 1) grows with `covered` and falls with distance and off the axis; `off_axis_deg` (0 to 180) is
    how far the place lies from the middle of the picture; `covered` is the share of the place's circle in the sector.
    """

    score: float
    distance_m: float
    off_axis_deg: float
    covered: float


def sector(view: View) -> Polygon | MultiPolygon:
    """The view's ground in degrees (lon, lat), a circle for 360; two pieces where the date line cuts it (RFC 7946)."""
    half = view.fov_deg / 2
    steps = max(2, math.ceil(view.fov_deg / _ARC_STEP_DEG))
    bearings = np.linspace(view.bearing_deg - half, view.bearing_deg + half, steps + 1)
    arc = _placed(view, bearings)
    ring = arc[:-1] if view.fov_deg == 360 else np.vstack(([view.lon, view.lat], arc))
    return _within_the_world(Polygon(ring))


def bbox(view: View) -> tuple[float, float, float, float]:
    """West, south, east, north of the view; `west > east` where it lies over the date line."""
    half = view.fov_deg / 2
    quarters = np.arange(0.0, 360.0, 90.0)
    inside = quarters[np.abs(_turned(quarters - view.bearing_deg)) <= half]
    edges = np.array([view.bearing_deg - half, view.bearing_deg + half])
    corners = np.vstack(([view.lon, view.lat], _placed(view, np.concatenate((edges, inside)))))
    (west, south), (east, north) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    return _wrapped(west), south, _wrapped(east), north


def cell_ranges(view: View, at_most: int = 32) -> list[Range]:
    """Runs of cells (see `geo.cells`) that together hold every place of the view, and some around it."""
    return ranges(*bbox(view), at_most)


def sees(view: View, lon: float, lat: float, radius_m: float) -> Seen:
    """How well the view shows the place within `radius_m` of (lon, lat). ValueError for a radius that is not positive.

    A place at the very foot of the camera counts as straight ahead.
    """
    if not radius_m > 0:
        raise ValueError("a place has a radius above 0 m")
    per_lon, per_lat = metres_per_degree(view.lat)
    east, north = _turned(lon - view.lon) * per_lon, (lat - view.lat) * per_lat
    distance = math.hypot(east, north)
    off_axis = (
        float(abs(_turned(math.degrees(math.atan2(east, north)) - view.bearing_deg))) if distance > _FOOT_M else 0.0
    )
    covered = _covered(distance, math.radians(off_axis), radius_m, view.range_m, math.radians(view.fov_deg) / 2)
    far = min(1.0, distance / view.range_m)
    aside = min(1.0, off_axis / (view.fov_deg / 2))
    # In a full circle no direction is the edge.
    narrow = 1 - view.fov_deg / 360
    score = covered * (1 - _FAR_LOSS * far**2) * (1 - _EDGE_LOSS * narrow * aside**2)
    return Seen(score, distance, off_axis, covered)


def _covered(distance: float, aside: float, radius: float, reach: float, half: float) -> float:
    """Share of a circle (centre at `distance`, `aside` radians off the axis) in the sector of half-angle `half`.

    Rays from the camera cross the circle from `low` to `high`; the area is the integral of half the difference of
    their squares, by Gauss-Legendre between the angles where the integrand bends.
    """
    if distance - radius >= reach:
        return 0.0
    outside = distance >= radius
    widest = math.asin(min(1.0, radius / distance)) if outside else math.pi
    bends = {-widest, widest}
    if not outside:
        bends |= {-math.pi / 2, math.pi / 2}
    if distance > 0:
        meets = (distance**2 + reach**2 - radius**2) / (2 * distance * reach)
        if abs(meets) < 1:
            bends |= {-math.acos(meets), math.acos(meets)}
    total = 0.0
    for turn in (-2 * math.pi, 0.0, 2 * math.pi):
        first, last = max(-widest, turn - half - aside), min(widest, turn + half - aside)
        if first < last:
            stops = sorted({first, last} | {bend for bend in bends if first < bend < last})
            total += sum(_swept(distance, radius, reach, widest, piece) for piece in pairwise(stops))
    return min(1.0, max(0.0, total / (math.pi * radius**2)))


def _swept(distance: float, radius: float, reach: float, widest: float, rays: tuple[float, float]) -> float:
    """Square metres of the circle within reach between two rays, angles from the ray through its centre.

    The angle is taken as `widest` times a sine: the root below, which rises upright at the circle's edge, turns smooth.
    """
    begin, end = (math.asin(min(1.0, max(-1.0, ray / widest))) for ray in rays)
    at = (begin + end) / 2 + (end - begin) / 2 * _NODES
    angle = widest * np.sin(at)
    root = np.sqrt(np.maximum(0.0, radius**2 - (distance * np.sin(angle)) ** 2))
    middle = distance * np.cos(angle)
    high = np.clip(middle + root, 0.0, reach)
    low = np.clip(middle - root, 0.0, reach) if distance >= radius else 0.0
    return float((end - begin) / 2 * np.sum(_WEIGHTS * (high**2 - low**2) / 2 * widest * np.cos(at)))


def _placed(view: View, bearings: Floats) -> Floats:
    """The ends of the view's range in these directions: shape (n, 2), lon and lat, beyond 180 over the date line."""
    per_lon, per_lat = metres_per_degree(view.lat)
    angles = np.radians(bearings)
    east, north = view.range_m * np.sin(angles), view.range_m * np.cos(angles)
    return np.column_stack((view.lon + east / per_lon, view.lat + north / per_lat))


def _within_the_world(ground: Polygon) -> Polygon | MultiPolygon:
    west, _, east, _ = ground.bounds
    if west >= -180 and east <= 180:
        return ground
    line = 180.0 if east > 180 else -180.0
    side = math.copysign(360.0, line)
    over = shapely.transform(
        shapely.intersection(ground, shapely.box(min(line, line + side), -90, max(line, line + side), 90)),
        lambda lonlat: lonlat - [side, 0.0],
    )
    pieces = (shapely.intersection(ground, shapely.box(-180, -90, 180, 90)), over)
    return joined([part for piece in pieces for part in shapely.get_parts(piece) if part.area > 0]) or ground


def _wrapped(lon: float) -> float:
    """A longitude from -180 to 180."""
    return lon if -180 <= lon <= 180 else lon - math.copysign(360.0, lon)


def _turned(degrees: Turn) -> Turn:
    """The same angle from -180 up to 180."""
    return (degrees + 180) % 360 - 180
