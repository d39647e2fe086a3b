"""Cells against the map tiles' own formula, and ranges that must miss no place of their box."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.cells import MAX_LAT, ZOOM, cell, cell_of_tile, cells, ranges

pytestmark = pytest.mark.unit

lons = st.floats(-180, 180)
lats = st.floats(-90, 90)
ratios = st.floats(0, 1)


def tile(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    """Column and row as every slippy map computes them."""
    side = 2**zoom
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return min(int((lon + 180) / 360 * side), side - 1), min(max(int(y * side), 0), side - 1)


@given(lons, st.floats(-85, 85), st.integers(0, 20))
def test_a_cell_lies_in_the_range_of_its_tile(lon: float, lat: float, zoom: int) -> None:
    # A hair inside the tile, where rounding can't put the place in the next one.
    x, y = tile(lon, lat, zoom)
    first, last = cell_of_tile(zoom, x, y)
    neighbours = [cell_of_tile(zoom, x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)
                  if 0 <= x + dx < 2**zoom and 0 <= y + dy < 2**zoom]  # fmt: skip
    found = cell(lon, lat)
    fraction = (lon + 180) / 360 * 2**zoom % 1
    if 1e-6 < fraction < 1 - 1e-6 and tile(lon, lat + 1e-7, zoom) == tile(lon, lat - 1e-7, zoom) == (x, y):
        assert first <= found <= last
    assert any(low <= found <= high for low, high in neighbours)


def test_a_known_place_has_its_known_cell() -> None:
    x, y = tile(114.3, -8.2, 16)
    interleaved = "".join(f"{row}{column}" for row, column in zip(f"{y:016b}", f"{x:016b}", strict=True))
    assert cell(114.3, -8.2) >> 16 == int(interleaved, 2)
    assert cell(-180, MAX_LAT) == 0
    assert cell(180, -MAX_LAT) == 2**48 - 1


@given(st.lists(st.tuples(lons, lats), min_size=1, max_size=50))
def test_many_cells_are_each_the_single_one(places: list[tuple[float, float]]) -> None:
    found = cells([lon for lon, _ in places], [lat for _, lat in places])
    assert found.dtype == np.int64
    assert found.tolist() == [cell(*place) for place in places]


def test_beyond_mercator_a_place_falls_in_the_outermost_row() -> None:
    assert cell(10, 90) == cell(10, 86) == cell(10, MAX_LAT)
    assert cell(10, -90) == cell(10, -86)
    assert cell(200, 0) == cell(180, 0)


@pytest.mark.parametrize("place", [(math.nan, 0), (0, math.nan), (math.inf, 0), (0, -math.inf)])
def test_a_place_that_is_no_number_is_refused(place: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="finite"):
        cell(*place)


@given(st.integers(0, ZOOM - 1), st.data())
def test_the_ranges_of_four_tiles_make_up_the_one_above(zoom: int, data: st.DataObject) -> None:
    x, y = data.draw(st.integers(0, 2**zoom - 1)), data.draw(st.integers(0, 2**zoom - 1))
    children = sorted(cell_of_tile(zoom + 1, 2 * x + dx, 2 * y + dy) for dx in (0, 1) for dy in (0, 1))
    assert [first for first, _ in children[1:]] == [last + 1 for _, last in children[:-1]]
    assert (children[0][0], children[-1][1]) == cell_of_tile(zoom, x, y)


@pytest.mark.parametrize("wrong", [(-1, 0, 0), (ZOOM + 1, 0, 0), (3, 8, 0), (3, 0, 8), (3, -1, 0)])
def test_a_tile_that_is_not_there_is_refused(wrong: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="no tile"):
        cell_of_tile(*wrong)


def held(found: list[tuple[int, int]], code: int) -> bool:
    return any(first <= code <= last for first, last in found)


@given(st.tuples(lons, lats), st.tuples(lons, lats), st.integers(1, 40), ratios, ratios)
def test_ranges_hold_every_place_of_the_box(
    one: tuple[float, float], other: tuple[float, float], at_most: int, right: float, up: float
) -> None:
    west, east = sorted((one[0], other[0]))
    south, north = sorted((one[1], other[1]))
    found = ranges(west, south, east, north, at_most)
    assert 1 <= len(found) <= at_most
    assert all(first <= last for first, last in found)
    assert all(before[1] + 1 < after[0] for before, after in pairwise(found))
    place = min(west + (east - west) * right, east), min(south + (north - south) * up, north)
    for lon, lat in (place, (west, south), (west, north), (east, south), (east, north)):
        assert held(found, cell(lon, lat))


@given(st.floats(95, 141), st.floats(-11, 6), st.floats(1e-5, 2), st.floats(1e-5, 2))
def test_ranges_fit_closely(lon: float, lat: float, width: float, height: float) -> None:
    found = ranges(lon, lat, lon + width, lat + height)
    left, top = ((cell(lon, lat + height) >> at) & 0x555555555555 for at in (0, 1))
    right, bottom = ((cell(lon + width, lat) >> at) & 0x555555555555 for at in (0, 1))
    columns, rows = packed(right) - packed(left) + 3, packed(bottom) - packed(top) + 3
    longest = max(columns, rows)
    assert sum(last - first + 1 for first, last in found) <= columns * rows + longest * longest


def packed(spread: int) -> int:
    """Every second bit of a number."""
    return sum((spread >> 2 * bit & 1) << bit for bit in range(24))


@pytest.mark.parametrize("at_most", range(1, 65))
def test_never_more_ranges_than_asked_for_and_more_fit_no_worse(at_most: int) -> None:
    sizes = [sum(last - first for first, last in ranges(114.1, -8.4, 114.37, -8.13, most)) for most in (at_most, 64)]
    assert len(ranges(114.1, -8.4, 114.37, -8.13, at_most)) <= at_most
    assert sizes[0] >= sizes[1]


def test_two_runs_far_apart_become_one_when_one_is_allowed() -> None:
    # Two neighbouring cells on either side of Greenwich, whose numbers lie far apart.
    west, east = cell(-1e-6, 10), cell(1e-6, 10)
    assert ranges(-1e-6, 10, 1e-6, 10, 2) == [(west, west), (east, east)]
    assert ranges(-1e-6, 10, 1e-6, 10, 1) == [(west, east)]


def test_a_box_over_the_date_line_is_held_on_both_sides() -> None:
    found = ranges(179, -1, -179, 1)
    assert held(found, cell(179.5, 0)) and held(found, cell(-179.5, 0))
    assert not held(found, cell(0, 0))
    assert len(found) <= 32


@pytest.mark.parametrize("box", [(0, 1, 1, 0), (math.nan, 0, 1, 1), (0, 0, math.inf, 1)])
def test_a_box_that_is_none_is_refused(box: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match="box"):
        ranges(*box)
