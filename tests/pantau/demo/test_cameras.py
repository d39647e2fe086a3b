"""The demo's cameras: what they show, who answers, and that they end with whoever started them."""

import asyncio
import io
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from cases.words import CameraDoor, PermitState, SightFault, VisitState
from ingest.cameras.address import Guard
from ingest.cameras.baseline import Baseline
from ingest.cameras.health import examine
from ingest.cameras.measure import HEIGHT, WIDTH, Grey
from ingest.cameras.reach import Reach, Visit, Visitor, Want
from ingest.cameras.urls import Credentials
from pantau.demo.cameras.beside import TURNS_AFTER
from pantau.demo.cameras.picture import SIZE, picture
from pantau.demo.cameras.ports import Ports, served
from pantau.demo.cameras.posts import CAMERAS, PASSWORD, USER, WRONG_PASSWORD, Fare, Post, posts
from pantau.demo.cameras.register import PATHS
from pantau.demo.cameras.sites import sites
from pantau.demo.city import draw_city
from pantau.demo.days import WIB

NOON = datetime(2026, 11, 20, 12, 5, 7, tzinfo=WIB)
EVERY = posts(streams=True)


def of(fare: Fare) -> Post:
    """The first camera that fares so."""
    return next(post for post in EVERY if post.fare is fare)


def grey(post: Post, at: datetime = NOON) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    """What a camera shows below its burnt-in clock, as grey levels."""
    shown = Image.open(io.BytesIO(picture(post, at))).convert("L")
    assert shown.size == SIZE
    return np.asarray(shown, dtype=np.float32)[80:]


def test_sixty_cameras_some_of_them_ill_and_each_way_of_reaching_one() -> None:
    assert len(EVERY) == CAMERAS == 60
    assert {post.fare for post in EVERY} == set(Fare)
    assert {post.door for post in EVERY} == {CameraDoor.HTTP, CameraDoor.MJPEG, CameraDoor.RTSP}
    assert CameraDoor.RTSP not in {post.door for post in posts(streams=False)}
    assert sum(post.fare is Fare.WELL for post in EVERY) >= 45


def test_what_is_wrong_with_a_camera_shows_in_its_picture() -> None:
    well, later = grey(of(Fare.WELL)), grey(of(Fare.WELL), NOON + timedelta(minutes=2))
    assert np.abs(well - later).mean() > 1.0
    assert grey(of(Fare.DARK)).mean() < 12
    frozen = of(Fare.FROZEN)
    assert np.array_equal(grey(frozen), grey(frozen, NOON + timedelta(minutes=2)))
    edges = [np.abs(np.diff(grey(of(fare)), axis=1)).mean() for fare in (Fare.BLURRED, Fare.WELL)]
    assert edges[0] < edges[1] / 2


@pytest.mark.parametrize(
    ("fare", "fault"),
    [
        (Fare.DARK, SightFault.DARK),
        (Fare.FROZEN, SightFault.FROZEN),
        (Fare.TURNED, SightFault.MOVED),
        (Fare.BLURRED, SightFault.BLURRED),
    ],
)
def test_what_is_wrong_with_a_camera_is_found_within_five_minutes(fare: Fare, fault: SightFault) -> None:
    post, baseline, before = of(fare), Baseline(), None
    for at_s in range(post.interval_s, 301, post.interval_s):
        well = fare in (Fare.TURNED, Fare.BLURRED) and at_s < TURNS_AFTER.total_seconds()
        seen = small(replace(post, fare=Fare.WELL) if well else post, NOON + timedelta(seconds=at_s))
        found, baseline = examine(seen, baseline, before)
        if found.faults:
            break
        before = seen
    assert found.faults == {fault}


def test_a_quiet_night_is_not_a_frozen_picture() -> None:
    night = [NOON.replace(hour=2) + timedelta(minutes=2 * at) for at in range(3)]
    for before, after in pairwise(small(of(Fare.WELL), at) for at in night):
        assert SightFault.FROZEN not in examine(after, Baseline(), before)[0].suspected


def small(post: Post, at: datetime) -> Grey:
    """What is examined of a camera's picture."""
    shown = Image.open(io.BytesIO(picture(post, at))).convert("L")
    return np.asarray(shown.resize((WIDTH, HEIGHT), Image.Resampling.BOX))


def test_night_is_darker_than_noon() -> None:
    well = of(Fare.WELL)
    assert grey(well, NOON.replace(hour=23)).mean() < 0.7 * grey(well).mean()


def test_cameras_stand_apart_and_look_at_places_of_the_story() -> None:
    city = draw_city()
    found = sites(city, 7, EVERY)
    assert found == sites(city, 7, EVERY)
    assert len({(site.lon, site.lat) for site in found}) == CAMERAS


def test_every_state_of_a_permit_is_reached() -> None:
    for state, path in PATHS.items():
        assert not path or path[-1][0] is state
        assert [days for _, days, _ in path] == sorted((days for _, days, _ in path), reverse=True)
    assert set(PATHS) == set(PermitState)


@pytest.fixture(scope="module")
def ports() -> Iterator[Ports]:
    with served(datetime.now(UTC) + timedelta(days=1)) as found:
        yield found


def visited(ports: Ports, post: Post, password: str = PASSWORD) -> Visit:
    """A visit as the round makes it, with the guard that a demo has."""

    async def go() -> Visit:
        guard = Guard(loopback_ports=ports.all)
        given = Credentials(USER, password) if post.locked else None
        async with Visitor() as visitor:
            reach = Reach(ports.url(post), post.door, given)
            return await visitor.visit(reach, deadline_s=6, guard=guard, want=Want.PICTURE)

    return asyncio.run(go())


def test_they_are_reached_as_cameras_are(ports: Ports) -> None:
    every = posts(streams=ports.rtsp is not None)
    for door in {post.door for post in every}:
        post = next(one for one in every if one.door is door and one.fare is Fare.WELL)
        visit = visited(ports, post)
        assert visit.state is VisitState.OK, (door, visit.detail)
        assert visit.still is not None
    assert visited(ports, of(Fare.WRONG_PASSWORD), WRONG_PASSWORD).state is VisitState.PASSWORD_REFUSED
    assert visited(ports, of(Fare.OFFLINE)).state is VisitState.UNREACHABLE
    assert visited(ports, of(Fare.STALLED)).state is VisitState.STALLED


def test_only_loopback_is_bound(ports: Ports) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        own = probe.getsockname()[0]
    if own.startswith("127."):
        pytest.skip("this machine has no other address than loopback")
    for port in ports.all:
        with pytest.raises(OSError), socket.create_connection((own, port), timeout=1):
            pass


_STARTS = """
import sys, time
from datetime import UTC, datetime
from pantau.demo.cameras.ports import served
with served(datetime.now(UTC)) as ports:
    print(ports.http, ports.rtsp or 0, flush=True)
    time.sleep(60)
"""


def test_they_end_with_a_parent_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", _STARTS], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        found = [int(port) for port in parent.stdout.readline().split()]
        assert answers(found[0])
        os.kill(parent.pid, signal.SIGKILL)
        deadline = time.monotonic() + 20
        while any(answers(port) for port in found if port):
            assert time.monotonic() < deadline, "the cameras live on"
            time.sleep(0.1)


def answers(port: int) -> bool:
    """Whether somebody takes connections there."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


@pytest.mark.parametrize("fare", [Fare.TURNED, Fare.BLURRED])
def test_what_shows_only_beside_the_usual_view_begins_when_that_is_known(ports: Ports, fare: Fare) -> None:
    """A camera out of focus from its first picture has no better one to be judged by."""

    def seen(ports: Ports) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
        still = visited(ports, of(fare)).still
        assert still is not None
        return np.asarray(Image.open(io.BytesIO(still.content)).convert("L"), dtype=np.float32)[80:]

    before = seen(ports)
    with served(datetime.now(UTC) - timedelta(seconds=1)) as changed:
        after = seen(changed)
    if fare is Fare.BLURRED:
        # Of fours of pixels, whose grain is less than the street's.
        coarse = [image[:, ::4] + image[:, 1::4] + image[:, 2::4] + image[:, 3::4] for image in (after, before)]
        edges = [np.abs(np.diff(image, axis=1)).mean() for image in coarse]
        assert edges[0] < 0.75 * edges[1]
    else:
        assert np.corrcoef(after.ravel(), before.ravel())[0, 1] < 0.9
