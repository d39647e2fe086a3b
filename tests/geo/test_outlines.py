"""Simplified areas: fewer corners, the same neighbours."""

import numpy as np
import pytest
import shapely

from geo.areas import Area, Level, path
from geo.outlines import outlines
from tests.geo.made import grid

pytestmark = pytest.mark.unit


def wiggly(areas: list[Area]) -> list[Area]:
    """The same areas with many corners along every border, moved alike on both sides."""

    def shake(lonlat: np.ndarray) -> np.ndarray:
        lon, lat = lonlat[:, 0], lonlat[:, 1]
        return np.column_stack([lon + 2e-5 * np.sin(lat * 9e4), lat + 2e-5 * np.sin(lon * 9e4)])

    made = []
    for area in areas:
        dense = shapely.segmentize(area.geometry, 0.0005)
        moved = shapely.transform(dense, shake)
        made.append(Area(area.code, area.name, area.level, area.parent, area.kind, moved, area.label, 0.0, area.bbox))
    return made


def test_corners_go_and_shared_borders_stay_shared() -> None:
    areas = wiggly([area for area in grid() if area.level is Level.VILLAGE])
    drawn = outlines(areas)
    before = shapely.get_num_coordinates([area.geometry for area in areas]).sum()
    assert shapely.get_num_coordinates(list(drawn.values())).sum() < before / 5
    assert shapely.coverage_is_valid(list(drawn.values()))
    assert set(drawn) == {area.code for area in areas}


def test_an_area_runs_exactly_along_those_within_it() -> None:
    every = grid()
    drawn = outlines(every)
    for area in every:
        inner = [drawn[one.code] for one in every if one.level is Level.VILLAGE and area.code in path(one.code)[:-1]]
        if inner:
            assert drawn[area.code].equals(shapely.union_all(inner))


def test_without_areas_there_is_nothing_to_draw() -> None:
    assert outlines([]) == {}
