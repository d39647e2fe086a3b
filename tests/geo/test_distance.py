"""Lengths against PROJ's geodesics, and boxes that must miss nothing."""

from __future__ import annotations

import math

import numpy as np
import pyproj
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geo.distance import box_around, distance_m, distances_m, local_m, offset

pytestmark = pytest.mark.unit

GEOD = pyproj.Geod(ellps="WGS84")
lons = st.floats(-180, 180)
lats = st.floats(-89, 89)


@given(lons, lats, lons, lats)
def test_a_distance_is_that_of_the_geodesic(lon1: float, lat1: float, lon2: float, lat2: float) -> None:
    truth = GEOD.inv(lon1, lat1, lon2, lat2)[2]
    assume(truth < 18_000_000)  # near the antipodes the geodesic itself jumps
    assert distance_m(lon1, lat1, lon2, lat2) == pytest.approx(truth, rel=3e-5, abs=1e-3)


@given(st.floats(95, 141), st.floats(-11, 6), st.floats(0, 360), st.floats(0.01, 5000))
def test_a_short_distance_is_right_to_a_ten_thousandth(lon: float, lat: float, bearing: float, metres: float) -> None:
    lon2, lat2, _ = GEOD.fwd(lon, lat, bearing, metres)
    assert distance_m(lon, lat, lon2, lat2) == pytest.approx(metres, rel=1e-4, abs=1e-4)


def test_a_distance_to_itself_is_nothing_and_to_the_antipode_half_the_world() -> None:
    assert distance_m(114.3, -8.2, 114.3, -8.2) == 0
    assert distance_m(0, 0, 180, 0) == pytest.approx(math.pi * 6378137, rel=5e-3)


@given(st.lists(st.tuples(lons, lats), min_size=1, max_size=20))
def test_many_distances_are_each_the_single_one(places: list[tuple[float, float]]) -> None:
    many = distances_m(114.3, -8.2, [lon for lon, _ in places], [lat for _, lat in places])
    assert many == pytest.approx([distance_m(114.3, -8.2, *place) for place in places], rel=1e-9, abs=1e-6)


@given(st.floats(95, 141), st.floats(-11, 6), st.floats(-20_000, 20_000), st.floats(-20_000, 20_000))
def test_an_offset_is_as_far_and_in_the_direction_asked(lon: float, lat: float, east: float, north: float) -> None:
    lon2, lat2 = offset(lon, lat, east, north)
    assert distance_m(lon, lat, lon2, lat2) == pytest.approx(math.hypot(east, north), rel=1e-3, abs=1e-3)
    assert (lon2 - lon) * east >= 0
    assert (lat2 - lat) * north >= 0
    back_east, back_north = local_m(lon, lat, np.array([lon2]), np.array([lat2]))
    assert (back_east[0], back_north[0]) == pytest.approx((east, north), rel=5e-3, abs=1)


@given(lons, st.floats(-90, 90), st.floats(0, 5_000_000), st.floats(0, 360), st.floats(0, 1))
def test_a_box_holds_every_place_of_its_radius(
    lon: float, lat: float, radius: float, bearing: float, at: float
) -> None:
    west, south, east, north = box_around(lon, lat, radius)
    lon2, lat2, _ = GEOD.fwd(lon, lat, bearing, radius * at)
    assert west - 1e-9 <= lon2 <= east + 1e-9
    assert south - 1e-9 <= lat2 <= north + 1e-9


def test_a_box_is_not_much_wider_than_its_circle() -> None:
    west, south, east, north = box_around(114.3, -8.2, 1000)
    assert distance_m(west, -8.2, east, -8.2) == pytest.approx(2000, rel=0.01)
    assert distance_m(114.3, south, 114.3, north) == pytest.approx(2000, rel=0.01)
