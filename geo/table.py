"""A table of small square cells that says at once which polygon a place is in, or which few may hold it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from geo.distance import Floats

Ints = NDArray[np.int32]

OUTSIDE = -1
_STEP = 360 / 2**16  # degrees: the width of a map tile of zoom 16, some 610 m
_MOST_CELLS = 4_000_000  # 16 MB: a province in full fineness, wider coverages in coarser cells
_MARGIN = 1e-9  # degrees: more than rounding can move a place


class CellTable:
    """Which of some polygons holds a place.

    A cell that no border crosses knows its answer: one polygon, or OUTSIDE. A cell with a border
    (or under several polygons) lists its candidates, and the place is checked against each in order:
    on a shared border, and where polygons overlap, the first of them has the place.
    """

    def __init__(self, polygons: Sequence[BaseGeometry] | NDArray[np.object_]) -> None:
        """Build from polygons in degrees, in the order in which they take a place they share."""
        self._polygons = np.asarray(polygons, dtype=object)
        bounds = shapely.total_bounds(self._polygons) if len(polygons) else np.zeros(4)
        west, south, east, north = (float(bound) for bound in bounds)
        self._step = _STEP
        while ((east - west) / self._step + 3) * ((north - south) / self._step + 3) > _MOST_CELLS:
            self._step *= 2
        # One empty cell all around: a place outside is put there.
        self._west, self._south = west - self._step, south - self._step
        self._columns = int((east - west) / self._step) + 3
        self._rows = int((north - south) / self._step) + 3
        _make_ready(self._polygons)
        self._fill(*self._crossed())

    def many(self, lons: ArrayLike, lats: ArrayLike) -> Ints:
        """The position of the polygon that holds each place, or OUTSIDE (also for NaN)."""
        x, y = np.asarray(lons, dtype=np.float64), np.asarray(lats, dtype=np.float64)
        found = self._table[self._cells(x, y)]
        open_ = np.flatnonzero(found < OUTSIDE)
        lists = OUTSIDE - 1 - found[open_]
        found[open_] = OUTSIDE
        turn, end = self._starts[lists], self._starts[lists + 1]
        x, y = x[open_], y[open_]
        while open_.size:
            candidates = self._candidates[turn]
            held = shapely.intersects_xy(self._polygons[candidates], x, y)
            found[open_[held]] = candidates[held]
            turn += 1
            left = ~held & (turn < end)
            open_, turn, end, x, y = open_[left], turn[left], end[left], x[left], y[left]
        return found

    def all_at(self, lon: float, lat: float) -> list[int]:
        """Every polygon that holds this place, its border included, in order."""
        entry = int(self._table[self._cells(np.array([lon]), np.array([lat]))[0]])
        if entry >= OUTSIDE:
            return [] if entry == OUTSIDE else [entry]
        first, end = self._starts[OUTSIDE - 1 - entry], self._starts[OUTSIDE - entry]
        candidates = self._candidates[first:end]
        return [int(at) for at in candidates[shapely.intersects_xy(self._polygons[candidates], lon, lat)]]

    def _cells(self, lons: Floats, lats: Floats) -> NDArray[np.intp]:
        # fmax and fmin turn NaN into the empty margin.
        columns = np.fmin(np.fmax((lons - self._west) / self._step, 0), self._columns - 1)
        rows = np.fmin(np.fmax((lats - self._south) / self._step, 0), self._rows - 1)
        return rows.astype(np.intp) * self._columns + columns.astype(np.intp)

    def _crossed(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Polygon and cell of each pair where the polygon's border may pass through the cell."""
        owners, x0, y0, x1, y1 = segments(self._polygons)
        # Each side is cut into pieces shorter than a cell: such a piece lies in the cells of its box's corners.
        longest = np.maximum(np.abs(x1 - x0), np.abs(y1 - y0)) / self._step
        pieces = (longest * 1.01).astype(np.intp) + 1
        side = np.repeat(np.arange(len(pieces)), pieces)
        nth = np.arange(len(side)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        begin, end = nth / pieces[side], (nth + 1) / pieces[side]
        xs = np.stack([x0[side] + (x1 - x0)[side] * at for at in (begin, end)])
        ys = np.stack([y0[side] + (y1 - y0)[side] * at for at in (begin, end)])
        west_east = xs.min(0) - _MARGIN, xs.max(0) + _MARGIN
        south_north = ys.min(0) - _MARGIN, ys.max(0) + _MARGIN
        cells = np.concatenate([self._cells(x, y) for x in west_east for y in south_north])
        pairs = np.unique(np.tile(owners[side], 4) * self._size + cells)
        return pairs // self._size, pairs % self._size

    def _fill(self, owners: NDArray[np.intp], cells: NDArray[np.intp]) -> None:
        """Set the table from the cells crossed by borders and the cells wholly inside a polygon."""
        firsts = np.searchsorted(owners, np.arange(len(self._polygons) + 1))
        inside = [self._inside(at, cells[firsts[at] : firsts[at + 1]]) for at in range(len(self._polygons))]
        counts = [len(cells_inside) for cells_inside in inside]
        crossed = np.zeros(self._size, dtype=bool)
        crossed[cells] = True
        owners = np.concatenate([owners, np.repeat(np.arange(len(self._polygons)), counts)])
        cells = np.concatenate([cells, *inside])
        order = np.lexsort((owners, cells))
        owners, cells = owners[order].astype(np.int32), cells[order]
        listed, begins, counts_here = np.unique(cells, return_index=True, return_counts=True)
        self._table: Ints = np.full(self._size, OUTSIDE, dtype=np.int32)
        plain = (counts_here == 1) & ~crossed[listed]
        self._table[listed[plain]] = owners[begins[plain]]
        kept = np.repeat(~plain, counts_here)
        self._candidates: Ints = owners[kept]
        self._starts: NDArray[np.intp] = np.concatenate([[0], np.cumsum(counts_here[~plain])]).astype(np.intp)
        self._table[listed[~plain]] = OUTSIDE - 1 - np.arange(len(self._starts) - 1, dtype=np.int32)

    def _inside(self, at: int, crossed: NDArray[np.intp]) -> NDArray[np.intp]:
        """The cells wholly inside one polygon: those its border leaves alone and whose middle it holds."""
        west, south, east, north = shapely.bounds(self._polygons[at])
        first, last = self._cells(np.array([west, east]), np.array([south, north]))
        rows = np.arange(first // self._columns, last // self._columns + 1)
        columns = np.arange(first % self._columns, last % self._columns + 1)
        cells = np.setdiff1d((rows[:, None] * self._columns + columns).ravel(), crossed, assume_unique=True)
        middle_x = self._west + (cells % self._columns + 0.5) * self._step
        middle_y = self._south + (cells // self._columns + 0.5) * self._step
        held: NDArray[np.intp] = cells[shapely.contains_xy(self._polygons[at], middle_x, middle_y)]
        return held

    @property
    def _size(self) -> int:
        return self._columns * self._rows


def segments(polygons: NDArray[np.object_]) -> tuple[NDArray[np.intp], Floats, Floats, Floats, Floats]:
    """All sides of all rings: the polygon each belongs to, and x0, y0, x1, y1."""
    parts, of_polygon = shapely.get_parts(polygons, return_index=True)
    rings, of_part = shapely.get_rings(parts, return_index=True)
    corners, of_ring = shapely.get_coordinates(rings, return_index=True)
    at = np.flatnonzero(of_ring[:-1] == of_ring[1:])
    owners = of_polygon[of_part[of_ring[at]]]
    return owners, corners[at, 0], corners[at, 1], corners[at + 1, 0], corners[at + 1, 1]


def _make_ready(polygons: NDArray[np.object_]) -> None:
    """Prepare each polygon and ask it once: at the first question GEOS builds its lookup, unsafe in two threads."""
    shapely.prepare(polygons)
    corners = shapely.get_coordinates(shapely.point_on_surface(polygons))
    shapely.intersects_xy(polygons, corners[:, 0], corners[:, 1])
