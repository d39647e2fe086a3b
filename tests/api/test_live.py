"""The stream of changes: what is told, to whom, and that nothing gets lost between two lines."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from starlette.testclient import TestClient

from cases.words import LinkState, Status
from storage import changes
from storage.changes import KEPT
from storage.tables import Category, Change, Complaint, Link
from tests.api.town import Town, problem
from tests.ingest.city import HERE, VILLAGE

STREAM = "/api/v1/incidents/stream"


@pytest.fixture
def town(town: Town) -> Town:
    """Each look at a stream has a loop of its own: with it ends who reads the changes for it."""
    return replace(town, portal=None)


def parsed(text: str) -> list[tuple[str, Any, str | None]]:
    """Events as a browser reads them: name, data, id."""
    found = []
    for block in text.split("\n\n"):
        fields: dict[str, str] = {}
        for line in block.splitlines():
            name, _, value = line.partition(":")
            if name:
                fields[name] = value.removeprefix(" ")
        if "data" in fields:
            found.append((fields["event"], orjson.loads(fields["data"]), fields.get("id")))
    return found


class Follower:
    """A program that looks in now and then: what it missed since it last did."""

    def __init__(self, client: TestClient, **asked: str) -> None:
        self.client, self.asked, self.position = client, asked, ""
        ((name, data, self.position),) = self.get()  # type: ignore[assignment]
        assert (name, data) == ("ready", {"position": self.position, "resumed": False})

    def get(self, after: str = "") -> list[tuple[str, Any, str | None]]:
        answer = self.client.get(STREAM, params={**self.asked, "seconds": "0"}, headers={"last-event-id": after})
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store, no-transform"
        return parsed(answer.text)

    def news(self) -> list[tuple[str, str]]:
        """What was told since: (event, id), and the position moves on."""
        first, *others = self.get(self.position)
        assert first == ("ready", {"position": self.position, "resumed": True}, self.position)
        assert [id_ for _, _, id_ in others[:-1]] == [None] * len(others[:-1])
        if others:
            assert others[-1][2] is not None
            self.position = others[-1][2]
        return [(name, data["id"]) for name, data, _ in others]

    def features(self) -> list[dict[str, Any]]:
        """The features told since the position, which stays."""
        return [data for name, data, _ in self.get(self.position) if name == "incident"]


def test_a_new_and_a_changed_complaint_are_told_as_the_list_has_them(town: Town) -> None:
    command, open_only = town.client("command"), {"status": "received"}
    everything, received = Follower(command), Follower(command, **open_only)
    made = town.open(category="pothole", lon=HERE[0], lat=HERE[1], description="lubang besar")
    name = f"complaint:{made['reference']}"
    listed = command.get("/api/v1/incidents").json()["features"]
    assert everything.features() == listed
    assert everything.news() == [("incident", name)] == received.news()
    assert everything.news() == []
    town.client("roads").post(f"/api/v1/complaints/{made['reference']}/status", json={"to": "verified"})
    assert everything.news() == [("incident", name)]
    assert received.news() == [("gone", name)]
    town.client("roads").post(
        f"/api/v1/complaints/{made['reference']}/status", json={"to": "in_progress", "note": "mulai"}
    )
    assert received.news() == []


def test_filters_decide_what_is_told(town: Town) -> None:
    command = town.client("command")
    lon, lat = HERE
    inside = {
        "bbox": f"{lon - 0.001},{lat - 0.001},{lon + 0.001},{lat + 0.001}",
        "area": VILLAGE,
        "category": "pothole",
        "kind": "complaint",
        "agency": "bina_marga",
        "q": "LUBANG",
    }
    outside = {"category": "rubbish", "kind": "photo", "agency": "dlh", "q": "banjir"}
    hearing = [Follower(command, **{name: value}) for name, value in inside.items()]
    hearing.append(Follower(command, near=f"{lon},{lat}", radius_m="20"))
    deaf = [Follower(command, **{name: value}) for name, value in outside.items()]
    deaf += [Follower(command, near=f"{lon + 0.01},{lat}", radius_m="20"), Follower(command, since="2027-01-01")]
    made = town.open(category="pothole", lon=lon, lat=lat, description="lubang besar")
    for follower in hearing:
        assert follower.news() == [("incident", f"complaint:{made['reference']}")], follower.asked
    for follower in deaf:
        assert follower.news() == [], follower.asked


def test_nobody_is_told_what_they_may_not_see_and_who_saw_it_is_told_that_it_is_gone(town: Town) -> None:
    who = (None, "rubbish", "command", "inspector", "roads")
    followers = {one: Follower(town.client(one)) for one in who}
    made = town.open(category="pothole", lon=HERE[0], lat=HERE[1], description="pungli di loket")
    name = f"complaint:{made['reference']}"

    def heard() -> dict[str | None, list[tuple[str, str]]]:
        return {one: news for one, follower in followers.items() if (news := follower.news())}

    here, gone = [("incident", name)], [("gone", name)]
    assert heard() == {None: here, "command": here, "roads": here}
    assert "pungli" not in orjson.dumps(Follower(town.client()).get(followers[None].position)).decode()
    # Written past every door: another process, or somebody at the database itself.
    change(town, made, category_code="illegal_levy", agency_code="inspektorat", confidential=True)
    assert heard() == {None: gone, "command": gone, "roads": gone, "inspector": here}
    change(town, made, status=Status.VERIFIED)
    assert heard() == {"inspector": here}
    change(town, made, category_code="rubbish", agency_code="dlh", confidential=False)
    assert heard() == {None: here, "command": here, "rubbish": here, "inspector": gone}


def change(town: Town, made: dict[str, Any], **values: Any) -> None:
    """Writes a complaint's row."""
    with town.city.parts.database.write() as db:
        row = next(one for one in db.query(Complaint) if one.reference == made["reference"])
        for name, value in values.items():
            setattr(row, name, value)


def test_the_public_reads_no_words(town: Town) -> None:
    public = Follower(town.client())
    town.open(category="pothole", lon=HERE[0], lat=HERE[1], description="rumah Bu Sari")
    town.send(lon=HERE[0], lat=HERE[1], caption="rumah Bu Sari")
    features = public.features()
    assert [one["properties"]["kind"] for one in features] == ["complaint"]
    assert "Sari" not in str(features)


def test_a_photo_comes_and_goes_with_its_tie_and_with_its_owner(town: Town) -> None:
    roads, command, colleague = (Follower(town.client(one), kind="photo") for one in ("roads", "command", "colleague"))
    made = town.open(category="pothole", lon=HERE[0], lat=HERE[1])
    sent = town.send(lon=HERE[0], lat=HERE[1], accuracy_m=5)
    assert [link["state"] for link in sent["links"]] == ["proposed"]
    photo = f"photo:{sent['id']}"
    assert roads.news() == command.news() == colleague.news() == [("incident", photo)]
    town.client("roads").post(f"/api/v1/links/{sent['links'][0]['id']}/reject")
    assert roads.news() == [("gone", photo)]
    assert town.client("roads").get("/api/v1/incidents?kind=photo").json()["features"] == []
    with town.city.parts.database.write() as db:
        db.query(Link).one().state = LinkState.CONFIRMED
    assert roads.news() == [("incident", photo)]
    change(town, made, agency_code="dlh")
    assert roads.news() == [("gone", photo)]
    command.news()
    assert town.client("officer").delete(f"/api/v1/photos/{sent['id']}").status_code == 204
    assert command.news() == [("gone", photo)]
    assert roads.news() == []
    town.city.work()
    assert command.news() == []


def test_a_deadline_that_passes_is_told_though_nobody_wrote_anything(town: Town) -> None:
    command = town.client("command")
    late, timely = Follower(command, overdue="true"), Follower(command, overdue="false")
    made = town.open(category="pothole", lon=HERE[0], lat=HERE[1])
    name = f"complaint:{made['reference']}"
    assert (late.news(), timely.news()) == ([], [("incident", name)])
    town.city.clock.wait(days=30)
    command = late.client = timely.client = town.client("command")
    assert (late.news(), timely.news()) == ([("incident", name)], [("gone", name)])
    change(town, made, closed_at=town.city.clock.now)
    assert (late.news(), timely.news()) == ([("gone", name)], [("incident", name)])


@pytest.mark.parametrize("position", ["", "x", "00000000.1.1", "5f1c09aa.99.0", "'; DROP TABLE change; --"])
def test_a_position_of_nobody_knows_where_begins_anew(town: Town, position: str) -> None:
    client = town.client("command")
    answer = client.get(STREAM, params={"seconds": "0", "after": position})
    kinds = [(name, data.get("reason", data.get("resumed"))) for name, data, _ in parsed(answer.text)]
    assert kinds == ([("reset", "too_old")] if position else []) + [("ready", False)]


def test_a_position_that_the_log_has_forgotten_begins_anew(town: Town) -> None:
    command = Follower(town.client("command"))
    old = command.position
    town.open(category="pothole", lon=HERE[0], lat=HERE[1])
    with town.city.parts.database.write() as db:
        changes.prune(db, datetime.now(UTC))
    assert [name for name, _ in command.news()] == ["incident"]
    town.open(category="pothole", lon=HERE[0], lat=HERE[1])
    town.open(category="rubbish", lon=HERE[0], lat=HERE[1])
    with town.city.parts.database.write() as db:
        # The triggers write by the true clock.
        changes.prune(db, datetime.now(UTC) + 2 * KEPT)
        assert db.query(Change).count() == 1
    assert [name for name, _, _ in command.get(old)] == ["reset", "ready"]
    assert [name for name, _, _ in command.get(Follower(town.client("command")).position)] == ["ready"]


def test_what_decides_about_many_makes_those_load_anew_whom_it_concerns(town: Town) -> None:
    roads, command = Follower(town.client("roads")), Follower(town.client("command"))
    with town.city.parts.database.write() as db:
        db.get_one(Category, "pothole").agency_code = "dlh"
    assert [name for name, _, _ in roads.get(roads.position)] == ["reset", "ready"]
    assert command.news() == []


def test_wrong_questions_and_strangers_are_answered_before_the_stream_begins(town: Town) -> None:
    client = town.client("command")
    problem(client.get(STREAM, params={"bbox": "1,2,3"}), 422, "invalid")
    problem(client.get(STREAM, params={"area": "12.34"}), 422, "area_unknown")
    problem(TestClient(town.app, headers={"authorization": "Bearer x"}).get(STREAM), 401, "token_refused")
    full = town.rebuilt(listeners=0)
    problem(full.client("command").get(STREAM), 429, "too_many_listeners")
