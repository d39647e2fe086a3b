"""Files that take long come first, the rooms that compute and the rooms that wait by turns."""

import pytest

from tests.servers.order import in_order


@pytest.mark.unit
def test_slow_rooms_come_by_turns_before_all_others() -> None:
    page, place, running = "tests/web/test_a.py", "tests/geo/test_a.py", "tests/pantau/test_a.py"
    later = ["tests/pantau/demo/test_b.py", "tests/pantau/test_c.py"]
    assert in_order([place, running, *later, page]) == [page, running, *later, place]
