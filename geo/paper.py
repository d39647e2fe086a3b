"""A piece of the earth on a flat picture: places to pixels, its scale, and places so close that they are one crowd."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.cells import ZOOM
from geo.distance import metres_per_degree

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_NICE = (1, 2, 5)
_CLOSE = 0.8
"""Of the side of a square: crowds that are drawn closer than this would hide each other."""

_LEAST_DEG = 1e-5
"""A place of no extent is drawn as one of a metre."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where on a picture the ground is drawn, in pixels from the upper left corner."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Paper:
    """The ground around a middle, north up, as a plane that touches the earth there: right to 0.1% over 50 km."""

    lon: float
    lat: float
    x: float
    y: float
    px_per_m: float

    @classmethod
    def fitting(cls, bounds: tuple[float, float, float, float], frame: Frame) -> Paper:
        """All of west, south, east, north in the frame, in the middle and as large as it goes."""
        west, south, east, north = bounds
        lon, lat = (west + east) / 2, (south + north) / 2
        per_lon, per_lat = metres_per_degree(lat)
        wide, high = max(east - west, _LEAST_DEG) * per_lon, max(north - south, _LEAST_DEG) * per_lat
        scale = min(frame.width / wide, frame.height / high)
        return cls(lon, lat, frame.left + frame.width / 2, frame.top + frame.height / 2, scale)

    def pixels(self, lons: ArrayLike, lats: ArrayLike) -> tuple[Floats, Floats]:
        """Where these places are drawn."""
        per_lon, per_lat = metres_per_degree(self.lat)
        east = (np.asarray(lons, dtype=np.float64) - self.lon) * per_lon
        north = (np.asarray(lats, dtype=np.float64) - self.lat) * per_lat
        return self.x + east * self.px_per_m, self.y - north * self.px_per_m

    def bar(self, longest_px: float) -> tuple[int, float]:
        """The longest round number of metres (1, 2, 5, 10 ...) that is drawn no longer, at least 1 m; its pixels."""
        most = max(longest_px / self.px_per_m, 1)
        power = 10 ** int(np.floor(np.log10(most)))
        metres = max(nice * power for nice in _NICE if nice * power <= most)
        return metres, metres * self.px_per_m

    def cell_level(self, px: float) -> int:
        """The coarsest zoom whose cells are drawn no wider than so many pixels; the finest there is at most."""
        per_lon, _ = metres_per_degree(self.lat)
        wide = 360 * per_lon * self.px_per_m
        return int(np.clip(np.ceil(np.log2(wide / px)), 0, ZOOM))


def middles(cells: ArrayLike, level: int) -> tuple[Floats, Floats]:
    """The middles (lon, lat in degrees) of the tiles of a zoom with these Morton codes."""
    codes = np.asarray(cells, dtype=np.int64)
    side = float(1 << level)
    column, row = _every_other(codes), _every_other(codes >> 1)
    lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * (row + 0.5) / side))))
    return (column + 0.5) / side * 360 - 180, lat


def _every_other(codes: Ints) -> Floats:
    line = np.zeros(codes.shape, dtype=np.int64)
    for bit in range(ZOOM):
        line |= (codes >> 2 * bit & 1) << bit
    return line.astype(np.float64)


@dataclass(frozen=True, slots=True)
class Crowd:
    """What stands so close on the picture that it is drawn as one: where, and how many of each group."""

    x: float
    y: float
    counts: tuple[int, ...]

    @property
    def number(self) -> int:
        """How many in all."""
        return sum(self.counts)


def crowds(x: Floats, y: Floats, groups: Ints, counts: Ints, *, of: int, px: float) -> list[Crowd]:
    """Places gathered by squares of so many pixels, each crowd at the middle of what is in it, the smallest first.

    `groups[i]` (below `of`) and `counts[i]` say what stands at `x[i], y[i]`. The numbers sum to those given.
    """
    if not len(x):
        return []
    square = np.stack((np.floor(x / px), np.floor(y / px)), axis=1).astype(np.int64)
    _, at = np.unique(square, axis=0, return_inverse=True)
    at = at.reshape(-1)
    held = np.zeros((int(at.max()) + 1, of), dtype=np.int64)
    np.add.at(held, (at, groups), counts)
    weight = held.sum(axis=1)
    middle_x = np.bincount(at, weights=x * counts) / weight
    middle_y = np.bincount(at, weights=y * counts) / weight
    made = [
        Crowd(float(one_x), float(one_y), tuple(row.tolist()))
        for one_x, one_y, row in zip(middle_x, middle_y, held, strict=True)
    ]
    return sorted(_apart(made, px * _CLOSE), key=lambda crowd: crowd.number)


def _apart(given: list[Crowd], px: float) -> list[Crowd]:
    """The same with the larger having taken in those that are closer to them than so many pixels."""
    left = sorted(given, key=lambda crowd: -crowd.number)
    made: list[Crowd] = []
    while left:
        first = left[0]
        near = [math.hypot(one.x - first.x, one.y - first.y) < px for one in left]
        made.append(_joined([one for one, close in zip(left, near, strict=True) if close]))
        left = [one for one, close in zip(left, near, strict=True) if not close]
    return made


def _joined(given: list[Crowd]) -> Crowd:
    number = sum(one.number for one in given)
    x, y = (sum(at * one.number for one, at in zip(given, ats, strict=True)) / number for ats in _places(given))
    return Crowd(x, y, tuple(map(sum, zip(*(one.counts for one in given), strict=True))))


def _places(given: list[Crowd]) -> tuple[list[float], list[float]]:
    return [one.x for one in given], [one.y for one in given]
