"""A complaint's strip, and looking now through real cameras."""

import asyncio
import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import av
import pytest
from PIL import Image

from cases.words import CameraDoor, HistoryKind, LinkState, Sharing, StillKind, VisitState
from ingest.cameras import capture, evidence, keep
from ingest.cameras import look as looking
from ingest.cameras.arrive import Arrivals, CameraBusy
from ingest.cameras.keyframes import Codec, Keyframe
from ingest.cameras.timelapse import chosen
from storage import visits
from storage.errors import BlobsUnreachable
from storage.tables import CameraVisit, Link, Snapshot
from storage.visits import Due, Outcome
from tests.api.town import Town, problem
from tests.ingest.cameras.fleet import site
from tests.ingest.cameras.sightings import beside, still
from tests.ingest.cameras.test_round import until
from tests.ingest.city import HERE, NOON
from tests.servers import clips

AT: dict[str, Any] = {"lon": HERE[0], "lat": HERE[1], "radius_m": 6}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cameras on this machine answer at once or not at all."""
    monkeypatch.setattr(capture, "LONGEST_S", 4.0)
    monkeypatch.setattr(capture, "SHORTEST_S", 4.0)


def look(town: Town, reference: str, who: str = "officer", **headers: str) -> list[dict[str, Any]]:
    answer = town.client(who, **headers).post(f"/api/v1/complaints/{reference}/look")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


def test_the_strip_shows_what_was_seen_before_and_after(town: Town) -> None:
    near, far = beside(town.city, 15), beside(town.city, 30)
    beside(town.city, bearing_deg=90.0)
    shots = [still(town.city, near, NOON + timedelta(minutes=at)).id for at in (-3000, -50, -40, -30, -20, -10)]
    other = still(town.city, far, NOON - timedelta(hours=2)).id
    made = town.open(category="pothole", **AT)
    after = [still(town.city, near, NOON + timedelta(minutes=at)).id for at in (1, 11)]
    told = town.client("officer").get(f"/api/v1/complaints/{made['reference']}/strip").json()
    assert (told["reference"], told["opened_at"]) == (made["reference"], "2026-11-20T05:00:00Z")
    first, second = told["cameras"]
    assert first["score"] > second["score"] > 0.1
    assert first["distance_m"] == pytest.approx(15, abs=0.5)
    assert (first["live"], first["camera"]["id"]) == (True, str(near.id))
    # Four on each side, in order; yesterday's is too far away.
    assert [one["id"] for one in first["snapshots"]] == [str(one) for one in (*shots[2:], *after)]
    assert [one["moment"] for one in first["snapshots"]] == [None, None, None, "before", None, None]
    assert [one["id"] for one in second["snapshots"]] == [str(other)]
    assert second["snapshots"][0]["link"]["state"] == "proposed"


def test_the_strip_shows_each_only_what_is_shared(town: Town) -> None:
    hidden = beside(town.city, 15, who="owner", sharing=Sharing.NOTHING)
    stored = beside(town.city, 20, who="owner", sharing=Sharing.STORED)
    partly = beside(town.city, 25, who="owner", shared_with=["dlh"])
    for camera in (hidden, stored, partly):
        still(town.city, camera, NOON - timedelta(minutes=1))
        still(town.city, camera, NOON - timedelta(minutes=2))
    at = f"/api/v1/complaints/{town.open(category='pothole', **AT)['reference']}/strip"

    def seen(who: str) -> list[tuple[bool, bool, int]]:
        told = town.client(who).get(at).json()["cameras"]
        return [(one["camera"] is not None, one["live"], len(one["snapshots"])) for one in told]

    assert seen("command") == [(True, True, 2)] * 3
    # Of what is shared as stored, all but the last; the officer also sees what is evidence, though not of which camera.
    assert seen("roads") == [(True, False, 1)]
    assert seen("officer") == [(True, False, 1), (False, False, 1)]
    problem(town.client("owner").get(at), 404, "complaint_unknown")
    problem(town.client().get(at), 401, "sign_in_needed")


def test_the_strip_names_who_showed_a_still_though_it_looks_elsewhere_now(town: Town) -> None:
    there, turned, retired = (beside(town.city, at, who="owner", name=f"Toko {at}") for at in (15, 20, 25))
    for camera in (there, turned, retired):
        still(town.city, camera, NOON - timedelta(minutes=1))
    at = f"/api/v1/complaints/{town.open(category='pothole', **AT)['reference']}/strip"
    town.city.clock.wait(minutes=1)
    command = town.client("command")
    assert command.patch(f"/api/v1/cameras/{turned.id}", json={"bearing_deg": 90.0}).status_code == 200
    assert command.delete(f"/api/v1/cameras/{retired.id}").status_code == 204
    told = command.get(at).json()["cameras"]
    assert {one["camera"]["name"]: (one["live"], len(one["snapshots"])) for one in told} == {
        "Toko 15": (True, 1),
        "Toko 20": (False, 1),
        "Toko 25": (False, 1),
    }


def test_of_months_the_strip_shows_the_last_hours_and_more_when_asked(town: Town) -> None:
    camera = beside(town.city)
    still(town.city, camera, NOON - timedelta(minutes=1))
    made = town.open(category="pothole", **AT)
    shots = [str(still(town.city, camera, NOON + timedelta(hours=at, minutes=1)).id) for at in range(4 * 24)]
    town.city.clock.wait(days=4)
    with town.city.parts.database.write() as db:
        evidence.tie_camera(db, db.merge(camera), town.city.parts.zone, town.city.clock.now)
    client, at = town.client("command"), f"/api/v1/complaints/{made['reference']}/strip"

    def strip(**asked: int) -> dict[str, Any]:
        told = client.get(at, params=asked)
        assert told.status_code == 200, told.text
        return dict(told.json()["cameras"][0])

    def hourly(of: dict[str, Any]) -> list[dict[str, Any]]:
        return [one for one in of["snapshots"] if one["moment"] == "hourly"]

    # From noon on five hours of the first day, twelve of each other, and six of the last.
    every = hourly(strip(hours=1000))
    assert (len(every), strip(hours=1000)["left_out"]) == (5 + 3 * 12 + 6, 0)
    # The four that are nearest to the opening are shown with their ties whatever is left out.
    some = strip(hours=3)
    assert [one["id"] for one in hourly(some)] == [one["id"] for one in [*every[:3], *every[-3:]]]
    assert all(one["link"] for one in hourly(some))
    assert some["left_out"] == len(every) - 6
    assert [one["moment"] for one in some["snapshots"][:2]] == ["before", "after"]
    assert some["snapshots"][1]["id"] == shots[0]
    confirmed = every[10]["link"]["id"]
    assert client.post(f"/api/v1/links/{confirmed}/confirm").status_code == 200
    assert [one["link"]["id"] for one in hourly(strip(hours=3))][3] == confirmed
    assert len(hourly(strip())) == 3 + 1 + 24
    for wrong in ({"hours": -1}, {"hours": 10**9}, {"hour": 1}):
        problem(client.get(at, params=wrong), 422, "invalid")


def test_looking_now_visits_every_camera_and_tells_as_it_comes(town: Town) -> None:
    with site() as sees, site(takes_s=1.0) as slow, site(mode="refuse") as refuses:
        cameras = [beside(town.city, 15 + at, url=one.url) for at, one in enumerate((sees, slow, refuses))]
        away = beside(town.city, bearing_deg=90.0, url=sees.url)
        made = town.open(category="pothole", **AT)
        lines = look(town, made["reference"])
    *results, last = lines
    assert last == {"asked": 3, "seen": 2}
    by_camera = {one["camera"]["id"]: one for one in results}
    assert set(by_camera) == {str(camera.id) for camera in cameras}
    states = [by_camera[str(camera.id)]["state"] for camera in cameras]
    assert states == ["ok", "ok", "password_refused"]
    assert by_camera[str(cameras[0].id)]["text"] == "This is what it sees now."
    assert "refused the user or the password" in by_camera[str(cameras[2].id)]["text"]
    links = town.city.rows(Link)
    assert {str(link.id) for link in links} == {one["link"] for one in results if one["link"]}
    assert {link.state for link in links} == {LinkState.PROPOSED}
    assert [link.reasons[-1]["code"] for link in links] == ["still_asked_for"] * 2
    strip = town.client("officer").get(f"/api/v1/complaints/{made['reference']}/strip").json()["cameras"]
    assert [[still["moment"] for still in one["snapshots"]] for one in strip] == [["after"], ["after"], []]
    told = town.client("officer").get(f"/api/v1/complaints/{made['reference']}").json()
    assert {one["id"] for one in told["snapshots"]} == {one["snapshot"]["id"] for one in results if one["snapshot"]}
    linked = [entry for entry in told["history"] if entry["kind"] == HistoryKind.LINKED]
    assert {entry["account"]["name"] for entry in linked} == {"Officer"}
    with town.city.parts.database.read() as db:
        assert db.get_one(CameraVisit, away.id).visited_at is None
        assert db.get_one(CameraVisit, cameras[2].id).state is VisitState.PASSWORD_REFUSED


def test_only_the_first_still_after_a_complaint_is_marked_so_however_often_one_looks(town: Town) -> None:
    with site() as one:
        camera = beside(town.city, url=one.url)
        made = town.open(category="pothole", **AT)
        early = still(town.city, camera, NOON + timedelta(minutes=1))
        town.city.clock.wait(minutes=2)
        with town.city.parts.database.write() as db:
            evidence.tie_camera(db, db.merge(camera), town.city.parts.zone, town.city.clock.now)
        (shown, _) = look(town, made["reference"])
    told = town.client("officer").get(f"/api/v1/complaints/{made['reference']}/strip").json()["cameras"]
    marked = [(still["id"], still["moment"]) for still in told[0]["snapshots"]]
    assert marked == [(str(early.id), "after"), (shown["snapshot"]["id"], None)]


def test_a_look_into_the_dark_leaves_the_first_still_that_shows_something_to_come(town: Town) -> None:
    with site(mode="dark") as one:
        camera = beside(town.city, url=one.url)
        other = town.open(category="pothole", **AT)
        for _ in range(4):  # until the camera is known to be blind
            look(town, other["reference"])
            town.city.clock.wait(minutes=1)
        made = town.open(category="pothole", **AT)
        (shown, _) = look(town, made["reference"])
    assert shown["snapshot"]["faults"] == ["dark"]
    town.city.clock.wait(minutes=1)
    light = still(town.city, camera, town.city.clock.now)
    with town.city.parts.database.write() as db:
        evidence.tie_camera(db, db.merge(camera), town.city.parts.zone, town.city.clock.now)
    told = town.client("officer").get(f"/api/v1/complaints/{made['reference']}").json()["snapshots"]
    moments = {one["id"]: one["moment"] for one in told}
    assert (moments[shown["snapshot"]["id"]], moments[str(light.id)]) == (None, "after")


def test_who_looks_while_somebody_does_gets_what_that_visit_brings(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = set[asyncio.Task[Any] | None]()

    async def noted(arrivals: Arrivals, camera_id: UUID, *, within_s: float) -> Outcome | None:
        try:
            return await visit(arrivals, camera_id, within_s=within_s)
        except CameraBusy:
            waiting.add(asyncio.current_task())
            raise

    visit = Arrivals.look
    monkeypatch.setattr(Arrivals, "look", noted)
    monkeypatch.setattr(capture, "LONGEST_S", 19.0)
    monkeypatch.setattr(capture, "SHORTEST_S", 19.0)
    with site(takes_s=15.0) as sees, site(mode="refuse", takes_s=15.0) as refuses:
        for metres, one in ((15, sees), (20, refuses)):
            beside(town.city, metres, url=one.url)
        made = [town.open(category="pothole", **AT)["reference"] for _ in range(2)]
        with ThreadPoolExecutor() as people:
            asked = [people.submit(look, town, reference) for reference in (*made, made[0])]
            # Each camera, one after the other as they share a host, answers once both others wait for what it brings.
            until(lambda: len(waiting) == 2)
            sees.closing.set()
            until(lambda: len(waiting) == 4)
            refuses.closing.set()
            told = [each.result(30) for each in asked]
        assert (len(sees.begun), len(refuses.begun)) == (1, 1)
    results = [{one["state"]: one["snapshot"] for one in lines[:-1]} for lines in told]
    assert [set(one) for one in results] == [{"ok", "password_refused"}] * 3
    assert len({one["ok"]["id"] for one in results}) == 1
    # It is evidence of both complaints, once of each.
    links = {line["link"] for lines in told for line in lines[:-1] if line["link"]}
    assert links == {str(link.id) for link in town.city.rows(Link)}
    assert len(links) == 2


def test_a_camera_that_is_visited_all_the_time_is_busy(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "LONGEST_S", 0.5)
    camera = beside(town.city)
    with town.city.parts.database.write() as db:
        assert visits.claim_one(db, camera.id, "another", town.city.clock.now, lease_s=60)
    (shown, last) = look(town, town.open(category="pothole", **AT)["reference"])
    assert (shown["state"], shown["snapshot"], last) == ("busy", None, {"asked": 1, "seen": 0})


def test_a_still_that_cannot_be_kept_takes_nobody_elses_along(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = keep.stored

    def stored(blobs: Any, due: Due, *given: Any, **more: Any) -> Snapshot:
        if due.camera_id == full.id:
            raise BlobsUnreachable("no space left")
        return kept(blobs, due, *given, **more)

    with site() as one, site() as other:
        full, fine = beside(town.city, 15, url=one.url), beside(town.city, 20, url=other.url)
        monkeypatch.setattr(keep, "stored", stored)
        made = town.open(category="pothole", **AT)
        *results, last = look(town, made["reference"])
    told = {one["camera"]["id"]: (one["state"], one["text"], bool(one["snapshot"])) for one in results}
    assert told == {
        str(full.id): ("busy", "This camera's picture cannot be kept at this moment; try again shortly.", False),
        str(fine.id): ("ok", "This is what it sees now.", True),
    }
    assert last == {"asked": 2, "seen": 1}
    # It was given back as it stood.
    with town.city.parts.database.write() as db:
        assert visits.claim_one(db, full.id, "another", town.city.clock.now, lease_s=60)


def test_looking_through_what_is_not_shared_live_is_not_possible(town: Town) -> None:
    with site() as camera:
        beside(town.city, who="owner", sharing=Sharing.STORED, url=camera.url)
        made = town.open(category="pothole", **AT)
        assert look(town, made["reference"]) == [{"asked": 0, "seen": 0}]
        assert camera.begun == []
        assert look(town, made["reference"], "command")[-1] == {"asked": 1, "seen": 1}
    problem(town.client("owner").post(f"/api/v1/complaints/{made['reference']}/look"), 403, "not_allowed")


def test_a_confidential_complaint_is_looked_at_without_a_trace_in_it(town: Town) -> None:
    with site() as camera:
        beside(town.city, url=camera.url)
        made = str(town.open(category="illegal_levy", **AT)["reference"])
        (shown, last) = look(town, made, "inspector")
    assert (shown["state"], shown["link"], last["seen"]) == ("ok", None, 1)
    assert shown["snapshot"] is not None
    assert town.city.rows(Link) == []
    problem(town.client("roads").post(f"/api/v1/complaints/{made}/look"), 404, "complaint_unknown")


def test_a_camera_that_pushes_shows_what_it_sent_just_now(town: Town) -> None:
    camera = beside(town.city, door=CameraDoor.PUSH, url="")
    shot = still(town.city, camera, NOON - timedelta(seconds=20))
    with town.city.parts.database.write() as db:
        db.get_one(CameraVisit, camera.id).seen_at = NOON - timedelta(seconds=20)
        db.get_one(CameraVisit, camera.id).state = VisitState.OK
    made = town.open(category="pothole", **AT)
    shown, last = look(town, made["reference"])
    assert (shown["snapshot"]["id"], last) == (str(shot.id), {"asked": 1, "seen": 1})
    # It was linked already, as the last before the complaint.
    assert shown["link"] == made["links"][0]["id"]
    assert len(town.city.rows(Link)) == len(town.city.rows(Snapshot)) == 1


def frames_of(film: bytes, form: str) -> int:
    if form == "webp":
        return int(getattr(Image.open(io.BytesIO(film)), "n_frames"))  # noqa: B009 (only animations have it)
    with av.open(io.BytesIO(film), "r") as opened:
        return len(list(opened.decode(video=0)))


@pytest.mark.parametrize("form", ["webp", "mp4"])
def test_a_time_lapse_shows_what_the_best_camera_saw(town: Town, form: str) -> None:
    near, far = beside(town.city, 15), beside(town.city, 30)
    shots = [
        still(town.city, near, NOON - timedelta(minutes=9), clips.jpeg(number=1)),
        still(town.city, near, NOON - timedelta(minutes=6), clips.jpeg(800, 800, number=5)),
        still(town.city, near, NOON - timedelta(minutes=4), b"\xff\xd8\xff damaged"),
    ]
    packed = Keyframe.of_units(Codec.H264, (), clips.pictures("h264")[0]).packed()
    shots.append(still(town.city, near, NOON - timedelta(minutes=2), packed, kind=StillKind.KEYFRAME))
    reference = town.open(category="pothole", **AT)["reference"]
    client, at = town.client("officer"), f"/api/v1/complaints/{reference}/timelapse.{form}"
    answer = client.get(at)
    assert answer.status_code == 200, answer.text
    assert frames_of(answer.content, form) == len(shots) - 1
    again = client.get(at, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    same = client.get(at, params={"camera": str(near.id).upper()}, headers={"if-none-match": answer.headers["etag"]})
    assert same.status_code == 304
    problem(client.get(at, params={"camera": str(far.id)}), 404, "snapshot_unknown")
    problem(client.get(at, params={"camera": "the best"}), 422, "invalid")
    problem(client.get(at, params={"kamera": str(near.id)}), 422, "invalid")
    problem(town.client("owner").get(at), 404, "complaint_unknown")


@pytest.mark.unit
def test_a_long_time_is_shown_evenly() -> None:
    made: list[Any] = [SimpleNamespace(bytes=10, width=at) for at in range(1000)]

    def numbers(**bound: int) -> list[int]:
        return [one.width for one in chosen(made, **bound)]

    assert numbers(most=5) == [0, 250, 500, 749, 999]
    # Of large stills fewer, still to the end.
    assert numbers(most=5, bytes_max=30) == [0, 500, 999]
    assert numbers(bytes_max=19) == [0]
    assert chosen(made[:3], 5) == made[:3]
    assert chosen([]) == []
