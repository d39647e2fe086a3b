"""Complaints through the doors: opened, listed, moved, tied, and hidden from those they are not for."""

from typing import Any
from uuid import uuid4

from starlette.testclient import TestClient
from uuid_utils.compat import uuid7

from ingest.complaints import Opening, open_complaint
from tests.api.town import Town, problem
from tests.ingest.city import HERE, VILLAGE

AT: dict[str, Any] = {"lon": HERE[0], "lat": HERE[1]}
PLACE: dict[str, Any] = {**AT, "accuracy_m": 8}


def path(complaint: dict[str, Any]) -> str:
    return f"/api/v1/complaints/{complaint['reference']}"


def test_an_opened_complaint_knows_its_place_agency_and_deadline(town: Town) -> None:
    client = town.client("officer")
    answer = client.post("/api/v1/complaints", json={"category": "pothole", **AT, "description": "Lubang\r\ndalam"})
    assert answer.status_code == 201
    body = answer.json()
    assert answer.headers["location"] == path(body)
    assert (body["category"], body["category_name"], body["status"]) == ("pothole", "Pothole", "received")
    assert body["agency"]["code"] == "bina_marga"
    assert body["description"] == "Lubang\ndalam"
    assert body["area"]["code"] == VILLAGE
    assert body["location"]["source"] == "pin"
    assert body["due_at"] > body["opened_at"]
    assert (body["overdue"], body["closed_at"], body["version"]) == (False, None, 1)
    assert [entry["kind"] for entry in body["history"]] == ["opened"]
    assert body["history"][0]["account"]["name"] == "Officer"
    assert body["reports"][0]["text"] == body["description"]
    assert client.get(path(body)).json() == body


def test_a_reference_is_read_as_people_type_it(town: Town) -> None:
    body = town.open(category="pothole", **AT)
    typed = body["reference"].lower().replace("-", "").replace("0", "o").replace("1", "l")
    assert town.client("officer").get(f"/api/v1/complaints/{typed}").json()["reference"] == body["reference"]
    problem(town.client().get("/api/v1/complaints/not-a-reference"), 422, "reference_mistyped")
    problem(town.client().get("/api/v1/complaints/00000-00000"), 404, "complaint_unknown")


def test_the_same_complaint_sent_again_opens_nothing_new(town: Town) -> None:
    given = {"id": str(uuid7()), "category": "pothole", **AT}
    client = town.client("officer")
    first, again = (client.post("/api/v1/complaints", json=given) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    problem(town.client("command").post("/api/v1/complaints", json=given), 409, "id_taken")


def test_what_cannot_be_opened_says_why(town: Town) -> None:
    client = town.client("officer")
    for given, code in (
        ({"category": "pothole"}, "place_needed"),
        ({"category": "spaceship", **AT}, "category_unknown"),
        ({"category": "pothole", "area": "35.10"}, "area_unknown"),
        ({"category": "pothole", **AT, "photos": [str(uuid4())]}, "photo_unknown"),
        ({"category": "pothole", "lon": 0, "lat": 0}, "place_invalid"),
        ({"category": "pothole", "lon": 114.3}, "invalid"),
        ({"category": "pothole", **AT, "status": "resolved"}, "invalid"),
        ({"category": "pothole", **AT, "opened_at": "2026-11-20"}, "invalid"),
    ):
        answer = client.post("/api/v1/complaints", json=given)
        problem(answer, 404 if code == "photo_unknown" else 422, code)


def test_a_move_is_written_down_with_who_when_and_why(town: Town) -> None:
    complaint = town.open(category="pothole", **AT)
    roads = town.client("roads")
    seen = roads.get(path(complaint)).json()
    assert seen["moves"] == ["verified", "in_progress", "rejected", "duplicate"]
    moved = roads.post(f"{path(complaint)}/status", json={"to": "in_progress", "note": "regu 3", "version": 1})
    assert moved.status_code == 200, moved.text
    entry = moved.json()["history"][-1]
    assert (entry["from"], entry["to"], entry["note"]) == ("received", "in_progress", "regu 3")
    assert entry["account"]["name"] == "Roads"
    assert moved.json()["version"] == 2


def test_a_move_that_is_not_allowed_or_comes_late_changes_nothing(town: Town) -> None:
    complaint = town.open(category="pothole", **AT)
    roads, status = town.client("roads"), f"{path(complaint)}/status"
    problem(roads.post(status, json={"to": "resolved", "note": "x"}), 409, "move_not_allowed")
    problem(roads.post(status, json={"to": "rejected"}), 422, "note_needed")
    problem(roads.post(status, json={"to": "duplicate", "note": "x"}), 422, "original_needed")
    problem(
        roads.post(status, json={"to": "duplicate", "duplicate_of": complaint["reference"]}), 422, "original_needed"
    )
    problem(roads.post(status, json={"to": "gone"}), 422, "invalid")
    assert roads.post(status, json={"to": "verified", "version": 1}).status_code == 200
    problem(roads.post(status, json={"to": "in_progress", "version": 1}), 409, "changed_meanwhile")
    problem(roads.post(status, json={"to": "resolved"}), 422, "proof_needed")
    assert roads.get(path(complaint)).json()["status"] == "verified"


def test_another_agency_does_not_know_of_it(town: Town) -> None:
    complaint = town.open(category="pothole", **AT)
    rubbish = town.client("rubbish")
    problem(rubbish.get(path(complaint)), 404, "complaint_unknown")
    problem(rubbish.post(f"{path(complaint)}/status", json={"to": "verified"}), 404, "complaint_unknown")
    assert rubbish.get("/api/v1/complaints").json()["complaints"] == []


def test_the_public_sees_place_state_and_times_and_nothing_of_people(town: Town) -> None:
    complaint = town.open(category="pothole", **AT, description="rumah Bu Sari")
    town.send(**PLACE, category="pothole")
    town.client("roads").post(f"{path(complaint)}/status", json={"to": "in_progress", "note": "telepon Bu Sari"})
    body = town.client().get(path(complaint)).json()
    assert (body["status"], body["location"]["lon"]) == ("in_progress", HERE[0])
    assert [entry["to"] for entry in body["history"]] == [None, "in_progress"]
    told = str(body)
    assert "Sari" not in told
    assert "Officer" not in told
    assert body["photos"] == body["links"] == body["reports"] == body["moves"] == []
    brief = town.client().get("/api/v1/complaints").json()["complaints"][0]
    assert (brief["reference"], brief["description"]) == (complaint["reference"], "")


def test_the_list_pages_through_everything_once(town: Town) -> None:
    made = {town.open(category="pothole", lon=HERE[0] + step / 100, lat=HERE[1])["reference"] for step in range(5)}
    client, found, url = town.client("officer"), [], "/api/v1/complaints?limit=2&category=pothole"
    while url:
        page = client.get(url).json()
        found += [one["reference"] for one in page["complaints"]]
        url = page["next"]
    assert len(found) == 5
    assert set(found) == made
    assert client.get("/api/v1/complaints?kind=photo").json() == {"complaints": [], "next": None}
    problem(client.get("/api/v1/complaints?limit=0"), 422, "invalid")


def test_a_person_decides_what_the_machine_only_proposes(town: Town) -> None:
    first = town.open(category="pothole", **AT)
    town.open(category="pothole", **AT)
    photo = town.send(**PLACE, category="pothole")
    assert photo["complaint"] is None
    assert [link["state"] for link in photo["links"]] == ["proposed", "proposed"]
    chosen = next(link for link in photo["links"] if link["complaint"] == first["reference"])
    other = next(link for link in photo["links"] if link["complaint"] != first["reference"])
    problem(town.client("officer").post(f"/api/v1/links/{chosen['id']}/confirm"), 403, "not_allowed")
    roads = town.client("roads")
    answer = roads.post(f"/api/v1/links/{chosen['id']}/confirm", json={"note": "sama"})
    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["decided_by"]["name"]) == ("confirmed", "Roads")
    assert roads.post(f"/api/v1/links/{other['id']}/reject").json()["state"] == "rejected"
    seen = roads.get(path(first)).json()
    assert [one["id"] for one in seen["photos"]] == [photo["id"]]
    assert {"link_confirmed"} <= {entry["kind"] for entry in seen["history"]}
    problem(roads.post(f"/api/v1/links/{uuid4()}/confirm"), 404, "link_unknown")
    problem(town.client("rubbish").post(f"/api/v1/links/{chosen['id']}/reject"), 404, "link_unknown")


def test_a_confidential_complaint_exists_at_no_door_for_others(town: Town) -> None:
    inspector = town.client("inspector")
    made = town.program("inspector")  # without scopes it opens nothing
    problem(made.post("/api/v1/complaints", json={"category": "illegal_levy", **AT}), 403, "not_allowed")
    secret = _levy(town)
    assert inspector.get(f"/api/v1/complaints/{secret}").json()["confidential"] is True
    for who in (None, "owner", "officer", "roads", "command", "administrator"):
        client = town.client(who)
        problem(client.get(f"/api/v1/complaints/{secret}"), 404, "complaint_unknown")
        assert "illegal_levy" not in client.get("/api/v1/complaints").text
        assert "illegal_levy" not in _seen(client)
        assert client.get("/api/v1/incidents").json()["features"] == []
        assert client.get(f"/api/v1/incidents?q={secret}").json()["features"] == []
        assert sum(client.get(f"/api/v1/areas/{VILLAGE}").json()["properties"]["counts"].values()) == 0
        assert client.get("/api/v1/summary").json()["total"] == 0
    command = town.client("command")
    problem(command.post(f"/api/v1/complaints/{secret}/status", json={"to": "verified"}), 404, "complaint_unknown")
    named = town.post_photo(town.client("officer"), complaint=secret)
    problem(named, 404, "complaint_unknown")
    other = town.open(category="pothole", **AT)
    duplicate = {"to": "duplicate", "duplicate_of": secret}
    problem(command.post(f"{path(other)}/status", json=duplicate), 404, "complaint_unknown")
    assert {"illegal_levy", "pothole"} <= _seen(inspector)
    assert inspector.get("/api/v1/complaints").json()["complaints"][0]["reference"] == secret


def test_a_confidential_picture_leaves_by_no_door_for_others(town: Town) -> None:
    secret = town.send("inspector", **PLACE, category="illegal_levy", seed=8)
    town.city.work()
    same = town.send("officer", seed=8)
    assert same["duplicates"] == []
    at = f"/api/v1/photos/{secret['id']}"
    assert town.client("inspector").get(at).status_code == 200
    for who in ("officer", "roads", "command", "administrator"):
        client = town.client(who)
        for door in (at, f"{at}/thumbnail", f"{at}/preview", f"{at}/original"):
            problem(client.get(door), 404, "photo_unknown")
        assert secret["id"] not in client.get("/api/v1/incidents").text
        problem(client.patch(at, json={"caption": "x"}), 404, "photo_unknown")
        problem(client.delete(at), 404, "photo_unknown")
        problem(town.post_photo(client, id=secret["id"], seed=8), 409, "id_taken")


def test_who_reports_in_confidence_gets_a_receipt_and_sees_no_more_of_it(town: Town) -> None:
    given = {"id": str(uuid7()), "category": "illegal_levy", **AT, "description": "di loket 3"}
    officer, inspector = town.client("officer"), town.client("inspector")
    opened = officer.post("/api/v1/complaints", json=given).json()
    inspector.post(f"{path(opened)}/status", json={"to": "verified", "note": "periksa loket 3"})
    again = officer.post("/api/v1/complaints", json=given)
    assert again.status_code == 200
    assert again.json()["reference"] == opened["reference"]
    assert "loket" not in again.text
    assert again.json()["moves"] == []
    problem(officer.get(path(opened)), 404, "complaint_unknown")
    assert "periksa loket 3" in inspector.get(path(opened)).text


def _seen(client: TestClient) -> set[str]:
    """The categories whose complaints may be seen, of all that may be reported."""
    known = client.get("/api/v1/categories").json()["categories"]
    assert "illegal_levy" in {one["code"] for one in known}
    return {one["code"] for one in known if one["seen"]}


def _levy(town: Town) -> str:
    """The reference of a confidential complaint, opened by someone of its team."""
    opening = Opening(category="illegal_levy", lon=HERE[0], lat=HERE[1], description="pungutan")
    return open_complaint(town.city.parts, town.city.people["inspector"], opening)[0].reference
