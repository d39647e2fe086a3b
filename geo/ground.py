"""True sizes on the ground of shapes drawn in degrees."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.distance import ECCENTRICITY_SQUARED, SEMI_MAJOR_M, Floats

_E = math.sqrt(ECCENTRICITY_SQUARED)


def areas_m2(geometries: Sequence[BaseGeometry] | NDArray[np.object_]) -> Floats:
    """Square metres of each geometry (lon, lat degrees, edges straight in degrees).

    The shapes are laid on a cylindrical equal-area projection of the WGS84 ellipsoid, which keeps
    every area (Snyder, Map Projections: a Working Manual, 1987, equations 3-12 and 10-14, 10-15 at
    the equator).
    """
    laid = shapely.transform(np.asarray(geometries, dtype=object), _equal_area)
    return np.asarray(shapely.area(laid), dtype=np.float64)


def area_m2(geometry: BaseGeometry) -> float:
    """Square metres of one geometry, as `areas_m2`."""
    return float(areas_m2([geometry])[0])


def _equal_area(lonlat: Floats) -> Floats:
    sine = np.sin(np.radians(lonlat[:, 1]))
    q = (1 - ECCENTRICITY_SQUARED) * (sine / (1 - ECCENTRICITY_SQUARED * sine**2) + np.arctanh(_E * sine) / _E)
    return np.column_stack((SEMI_MAJOR_M * np.radians(lonlat[:, 0]), SEMI_MAJOR_M / 2 * q))


def label_of(geometry: BaseGeometry) -> tuple[float, float]:
    """Where to write an area's name: the middle of the largest circle inside its largest piece (lon, lat)."""
    pieces = shapely.get_parts(geometry)
    largest = pieces[int(np.argmax(shapely.area(pieces)))]
    west, south, east, north = shapely.bounds(largest)
    circle = shapely.maximum_inscribed_circle(largest, tolerance=max(east - west, north - south) / 200)
    lon, lat = shapely.get_coordinates(circle)[0]
    return round(float(lon), 6), round(float(lat), 6)
