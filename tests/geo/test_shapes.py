"""Drawn shapes in, shapes out, and what is refused."""

from __future__ import annotations

import contextlib
import math
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.shapes import MOST_CORNERS, ShapeInvalid, from_geojson, polygons_of, to_geojson

pytestmark = pytest.mark.unit

SQUARE = [[114.0, -8.0], [115.0, -8.0], [115.0, -7.0], [114.0, -7.0], [114.0, -8.0]]
HOLE = [[114.2, -7.8], [114.4, -7.8], [114.4, -7.6], [114.2, -7.8]]


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def test_a_drawn_polygon_becomes_a_shape() -> None:
    shape = from_geojson(polygon(SQUARE, HOLE))
    assert shape.area == pytest.approx(1 - 0.02)
    both = from_geojson({"type": "MultiPolygon", "coordinates": [[SQUARE], [[[x + 2, y] for x, y in SQUARE]]]})
    assert both.area == pytest.approx(2)
    assert from_geojson(polygon([[*place, 12.5] for place in SQUARE])).has_z is False


ROUND = [[math.cos(at / 6000 * math.tau), math.sin(at / 6000 * math.tau)] for at in range(6000)]


@pytest.mark.parametrize(
    ("drawn", "says"),
    [
        (None, "Polygon or MultiPolygon"),
        ([], "Polygon or MultiPolygon"),
        ({"type": "Point", "coordinates": [1, 2]}, "Polygon or MultiPolygon"),
        ({"type": "Polygon"}, "at least|empty|list of rings"),
        (polygon(), "empty"),
        ({"type": "MultiPolygon", "coordinates": []}, "empty"),
        ({"type": "MultiPolygon", "coordinates": [7]}, "list of rings"),
        (polygon(SQUARE[:2]), "at least 4"),
        (polygon(SQUARE[:4]), "not closed"),
        (polygon([[0, 0], [1, 1], [2, 2], [0, 0]]), "crosses itself"),
        (polygon([[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]), "crosses itself"),
        (polygon(SQUARE, [[x + 3, y] for x, y in SQUARE]), "holes lie outside"),
        (polygon([[0, 0], [1, "1"], [1, 0], [0, 0]]), "finite numbers"),
        (polygon([[0, 0], [1, math.nan], [1, 0], [0, 0]]), "finite numbers"),
        (polygon([[0, 0], [1, True], [1, 0], [0, 0]]), "finite numbers"),
        (polygon([[0, 0], [10**400, 1], [1, 0], [0, 0]]), "finite numbers"),
        (polygon([[0, 0], [1], [1, 0], [0, 0]]), "position"),
        (polygon([[-8, 114], [-8, 115], [-7, 115], [-8, 114]]), "lon comes first"),
        ({"type": "MultiPolygon", "coordinates": [[[*ROUND, ROUND[0]]], [[*ROUND, ROUND[0]]]]}, "10,000 corners"),
    ],
)
def test_a_wrong_drawing_is_refused_and_told_why(drawn: object, says: str) -> None:
    with pytest.raises(ShapeInvalid, match=says):
        from_geojson(drawn)


json_like = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=20,
)


@given(json_like, st.sampled_from(["Polygon", "MultiPolygon"]))
def test_whatever_is_sent_is_a_shape_or_refused(coordinates: Any, type_: str) -> None:
    with contextlib.suppress(ShapeInvalid):
        assert from_geojson({"type": type_, "coordinates": coordinates}).is_valid


def test_the_limit_itself_is_allowed() -> None:
    ring = [[math.cos(at / 9999 * math.tau), math.sin(at / 9999 * math.tau)] for at in range(9999)]
    assert shapely.get_num_coordinates(from_geojson(polygon([*ring, ring[0]]))) == MOST_CORNERS


def test_a_shape_goes_out_rounded_and_comes_back() -> None:
    made = to_geojson(shapely.Polygon([(114.12345678, -8), (115, -8), (115, -7)]))
    assert made["type"] == "Polygon"
    assert made["coordinates"][0][0] == (114.123457, -8.0)
    assert from_geojson(made).equals(shapely.Polygon([(114.123457, -8), (115, -8), (115, -7)]))


def test_polygons_are_got_out_of_anything() -> None:
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    repaired = polygons_of(bow)
    assert repaired is not None
    assert repaired.is_valid
    assert repaired.area == pytest.approx(0.5)
    mixed = shapely.GeometryCollection(
        [shapely.Point(0, 0), shapely.box(0, 0, 1, 1), shapely.LineString([(0, 0), (5, 5)])]
    )
    found = polygons_of(mixed)
    assert found is not None
    assert found.equals(shapely.box(0, 0, 1, 1))
    for nothing in (None, shapely.Point(1, 1), shapely.Polygon(), shapely.LineString([(0, 0), (1, 1)]),
                    shapely.Polygon([(0, 0), (1, 1), (2, 2)])):  # fmt: skip
        assert polygons_of(nothing) is None
