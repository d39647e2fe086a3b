"""The tiles of the web-mercator square (OGC Two Dimensional Tile Matrix Set, WebMercatorQuad): where a place lies in
one, and shapes cut to it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from geo.cells import MAX_LAT, ZOOM, Range, cell_of_tile
from geo.distance import distance_m
from geo.mvt import EXTENT, Ints

MOST_ZOOM = 22
"""The finest tile: 9.6 m wide at the equator."""

BUFFER = 64
"""Units by which shapes go on beyond the tile's edge, so that outlines are not drawn along it."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile: `x` counts from the date line eastwards, `y` from 85.05 degrees north southwards.

    ValueError if there is no such tile.
    """

    z: int
    x: int
    y: int

    def __post_init__(self) -> None:
        if not (0 <= self.z <= MOST_ZOOM and 0 <= self.x < 1 << self.z and 0 <= self.y < 1 << self.z):
            raise ValueError(f"there is no tile {self.z}/{self.x}/{self.y}: zoom goes from 0 to {MOST_ZOOM}")

    @property
    def run(self) -> Range:
        """First and last cell (zoom 24) of the places in it: every place is in exactly one tile of a zoom."""
        return cell_of_tile(self.z, self.x, self.y)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees."""
        side = 1 << self.z
        north, south = (_lat(row / side) for row in (self.y, self.y + 1))
        return self.x / side * 360 - 180, south, (self.x + 1) / side * 360 - 180, north

    @property
    def around(self) -> tuple[float, float, float, float]:
        """The bounds with the buffer."""
        west, south, east, north = self.bounds
        share = BUFFER / EXTENT
        # A degree of latitude grows towards the poles: the buffer's own edges are at most so far away.
        wide, high = (east - west) * share, (north - south) * share * 2
        return west - wide, south - high, east + wide, north + high

    @property
    def middle(self) -> tuple[float, float]:
        """The place in its middle, in degrees."""
        west, _, east, _ = self.bounds
        return (west + east) / 2, _lat((self.y + 0.5) / (1 << self.z))

    @property
    def radius_m(self) -> float:
        """Metres from its middle within which all of it and its buffer lies."""
        west, south, east, north = self.around
        lon, lat = self.middle
        return max(distance_m(lon, lat, corner, edge) for corner in (west, east) for edge in (south, north))

    def place(self, lon: ArrayLike, lat: ArrayLike) -> tuple[Ints, Ints]:
        """The units nearest to places that are in the tile, at most EXTENT - 1: what lies on EXTENT some clients take
        for the next tile's, and drop.
        """
        across, down = self.units(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64))
        return _whole(np.clip(across, 0, EXTENT - 1)), _whole(np.clip(down, 0, EXTENT - 1))

    def units(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Units from the tile's upper left corner, also for places outside."""
        scale = float(EXTENT << self.z)
        sine = np.sin(np.radians(np.clip(lat, -MAX_LAT, MAX_LAT)))
        across = (lon + 180) / 360 * scale - self.x * EXTENT
        down = (0.5 - np.arctanh(sine) / (2 * math.pi)) * scale - self.y * EXTENT
        return across, down

    def middles(self, cells: Ints, level: int) -> tuple[Ints, Ints]:
        """The middles of cells of a zoom that is not below the tile's, by their Morton codes at that zoom."""
        column, row = _gathered(cells), _gathered(cells >> 1)
        deeper = level - self.z
        size = EXTENT / (1 << deeper)
        across, down = (column - (self.x << deeper) + 0.5) * size, (row - (self.y << deeper) + 0.5) * size
        return _whole(np.clip(across, 0, EXTENT - 1)), _whole(np.clip(down, 0, EXTENT - 1))

    def rings(self, shapes: Sequence[BaseGeometry]) -> tuple[list[list[Ints]], list[int]]:
        """Polygons (degrees) cut to the tile and its buffer, on whole units: the rings of each that is left, exteriors
        turning as `geo.mvt.polygons` wants them, and which of `shapes` each was. A shape's order is kept.
        """
        given = np.array(shapes, dtype=object)
        moved = shapely.transform(given, self._moved) if len(given) else given
        # The grid makes corners meet and shapes thinner than a unit vanish; what is left is valid.
        whole = shapely.set_precision(_cut(moved), 1.0)
        found = [(list(_rings(one)), at) for at, one in enumerate(whole.tolist())]
        return [rings for rings, _ in found if rings], [at for rings, at in found if rings]

    def _moved(self, lonlat: Floats) -> Floats:
        return np.column_stack(self.units(lonlat[:, 0], lonlat[:, 1]))


def _cut(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Shapes in units, cut to the tile with its buffer."""
    west, south, east, north = -BUFFER, -BUFFER, EXTENT + BUFFER, EXTENT + BUFFER
    try:
        cut: NDArray[np.object_] = shapely.clip_by_rect(shapes, west, south, east, north)
    except shapely.errors.GEOSException:  # the quick way stumbles over slivers on its edges
        cut = shapely.intersection(shapes, shapely.box(west, south, east, north))
    return cut


def cells_of(cells: Ints, level: int) -> Ints:
    """The Morton codes at a zoom of cells of zoom 24."""
    codes: Ints = cells >> 2 * (ZOOM - level)
    return codes


def _rings(shape: BaseGeometry) -> Iterator[Ints]:
    """The rings of a polygon or of several, the exterior of each before its holes."""
    for part in shapely.get_parts(shape).tolist():
        if part.geom_type != "Polygon" or part.is_empty:
            continue  # a polygon may touch the buffer's edge in a line
        turned = shapely.orient_polygons(part)
        for ring in (turned.exterior, *turned.interiors):
            yield shapely.get_coordinates(ring)[:-1].astype(np.int64)


def _gathered(codes: Ints) -> Ints:
    """Every second bit of a number, from the lowest: a column out of a Morton code."""
    bits = codes & 0x5555555555555555
    for shift, mask in _TOGETHER:
        bits = (bits | bits >> shift) & mask
    return bits


_TOGETHER = ((1, 0x3333333333333333), (2, 0x0F0F0F0F0F0F0F0F), (4, 0x00FF00FF00FF00FF), (8, 0x0000FFFF0000FFFF),
             (16, 0x00000000FFFFFFFF))  # fmt: skip


def _whole(units: Floats) -> Ints:
    return np.rint(units).astype(np.int64)


def _lat(down: float) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * down))))
