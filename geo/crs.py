"""The coordinate reference systems that GIS desks ask for, and the way between them and the house's degrees.

All five are on WGS 84, so each way is a closed formula: spherical Mercator for EPSG:3857, the transverse Mercator's
Krüger series to the sixth order for UTM (Karney, Journal of Geodesy 2011), good to micrometres within a zone.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.cells import MAX_LAT

Floats = NDArray[np.float64]

_A = 6_378_137.0
_F = 1 / 298.257223563
_N = _F / (2 - _F)
_E = float(np.sqrt(_F * (2 - _F)))
_K0, _FALSE_EAST, _FALSE_NORTH = 0.9996, 500_000.0, 10_000_000.0
_SERIES = np.array([_N**power for power in range(1, 7)])
_RADIUS = _A / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64 + _N**6 / 256)
_ALPHA = np.array([
    [1 / 2, -2 / 3, 5 / 16, 41 / 180, -127 / 288, 7891 / 37800],
    [0, 13 / 48, -3 / 5, 557 / 1440, 281 / 630, -1983433 / 1935360],
    [0, 0, 61 / 240, -103 / 140, 15061 / 26880, 167603 / 181440],
    [0, 0, 0, 49561 / 161280, -179 / 168, 6601661 / 7257600],
    [0, 0, 0, 0, 34729 / 80640, -3418889 / 1995840],
    [0, 0, 0, 0, 0, 212378941 / 319334400],
]) @ _SERIES  # fmt: skip
_BETA = np.array([
    [1 / 2, -2 / 3, 37 / 96, -1 / 360, -81 / 512, 96199 / 604800],
    [0, 1 / 48, 1 / 15, -437 / 1440, 46 / 105, -1118711 / 3870720],
    [0, 0, 17 / 480, -37 / 840, -209 / 4480, 5569 / 90720],
    [0, 0, 0, 4397 / 161280, -11 / 504, -830251 / 7257600],
    [0, 0, 0, 0, 4583 / 161280, -108847 / 3991680],
    [0, 0, 0, 0, 0, 20648693 / 638668800],
]) @ _SERIES  # fmt: skip
_ORDERS = 2 * np.arange(1, 7)


class Crs(StrEnum):
    """By the URI that OGC gives it. Positions are written in the order of the system's own axes."""

    CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    """Degrees, lon lat: what GeoJSON has (RFC 7946)."""
    WGS84 = "http://www.opengis.net/def/crs/EPSG/0/4326"
    """Degrees, lat lon."""
    WEB_MERCATOR = "http://www.opengis.net/def/crs/EPSG/0/3857"
    UTM_49S = "http://www.opengis.net/def/crs/EPSG/0/32749"
    UTM_50S = "http://www.opengis.net/def/crs/EPSG/0/32750"

    @property
    def decimals(self) -> int:
        """Digits after the point that hold a millimetre or better."""
        return 3 if self in _METRIC else 8

    def from_lonlat(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Degrees to the first and second axis of this system. Beyond the mercator square, metres at its edge."""
        match self:
            case Crs.CRS84:
                return lon, lat
            case Crs.WGS84:
                return lat, lon
            case Crs.WEB_MERCATOR:
                sine = np.sin(np.radians(np.clip(lat, -MAX_LAT, MAX_LAT)))
                return _A * np.radians(lon), _A * np.arctanh(sine)
            case Crs.UTM_49S | Crs.UTM_50S:
                with np.errstate(all="ignore"):
                    return _to_utm(lon, lat, _MERIDIANS[self])

    def to_lonlat(self, first: Floats, second: Floats) -> tuple[Floats, Floats]:
        """The first and second axis of this system to degrees."""
        match self:
            case Crs.CRS84:
                return first, second
            case Crs.WGS84:
                return second, first
            case Crs.WEB_MERCATOR:
                with np.errstate(all="ignore"):
                    return np.degrees(first / _A), np.degrees(np.arctan(np.sinh(second / _A)))
            case Crs.UTM_49S | Crs.UTM_50S:
                # Far beyond the zone lies no place on earth: no number comes out.
                with np.errstate(all="ignore"):
                    return _from_utm(first, second, _MERIDIANS[self])

    def shape_to_lonlat(self, shape: BaseGeometry) -> BaseGeometry:
        """A shape in this system as one in degrees, lon lat, corner by corner."""
        if self is Crs.CRS84:
            return shape
        return shapely.transform(shape, lambda at: np.column_stack(self.to_lonlat(at[:, 0], at[:, 1])))

    def shape_from_lonlat(self, shape: BaseGeometry) -> BaseGeometry:
        """A shape in degrees, lon lat, as one in this system, corner by corner."""
        if self is Crs.CRS84:
            return shape
        return shapely.transform(shape, lambda at: np.column_stack(self.from_lonlat(at[:, 0], at[:, 1])))


_MERIDIANS = {Crs.UTM_49S: 111.0, Crs.UTM_50S: 117.0}
_METRIC = frozenset({Crs.WEB_MERCATOR, *_MERIDIANS})


def _to_utm(lon: Floats, lat: Floats, meridian: float) -> tuple[Floats, Floats]:
    """Metres east and north in a zone of the southern half."""
    phi, turn = np.radians(lat), np.radians(lon - meridian)
    sine = np.sin(phi)
    tangent = np.sinh(np.arctanh(sine) - _E * np.arctanh(_E * sine))
    up = np.arctan2(tangent, np.cos(turn))
    across = np.arcsinh(np.sin(turn) / np.hypot(tangent, np.cos(turn)))
    north, east = up.copy(), across.copy()
    for order, factor in zip(_ORDERS, _ALPHA, strict=True):
        north += factor * np.sin(order * up) * np.cosh(order * across)
        east += factor * np.cos(order * up) * np.sinh(order * across)
    return _FALSE_EAST + _K0 * _RADIUS * east, _FALSE_NORTH + _K0 * _RADIUS * north


def _from_utm(east: Floats, north: Floats, meridian: float) -> tuple[Floats, Floats]:
    """Degrees, lon lat, of metres in a zone of the southern half."""
    up0, across0 = (north - _FALSE_NORTH) / (_K0 * _RADIUS), (east - _FALSE_EAST) / (_K0 * _RADIUS)
    up, across = np.array(up0, dtype=np.float64), np.array(across0, dtype=np.float64)
    for order, factor in zip(_ORDERS, _BETA, strict=True):
        up -= factor * np.sin(order * up0) * np.cosh(order * across0)
        across -= factor * np.cos(order * up0) * np.sinh(order * across0)
    conformal = np.arcsin(np.sin(up) / np.cosh(across))
    turn = np.arctan2(np.sinh(across), np.cos(up))
    return meridian + np.degrees(turn), np.degrees(_geodetic(np.tan(conformal)))


def _geodetic(conformal: Floats) -> Floats:
    """The latitude whose conformal latitude has this tangent, by Newton's way (Karney 2011, equations 19 to 21)."""
    tangent = np.array(conformal, dtype=np.float64)
    for _ in range(4):
        root = np.hypot(1.0, tangent)
        sigma = np.sinh(_E * np.arctanh(_E * tangent / root))
        found = tangent * np.hypot(1.0, sigma) - sigma * root
        slope = (1 - _E**2) * np.hypot(1.0, found) * root / (1 + (1 - _E**2) * tangent**2)
        tangent += (conformal - found) / slope
    return np.arctan(tangent)
