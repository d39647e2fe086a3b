"""Places and the areas they are in, beside what shapely says of each polygon."""

from __future__ import annotations

import dataclasses
import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.areas import Area, AreaUnknown
from geo.distance import distance_m, offset
from geo.index import AreaIndex
from tests.geo.made import SIDE, SOUTH, WEST, area, grid, middle, square

pytestmark = pytest.mark.unit

VILLAGES = grid()
INDEX = AreaIndex(VILLAGES)


def expected(areas: list[Area], lon: float, lat: float) -> str | None:
    """The lowest code whose polygon covers the place, asked of each polygon in turn."""
    point = shapely.Point(lon, lat)
    return min((each.code for each in areas if each.geometry.covers(point)), default=None)


def starred(seed: int, corners: int) -> shapely.Polygon:
    """A polygon of any size and shape around the middle of the grid, spikes and all."""
    rng = np.random.default_rng(seed)
    angles = np.sort(rng.uniform(0, 2 * math.pi, corners))
    reach = 10 ** rng.uniform(-5, -1, corners)
    ring = np.column_stack([WEST + 0.04 + reach * np.cos(angles), SOUTH + 0.03 + reach * np.sin(angles)])
    return shapely.Polygon(ring)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(3, 30)), min_size=1, max_size=6), st.integers(0, 10_000))
def test_every_place_is_where_shapely_finds_it(shapes: list[tuple[int, int]], seed: int) -> None:
    grounds = [star for star in (starred(*shape) for shape in shapes) if star.is_valid]
    areas = [area(f"99.01.01.{2001 + at}", ground) for at, ground in enumerate(grounds)]
    index = AreaIndex(areas)
    rng = np.random.default_rng(seed)
    corners = shapely.get_coordinates([each.geometry for each in areas])
    nearby = corners + rng.normal(0, 1e-4, corners.shape)
    anywhere = rng.uniform((WEST - 0.1, SOUTH - 0.1), (WEST + 0.2, SOUTH + 0.2), (100, 2))
    places = np.concatenate([corners, nearby, anywhere])
    found = index.codes[index.many(places[:, 0], places[:, 1])]
    assert found.tolist() == [expected(areas, *place) for place in places]


@given(st.floats(-1, 5), st.floats(-1, 4))
def test_one_place_and_many_agree(column: float, row: float) -> None:
    lon, lat = WEST + column * SIDE, SOUTH + row * SIDE
    assert INDEX.at(lon, lat) == expected(VILLAGES, lon, lat)
    assert INDEX.codes[INDEX.many([lon, lon], [lat, lat])].tolist() == [INDEX.at(lon, lat)] * 2


def test_a_place_on_a_shared_border_belongs_to_the_lower_code_only() -> None:
    lon, lat = middle(1, 1)
    assert INDEX.at(WEST + SIDE, SOUTH + SIDE / 2) == "99.01.01.2001"
    assert INDEX.at(lon, SOUTH + SIDE) == "99.01.01.2002"
    assert INDEX.at(lon, SOUTH + 2 * SIDE) == "99.01.02.2002"
    assert INDEX.at(WEST, lat) == "99.01.02.2001"


@pytest.mark.parametrize("place", [(0, 0), (WEST - 0.001, SOUTH), (math.nan, SOUTH), (WEST, math.inf), (181, 91)])
def test_a_place_outside_all_is_in_none(place: tuple[float, float]) -> None:
    assert INDEX.at(*place) is None


def test_holes_and_islands_are_seen() -> None:
    ring = shapely.Polygon(square(0, 0, 4, 4).exterior, [square(1, 1, 2, 2).exterior])
    index = AreaIndex([area("99.01.01.2001", shapely.MultiPolygon([ring, square(6, 0)])),
                       area("99.01.01.2002", square(1.5, 1.5))])  # fmt: skip
    assert index.at(*middle(0, 0)) == index.at(*middle(6, 0)) == "99.01.01.2001"
    assert index.at(*middle(1.5, 1.5)) == "99.01.01.2002"
    assert index.at(*middle(1, 0.75)) is None
    assert index.at(*middle(4.5, 0)) is None


def test_a_country_wide_index_stays_small_and_right() -> None:
    index = AreaIndex(
        [area("11.01.01.2001", shapely.box(95, 2, 98, 6)), area("95.01.01.2001", shapely.box(138, -9, 141, -2))]
    )
    assert index.at(95.5, 3) == "11.01.01.2001"
    assert index.at(140.999, -8.999) == "95.01.01.2001"
    assert index.at(120, 0) is None


@pytest.mark.parametrize("metres", [1, 24, 26, 200])
def test_a_place_within_its_radius_of_a_border_names_the_neighbour(metres: float) -> None:
    lon, lat = offset(WEST + SIDE, SOUTH + SIDE / 2, -metres, 0)
    near = INDEX.near(lon, lat, 25)
    assert INDEX.at(lon, lat) == "99.01.01.2001"
    if metres > 25:
        assert near == []
    else:
        assert [each.code for each in near] == ["99.01.01.2002"]
        assert near[0].distance_m == pytest.approx(metres, rel=1e-3)


def test_a_place_near_a_corner_names_all_around_nearest_first() -> None:
    lon, lat = offset(WEST + SIDE, SOUTH + SIDE, -10, -5)
    assert [each.code for each in INDEX.near(lon, lat, 25)] == ["99.01.02.2001", "99.01.01.2002", "99.01.02.2002"]


def test_a_place_outside_all_names_the_nearest_within_its_radius() -> None:
    lon, lat = offset(WEST, SOUTH + SIDE / 2, -80, 0)
    assert INDEX.near(lon, lat, 50) == []
    (nearest,) = INDEX.near(lon, lat, 100)
    assert nearest.code == "99.01.01.2001"
    assert nearest.distance_m == pytest.approx(distance_m(lon, lat, WEST, lat), rel=1e-3)


def test_where_areas_overlap_the_other_is_near_at_no_distance() -> None:
    index = AreaIndex([area("99.01.01.2001", square(0, 0, 2, 1)), area("99.01.01.2002", square(1, 0, 2, 1))])
    lon, lat = middle(1, 0)
    assert index.at(lon, lat) == "99.01.01.2001"
    assert [(each.code, each.distance_m) for each in index.near(lon, lat, 1)] == [("99.01.01.2002", 0.0)]


@given(st.floats(-1, 5), st.floats(-1, 4), st.floats(1, 3000))
def test_near_is_what_measuring_every_polygon_gives(column: float, row: float, radius: float) -> None:
    lon, lat = WEST + column * SIDE, SOUTH + row * SIDE
    near = {each.code: each.distance_m for each in INDEX.near(lon, lat, radius)}
    for village in VILLAGES:
        ground = shapely.segmentize(village.geometry, SIDE / 200)
        closest = shapely.get_coordinates(shapely.shortest_line(shapely.Point(lon, lat), ground))[1]
        metres = distance_m(lon, lat, *closest)
        if village.code == INDEX.at(lon, lat) or metres > radius * 1.01:
            assert village.code not in near
        elif metres < radius * 0.99:
            assert near[village.code] == pytest.approx(metres, rel=0.01, abs=0.01)


def test_names_lead_down_from_the_regency_and_the_finest_area_answers() -> None:
    regency = area("99.01", square(0, 0, 4, 4), "Tirta")
    first = dataclasses.replace(area("99.01.01", square(0, 0, 4, 2)), name="Kulon")
    second = area("99.01.02", square(0, 2, 4, 2), "Wetan")
    village = area("99.01.01.2001", square(0, 0, 4, 2), "Sumber")
    index = AreaIndex([regency, first, second, village])
    assert len(index) == 4
    assert [each.code for each in index.areas] == ["99.01", "99.01.01", "99.01.01.2001", "99.01.02"]
    assert "99.01.02" in index
    assert "99.09" not in index
    assert index.at(*middle(0, 0)) == "99.01.01.2001"
    assert index.at(*middle(0, 3)) == "99.01.02"
    assert index.path("99.01.01.2001") == ("Tirta", "Kulon", "Sumber")
    assert index.name("99.01.02") == "Wetan"
    assert AreaIndex([village]).path("99.01.01.2001") == ("Sumber",)
    for question in (index.name, index.path, index.area):
        with pytest.raises(AreaUnknown, match=r"99\.09"):
            question("99.09")


def test_an_index_of_nothing_answers_nothing() -> None:
    index = AreaIndex([])
    assert index.at(114, -8) is None
    assert index.near(114, -8, 100) == []
    assert index.codes[index.many([114, 115], [-8, -8])].tolist() == [None, None]


def test_threads_may_ask_at_once() -> None:
    rng = np.random.default_rng(4)
    places = rng.uniform((WEST, SOUTH), (WEST + 4 * SIDE, SOUTH + 3 * SIDE), (2000, 2))
    index = AreaIndex(VILLAGES)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: index.many(places[:, 0], places[:, 1]).tolist(), range(8)))
    assert all(answer == answers[0] for answer in answers)
