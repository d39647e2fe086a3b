"""The round visits real cameras: it tells how they fare, keeps what differs, and lets none delay another."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from anyio.from_thread import start_blocking_portal
from sqlalchemy import select

from cases import camera as camera_rules
from cases.words import CameraDoor, SightFault, StillKind, VisitState
from geo.distance import offset
from ingest.cameras import capture
from ingest.cameras import round as round_
from ingest.cameras.baseline import Baseline
from ingest.cameras.keyframes import Keyframe
from ingest.cameras.pictures import Pictures
from ingest.cameras.register import Changing, change_camera
from ingest.cameras.round import Round
from ingest.cameras.urls import Credentials
from ingest.complaints import Opening, open_complaint
from ingest.parts import Parts
from storage import facts, snapshots, visits
from storage.tables import Camera, CameraHistory, CameraVisit, Heartbeat, Link, Outage, Snapshot
from tests.ingest.cameras.fleet import Site, register, site
from tests.ingest.cameras.sightings import sightings
from tests.ingest.city import HERE, City
from tests.servers.cameras import Certificate, gst_cameras, gstreamer_missing
from tests.servers.rtsp_camera import rtsp_camera

PASSWORD = "kata-sandi-yang-ditanam"


@pytest.fixture
def parts(city: City) -> Iterator[Parts]:
    """The city's parts by the true clock: cameras know no other."""
    with Pictures(workers=1) as pictures:
        yield replace(city.parts, clock=lambda: datetime.now(UTC), pictures=pictures)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cameras on this machine answer at once or not at all, and nobody waits half a second for the next turn."""
    monkeypatch.setattr(round_, "_TURN_S", 0.05)
    monkeypatch.setattr(capture, "LONGEST_S", 3.0)
    monkeypatch.setattr(capture, "SHORTEST_S", 3.0)


@contextmanager
def watching(parts: Parts, **options: int) -> Iterator[Round]:
    watcher, stop = Round(parts, "test", **options), threading.Event()
    thread = threading.Thread(target=watcher.run, args=(stop,))
    thread.start()
    try:
        yield watcher
    finally:
        stop.set()
        thread.join(30)
        assert not thread.is_alive()


def added(parts: Parts, city: City, *sites: Site, **more: object) -> list[UUID]:
    owner = city.people["command"].account_id
    assert owner is not None
    with parts.database.write() as db:
        return [register(db, owner, parts.clock(), one.url, **more) for one in sites]


def standing(parts: Parts, camera_id: UUID) -> CameraVisit:
    with parts.database.read() as db:
        return db.get_one(CameraVisit, camera_id)


def until(met: Callable[[], object], within_s: float = 30.0) -> None:
    deadline = time.monotonic() + within_s
    while not met():
        assert time.monotonic() < deadline, "too late"
        time.sleep(0.05)


def again(parts: Parts, camera_id: UUID) -> None:
    """Lets the camera be due now and waits until it was visited: at most for a minute, as a lost visit would take."""
    before = parts.clock()
    for _ in range(12):
        with parts.database.write() as db:
            db.get_one(CameraVisit, camera_id).due_at = before
        # A visit that was under way already says anew when the next is due.
        with suppress(AssertionError):
            until(lambda: (standing(parts, camera_id).visited_at or before) > before, within_s=5)
            return
    raise AssertionError(f"the camera was not visited again since {before}: {standing(parts, camera_id)!r}")


def test_each_camera_is_found_as_it_is(parts: Parts, city: City) -> None:
    with ExitStack() as street:
        good, refusing, stalled = (
            street.enter_context(site(f"127.0.0.{at}", mode=mode))
            for at, mode in ((2, "ok"), (3, "refuse"), (4, "stall"))
        )
        gone = replace(good, host="127.0.0.5", port=1)
        ids = added(parts, city, good, refusing, stalled, gone)
        with watching(parts):
            until(lambda: all(standing(parts, one).state for one in ids))
    states = [standing(parts, one).state for one in ids]
    assert states[:2] == [VisitState.OK, VisitState.PASSWORD_REFUSED]
    assert states[2] in {VisitState.TIMED_OUT, VisitState.STALLED}
    assert states[3] in {VisitState.UNREACHABLE, VisitState.REFUSED_ADDRESS}
    well, *others = (standing(parts, one) for one in ids)
    assert (well.failures, well.reached_by, well.lease) == (0, CameraDoor.HTTP, None)
    assert well.seen_at is not None
    assert all(one.failures == 1 and one.failing_since and one.seen_at is None for one in others)
    with parts.database.read() as db:
        (kept,) = db.scalars(select(Snapshot))
        assert len(list(db.scalars(select(CameraHistory)))) == 4
    assert (kept.camera_id, kept.width, kept.height) == (ids[0], 480, 270)
    assert len(b"".join(parts.blobs.read(snapshots.original_key(kept.id)))) == kept.bytes


def test_the_log_tells_by_id_of_cameras_that_fare_differently_and_of_no_other(
    parts: Parts, city: City, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "pantau.cameras")
    with site(mode="same") as street, watching(parts):
        good, gone = added(parts, city, street, replace(street, host="127.0.0.5", port=1))
        until(lambda: all(standing(parts, one).state for one in (good, gone)))
        again(parts, good)
        until(lambda: len(caplog.records) >= 2)
    told = {line.camera: (line.state, getattr(line, "was", None)) for line in caplog.records}  # type: ignore[attr-defined]
    assert told == {str(good): ("ok", None), str(gone): (standing(parts, gone).state, None)}
    assert len(caplog.records) == 2
    assert street.host not in caplog.text + str([vars(line) for line in caplog.records])


def test_a_complaint_is_shown_by_the_next_visit_of_an_unchanged_street(parts: Parts, city: City) -> None:
    lon, lat = offset(*HERE, 20, 0)
    with site(mode="same") as street, watching(parts):
        (camera_id,) = added(parts, city, street, lon=lon, lat=lat, bearing_deg=270.0)
        until(lambda: standing(parts, camera_id).seen_at)
        again(parts, camera_id)
        assert len(city.rows(Heartbeat)) == 1
        complaint, _ = open_complaint(parts, city.people["officer"], Opening("pothole", lon=HERE[0], lat=HERE[1]))
        again(parts, camera_id)
        until(lambda: len(city.rows(Link)) == 2)
        assert list(sightings(city, complaint.id).values()) == ["before", "after"]
    assert (len(city.rows(Heartbeat)), len(city.rows(Snapshot))) == (1, 2)


def test_a_camera_turned_on_purpose_learns_its_new_view(parts: Parts, city: City) -> None:
    with site() as one, watching(parts):
        (camera_id,) = added(parts, city, one)
        until(lambda: standing(parts, camera_id).seen_at)
        for _ in range(2):
            again(parts, camera_id)
        before = standing(parts, camera_id)
        turning = Changing({}, view={"bearing_deg": 45.0})
        change_camera(parts, city.people["command"], camera_id, turning)
        until(lambda: standing(parts, camera_id).visited_at != before.visited_at)
        until(lambda: learned(parts, camera_id) == 1)
    assert standing(parts, camera_id).faults == []


def learned(parts: Parts, camera_id: UUID) -> int:
    """How many stills the usual view is learned from."""
    with parts.database.read() as db:
        kept = Baseline.from_json(visits.baselines(db, [camera_id]).get(camera_id))
    return sum(known.count for known in (kept.day, kept.night) if known is not None)


def test_a_camera_that_signed_its_own_certificate_is_visited_by_its_fingerprint(
    parts: Parts, city: City, signed_by_itself: Certificate
) -> None:
    fingerprint = signed_by_itself.sha256.replace(":", "").lower()
    with (
        site("127.0.0.2", tls=signed_by_itself.context) as one,
        site("127.0.0.3", tls=signed_by_itself.context) as other,
    ):
        (known,) = added(parts, city, one, certificate=fingerprint)
        (unknown,) = added(parts, city, other)
        with watching(parts):
            until(lambda: all(standing(parts, each).state for each in (known, unknown)))
    assert standing(parts, known).state is VisitState.OK
    assert standing(parts, unknown).state is VisitState.CERTIFICATE_REFUSED


def test_a_stream_that_signed_its_own_certificate_is_visited_by_its_fingerprint(
    parts: Parts, city: City, signed_by_itself: Certificate
) -> None:
    owner = city.people["command"].account_id
    assert owner is not None
    serving = rtsp_camera(tls=signed_by_itself.context)
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(serving) as running:
        url = running.url.replace("rtsp:", "rtsps:")
        with parts.database.write() as db:
            known, unknown = (
                register(db, owner, parts.clock(), url, door=CameraDoor.RTSP, certificate=fingerprint)
                for fingerprint in (signed_by_itself.sha256.replace(":", "").lower(), None)
            )
        with watching(parts):
            until(lambda: all(standing(parts, each).state for each in (known, unknown)))
    assert standing(parts, known).state is VisitState.OK
    assert standing(parts, unknown).state is VisitState.CERTIFICATE_REFUSED
    (kept,) = city.rows(Snapshot)
    assert (kept.camera_id, kept.kind, kept.width, kept.height) == (known, StillKind.KEYFRAME, 640, 360)


def test_a_stalled_camera_delays_no_other_even_in_two_lanes(parts: Parts, city: City) -> None:
    with ExitStack() as street:
        stalled = street.enter_context(site("127.0.0.2", mode="stall"))
        others = [street.enter_context(site(f"127.0.0.{at}")) for at in range(3, 7)]
        (slow,) = added(parts, city, stalled)
        ids = added(parts, city, *others)
        with watching(parts, at_once=2):
            until(lambda: all(standing(parts, one).state for one in ids))
            assert standing(parts, slow).state is None, "it is still being waited for"


def test_one_visit_at_a_time_goes_to_a_host(parts: Parts, city: City) -> None:
    with site("127.0.0.2", takes_s=0.2) as recorder, site("127.0.0.3") as other:
        ids = added(parts, city, *[recorder] * 5, other)
        with watching(parts):
            until(lambda: all(standing(parts, one).state for one in ids))
        # One whose own moment in the minute comes early is visited once more meanwhile.
        assert len(recorder.begun) >= 5
        assert recorder.most_at_once == 1
        assert other.begun[0] < recorder.begun[2], "nobody waits in line behind another host's camera"


def test_an_unchanged_street_leaves_heartbeats_and_a_changed_one_a_snapshot(parts: Parts, city: City) -> None:
    with site("127.0.0.2") as one:
        (camera_id,) = added(parts, city, one)
        with watching(parts):
            until(lambda: standing(parts, camera_id).state)
            for _ in range(2):
                again(parts, camera_id)
            one.mode = "dark"
            again(parts, camera_id)
    with parts.database.read() as db:
        number = db.get_one(Camera, camera_id).number
        assert [beat.camera_number for beat in db.scalars(select(Heartbeat))] == [number] * 2
        assert len(list(db.scalars(select(Snapshot)))) == 2


def test_a_frozen_camera_is_found_and_its_history_says_so(parts: Parts, city: City) -> None:
    with site("127.0.0.2", mode="same") as one:
        (camera_id,) = added(parts, city, one)
        with watching(parts):
            until(lambda: standing(parts, camera_id).state)
            for _ in range(3):
                again(parts, camera_id)
    found = standing(parts, camera_id)
    assert found.faults == [SightFault.FROZEN]
    assert found.health["blind_since"]
    with parts.database.read() as db:
        told = [row.faults for row in db.scalars(select(CameraHistory).order_by(CameraHistory.id))]  # type: ignore[arg-type]
    assert told == [[], ["frozen"]]


def test_what_a_watcher_knew_of_faults_outlives_it(parts: Parts, city: City) -> None:
    with site("127.0.0.2", mode="dark") as one:
        (camera_id,) = added(parts, city, one)
        for _ in range(3):
            with watching(parts):
                again(parts, camera_id)
    assert standing(parts, camera_id).faults == [SightFault.DARK]


def test_a_camera_that_sends_its_own_stills_falls_silent_when_none_come(parts: Parts, city: City) -> None:
    owner = city.people["command"].account_id
    assert owner is not None
    with parts.database.write() as db:
        camera_id = register(db, owner, parts.clock(), "", door=CameraDoor.PUSH)
    with watching(parts):
        until(lambda: standing(parts, camera_id).state)
    assert standing(parts, camera_id).state is VisitState.STALLED


def test_the_password_reaches_the_camera_and_nothing_else(
    parts: Parts, city: City, caplog: pytest.LogCaptureFixture
) -> None:
    with site("127.0.0.2", mode="refuse") as one:
        (camera_id,) = added(parts, city, one)
        with parts.database.write() as db:
            db.get_one(Camera, camera_id).secret = parts.keys.seal(camera_id, Credentials("owner", PASSWORD))
        with watching(parts):
            until(lambda: standing(parts, camera_id).state)
    found = standing(parts, camera_id)
    assert found.state is VisitState.PASSWORD_REFUSED
    assert PASSWORD not in found.detail + caplog.text
    assert "127.0.0.2" not in found.detail + caplog.text


def test_a_watcher_that_is_told_to_stop_gives_back_what_it_holds(parts: Parts, city: City) -> None:
    with site("127.0.0.2", takes_s=0.3) as one:
        ids = added(parts, city, *[one] * 6)
        with watching(parts):
            until(lambda: one.begun)
        assert all(standing(parts, camera_id).lease is None for camera_id in ids)
        with parts.database.read() as db:
            assert facts.get(db, "watcher:test") is not None


@pytest.mark.skipif(bool(gstreamer_missing()), reason=gstreamer_missing())
def test_a_stream_is_kept_as_one_keyframe_that_nobody_has_decoded(parts: Parts, city: City) -> None:
    owner = city.people["command"].account_id
    assert owner is not None
    with gst_cameras() as street:
        with parts.database.write() as db:
            ids = [
                register(db, owner, parts.clock(), street.url(path), door=CameraDoor.RTSP) for path in ("h264", "hevc")
            ]
        with watching(parts):
            until(lambda: all(standing(parts, one).state for one in ids))
    assert {standing(parts, one).state for one in ids} == {VisitState.OK}
    assert {standing(parts, one).reached_by for one in ids} == {CameraDoor.RTSP}
    with parts.database.read() as db:
        kept = {one.camera_id: one for one in db.scalars(select(Snapshot))}
    assert [(kept[one].kind, kept[one].width, kept[one].height) for one in ids] == [
        (StillKind.KEYFRAME, 640, 360),
        (StillKind.KEYFRAME, 320, 180),
    ]
    for one in kept.values():
        content = b"".join(parts.blobs.read(snapshots.original_key(one.id)))
        assert Keyframe.unpacked(content).annexb


def test_a_blind_camera_has_an_outage_too(parts: Parts, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera_rules.outage_step, "__defaults__", (timedelta(0),))
    with site("127.0.0.2", mode="dark") as one:
        (camera_id,) = added(parts, city, one)
        with watching(parts):
            until(lambda: standing(parts, camera_id).state)
            for _ in range(2):
                again(parts, camera_id)
            with parts.database.read() as db:
                (outage,) = db.scalars(select(Outage))
            assert (outage.state, outage.faults, outage.ended_at) == (VisitState.OK, ["dark"], None)
            one.mode = "ok"
            again(parts, camera_id)
    with parts.database.read() as db:
        (outage,) = db.scalars(select(Outage))
    assert outage.ended_at is not None
