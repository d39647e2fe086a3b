"""The small pure things behind the doors."""

import pytest

from api.answers.conditional import matches
from api.language import preferred
from api.ranges import OutsideFile, Span, parse
from api.throttle import Throttle
from cases.plain import plain

pytestmark = pytest.mark.unit


def test_a_range_is_read_as_the_rfc_says() -> None:
    assert parse("bytes=0-0", 10) == Span(0, 0)
    assert parse("bytes=5-", 10) == Span(5, 9)
    assert parse("bytes=5-99", 10) == Span(5, 9)
    assert parse("bytes=-3", 10) == Span(7, 9)
    assert parse("bytes=-99", 10) == Span(0, 9)
    assert Span(5, 9).length == 5


@pytest.mark.parametrize("header", ["", "bytes=", "bytes=-", "bytes=5-1", "bytes=0-1,3-4", "lines=1-2", "bytes=a-b"])
def test_what_is_no_single_range_means_the_whole(header: str) -> None:
    assert parse(header, 10) is None


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-12", "bytes=-0"])
def test_a_range_past_the_end_is_told(header: str) -> None:
    with pytest.raises(OutsideFile):
        parse(header, 10)


def test_etags_compare_weakly() -> None:
    assert matches('"a"', '"a"')
    assert matches('W/"a"', '"a"')
    assert matches('"b", "a"', 'W/"a"')
    assert matches("*", '"a"')
    assert not matches("", '"a"')
    assert not matches('"ab"', '"a"')


def test_a_wish_for_a_language_is_weighed() -> None:
    assert preferred("en-GB,en;q=0.9,id;q=0.8") == "en"
    assert preferred("id;q=0.1, en;q=0.2") == "en"
    assert preferred("de, fr") is None
    assert preferred("en;q=x") is None


def test_a_throttle_leaks() -> None:
    now = 0.0
    throttle = Throttle(3, clock=lambda: now)
    assert [throttle.wait_s("a") for _ in range(3)] == [0, 0, 0]
    assert throttle.wait_s("a") == pytest.approx(20)
    assert throttle.wait_s("b") == 0
    now = 20.0
    assert throttle.wait_s("a") == 0
    assert throttle.wait_s("a") > 0


def test_text_loses_what_is_no_text() -> None:
    assert plain(" a\x00b\u202ec\r\nd\te\ufeff ") == "abc\nd\te"
    assert plain("Jl. Kepiting – №7 🚧") == "Jl. Kepiting – №7 🚧"
