"""Cells: the web-mercator tile of zoom 24 a place falls in, as one number whose order keeps neighbours together.

A cell's number is the Morton code of its tile: the bits of column and row taken in turn (row in
the higher bit), 48 bits in all. The places of any tile of a lower zoom are then one unbroken run
of numbers, and a box is a few runs. A cell is 2.4 m wide at the equator.
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

ZOOM = 24
MAX_LAT = math.degrees(math.atan(math.sinh(math.pi)))  # 85.0511: where the mercator square ends
_SIDE = 1 << ZOOM
_NUDGE = 1e-9  # degrees, 0.1 mm: more than rounding can move a place, less than anyone can measure
_SPREAD = ((16, 0x0000FFFF0000FFFF), (8, 0x00FF00FF00FF00FF), (4, 0x0F0F0F0F0F0F0F0F), (2, 0x3333333333333333),
           (1, 0x5555555555555555))  # fmt: skip

Range = tuple[int, int]
Coded = tuple[int, int, int]  # column, row, Morton code


def cell(lon: float, lat: float) -> int:
    """The cell of one place. ValueError if a coordinate is not a finite number.

    It goes through `cells`: two roundings of one place would be two cells.
    """
    return int(cells([lon], [lat])[0])


def cells(lons: ArrayLike, lats: ArrayLike) -> NDArray[np.int64]:
    """The cells of many places. Beyond the mercator square (85.05 degrees) a place falls in its outermost row."""
    lon, lat = np.asarray(lons, dtype=np.float64), np.asarray(lats, dtype=np.float64)
    if not (np.isfinite(lon).all() and np.isfinite(lat).all()):
        raise ValueError("a place needs a finite lon and lat")
    sine = np.sin(np.radians(np.clip(lat, -MAX_LAT, MAX_LAT)))
    column = (lon + 180) / 360 * _SIDE
    row = (0.5 - np.arctanh(sine) / (2 * math.pi)) * _SIDE
    return _spread(column) | (_spread(row) << 1)


def _spread(line: NDArray[np.float64]) -> NDArray[np.int64]:
    """Column or row numbers with a zero bit put before each of their bits."""
    bits = np.clip(np.floor(line), 0, _SIDE - 1).astype(np.int64)
    for shift, mask in _SPREAD:
        bits = (bits | (bits << shift)) & mask
    return bits


def cell_of_tile(zoom: int, x: int, y: int) -> Range:
    """First and last cell (both included) of a map tile. ValueError if there is no such tile."""
    if not (0 <= zoom <= ZOOM and 0 <= x < 1 << zoom and 0 <= y < 1 << zoom):
        raise ValueError(f"there is no tile {zoom}/{x}/{y}: zoom goes from 0 to {ZOOM}, x and y below 2 to its power")
    code = 0
    for bit in range(zoom):
        code |= ((x >> bit & 1) | (y >> bit & 1) << 1) << 2 * bit
    return _run(code, ZOOM - zoom)


def ranges(west: float, south: float, east: float, north: float, at_most: int = 32) -> list[Range]:
    """Runs of cells, in order, that together hold every place of the box (edges included), and some around it.

    The box is cut into tiles from the whole world down, as long as the runs stay few; the closest
    runs are then joined until `at_most` are left. `west > east` means a box over the date line.
    ValueError if south lies above north or a bound is not finite.
    """
    if not all(map(math.isfinite, (west, south, east, north))) or south > north or at_most < 1:
        raise ValueError("a box is west, south, east, north: finite degrees, south not above north")
    if west > east:
        both = sorted(_cut(west, south, 180.0, north, at_most) + _cut(-180.0, south, east, north, at_most))
        return _joined(both, at_most)
    return _joined(_cut(west, south, east, north, at_most), at_most)


def _cut(west: float, south: float, east: float, north: float, at_most: int) -> list[Range]:
    """The runs of the finest cut worth its number of runs."""
    left, right = _column(west - _NUDGE), _column(east + _NUDGE)
    top, bottom = _row(north + _NUDGE), _row(south - _NUDGE)
    # The smallest tile that holds the box: below it every level adds something.
    levels = max((left ^ right).bit_length(), (top ^ bottom).bit_length())
    x, y = left >> levels, top >> levels
    whole: list[Range] = []
    cut = [(x, y, cell_of_tile(ZOOM - levels, x, y)[0] >> 2 * levels)]
    for level in range(levels - 1, -1, -1):
        # Past the limit before joining: the joined runs of a finer cut fit closer than a coarse one's.
        if len(whole) + len(cut) > 2 * at_most:
            return sorted(whole + [_run(code, level + 1) for _, _, code in cut])
        partial = []
        inside_x, inside_y = (left - 1 >> level, right + 1 >> level), (top - 1 >> level, bottom + 1 >> level)
        for x, y, code in [child for tile in cut for child in _children(*tile)]:
            if left >> level <= x <= right >> level and top >> level <= y <= bottom >> level:
                if inside_x[0] < x < inside_x[1] and inside_y[0] < y < inside_y[1]:
                    whole.append(_run(code, level))
                else:
                    partial.append((x, y, code))
        cut = partial
    return sorted(whole + [_run(code, 0) for _, _, code in cut])


def _run(code: int, level: int) -> Range:
    """The cells of the tile with this Morton code, so many levels above the cells."""
    return code << 2 * level, (code + 1 << 2 * level) - 1


def _children(x: int, y: int, code: int) -> tuple[Coded, Coded, Coded, Coded]:
    x, y, code = 2 * x, 2 * y, 4 * code
    return (x, y, code), (x + 1, y, code + 1), (x, y + 1, code + 2), (x + 1, y + 1, code + 3)


def _joined(runs: list[Range], at_most: int) -> list[Range]:
    """Sorted runs with neighbours merged, and the smallest gaps closed until few enough are left."""
    gaps = sorted((after[0] - before[1] for before, after in pairwise(runs)), reverse=True)
    # A gap of 1 is no gap. The widest `at_most - 1` gaps stay open.
    allowed = gaps[at_most - 1] if len(gaps) >= at_most else 1
    joined = [runs[0]]
    for run in runs[1:]:
        if run[0] - joined[-1][1] <= max(allowed, 1):
            joined[-1] = (joined[-1][0], max(run[1], joined[-1][1]))
        else:
            joined.append(run)
    return joined


def _column(lon: float) -> int:
    return min(max(math.floor((lon + 180) / 360 * _SIDE), 0), _SIDE - 1)


def _row(lat: float) -> int:
    sine = math.sin(math.radians(min(max(lat, -MAX_LAT), MAX_LAT)))
    return min(max(math.floor((0.5 - math.atanh(sine) / (2 * math.pi)) * _SIDE), 0), _SIDE - 1)
