"""Lengths on the ground between places given as lon, lat in degrees (WGS84)."""

from __future__ import annotations

import math
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

SEMI_MAJOR_M = 6378137.0
FLATTENING = 1 / 298.257223563
ECCENTRICITY_SQUARED = FLATTENING * (2 - FLATTENING)
# The earth's tightest curve (north to south, at the equator). Boxes drawn with it come out
# a little too wide, never too narrow.
_TIGHTEST_RADIUS_M = SEMI_MAJOR_M * (1 - ECCENTRICITY_SQUARED)
_NEVER_ZERO = 1e-300


def distance_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Metres along the ground between two places.

    Lambert's formula for long lines: within some 10 m over thousands of kilometres and 1e-5
    of the length below that (a sphere is off by up to 5e-3).
    """
    return float(_lambert(math, lon1, lat1, lon2, lat2))


def distances_m(lon: float, lat: float, lons: ArrayLike, lats: ArrayLike) -> Floats:
    """Metres from one place to each of many; the same formula as `distance_m`."""
    places: Floats = _lambert(np, lon, lat, np.asarray(lons, dtype=np.float64), np.asarray(lats, dtype=np.float64))
    return places


def _lambert(m: ModuleType, lon1: Any, lat1: Any, lon2: Any, lat2: Any) -> Any:
    """Written once for numbers (`m` is math) and for arrays (`m` is numpy): the names agree."""
    degree = math.pi / 180
    reduced1 = m.atan((1 - FLATTENING) * m.tan(lat1 * degree))
    reduced2 = m.atan((1 - FLATTENING) * m.tan(lat2 * degree))
    mean, half = (reduced1 + reduced2) / 2, (reduced2 - reduced1) / 2
    across = m.sin((lon2 - lon1) * degree / 2)
    haversine = m.sin(half) ** 2 + m.cos(reduced1) * m.cos(reduced2) * across**2
    rest = abs(1 - haversine)
    angle = 2 * m.atan2(m.sqrt(haversine), m.sqrt(rest))
    x = (angle - m.sin(angle)) * (m.sin(mean) * m.cos(half)) ** 2 / (rest + _NEVER_ZERO)
    y = (angle + m.sin(angle)) * (m.cos(mean) * m.sin(half)) ** 2 / (haversine + _NEVER_ZERO)
    return SEMI_MAJOR_M * (angle - FLATTENING / 2 * (x + y))


def metres_per_degree(lat: float) -> tuple[float, float]:
    """Metres of one degree (of longitude, of latitude) at this latitude, from the ellipsoid's radii of curvature."""
    phi = math.radians(lat)
    w = 1 - ECCENTRICITY_SQUARED * math.sin(phi) ** 2
    prime_vertical = SEMI_MAJOR_M / math.sqrt(w)
    meridional = SEMI_MAJOR_M * (1 - ECCENTRICITY_SQUARED) / w**1.5
    return math.radians(prime_vertical * math.cos(phi)), math.radians(meridional)


def local_m(lon: float, lat: float, lons: Floats, lats: Floats) -> tuple[Floats, Floats]:
    """Metres east and north of (lon, lat), on a plane that touches there: within 0.1 % up to some 10 km around."""
    per_lon, per_lat = metres_per_degree(lat)
    return (lons - lon) * per_lon, (lats - lat) * per_lat


def offset(lon: float, lat: float, east_m: float, north_m: float) -> tuple[float, float]:
    """The place so many metres east and north of (lon, lat): within 0.1 % up to some 50 km, away from the poles."""
    _, per_lat = metres_per_degree(lat)
    moved = lat + north_m / per_lat
    per_lon, per_lat = metres_per_degree((lat + moved) / 2)
    return lon + east_m / per_lon, lat + north_m / per_lat


def box_around(lon: float, lat: float, radius_m: float) -> tuple[float, float, float, float]:
    """West, south, east, north of a box that holds every place within `radius_m`.

    Near a pole, or where it would run over the date line, the box takes all longitudes.
    """
    angle = radius_m / _TIGHTEST_RADIUS_M
    south, north = lat - math.degrees(angle), lat + math.degrees(angle)
    if south <= -90 or north >= 90:
        return -180.0, max(south, -90.0), 180.0, min(north, 90.0)
    across = math.degrees(math.asin(min(1.0, math.sin(min(angle, math.pi / 2)) / math.cos(math.radians(lat)))))
    west, east = lon - across, lon + across
    return (-180.0, south, 180.0, north) if west < -180 or east > 180 else (west, south, east, north)
