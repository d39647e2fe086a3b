"""Codes and the tree they make."""

from __future__ import annotations

import pytest

from geo.areas import CodeInvalid, Level, is_within, kind_of, level_of, parent_code, path, span

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("code", "level", "parent", "way"),
    [
        ("35.10", Level.REGENCY, None, ("35.10",)),
        ("35.10.21", Level.DISTRICT, "35.10", ("35.10", "35.10.21")),
        ("35.10.21.1002", Level.VILLAGE, "35.10.21", ("35.10", "35.10.21", "35.10.21.1002")),
        ("3510", Level.REGENCY, None, ("3510",)),
        ("3510210", Level.DISTRICT, "3510", ("3510", "3510210")),
        ("3510210002", Level.VILLAGE, "3510210", ("3510", "3510210", "3510210002")),
    ],
)
def test_a_code_says_its_level_and_its_way_down(code: str, level: Level, parent: str | None, way: tuple[str]) -> None:
    assert level_of(code) is level
    assert parent_code(code) == parent
    assert path(code) == way
    assert all(is_within(code, above) for above in way)
    assert not is_within(code, "35.11")


@pytest.mark.parametrize(
    "code", ["", "35", "35.1", "35.10.", "35.10.21.2", "35.10.21.20021", "ID3510", "35102", "３５.10"]
)
def test_what_is_no_code_is_refused_with_an_example(code: str) -> None:
    for question in (level_of, parent_code, path):
        with pytest.raises(CodeInvalid, match=r"35\.10\.21\.1002"):
            question(code)


@pytest.mark.parametrize("code", ["35.10", "35.10.21", "35.10.21.1002", "3510", "3510210", "3510210002"])
def test_the_span_of_a_code_holds_those_below_it_and_no_others(code: str) -> None:
    every = [
        "35.10",
        "35.10.21",
        "35.10.21.1002",
        "35.10.22",
        "35.11",
        "3510",
        "3510210",
        "3510210002",
        "3510220",
        "3511",
    ]
    first, end = span(code)
    assert [each for each in every if first <= each < end] == [each for each in every if is_within(each, code)]


def test_a_village_code_says_what_the_village_is() -> None:
    assert kind_of("35.10.21.1002") == "kelurahan"
    assert kind_of("35.10.21.2002") == "desa"
    assert kind_of("35.10.21.9002") is None
    assert kind_of("35.10.21") is None
    assert kind_of("3510210002") is None
