"""The earth on a flat picture."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from geo.cells import ZOOM, cells
from geo.distance import distance_m
from geo.paper import Frame, Paper, crowds, middles

pytestmark = pytest.mark.unit

FRAME = Frame(10, 20, 600, 400)
BOUNDS = (113.0, -8.5, 113.5, -8.1)
LONS, LATS = some.floats(-179, 179), some.floats(-80, 80)


def test_a_box_fills_its_frame_in_one_direction() -> None:
    paper = Paper.fitting(BOUNDS, FRAME)
    x, y = paper.pixels([BOUNDS[0], BOUNDS[2]], [BOUNDS[3], BOUNDS[1]])
    assert y.tolist() == pytest.approx([20, 420])
    assert 10 < x[0] < x[1] < 610
    assert (x[0] + x[1]) / 2 == pytest.approx(310)


def test_pixels_are_metres_and_north_is_up() -> None:
    paper = Paper.fitting(BOUNDS, FRAME)
    (x0, x1, _), (y0, _, y2) = paper.pixels([113.2, 113.3, 113.2], [-8.3, -8.3, -8.2])
    assert (x1 - x0) / paper.px_per_m == pytest.approx(distance_m(113.2, -8.3, 113.3, -8.3), rel=1e-3)
    assert (y0 - y2) / paper.px_per_m == pytest.approx(distance_m(113.2, -8.3, 113.2, -8.2), rel=1e-3)


@given(LONS, LATS, some.floats(0, 0.9), some.floats(0, 0.9), some.floats(20, 500))
def test_a_bar_is_round_and_fits(lon: float, lat: float, wide: float, high: float, longest: float) -> None:
    paper = Paper.fitting((lon, lat, lon + wide, lat + high), FRAME)
    metres, px = paper.bar(longest)
    assert str(metres).rstrip("0") in ("1", "2", "5")
    assert metres == 1 or longest / 2.5 - 1e-6 <= px <= longest + 1e-6
    assert px == pytest.approx(metres * paper.px_per_m)


@given(LONS, LATS, some.integers(0, ZOOM))
def test_the_middle_of_a_cell_is_in_it(lon: float, lat: float, level: int) -> None:
    code = cells([lon], [lat]) >> 2 * (ZOOM - level)
    (middle_lon,), (middle_lat,) = middles(code, level)
    assert cells([middle_lon], [middle_lat]) >> 2 * (ZOOM - level) == code
    assert abs(middle_lon - lon) <= 360 / 2**level


@given(some.floats(0.001, 1), some.floats(1, 40))
def test_cells_are_drawn_no_wider_than_asked(wide: float, px: float) -> None:
    paper = Paper.fitting((113, -8, 113 + wide, -7.9), FRAME)
    level = paper.cell_level(px)
    (x0, x1), _ = paper.pixels([113, 113 + 360 / 2**level], [-8, -8])
    assert x1 - x0 <= px * 1.01 or level == ZOOM
    assert (x1 - x0) * 2 > px * 0.99


@given(some.lists(some.tuples(some.floats(0, 500), some.floats(0, 500), some.integers(0, 2), some.integers(1, 9))))
def test_crowds_lose_nobody_and_stand_among_theirs(given_: list[tuple[float, float, int, int]]) -> None:
    x, y, groups, counts = (np.array([one[at] for one in given_]) for at in range(4))
    made = crowds(x, y, groups.astype(np.int64), counts.astype(np.int64), of=3, px=44)
    for group in range(3):
        assert sum(crowd.counts[group] for crowd in made) == sum(one[3] for one in given_ if one[2] == group)
    for crowd in made:
        assert any(max(abs(one[0] - crowd.x), abs(one[1] - crowd.y)) <= 2 * 44 for one in given_)
    assert [crowd.number for crowd in made] == sorted(crowd.number for crowd in made)
