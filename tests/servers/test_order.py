"""Files that take long come first, and one worker takes all pages."""

import pytest

from tests.servers.order import in_order, shared_as

pytestmark = pytest.mark.unit


def test_slow_rooms_come_by_turns_before_all_others() -> None:
    page, place, running = "tests/web/test_a.py", "tests/geo/test_a.py", "tests/pantau/test_a.py"
    later = ["tests/pantau/demo/test_b.py", "tests/pantau/test_c.py"]
    assert in_order([place, running, *later, page]) == [page, running, *later, place]


def test_pages_stay_together_and_others_by_their_file() -> None:
    assert shared_as("tests/web/test_a.py::test_b[x::y]") == shared_as("tests/web/test_c.py::test_d")
    assert shared_as("tests/geo/test_a.py::TestB::test_c[x]") == "tests/geo/test_a.py"
