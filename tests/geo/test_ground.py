"""Sizes against PROJ's, and labels inside their areas."""

from __future__ import annotations

import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.ground import area_m2, label_of

pytestmark = pytest.mark.unit

GEOD = pyproj.Geod(ellps="WGS84")


@given(st.floats(-170, 170), st.floats(-80, 79), st.floats(1e-4, 0.5), st.floats(1e-4, 0.5))
def test_a_size_is_that_on_the_ellipsoid(lon: float, lat: float, width: float, height: float) -> None:
    # PROJ's edges are geodesics: many short ones follow the parallels as ours do.
    box = shapely.segmentize(shapely.box(lon, lat, lon + width, lat + height), max(width, height) / 50)
    assert area_m2(box) == pytest.approx(abs(GEOD.geometry_area_perimeter(box)[0]), rel=1e-5)


def test_a_hole_is_not_counted() -> None:
    outer, inner = shapely.box(114, -8, 115, -7), shapely.box(114.2, -7.8, 114.4, -7.6)
    assert area_m2(outer.difference(inner)) == pytest.approx(area_m2(outer) - area_m2(inner), rel=1e-12)


def test_a_label_lies_inside_the_largest_piece_away_from_its_borders() -> None:
    ring = shapely.Polygon([(0, 0), (10, 0), (10, 10), (9, 10), (9, 1), (1, 1), (1, 10), (0, 10)])
    place = shapely.Point(label_of(shapely.MultiPolygon([shapely.box(20, 0, 21, 1), ring])))
    assert ring.contains(place)
    assert ring.boundary.distance(place) > 0.45
