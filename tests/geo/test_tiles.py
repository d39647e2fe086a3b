"""Where a place is in a tile: in exactly one of each zoom, on a unit that clients show."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo import mvt
from geo.cells import cells
from geo.tiles import BUFFER, MOST_ZOOM, Tile, cells_of
from tests.geo import tiled

pytestmark = pytest.mark.unit

LONS, LATS = st.floats(-180, 180), st.floats(-90, 90)
ZOOMS = st.integers(0, MOST_ZOOM)
EDGES = st.builds(lambda z, k: (z, k % ((1 << z) + 1)), st.integers(0, 12), st.integers(0, 1 << 12))


def tile_of(lon: float, lat: float, zoom: int) -> Tile:
    """The tile that a place is in."""
    code = int(cells_of(cells([lon], [lat]), zoom)[0]) if zoom else 0
    bits = [(code >> 2 * at & 1, code >> 2 * at + 1 & 1) for at in range(zoom)]
    return Tile(zoom, sum(x << at for at, (x, _) in enumerate(bits)), sum(y << at for at, (_, y) in enumerate(bits)))


@given(LONS, LATS, ZOOMS)
def test_a_place_is_on_the_unit_nearest_to_it_within_its_tile(lon: float, lat: float, zoom: int) -> None:
    tile = tile_of(lon, lat, zoom)
    first, last = tile.run
    assert first <= cells([lon], [lat])[0] <= last
    x, y = tile.place([lon], [lat])
    assert 0 <= x[0] <= 4095
    assert 0 <= y[0] <= 4095
    across, down = tile.units(np.array([lon]), np.array([lat]))
    assert abs(across[0] - x[0]) <= 1.001 or lon == 180
    assert abs(down[0] - y[0]) <= 1.001 or abs(lat) > 85


@given(EDGES, LATS)
def test_a_place_on_an_edge_is_in_one_tile_and_not_on_the_next_ones_side(edge: tuple[int, int], lat: float) -> None:
    zoom, column = edge
    lon = column / (1 << zoom) * 360 - 180
    cell = cells([lon], [lat])[0]
    tile = tile_of(lon, lat, zoom)
    neighbours = [Tile(zoom, x, tile.y) for x in (tile.x - 1, tile.x, tile.x + 1) if 0 <= x < 1 << zoom]
    assert [one for one in neighbours if one.run[0] <= cell <= one.run[1]] == [tile]
    assert tile.place([lon], [lat])[0][0] in (0, 4095)


@given(LONS, st.floats(-85, 85), st.integers(0, 15), st.integers(0, 7))
def test_the_middle_of_a_cell_is_in_that_cell(lon: float, lat: float, zoom: int, deeper: int) -> None:
    tile, level = tile_of(lon, lat, zoom), zoom + deeper
    x, y = tile.middles(cells_of(cells([lon], [lat]), level), level)
    size = 4096 >> deeper
    across, down = tile.units(np.array([lon]), np.array([lat]))
    assert abs(across[0] - x[0]) <= size / 2 + 0.001 or lon == 180
    assert abs(down[0] - y[0]) <= size / 2 + 0.001


def test_a_tile_that_there_is_not_is_told() -> None:
    for numbers in ((23, 0, 0), (-1, 0, 0), (1, 2, 0), (1, 0, 2), (3, -1, 0)):
        with pytest.raises(ValueError, match="there is no tile"):
            Tile(*numbers)
    assert Tile(0, 0, 0).bounds == pytest.approx((-180, -85.0511287798, 180, 85.0511287798))
    west, south, east, north = Tile(14, 13341, 8578).around
    lon, lat = Tile(14, 13341, 8578).middle
    assert west < lon < east
    assert south < lat < north


@given(
    st.lists(st.tuples(st.floats(-0.02, 0.04), st.floats(-0.02, 0.04)), min_size=3, max_size=9),
    st.sampled_from([Tile(14, 8192, 8191), Tile(12, 2048, 2047), Tile(9, 256, 255)]),
)
def test_whatever_is_drawn_is_valid_and_covers_the_same_ground(corners: list[tuple[float, float]], tile: Tile) -> None:
    shape = shapely.convex_hull(shapely.MultiPoint(corners))
    if shape.geom_type != "Polygon":
        return
    rings, which = tile.rings([shape])
    moved = shapely.transform(shape, lambda places: np.column_stack(tile.units(places[:, 0], places[:, 1])))
    inside = shapely.intersection(moved, shapely.box(-BUFFER, -BUFFER, 4096 + BUFFER, 4096 + BUFFER))
    if not rings:
        assert inside.area < 3 * inside.length + 4
        return
    assert which == [0]
    read = tiled.tile(mvt.encode([mvt.Layer("areas", mvt.polygons(rings), [])]))["areas"][0]
    assert all(len(ring) >= 3 and tiled.area(ring) > 0 for ring in read.parts)
    drawn = shapely.union_all([shapely.Polygon(ring) for ring in read.parts])
    assert all(shapely.Polygon(ring).is_valid for ring in read.parts)
    # Each corner moves by half a unit at most.
    assert shapely.symmetric_difference(drawn, inside).area <= inside.length + 4
