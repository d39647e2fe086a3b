"""CQL2 filters: both ways of writing give one tree, nothing unknown can be named, nothing hostile gets through."""

import json
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from cases.filters.faults import (
    FilterInvalid,
    FunctionUnknown,
    PlaceNeeded,
    PropertyUnknown,
    ShapeUnusable,
    TooLarge,
    Unread,
    WrongType,
)
from cases.filters.reading import Lang, equals, read
from cases.filters.tree import (
    Compare,
    Comparison,
    Every,
    Kind,
    Literal,
    Missing,
    Node,
    Not,
    Property,
    Relation,
    Spatial,
)
from geo.crs import Crs

pytestmark = pytest.mark.unit

ZONE = ZoneInfo("Asia/Jakarta")
KINDS = {
    "category": Kind.TEXT,
    "title": Kind.TEXT,
    "radius_m": Kind.NUMBER,
    "version": Kind.INTEGER,
    "overdue": Kind.BOOLEAN,
    "opened_at": Kind.TIME,
    "closed_at": Kind.TIME,
    "issued_on": Kind.DATE,
    "id": Kind.ID,
    "geometry": Kind.PLACE,
}
WORDS = {name: Property(name, kind) for name, kind in KINDS.items()}


def text(source: str, crs: Crs = Crs.CRS84) -> Node:
    return read(source, Lang.TEXT, WORDS, zone=ZONE, crs=crs)


def in_json(source: Any, crs: Crs = Crs.CRS84) -> Node:
    return read(json.dumps(source), Lang.JSON, WORDS, zone=ZONE, crs=crs)


def prop(name: str) -> dict[str, str]:
    return {"property": name}


POLYGON = {"type": "Polygon", "coordinates": [[[113, -9], [114, -9], [114, -8], [113, -9]]]}
SAME: list[tuple[str, Any]] = [
    ("category = 'pothole'", {"op": "=", "args": [prop("category"), "pothole"]}),
    ("'pothole' = category", {"op": "=", "args": [prop("category"), "pothole"]}),
    ("5 < radius_m", {"op": ">", "args": [prop("radius_m"), 5]}),
    ("category <> 'it''s'", {"op": "<>", "args": [prop("category"), "it's"]}),
    ("radius_m >= -1.5e1", {"op": ">=", "args": [prop("radius_m"), -15.0]}),
    ("(radius_m > ( - (5)))", {"op": ">", "args": [prop("radius_m"), -5]}),
    ("version < radius_m", {"op": "<", "args": [prop("version"), prop("radius_m")]}),
    ("overdue", {"op": "=", "args": [prop("overdue"), True]}),
    ("NOT (overdue = TRUE)", {"op": "not", "args": [{"op": "=", "args": [prop("overdue"), True]}]}),
    ("title LIKE 'Mobil%'", {"op": "like", "args": [prop("title"), "Mobil%"]}),
    ("title NOT LIKE '100\\%'", {"op": "not", "args": [{"op": "like", "args": [prop("title"), "100\\%"]}]}),
    (
        "CASEI(title) LIKE CASEI('MOBIL%')",
        {"op": "like", "args": [{"op": "casei", "args": [prop("title")]}, {"op": "casei", "args": ["MOBIL%"]}]},
    ),
    (
        "title ILIKE 'MOBIL%'",
        {"op": "like", "args": [{"op": "casei", "args": [prop("title")]}, {"op": "casei", "args": ["MOBIL%"]}]},
    ),
    ("radius_m BETWEEN 5 AND 10", {"op": "between", "args": [prop("radius_m"), 5, 10]}),
    ("category IN ('a', 'b')", {"op": "in", "args": [prop("category"), ["a", "b"]]}),
    ("closed_at IS NULL", {"op": "isNull", "args": [prop("closed_at")]}),
    ('("closed_at" IS NOT NULL)', {"op": "not", "args": [{"op": "isNull", "args": [prop("closed_at")]}]}),
    (
        "opened_at > TIMESTAMP('2026-11-01T00:00:00Z')",
        {"op": ">", "args": [prop("opened_at"), {"timestamp": "2026-11-01T00:00:00Z"}]},
    ),
    ("opened_at = DATE('2026-11-01')", {"op": "=", "args": [prop("opened_at"), {"date": "2026-11-01"}]}),
    ("issued_on <= DATE('2026-11-01')", {"op": "<=", "args": [prop("issued_on"), {"date": "2026-11-01"}]}),
    (
        "T_DURING(opened_at, INTERVAL('2026-11-01T00:00:00Z', '..'))",
        {"op": "t_during", "args": [prop("opened_at"), {"interval": ["2026-11-01T00:00:00Z", ".."]}]},
    ),
    (
        "T_INTERSECTS(INTERVAL(opened_at, closed_at), DATE('2026-11-01'))",
        {
            "op": "t_intersects",
            "args": [{"interval": [prop("opened_at"), prop("closed_at")]}, {"date": "2026-11-01"}],
        },
    ),
    (
        "S_INTERSECTS(geometry, POLYGON((113 -9, 114 -9, 114 -8, 113 -9)))",
        {"op": "s_intersects", "args": [prop("geometry"), POLYGON]},
    ),
    (
        "S_CONTAINS(POLYGON Z ((113 -9 1, 114 -9 1, 114 -8 1, 113 -9 1)), geometry)",
        {"op": "s_within", "args": [prop("geometry"), POLYGON]},
    ),
    (
        "S_WITHIN(geometry, BBOX(113, -9, 114, -8))",
        {"op": "s_within", "args": [prop("geometry"), {"bbox": [113, -9, 114, -8]}]},
    ),
    (
        "category = 'a' OR overdue AND NOT radius_m < 5",
        {
            "op": "or",
            "args": [
                {"op": "=", "args": [prop("category"), "a"]},
                {
                    "op": "and",
                    "args": [
                        {"op": "=", "args": [prop("overdue"), True]},
                        {"op": "not", "args": [{"op": "<", "args": [prop("radius_m"), 5]}]},
                    ],
                },
            ],
        },
    ),
    ("TRUE", True),
    (f"id = '{UUID(int=1)}'", {"op": "=", "args": [prop("id"), str(UUID(int=1))]}),
]  # fmt: skip


@pytest.mark.parametrize(("written", "other"), SAME, ids=[pair[0] for pair in SAME])
def test_both_ways_of_writing_give_the_same_tree(written: str, other: Any) -> None:
    assert text(written) == in_json(other)
    assert hash(text(written)) == hash(in_json(other))


def test_a_day_is_the_citys_and_a_moment_is_a_moment() -> None:
    day = text("opened_at = DATE('1970-01-01')")
    opened = WORDS["opened_at"]
    hours = 3_600_000_000
    assert day == Every(
        (
            Comparison(Compare.AT_LEAST, opened, Literal(-7 * hours, Kind.TIME)),
            Comparison(Compare.AT_MOST, opened, Literal(17 * hours - 1, Kind.TIME)),
        )
    )
    after = text("opened_at > '1970-01-01'")
    assert after == Comparison(Compare.MORE, opened, Literal(17 * hours - 1, Kind.TIME))
    assert text("opened_at < '1970-01-01T00:00:01Z'") == Comparison(Compare.LESS, opened, Literal(10**6, Kind.TIME))
    assert text("opened_at <> DATE('1970-01-01')") == Not(day)


def test_geometries_are_read_in_the_filters_reference_system() -> None:
    in_degrees = text("S_INTERSECTS(geometry, POINT(114.37 -8.22))")
    lat_first = text("S_INTERSECTS(geometry, POINT(-8.22 114.37))", Crs.WGS84)
    assert in_degrees == lat_first
    metres = in_json(
        {"op": "s_intersects", "args": [prop("geometry"), {"bbox": [200000, 9090000, 201000, 9091000]}]}, Crs.UTM_50S
    )
    assert isinstance(metres, Spatial)
    west, south, east, north = metres.bounds
    assert 114 < west < east < 115
    assert -9 < south < north < -8
    over = text("S_INTERSECTS(geometry, BBOX(170, -10, -170, 10))")
    assert isinstance(over, Spatial)
    assert shapely.from_wkb(over.shape).area == pytest.approx(400)


def test_contains_is_turned_where_the_shape_comes_first() -> None:
    first = text("S_WITHIN(POINT(113 -8), geometry)")
    assert isinstance(first, Spatial)
    assert first.relation is Relation.CONTAINS


WRONG: list[tuple[str, type[FilterInvalid], str]] = [
    ("", Unread, "1"),
    ("category =", Unread, "11"),
    ("category = 'a' AND", Unread, "19"),
    ("category = 'a", Unread, "12"),
    ("category ! 'a'", Unread, "10"),
    ("category = 'a')", Unread, "15"),
    ("(category = 'a'", Unread, "16"),
    ("category NOT 'a'", Unread, "10"),
    ("category IS 'a'", Unread, "13"),
    ("secret = 'a'", PropertyUnknown, "1"),
    ("category = 'a' AND description LIKE '%a%'", PropertyUnknown, "20"),
    ('"category; DROP TABLE complaint" = 1', PropertyUnknown, "1"),
    ("category = 5", WrongType, "10"),
    ("radius_m = '5'", WrongType, "10"),
    ("opened_at = 5", WrongType, "11"),
    ("opened_at > 'yesterday'", WrongType, "11"),
    ("opened_at > '2026-11-01T00:00:00'", WrongType, "11"),
    ("issued_on = TIMESTAMP('2026-11-01T00:00:00Z')", WrongType, "11"),
    ("opened_at < DATE('9999-12-31')", WrongType, "18"),
    ("geometry = 'a'", WrongType, "10"),
    ("1 = 1", WrongType, "3"),
    ("category", WrongType, "1"),
    ("category LIKE radius_m", WrongType, "10"),
    ("radius_m LIKE '5'", WrongType, "10"),
    ("T_AFTER(category, DATE('2026-11-01'))", WrongType, "1"),
    ("S_INTERSECTS(geometry, geometry)", PlaceNeeded, "1"),
    ("S_INTERSECTS(category, POINT(1 1))", PlaceNeeded, "1"),
    ("S_NEAR(geometry, POINT(1 1))", FunctionUnknown, "1"),
    ("pg_sleep(5)", FunctionUnknown, "1"),
    ("S_INTERSECTS(geometry, POINT(1000 1))", ShapeUnusable, "24"),
    ("S_INTERSECTS(geometry, POINT(90 180))", ShapeUnusable, "24"),
    ("S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 1 0, 0 1, 0 0)))", ShapeUnusable, "24"),
    ("S_INTERSECTS(geometry, POLYGON((0 0)))", ShapeUnusable, "24"),
    ("S_INTERSECTS(geometry, POLYGON EMPTY)", ShapeUnusable, "24"),
    ("S_INTERSECTS(geometry, BBOX(1, 2, 3))", ShapeUnusable, "24"),
    ("S_INTERSECTS(geometry, GEOMETRYCOLLECTION EMPTY)", ShapeUnusable, "24"),
    ("S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(1 1), POLYGON((0 0, 1 1, 1 0, 0 1, 0 0))))", ShapeUnusable, "24"),
    ("S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(1 1), POINT(1000 1)))", ShapeUnusable, "24"),
    ("radius_m > 1e999", Unread, "12"),
    ("(" * 100 + "overdue" + ")" * 100, TooLarge, ""),
    ("NOT " * 5_000 + "overdue", TooLarge, ""),
    ("overdue OR " * 5_000 + "overdue", TooLarge, ""),
    ("category = '" + "a" * 200_000 + "'", TooLarge, ""),
]


COLLECTIONS = {
    "GEOMETRYCOLLECTION(POINT(1 1))": "POINT (1 1)",
    "GEOMETRYCOLLECTION (POINT(1 1), POINT Z (2 2 9))": "MULTIPOINT ((1 1), (2 2))",
    "GEOMETRYCOLLECTION(POINT(1 1), POLYGON((0 0, 2 0, 2 2, 0 2, 0 0)))": "POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))",
    "GEOMETRYCOLLECTION(POLYGON((0 0, 2 0, 2 2, 0 2, 0 0)), GEOMETRYCOLLECTION(POINT(5 5)))": (
        "GEOMETRYCOLLECTION (POINT (5 5), POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0)))"
    ),
}


@pytest.mark.parametrize(("written", "covers"), COLLECTIONS.items())
def test_a_collection_is_what_its_parts_cover(written: str, covers: str) -> None:
    as_text = text(f"S_INTERSECTS(geometry, {written})")
    as_json = in_json(
        {"op": "s_intersects", "args": [prop("geometry"), shapely.geometry.mapping(shapely.from_wkt(written))]}
    )
    for found in (as_text, as_json):
        assert isinstance(found, Spatial)
        assert shapely.equals(shapely.from_wkb(found.shape), shapely.from_wkt(covers))
        assert shapely.from_wkb(found.shape).geom_type == shapely.from_wkt(covers).geom_type


@pytest.mark.parametrize(("source", "error", "at"), WRONG, ids=[case[0][:50] for case in WRONG])
def test_what_is_wrong_is_told_with_its_place(source: str, error: type[FilterInvalid], at: str) -> None:
    with pytest.raises(error) as told:
        text(source)
    if at:
        assert told.value.params["at"] == at
    for language in ("id", "en"):
        sentence = told.value.in_language(language)
        assert sentence.endswith(".")
        assert "{" not in sentence.replace(source, "")


@pytest.mark.parametrize(
    "source",
    [
        None, 5, [], {}, {"op": "and", "args": []}, {"op": "=", "args": [prop("category")]}, {"op": ["="], "args": []},
        {"op": "=", "args": [prop("category"), {"a": 1}]}, {"op": "=", "args": [prop("nothing"), 1]},
        {"op": "in", "args": [prop("category"), []]},
        {"op": "s_intersects", "args": [prop("geometry"), {"bbox": ["a"]}]},
        {"op": "s_intersects", "args": [prop("geometry"), {"type": "Polygon", "coordinates": [[["a"]]]}]},
        {"op": "=", "args": [prop("version"), [1]]}, {"op": "between", "args": [prop("radius_m"), 1]},
        {"op": "t_after", "args": [prop("opened_at"), {"interval": [1, 2]}]},
    ],
)  # fmt: skip
def test_wrong_json_is_refused(source: Any) -> None:
    with pytest.raises(FilterInvalid):
        in_json(source)


def test_json_tells_the_way_to_what_is_wrong() -> None:
    with pytest.raises(PropertyUnknown) as told:
        in_json({"op": "and", "args": [True, {"op": "=", "args": [prop("secret"), 1]}]})
    assert told.value.params["at"] == "/args/1/args/0"


def test_json_too_deep_is_refused_before_python_gives_up() -> None:
    with pytest.raises(TooLarge):
        read('{"op":"not","args":[' * 300 + "true" + "]}" * 300, Lang.JSON, WORDS, zone=ZONE)


def test_a_parameter_of_a_url_reads_its_value_by_the_propertys_kind() -> None:
    assert equals("radius_m", "5", WORDS, zone=ZONE) == text("radius_m = 5.0")
    assert equals("overdue", "true", WORDS, zone=ZONE) == text("overdue")
    assert equals("category", "5", WORDS, zone=ZONE) == text("category = '5'")
    assert equals("opened_at", "2026-11-01", WORDS, zone=ZONE) == text("opened_at = DATE('2026-11-01')")
    for name, value in (("radius_m", "five"), ("overdue", "maybe"), ("opened_at", "5"), ("secret", "5")):
        with pytest.raises(FilterInvalid):
            equals(name, value, WORDS, zone=ZONE)


PIECES = ["category", "radius_m", "geometry", "opened_at", "=", "<", "(", ")", ",", "AND", "OR", "NOT", "'a'", "5", "-",
          "LIKE", "IN", "BETWEEN", "IS", "NULL", "S_INTERSECTS", "POINT", "BBOX", "1 1", "DATE", "'2026-01-01'",
          "T_AFTER", "INTERVAL", "CASEI", "TRUE", "POLYGON", "EMPTY", '"', "'", "\\", "\x00", "é"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=15).map(" ".join))
def test_no_text_gets_through_but_as_a_tree_or_a_sentence(source: str) -> None:
    try:
        text(source)
    except FilterInvalid as error:
        assert error.in_language("en")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from([prop("category"), POLYGON]),
        lambda inner: st.builds(
            lambda op, args: {"op": op, "args": args},
            st.sampled_from(
                ["and", "or", "not", "=", "like", "in", "between", "isNull", "casei", "s_within", "t_during"]
            ),
            st.lists(inner, max_size=3),
        ),
        max_leaves=8,
    )
)
def test_no_json_gets_through_but_as_a_tree_or_a_sentence(source: Any) -> None:
    try:
        in_json(source)
    except FilterInvalid as error:
        assert error.in_language("id")


def test_missing_is_of_a_property() -> None:
    assert text("closed_at IS NULL") == Missing(WORDS["closed_at"])
    with pytest.raises(WrongType):
        text("'a' IS NULL")
