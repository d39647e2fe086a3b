"""A camera sends its own stills over HTTP, with its push token and nothing else."""

from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import pytest
from starlette.testclient import TestClient

from cases.words import CameraDoor, Scope
from storage import cameras
from storage.tables import Camera, CameraVisit, Snapshot
from tests.api.town import Town, problem
from tests.ingest.cameras.sightings import beside
from tests.ingest.city import HERE
from tests.ingest.photos import samples
from tests.servers import clips


def pushing(town: Town, **more: Any) -> tuple[TestClient, str, Camera]:
    """A camera's own client, where it sends to, and its row."""
    made = beside(town.city, door=CameraDoor.PUSH, url="", **more)
    with town.city.parts.database.write() as db:
        token = cameras.new_push_token(db.get_one(Camera, made.id))
    return (
        town.client(None, authorization=f"Bearer {token}"),
        f"/api/v1/cameras/{made.id}/snapshots",
        made,
    )


def test_a_pushed_still_is_kept_and_shown(town: Town) -> None:
    camera, at, made = pushing(town)
    answer = camera.post(at, content=clips.jpeg(number=1), params={"taken_at": "2026-11-20T11:58:00+07:00"})
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["kept"], told["taken_at"]) == (True, "2026-11-20T04:58:00Z")
    # No answer came, so it sends again.
    again = camera.post(at, content=clips.jpeg(number=1), params={"taken_at": "2026-11-20T11:58:00+07:00"})
    assert (again.status_code, again.json()) == (200, told)
    shown = town.client("command").get(f"/api/v1/cameras/{made.id}/latest.jpg")
    assert (shown.content, shown.headers["age"], shown.headers["x-camera-state"]) == (clips.jpeg(number=1), "120", "ok")
    town.city.clock.wait(minutes=1)
    same = camera.post(at, content=clips.jpeg(number=1))
    assert (same.status_code, same.json()["kept"], same.json()["snapshot"]) == (200, False, None)
    assert len(town.city.rows(Snapshot)) == 1


def test_two_stills_of_one_second_are_two(town: Town) -> None:
    camera, at, _ = pushing(town)
    second = {"taken_at": "2026-11-20T11:58:00+07:00"}
    sent = [camera.post(at, content=clips.jpeg(number=number), params=second) for number in (1, 9, 1)]
    assert [one.status_code for one in sent] == [201, 201, 200]
    first, other, again = (one.json()["snapshot"] for one in sent)
    assert again == first
    assert first != other


def test_what_showed_nothing_new_may_be_sent_again(town: Town) -> None:
    camera, at, _ = pushing(town)
    taken = [{"taken_at": f"2026-11-20T11:5{minute}:00+07:00"} for minute in (8, 9)]
    assert camera.post(at, content=clips.jpeg(), params=taken[0]).status_code == 201
    told = [camera.post(at, content=clips.jpeg(), params=taken[1]) for _ in range(2)]
    assert [(one.status_code, one.json()["kept"]) for one in told] == [(200, False)] * 2


def test_what_waited_for_its_line_is_told_as_old_as_it_is(town: Town) -> None:
    camera, at, made = pushing(town)
    command, clock = town.client("command"), town.city.clock
    taken = clock.now - timedelta(hours=3)
    for number in range(2):
        sent = camera.post(at, content=clips.jpeg(number=number), params={"taken_at": taken.isoformat()})
        assert sent.status_code in (200, 201), sent.text
        taken += timedelta(minutes=1)
    shown = command.get(f"/api/v1/cameras/{made.id}/latest.jpg")
    assert (shown.headers["age"], shown.headers["x-placeholder"]) == (str(3 * 3600 - 60), "true")
    standing = command.get(f"/api/v1/cameras/{made.id}").json()["standing"]
    assert (standing["state"], standing["seen_at"]) == (
        "ok",
        (clock.now - timedelta(seconds=3 * 3600 - 60)).isoformat().replace("+00:00", "Z"),
    )
    camera.post(at, content=clips.jpeg(number=2))
    assert command.get(f"/api/v1/cameras/{made.id}/latest.jpg").headers["age"] == "0"


def test_only_its_own_token_opens_the_door(town: Town) -> None:
    camera, at, _ = pushing(town)
    other, other_at, _ = pushing(town)
    problem(camera.post(other_at, content=clips.jpeg()), 401, "push_refused")
    for client in (town.client(), town.client("administrator"), town.program("administrator", Scope.ADMIN)):
        problem(client.post(at, content=clips.jpeg()), 401, "push_refused")
    # And it opens no other door.
    problem(camera.get(at), 401, "token_refused")
    with town.city.parts.database.write() as db:
        for row in db.query(Camera):
            row.active = False
    problem(camera.post(at, content=clips.jpeg()), 401, "push_refused")
    assert town.city.rows(Snapshot) == []
    assert other.headers["authorization"] != camera.headers["authorization"]


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 415, "not_a_jpeg"),
        (b"GIF89a" + bytes(100), 415, "not_a_jpeg"),
        (samples.png(), 415, "not_a_jpeg"),
        (samples.truncated(clips.jpeg()), 422, "truncated"),
        (bytes((16 << 20) + 1), 413, "body_too_large"),
    ],
)
def test_what_is_no_still_is_refused(town: Town, content: bytes, status: int, code: str) -> None:
    camera, at, _ = pushing(town)
    problem(camera.post(at, content=content), status, code)
    assert town.city.rows(Snapshot) == []


def test_many_at_once_from_one_camera_hold_nobody_up(town: Town) -> None:
    camera, at, made = pushing(town)
    other, other_at, _ = pushing(town)
    clients = [town.client(None, authorization=camera.headers["authorization"]) for _ in range(6)]

    def led_by(lease: str | None, until: datetime | None) -> None:
        with town.city.parts.database.write() as db:
            visit = db.get_one(CameraVisit, made.id)
            visit.lease, visit.leased_until = lease, until

    led_by("a worker that looks through it", town.city.clock.now + timedelta(minutes=1))
    with ThreadPoolExecutor(len(clients)) as pool:
        sent = [pool.submit(client.post, at, content=clips.jpeg()) for client in clients]
        told = [one.result() for one in islice(as_completed(sent, timeout=4), 4)]
        assert other.post(other_at, content=clips.jpeg()).status_code == 201
        led_by(None, None)
        taken = [one.result().status_code for one in sent]
    for answer in told:
        assert "one at a time" in problem(answer, 429, "pushes_at_once")["detail"]
        assert answer.headers["retry-after"] == "2"
    assert sorted(taken) == [200, 201, 429, 429, 429, 429]
    assert camera.post(at, content=clips.jpeg()).status_code == 200


def test_a_refusal_names_what_is_taken(town: Town) -> None:
    camera, at, _ = pushing(town)
    for language, told in (("id", "Atur kamera agar mengirim JPEG."), ("en", "Set the camera to send JPEG.")):
        detail = camera.post(at, content=samples.png(), headers={"accept-language": language}).json()["detail"]
        assert told in detail
        assert "PNG" not in detail


def test_what_is_pushed_bears_witness_at_once(town: Town) -> None:
    made = town.open(category="pothole", lon=HERE[0], lat=HERE[1], radius_m=6)
    camera, at, _ = pushing(town)
    town.city.clock.wait(minutes=2)
    told = camera.post(at, content=clips.jpeg()).json()
    (shown,) = town.client("officer").get(f"/api/v1/complaints/{made['reference']}").json()["snapshots"]
    assert (shown["id"], shown["moment"]) == (told["snapshot"], "after")
