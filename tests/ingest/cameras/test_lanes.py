"""Which camera is visited next: one to a host, those in trouble in a few lanes, none whose lease could end first."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from cases.camera import Standing
from cases.words import CameraDoor, VisitState
from ingest.cameras.lanes import Lanes
from storage.visits import Due
from tests.ingest.cameras.fleet import NOW

pytestmark = pytest.mark.unit

FAILED = Standing(VisitState.STALLED, NOW, NOW, 1)


def due(host: str, standing: Standing | None = None, lease_s: float = 45) -> Due:
    return Due(
        lease="a:1",
        leased_until=NOW + timedelta(seconds=lease_s),
        camera_id=uuid4(),
        number=1,
        account_id=uuid4(),
        door=CameraDoor.RTSP,
        url=f"rtsp://{host}/live",
        secret=None,
        certificate=None,
        interval_s=60,
        keep_days=30,
        due_at=NOW,
        standing=standing or Standing(),
        visited_at=None,
        seen_at=None,
        faults=frozenset(),
        health={},
    )


def begun(lanes: Lanes) -> list[Due]:
    found = []
    while (one := lanes.begin(NOW)) is not None:
        found.append(one)
    return found


def test_no_more_than_so_many_at_once() -> None:
    lanes = Lanes(19, at_once=3)
    assert lanes.add([due(f"host{at}") for at in range(5)]) == []
    first = begun(lanes)
    assert (len(first), lanes.under_way, lanes.room) == (3, 3, 1)
    lanes.end(first[0])
    assert len(begun(lanes)) == 1


def test_a_host_is_visited_once_at_a_time_whatever_port_and_path() -> None:
    lanes = Lanes(19)
    one, same = due("recorder:554"), replace(due("x"), url="http://RECORDER:80/still.jpg")
    lanes.add([one, same, due("other")])
    assert [each.url for each in begun(lanes)] == ["rtsp://recorder:554/live", "rtsp://other/live"]
    lanes.end(one)
    assert begun(lanes) == [same]


def test_a_long_line_at_one_host_is_not_made_longer() -> None:
    lanes = Lanes(19)
    refused = lanes.add([due("recorder") for _ in range(20)])
    assert len(refused) == 12
    assert lanes.add([due("other")]) == []


def test_cameras_in_trouble_leave_the_other_lanes_free() -> None:
    lanes = Lanes(19, at_once=10, troubled=2)
    troubled = [due(f"bad{at}", FAILED) for at in range(9)]
    assert len(lanes.add(troubled)) == 4, "half of all may wait"
    assert len(begun(lanes)) == 2
    lanes.add([due(f"good{at}") for at in range(5)])
    assert len(begun(lanes)) == 5


def test_a_visit_that_could_outlast_its_lease_is_not_begun() -> None:
    lanes = Lanes(19)
    short, long = due("short", lease_s=20), due("long", lease_s=30)
    lanes.add([short, long])
    assert begun(lanes) == [long]
    assert lanes.stale(NOW) == [short]
    assert lanes.clear() == []


def test_an_address_that_cannot_be_read_stands_for_itself() -> None:
    lanes = Lanes(19)
    lanes.add([replace(due("x"), url="http://[broken"), replace(due("x"), url=""), replace(due("x"), url="")])
    assert len(begun(lanes)) == 3
