"""Cameras' stills on their way out: to those who may see them, whole or small, decoded when first looked at."""

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from cases.words import LinkState, Sharing, StillKind, VisitState
from ingest.cameras import retention
from ingest.cameras.keyframes import Codec, Keyframe
from ingest.parts import StillLimits
from storage import snapshots
from storage.tables import Camera, CameraVisit, Link, Snapshot
from tests.api.test_media import fetched
from tests.api.town import Town, problem
from tests.ingest.cameras.sightings import beside, still
from tests.ingest.city import HERE, NOON
from tests.servers import clips

AT: dict[str, Any] = {"lon": HERE[0], "lat": HERE[1], "radius_m": 6}
WHO = ("owner", "officer", "roads", "rubbish", "command", "administrator")


def keyframe(codec: str) -> bytes:
    return Keyframe.of_units(Codec(codec), (), clips.pictures(codec)[0]).packed()


def seen_by(town: Town, path: str) -> set[str]:
    """Who gets an answer there; everybody else is told that there is nothing."""
    found = set()
    for who in WHO:
        answer = town.client(who).get(path)
        assert answer.status_code in (200, 307, 404), answer.text
        found |= {who} if answer.status_code != 404 else set()
    return found


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_a_keyframe_is_decoded_when_somebody_first_looks(town: Town, codec: str) -> None:
    shot = still(town.city, beside(town.city), NOON, keyframe(codec), kind=StillKind.KEYFRAME)
    client, blobs = town.client("command"), town.city.parts.blobs
    assert set(blobs.keys(snapshots.prefix(shot.id))) == {snapshots.original_key(shot.id)}
    whole = fetched(client.get(f"/api/v1/snapshots/{shot.id}/image"))
    assert Image.open(io.BytesIO(whole)).size == (640, 360)
    assert fetched(client.get(f"/api/v1/snapshots/{shot.id}/image")) == whole
    small = Image.open(io.BytesIO(fetched(client.get(f"/api/v1/snapshots/{shot.id}/thumbnail"))))
    assert (small.format, small.size) == ("JPEG", (320, 180))
    assert len(list(blobs.keys(snapshots.prefix(shot.id)))) == 3


def test_what_is_made_of_stills_counts_as_their_room(town: Town) -> None:
    parts, of, client = town.city.parts, beside(town.city), town.client("command")
    packed = keyframe("h264")
    shots = [still(town.city, of, NOON - timedelta(minutes=at), packed, kind=StillKind.KEYFRAME) for at in range(4)]

    def stored() -> int:
        return sum(len(b"".join(parts.blobs.read(key))) for key in parts.blobs.keys(snapshots.PREFIX))

    def counted() -> int:
        with parts.database.read() as db:
            return snapshots.usage(db).bytes

    for shot in shots[1:]:
        for look in ("thumbnail", "image", "thumbnail"):
            fetched(client.get(f"/api/v1/snapshots/{shot.id}/{look}"))
    taken = counted()
    assert (taken, len(list(parts.blobs.keys(snapshots.PREFIX)))) == (stored(), 10)
    assert taken > 4 * len(packed)
    # What was made before it was counted counts from the next look on.
    with parts.database.write() as db:
        db.get_one(Snapshot, shots[1].id).thumbnail_bytes = None
    assert counted() < taken
    fetched(client.get(f"/api/v1/snapshots/{shots[1].id}/thumbnail"))
    assert counted() == taken
    assert retention.make_room(replace(parts, stills=StillLimits(room_bytes=taken))) == 1
    assert counted() == stored() <= taken * 0.9


def test_a_jpeg_goes_out_as_it_came_and_small(town: Town) -> None:
    shot = still(town.city, beside(town.city), NOON, clips.jpeg(1280, 720))
    client = town.client("command")
    answer = client.get(f"/api/v1/snapshots/{shot.id}/image")
    assert fetched(answer) == clips.jpeg(1280, 720)
    again = client.get(f"/api/v1/snapshots/{shot.id}/image", headers={"if-none-match": f'"{shot.sha256[:40]}-image"'})
    assert again.status_code == 304
    assert Image.open(io.BytesIO(fetched(client.get(f"/api/v1/snapshots/{shot.id}/thumbnail")))).size == (320, 180)


def test_a_damaged_keyframe_says_so(town: Town) -> None:
    shot = still(town.city, beside(town.city), NOON, keyframe("h264")[:400], kind=StillKind.KEYFRAME)
    jpeg = still(town.city, beside(town.city), NOON, clips.jpeg()[:4000])
    problem(town.client("command").get(f"/api/v1/snapshots/{jpeg.id}/thumbnail"), 404, "still_damaged")
    for look in ("image", "thumbnail"):
        problem(town.client("command").get(f"/api/v1/snapshots/{shot.id}/{look}"), 404, "still_damaged")


@pytest.mark.parametrize(
    ("shared", "to"),
    [
        ({}, {"owner", "officer", "roads", "rubbish", "command", "administrator"}),
        ({"sharing": Sharing.NOTHING}, {"owner", "command", "administrator"}),
        ({"shared_with": ["dlh"]}, {"owner", "rubbish", "command", "administrator"}),
        ({"sharing": Sharing.NOTHING, "agency_code": "bina_marga"}, {"owner", "roads", "command", "administrator"}),
    ],
)
def test_a_still_leaves_only_for_those_it_is_shared_with(town: Town, shared: dict[str, Any], to: set[str]) -> None:
    camera = beside(town.city, who="owner", **shared)
    shot = still(town.city, camera, NOON)
    for path in (f"snapshots/{shot.id}/image", f"snapshots/{shot.id}/thumbnail", f"cameras/{camera.id}/snapshots"):
        assert seen_by(town, f"/api/v1/{path}") == to
    problem(town.client().get(f"/api/v1/snapshots/{shot.id}/image"), 401, "sign_in_needed")


def test_an_officer_sees_evidence_of_a_complaint_until_it_is_found_to_be_none(town: Town) -> None:
    camera = beside(town.city, who="owner", shared_with=["dlh"])
    shot = still(town.city, camera, NOON - timedelta(minutes=1))
    still(town.city, camera, NOON - timedelta(hours=1))
    officer, at = town.client("officer"), f"/api/v1/snapshots/{shot.id}/image"
    problem(officer.get(at), 404, "snapshot_unknown")
    made = town.open(category="pothole", **AT)
    assert officer.get(at).status_code in (200, 307)
    (tie,) = made["links"]
    assert (tie["photo"], tie["snapshot"], tie["state"]) == (None, str(shot.id), LinkState.PROPOSED)
    (shown,) = made["snapshots"]
    assert shown["id"] == str(shot.id)
    assert (shown["moment"], shown["shown_by"], shown["link"]) == ("before", None, tie)
    assert [reason["text"] for reason in tie["reasons"]][2] == "the last still before the complaint"
    decided = town.client("command").post(f"/api/v1/links/{tie['id']}/reject", json={"note": "pohon"})
    assert (decided.status_code, decided.json()["state"]) == (200, "rejected")
    problem(officer.get(at), 404, "snapshot_unknown")
    assert officer.get(f"/api/v1/complaints/{made['reference']}").json()["links"] == []
    assert town.client("rubbish").get(at).status_code in (200, 307)


def test_the_public_sees_no_still_of_a_complaint(town: Town) -> None:
    still(town.city, beside(town.city), NOON - timedelta(minutes=1))
    made = town.open(category="pothole", **AT)
    told = town.client().get(f"/api/v1/complaints/{made['reference']}").json()
    assert (told["links"], told["snapshots"]) == ([], [])
    assert len(made["snapshots"]) == 1


def test_a_list_is_paged_and_bounded_by_time(town: Town) -> None:
    camera = beside(town.city)
    made = [str(still(town.city, camera, NOON + timedelta(minutes=at // 2)).id) for at in range(7)]
    at, client = f"/api/v1/cameras/{camera.id}/snapshots", town.client("command")
    found: list[str] = []
    cursor: dict[str, Any] = {}
    while True:
        page = client.get(at, params={"limit": 3, **cursor}).json()
        found += [one["id"] for one in page["snapshots"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert sorted(found) == sorted(made)
    assert found[:1] == made[6:]
    between = client.get(at, params={"since": "2026-11-20T05:01:00Z", "until": "2026-11-20T05:02:00Z"}).json()
    assert {one["id"] for one in between["snapshots"]} == set(made[2:4])
    problem(client.get(at, params={"cursor": "x"}), 422, "cursor_unknown")
    problem(client.get(f"/api/v1/cameras/{uuid4()}/snapshots"), 404, "camera_unknown")


def stands(town: Town, camera: Camera, **how: Any) -> None:
    with town.city.parts.database.write() as db:
        visit = db.get_one(CameraVisit, camera.id)
        for name, value in how.items():
            setattr(visit, name, value)


def test_the_latest_picture_says_how_old_it_is(town: Town) -> None:
    camera = beside(town.city)
    still(town.city, camera, NOON - timedelta(hours=2), clips.jpeg(number=1))
    shot = still(town.city, camera, NOON - timedelta(minutes=9), clips.jpeg(number=2))
    # It looked the same since, and was seen half a minute ago.
    stands(town, camera, state=VisitState.OK, seen_at=NOON - timedelta(seconds=30))
    client, at = town.client("command"), f"/api/v1/cameras/{camera.id}/latest.jpg"
    answer = client.get(at)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.content == clips.jpeg(number=2)
    assert (answer.headers["age"], answer.headers["x-camera-state"]) == ("30", "ok")
    assert answer.headers["x-taken-at"] == "2026-11-20T04:51:00+00:00"
    assert "x-placeholder" not in answer.headers
    again = client.get(at, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.headers["age"], again.content) == (304, "30", b"")
    for known in (f"W/{answer.headers['etag']}", f'"another", {answer.headers["etag"]}', "*"):
        assert client.get(at, headers={"if-none-match": known}).status_code == 304
    assert answer.headers["etag"] == f'"{shot.id}"'


@pytest.mark.parametrize("kind", StillKind)
def test_a_latest_still_whose_bytes_have_gone_is_passed_by(town: Town, kind: StillKind) -> None:
    camera = beside(town.city)
    content = clips.jpeg() if kind is StillKind.JPEG else keyframe("h264")
    first, last = (still(town.city, camera, NOON - timedelta(minutes=at), content, kind=kind) for at in (9, 8))
    stands(town, camera, state=VisitState.OK, seen_at=NOON - timedelta(seconds=30))
    client, at = town.client("command"), f"/api/v1/cameras/{camera.id}/latest.jpg"

    def etag() -> str | None:
        answer = client.get(at)
        assert (answer.status_code, answer.headers["age"]) == (200, "30")
        assert ("etag" in answer.headers) is ("x-placeholder" not in answer.headers)
        return answer.headers.get("etag")

    for shot, shown in ((None, last), (last, first), (first, None)):
        if shot is not None:
            town.city.parts.blobs.delete_all(snapshots.prefix(shot.id))
        assert etag() == (shown and f'"{shown.id}"')


@pytest.mark.parametrize(
    ("how", "state"),
    [
        ({}, "never_visited"),
        ({"state": VisitState.UNREACHABLE, "seen_at": NOON - timedelta(minutes=1)}, "unreachable"),
        ({"state": VisitState.OK, "seen_at": NOON - timedelta(hours=1)}, "ok"),
    ],
)
def test_a_camera_that_shows_nothing_gets_a_drawn_picture(town: Town, how: dict[str, Any], state: str) -> None:
    camera = beside(town.city)
    still(town.city, camera, NOON - timedelta(hours=1))
    stands(town, camera, **how)
    answer = town.client("command").get(f"/api/v1/cameras/{camera.id}/latest.jpg")
    assert (answer.status_code, answer.headers["x-placeholder"], answer.headers["x-camera-state"]) == (
        200,
        "true",
        state,
    )
    assert "etag" not in answer.headers
    picture = Image.open(io.BytesIO(answer.content)).convert("L")
    assert picture.size == (640, 360)
    # There are words on it, and they differ by language.
    assert max(picture.tobytes()) > 200
    indonesian = town.client("command", **{"accept-language": "id"}).get(f"/api/v1/cameras/{camera.id}/latest.jpg")
    assert indonesian.content != answer.content


def test_what_is_shared_as_stored_is_not_shown_live(town: Town) -> None:
    camera = beside(town.city, who="owner", sharing=Sharing.STORED)
    first, last = (still(town.city, camera, NOON - timedelta(minutes=before)) for before in (1, 0))
    stands(town, camera, state=VisitState.OK, seen_at=NOON)
    at = f"/api/v1/cameras/{camera.id}"
    listed = town.client("roads").get(f"{at}/snapshots").json()["snapshots"]
    # The newest would be nearly live: it is seen once there is a newer one.
    assert [one["id"] for one in listed] == [str(first.id)]
    problem(town.client("roads").get(f"/api/v1/snapshots/{last.id}/image"), 404, "snapshot_unknown")
    problem(town.client("roads").get(f"{at}/latest.jpg"), 403, "not_live")
    for who in ("owner", "command", "administrator"):
        assert town.client(who).get(f"{at}/latest.jpg").status_code == 200
    for who, sees in (("owner", True), ("command", True), ("roads", False), ("officer", False)):
        (brief,) = town.client(who).get("/api/v1/cameras").json()["cameras"]
        assert (brief["live"], town.client(who).get(at).json()["live"]) == (sees, sees)


def test_a_still_whose_bytes_have_gone_is_gone(town: Town) -> None:
    shot = still(town.city, beside(town.city), NOON)
    town.city.parts.blobs.delete_all(snapshots.prefix(shot.id))
    problem(town.client("command").get(f"/api/v1/snapshots/{shot.id}/thumbnail"), 404, "snapshot_unknown")
    assert [type(row) for row in town.city.rows(Snapshot)] == [Snapshot]
    assert town.city.rows(Link) == []


def test_fewer_days_are_those_of_the_stills_that_are_kept_already(town: Town) -> None:
    camera = beside(town.city)
    old, evidence, new = (
        still(town.city, camera, NOON - timedelta(hours=hours), expires_at=NOON + timedelta(days=9))
        for hours in (71, 60, 1)
    )
    town.open(category="pothole", opened_at=(NOON - timedelta(hours=59)).isoformat(), **AT)
    client, at = town.client("command"), f"/api/v1/cameras/{camera.id}"
    listed = f"{at}/snapshots"
    for days in (3, 40):
        assert client.patch(at, json={"keep_days": days}).status_code == 200
        assert retention.end_stills(town.city.parts) == 0
    assert client.patch(at, json={"keep_days": 2}).status_code == 200
    assert retention.end_stills(town.city.parts) == 1
    assert {one["id"] for one in client.get(listed).json()["snapshots"]} == {str(evidence.id), str(new.id)}
    assert fetched(client.get(f"/api/v1/snapshots/{evidence.id}/image"))
    problem(client.get(f"/api/v1/snapshots/{old.id}/image"), 404, "snapshot_unknown")
