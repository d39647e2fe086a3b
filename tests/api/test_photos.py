"""A photo through the door: what is answered, what is refused, and that nothing is lost or done twice."""

import hashlib
from typing import Any
from uuid import uuid4

import pytest
from uuid_utils.compat import uuid7

from storage.tables import Audit, Complaint, Photo
from tests.api.town import Town, problem
from tests.ingest.city import HERE, VILLAGE
from tests.ingest.photos import samples

PLACE: dict[str, Any] = {"lon": HERE[0], "lat": HERE[1], "accuracy_m": 8}


def stored(town: Town) -> list[str]:
    return list(town.city.parts.blobs.keys("photos/"))


def test_a_photo_is_answered_with_where_it_was_taken_and_what_it_is(town: Town) -> None:
    picture = samples.jpeg(lon=HERE[0], lat=HERE[1], accuracy_m=6.0, size=(640, 480), seed=3)
    sha256 = hashlib.sha256(picture).hexdigest()
    photo_id = str(uuid7())
    client = town.client("officer")
    answer = town.post_photo(client, picture, id=photo_id, sha256=sha256, category="pothole", caption="Lubang besar")
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert answer.headers["location"] == f"/api/v1/photos/{photo_id}"
    assert (body["id"], body["sha256"], body["bytes"]) == (photo_id, sha256, len(picture))
    assert (body["media_type"], body["width"], body["height"]) == ("image/jpeg", 640, 480)
    assert body["location"]["source"] == "exif"
    assert body["location"]["lon"] == pytest.approx(HERE[0], abs=1e-5)
    assert body["area"]["code"] == VILLAGE
    assert body["area"] == {"code": VILLAGE, "name": VILLAGE, "path": f"{VILLAGE}, Tengah"}
    assert body["account"] == {"id": str(town.id("officer")), "name": "Officer"}
    assert (body["complaint"], body["links"], body["duplicates"], body["processing"]) == (None, [], [], "pending")
    assert body["caption"] == "Lubang besar"
    assert client.get(f"/api/v1/photos/{photo_id}").json() == body


def test_the_bytes_are_in_the_store_as_they_came(town: Town) -> None:
    picture = samples.png(size=(64, 64))
    body = town.send(picture=picture)
    assert b"".join(town.city.parts.blobs.read(f"photos/{body['id']}/original")) == picture


def test_the_same_photo_sent_again_is_answered_and_not_kept_twice(town: Town) -> None:
    picture, photo_id = samples.jpeg(size=(64, 48)), str(uuid7())
    client = town.client("officer")
    first = town.post_photo(client, picture, id=photo_id, **PLACE)
    again = town.post_photo(client, picture, id=photo_id, **PLACE)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert len(town.city.rows(Photo)) == 1


def test_an_id_that_has_other_bytes_or_another_owner_is_taken(town: Town) -> None:
    photo_id = town.send(seed=1)["id"]
    problem(town.post_photo(town.client("officer"), id=photo_id, seed=2), 409, "id_taken")
    problem(town.post_photo(town.client("colleague"), id=photo_id, seed=1), 409, "id_taken")
    assert len(stored(town)) == 1


def test_equal_bytes_under_another_id_are_named_as_duplicates(town: Town) -> None:
    first, second = town.send(seed=5), town.send("colleague", seed=5)
    assert second["duplicates"] == [{"id": first["id"], "exact": True, "distance": None}]


def test_a_report_opens_a_complaint_and_the_next_photo_there_is_tied_to_it(town: Town) -> None:
    first = town.send(**PLACE, category="pothole", report="true", seed=1)
    assert first["complaint"]["status"] == "received"
    second = town.send("colleague", **PLACE, category="pothole", report="true", seed=2)
    assert second["complaint"] == first["complaint"]
    link = second["links"][0]
    assert link["state"] == "confirmed"
    assert {reason["code"] for reason in link["reasons"]} >= {"distance", "category_same"}
    assert all(reason["text"] and "{" not in reason["text"] for reason in link["reasons"])
    assert len(town.city.rows(Complaint)) == 1


def test_a_photo_for_a_named_complaint_is_tied_by_its_senders_word(town: Town) -> None:
    opened = town.open(category="rubbish", lon=HERE[0], lat=HERE[1])
    typed = opened["reference"].lower().replace("-", " ")
    body = town.send(complaint=typed)
    assert body["complaint"]["reference"] == opened["reference"]
    assert body["warnings"][0]["code"] == "no_location"


def test_without_a_place_it_is_kept_and_a_pin_places_it(town: Town) -> None:
    body = town.send(category="pothole", report="true")
    assert (body["location"], body["area"], body["complaint"]) == (None, None, None)
    assert [warning["code"] for warning in body["warnings"]] == ["no_location"]
    answer = town.client("officer").patch(f"/api/v1/photos/{body['id']}", json={"lon": HERE[0], "lat": HERE[1]})
    assert answer.status_code == 200
    pinned = answer.json()
    assert pinned["location"] == {"lon": HERE[0], "lat": HERE[1], "radius_m": 10, "source": "pin"}
    assert pinned["area"]["code"] == VILLAGE
    assert pinned["complaint"]["category"] == "pothole"
    assert pinned["warnings"] == []


def test_a_place_outside_the_city_and_a_time_to_come_are_kept_and_marked(town: Town) -> None:
    body = town.send(lon=2.35, lat=48.85, taken_at="2027-01-01T00:00:00+07:00")
    assert body["area"] is None
    assert {"outside_city", "future_time"} <= {warning["code"] for warning in body["warnings"]}


def test_hostile_words_are_kept_as_words(town: Town) -> None:
    hostile = "<script>alert(1)</script> \u202egpj.exe\x00\x07 '; DROP TABLE photo;--"
    body = town.send(caption=hostile)
    assert body["caption"] == "<script>alert(1)</script> gpj.exe '; DROP TABLE photo;--"


def _bad_files() -> list[tuple[bytes, int, str]]:
    whole = samples.jpeg(size=(320, 240))
    return [
        (b"", 422, "empty"),
        (samples.truncated(whole), 422, "truncated"),
        (b"From: someone\n\nnot a picture" * 40, 415, "not_an_image"),
        (whole + b"PK\x03\x04" + b"\0" * 200, 422, "mixed_formats"),
        (samples.jpeg2000_bomb(), 415, "unsupported_format"),
        (samples.png_bomb(20_000, 20_000), 422, "too_many_pixels"),
    ]


def test_a_bad_file_is_refused_with_a_sentence_and_leaves_nothing(town: Town) -> None:
    client = town.client("officer")
    for content, status, code in _bad_files():
        problem(town.post_photo(client, content, **PLACE), status, code)
    assert stored(town) == []
    assert town.city.rows(Photo) == []


def test_a_maker_note_that_claims_a_billion_bytes_costs_nobody_the_service(town: Town) -> None:
    answer = town.post_photo(town.client("officer"), samples.maker_note_trap())
    assert answer.status_code in (201, 422)
    assert town.send()["id"]


def test_bytes_that_changed_on_the_way_are_refused(town: Town) -> None:
    problem(town.post_photo(town.client("officer"), sha256="0" * 64), 422, "hash_mismatch")
    assert stored(town) == []


def test_a_file_over_the_limit_is_refused_by_its_length_before_it_is_read(town: Town) -> None:
    huge = b"\xff\xd8" + b"\0" * (town.city.parts.limits.bytes + 200_000)
    body = problem(town.post_photo(town.client("officer"), huge), 413, "body_too_large")
    assert "3 MB" in body["detail"]
    slightly = b"\xff\xd8" + b"\0" * (town.city.parts.limits.bytes + 10)
    problem(town.post_photo(town.client("officer"), slightly), 413, "too_large")


def test_a_body_without_a_length_is_counted_as_it_comes(town: Town) -> None:
    def pieces() -> Any:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
        for _ in range(40):
            yield b"\0" * 100_000

    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = town.client("officer").post("/api/v1/photos", content=pieces(), headers=headers)
    problem(answer, 413, "body_too_large")


FIELDS: list[tuple[dict[str, Any], str]] = [
    ({"id": "not-a-uuid"}, "id"),
    ({"lon": 181, "lat": 0}, "lon"),
    ({"lon": "nan", "lat": 0}, "lon"),
    ({"taken_at": "2026-11-20T10:00:00"}, "taken_at"),
    ({"taken_at": "yesterday"}, "taken_at"),
    ({"sha256": "xyz"}, "sha256"),
    ({"caption": "x" * 2001}, "caption"),
    ({"location_source": "exif"}, "location_source"),
    ({"colour": "red"}, "colour"),
]


def test_a_field_that_makes_no_sense_is_named(town: Town) -> None:
    client = town.client("officer")
    for fields, named in FIELDS:
        body = problem(town.post_photo(client, **fields), 422, "invalid")
        assert [fault["field"] for fault in body["errors"]] == [named]
    half = problem(town.post_photo(client, lon=114.3), 422, "invalid")
    assert half["errors"][0]["message"] == "lon and lat go together"
    assert town.city.rows(Photo) == []


def test_what_is_no_form_or_has_no_file_is_refused(town: Town) -> None:
    client = town.client("officer")
    problem(client.post("/api/v1/photos", json={"file": "x"}), 415, "form_needed")
    missing = problem(client.post("/api/v1/photos", files={"photo": b"x"}), 422, "invalid")
    assert {fault["field"] for fault in missing["errors"]} <= {"file", "photo"}
    broken = client.post("/api/v1/photos", content=b"nonsense", headers={"content-type": "multipart/form-data"})
    problem(broken, 400, "bad_request")


def test_unknown_categories_and_complaints_are_told(town: Town) -> None:
    client = town.client("officer")
    problem(town.post_photo(client, category="spaceship"), 422, "category_unknown")
    problem(town.post_photo(client, complaint="00000-00001"), 422, "reference_mistyped")
    problem(town.post_photo(client, complaint="00000-00000"), 404, "complaint_unknown")
    problem(town.post_photo(client, report="true"), 422, "category_needed")
    assert stored(town) == []


def test_a_photo_is_corrected_by_its_sender_only(town: Town) -> None:
    photo_id = town.send(**PLACE)["id"]
    changed = town.client("officer").patch(f"/api/v1/photos/{photo_id}", json={"caption": "di depan pasar"})
    assert changed.json()["caption"] == "di depan pasar"
    assert changed.json()["location"]["source"] == "device"
    other = town.client("colleague").patch(f"/api/v1/photos/{photo_id}", json={"caption": "x"})
    assert other.status_code in (403, 404)
    problem(town.client("officer").patch(f"/api/v1/photos/{photo_id}", json={"lon": 1}), 422, "invalid")
    problem(town.client("officer").patch(f"/api/v1/photos/{uuid4()}", json={"caption": "x"}), 404, "photo_unknown")


def test_erasing_takes_the_bytes_from_the_store_and_leaves_the_audit(town: Town) -> None:
    body = town.send(**PLACE, category="pothole", report="true")
    town.city.work()
    assert len(stored(town)) == 3
    client = town.client("officer")
    assert client.delete(f"/api/v1/photos/{body['id']}").status_code == 204
    town.city.work()
    assert stored(town) == []
    for path in ("", "/original", "/preview"):
        problem(client.get(f"/api/v1/photos/{body['id']}{path}"), 404, "photo_unknown")
    complaint = client.get(f"/api/v1/complaints/{body['complaint']['reference']}").json()
    assert complaint["photos"] == []
    assert {"send", "erase"} <= {row.action for row in town.city.rows(Audit)}


def test_someone_elses_photo_is_not_erased(town: Town) -> None:
    photo_id = town.send()["id"]
    answer = town.client("colleague").delete(f"/api/v1/photos/{photo_id}")
    assert answer.status_code in (403, 404)
    assert len(stored(town)) == 1
