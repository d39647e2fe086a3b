"""What a camera sees, against shapely's areas and against itself turned, widened and moved."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.cells import cell
from geo.distance import metres_per_degree
from geo.ground import area_m2
from geo.view import MOST_RANGE_M, Seen, View, ViewInvalid, bbox, cell_ranges, sector, sees

pytestmark = pytest.mark.unit

EAST = View(114.37, -8.21, 90, 60, 100)
views = st.builds(
    View,
    st.floats(-180, 180),
    st.floats(-70, 70),
    st.floats(-720, 720),
    st.one_of(st.floats(1, 360), st.just(360.0)),
    st.floats(5, 2000),
)
turns = st.floats(-180, 180)
shares = st.one_of(st.just(0.0), st.floats(0.01, 1.5))
radii = st.floats(0.02, 1.5)


def at(view: View, bearing_deg: float, distance_m: float) -> tuple[float, float]:
    """The place so far from the camera in this direction, its lon possibly beyond 180."""
    per_lon, per_lat = metres_per_degree(view.lat)
    turn = math.radians(bearing_deg)
    return view.lon + distance_m * math.sin(turn) / per_lon, view.lat + distance_m * math.cos(turn) / per_lat


def seen(view: View, off_axis_deg: float, distance_m: float, radius_m: float) -> Seen:
    return sees(view, *at(view, view.bearing_deg + off_axis_deg, distance_m), radius_m)


@given(views, turns, shares, radii)
def test_the_share_is_the_area_of_the_intersection(view: View, off: float, far: float, size: float) -> None:
    distance, radius = far * view.range_m, size * view.range_m
    steps = max(16, math.ceil(view.fov_deg * 4))
    half = math.radians(view.fov_deg / 2)
    angles = [-half + 2 * half * step / steps for step in range(steps + 1)]
    arc = [(view.range_m * math.cos(angle), view.range_m * math.sin(angle)) for angle in angles]
    ground = shapely.Polygon(arc[:-1] if view.fov_deg == 360 else [(0, 0), *arc])
    turn = math.radians(off)
    circle = shapely.Point(distance * math.cos(turn), distance * math.sin(turn)).buffer(radius, quad_segs=180)
    expected = ground.intersection(circle).area / circle.area
    assert seen(view, off, distance, radius).covered == pytest.approx(expected, abs=1e-3)


@given(views, turns, shares, radii, turns)
def test_turning_camera_and_place_together_changes_nothing(
    view: View, off: float, far: float, size: float, turn: float
) -> None:
    turned = replace(view, bearing_deg=view.bearing_deg + turn)
    before, after = (seen(one, off, far * view.range_m, size * view.range_m) for one in (view, turned))
    assert after.score == pytest.approx(before.score, abs=1e-6)
    assert after.distance_m == pytest.approx(before.distance_m, abs=1e-3)


@given(views, st.floats(0, 180), st.floats(0, 180), shares, radii)
def test_farther_off_the_axis_is_never_seen_better(
    view: View, one: float, other: float, far: float, size: float
) -> None:
    near, aside = sorted((one, other))
    distance, radius = far * view.range_m, size * view.range_m
    assert seen(view, near, distance, radius).score >= seen(view, aside, distance, radius).score - 1e-4
    left, right = seen(view, -aside, distance, radius), seen(view, aside, distance, radius)
    assert left.score == pytest.approx(right.score, abs=1e-6)


@given(views, turns, shares, radii, st.floats(1, 3), st.floats(1, 3))
def test_a_wider_or_longer_view_never_sees_worse(
    view: View, off: float, far: float, size: float, wider: float, longer: float
) -> None:
    distance, radius = far * view.range_m, size * view.range_m
    more = replace(view, fov_deg=min(360.0, view.fov_deg * wider), range_m=view.range_m * min(longer, 2.5))
    before, after = seen(view, off, distance, radius), seen(more, off, distance, radius)
    assert after.covered >= before.covered - 1e-4
    assert after.score >= before.score - 1e-4


@given(views, turns, shares, radii)
def test_the_numbers_keep_their_ranges(view: View, off: float, far: float, size: float) -> None:
    found = seen(view, off, far * view.range_m, size * view.range_m)
    assert 0 <= found.score <= found.covered <= 1
    assert found.distance_m == pytest.approx(far * view.range_m, rel=1e-6, abs=1e-3)
    if found.distance_m > 1:
        assert found.off_axis_deg == pytest.approx(abs(off), abs=1e-3)


@given(views, turns, st.floats(0, 1))
def test_box_and_runs_hold_every_place_of_the_sector(view: View, turn: float, far: float) -> None:
    lon, lat = at(view, view.bearing_deg + turn / 180 * view.fov_deg / 2, far * view.range_m)
    lon = lon - math.copysign(360, lon) if abs(lon) > 180 else lon
    west, south, east, north = bbox(view)
    slack = 1e-9
    assert south - slack <= lat <= north + slack
    across = west - slack <= lon <= east + slack
    assert across if west <= east else (lon >= west - slack or lon <= east + slack)
    place = cell(lon, lat)
    runs = cell_ranges(view)
    assert len(runs) <= 32
    assert any(first <= place <= last for first, last in runs)


@given(views)
def test_the_sector_is_valid_and_as_large_as_it_should_be(view: View) -> None:
    ground = sector(view)
    west, _, east, _ = ground.bounds
    assert ground.is_valid
    assert -180 <= west <= east <= 180
    assert area_m2(ground) == pytest.approx(math.pi * view.range_m**2 * view.fov_deg / 360, rel=5e-3)


def test_over_the_date_line_it_is_two_pieces_and_one_view() -> None:
    view = View(179.9999, -17.0, 90, 60, 100)
    west, _, east, _ = bbox(view)
    assert west > east
    assert len(shapely.get_parts(sector(view))) == 2
    assert sees(view, -179.9996, -17.0, 5).covered == 1
    mirrored = View(-179.9999, -17.0, 270, 60, 100)
    assert len(shapely.get_parts(sector(mirrored))) == 2
    assert sees(mirrored, 179.9996, -17.0, 5).covered == 1


def test_ahead_is_seen_behind_and_beyond_is_not() -> None:
    ahead, edge, behind, beyond = (seen(EAST, *spot, 5) for spot in ((0, 50), (30, 50), (180, 50), (0, 106)))
    assert ahead.covered == 1
    assert 0.8 < ahead.score < 1
    assert edge.covered == pytest.approx(0.5, abs=0.02)
    assert behind.score == beyond.score == 0


def test_at_its_foot_a_narrow_camera_sees_its_share_of_the_place() -> None:
    foot = sees(EAST, EAST.lon, EAST.lat, 10)
    assert foot.covered == pytest.approx(60 / 360)
    assert foot.distance_m == foot.off_axis_deg == 0
    assert sees(replace(EAST, fov_deg=360), EAST.lon, EAST.lat, 10).score == pytest.approx(1)


@given(turns, turns)
def test_a_full_circle_has_no_axis(bearing: float, off: float) -> None:
    around = View(114.37, -8.21, bearing, 360, 100)
    assert seen(around, off, 60, 10).score == pytest.approx(seen(around, 0, 60, 10).score, abs=1e-6)


@pytest.mark.parametrize(
    "wrong",
    [
        {"lon": 181.0},
        {"lat": 89.0},
        {"bearing_deg": math.nan},
        {"fov_deg": 0.0},
        {"fov_deg": 361.0},
        {"range_m": 0.0},
        {"range_m": MOST_RANGE_M + 1},
        {"range_m": math.nan},
    ],
)
def test_what_is_no_view_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ViewInvalid):
        replace(EAST, **wrong)
    with pytest.raises(ValueError, match="radius"):
        sees(EAST, EAST.lon, EAST.lat, 0)
