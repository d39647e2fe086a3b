"""Cameras behind their doors: registered, tried against a real one, shared, changed, taken out of service."""

import base64
import re
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any
from uuid import UUID, uuid4

import pytest
from anyio.from_thread import start_blocking_portal
from sqlmodel import col

from cases.words import Scope, VisitState
from ingest.cameras.faults import CameraFault
from ingest.cameras.stills import jpeg_size
from ingest.cameras.ways import guard_of, reach_of, reseal
from storage import cameras
from storage.tables import Audit, Camera, CameraHistory, CameraVisit
from tests.api.test_permits import PBG, registered
from tests.api.town import Town, problem
from tests.ingest.city import HERE
from tests.ingest.photos import samples
from tests.servers.cameras import Certificate
from tests.servers.http_camera import PASSWORD, USER, HttpCamera, http_camera
from tests.servers.rtsp_camera import rtsp_camera

AT = "/api/v1/cameras"
URL = "rtsp://kamera.example.org/stream2"


def body(**given: Any) -> dict[str, Any]:
    """A camera as an owner writes it down."""
    return {"name": "Gerbang", "reach": {"url": URL}, "lon": HERE[0], "lat": HERE[1], **given}


def camera(town: Town, who: str = "owner", **given: Any) -> dict[str, Any]:
    """Registers a camera and expects it to be new."""
    answer = town.client(who).post(AT, json=body(**given))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


@pytest.fixture(scope="module")
def web() -> Iterator[HttpCamera]:
    """A real HTTP camera, with a password where it is asked for one."""
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(http_camera()) as running:
        yield running


def test_an_owner_registers_a_permit_and_a_feed_and_it_is_due_at_once(town: Town) -> None:
    permit = registered(town)
    made = camera(town, permit=PBG, bearing_deg=-90, fov_deg=60, range_m=30)
    assert (made["number"], made["permit"], made["area"]["code"]) == (1, PBG, "99.01.02.2002")
    assert made["reach"] == {
        "door": "rtsp",
        "url": URL,
        "has_password": False,
        "has_push_token": False,
        "certificate": None,
    }
    assert made["standing"]["state"] is None
    assert (made["owner"]["name"], made["may_change"], made["sharing"]) == ("Owner", True, "live")
    ground = made["view"]["ground"]
    assert (made["view"]["bearing_deg"], ground["type"]) == (270, "Polygon")
    west = min(lon for lon, _ in ground["coordinates"][0])
    assert 25 < (HERE[0] - west) * 110_000 < 31  # it looks west
    with town.city.parts.database.read() as db:
        (visit,) = db.query(CameraVisit)
        assert (str(visit.camera_id), visit.due_at) == (made["id"], town.city.clock.now)
    assert town.client("owner").get(f"/api/v1/permits/{permit['id']}").json()["cameras"] == 1


def test_the_same_registration_sent_again_registers_nothing_new(town: Town) -> None:
    id_ = str(uuid4())
    first = camera(town, id=id_)
    again = town.client("owner").post(AT, json=body(id=id_))
    assert (again.status_code, again.json()["number"]) == (200, first["number"])
    problem(town.client("owner").post(AT, json=body(id=id_, name="Lain")), 409, "id_taken")


@pytest.mark.parametrize(
    ("reach", "code"),
    [
        ({}, "reach_needed"),
        ({"url": URL, "door": "push"}, "reach_needed"),
        ({"url": "file:///etc/passwd"}, "reach_invalid"),
        ({"url": "http://"}, "reach_invalid"),
        ({"url": URL, "door": "http"}, "reach_invalid"),
        ({"url": URL, "certificate": "abc"}, "invalid"),
        ({"url": URL, "passwort": "x"}, "invalid"),
    ],
)
def test_an_address_that_cannot_be_is_told(town: Town, reach: dict[str, Any], code: str) -> None:
    problem(town.client("owner").post(AT, json=body(reach=reach)), 422, code)


@pytest.mark.parametrize("lat", [90, -90, 85.06])
def test_a_place_beyond_every_map_is_told(town: Town, lat: float) -> None:
    made = camera(town)
    problem(town.client("owner").post(AT, json=body(lat=lat)), 422, "place_invalid")
    problem(town.client("owner").patch(f"{AT}/{made['id']}", json={"lat": lat}), 422, "place_invalid")


def test_who_registers_for_others_says_for_whom(town: Town) -> None:
    command = town.client("command")
    problem(command.post(AT, json=body()), 422, "owner_needed")
    problem(command.post(AT, json=body(owner="officer")), 422, "owner_unknown")
    problem(command.post(AT, json=body(agency="nothing")), 422, "agency_unknown")
    assert camera(town, "command", owner="owner")["owner"]["name"] == "Owner"
    assert camera(town, "command", agency="dlh")["agency"] == "dlh"
    assert camera(town, "roads", agency="dlh")["agency"] == "bina_marga"
    problem(town.client("owner").post(AT, json=body(permit="IMB 1")), 404, "permit_unknown")
    problem(town.client("officer").post(AT, json=body()), 403, "not_allowed")


def test_cameras_are_seen_by_those_they_are_shared_with_and_reached_by_no_one_else(town: Town) -> None:
    alone = camera(town, sharing="nothing")["id"]
    roads = camera(town, sharing="stored", shared_with=["bina_marga"])["id"]
    everyone = camera(town)["id"]
    own = camera(town, "roads", sharing="nothing")["id"]

    def seen(who: str) -> set[str]:
        return {row["id"] for row in town.client(who).get(AT).json()["cameras"]}

    assert seen("owner") == {alone, roads, everyone}
    assert seen("roads") == {roads, everyone, own}
    assert seen("rubbish") == {everyone}
    assert seen("officer") == {everyone}
    assert seen("command") == {alone, roads, everyone, own}
    listed = town.client("roads").get(AT).json()["cameras"]
    assert [row["id"] for row in listed if row["may_change"]] == [own]
    told = town.client("roads").get(f"{AT}/{roads}").json()
    assert (told["reach"], told["owner"], told["shared_with"], told["may_change"]) == (None, None, None, False)
    problem(town.client("rubbish").get(f"{AT}/{roads}"), 404, "camera_unknown")
    problem(town.client("roads").patch(f"{AT}/{roads}", json={"name": "x"}), 403, "register_not_yours")
    problem(town.client("roads").post(f"{AT}/{everyone}/test"), 403, "register_not_yours")
    problem(town.client("roads").post(f"{AT}/{everyone}/push-token"), 403, "register_not_yours")
    problem(town.client("rubbish").delete(f"{AT}/{own}"), 404, "camera_unknown")
    assert town.client("roads").patch(f"{AT}/{own}", json={"name": "Kantor"}).json()["name"] == "Kantor"
    problem(town.client().get(AT), 401, "sign_in_needed")
    reading = town.program("owner", Scope.READ)
    assert len(reading.get(AT).json()["cameras"]) == 3
    problem(reading.delete(f"{AT}/{alone}"), 403, "not_allowed")


def test_cameras_are_listed_by_place_permit_and_page(town: Town) -> None:
    registered(town)
    first, second = camera(town, permit=PBG), camera(town, lon=HERE[0] + 0.02)
    owner = town.client("owner")

    def numbers(asked: str) -> list[int]:
        return [row["number"] for row in owner.get(f"{AT}?{asked}").json()["cameras"]]

    assert numbers(f"permit={PBG}") == [first["number"]]
    assert numbers("area=99.01.02.2003") == [second["number"]]
    assert numbers(f"bbox={HERE[0] - 0.01},{HERE[1] - 0.01},{HERE[0] + 0.01},{HERE[1] + 0.01}") == [first["number"]]
    assert numbers("state=ok") == []
    page = owner.get(f"{AT}?limit=1").json()
    assert [row["number"] for row in page["cameras"]] == [1]
    assert numbers(f"limit=1&cursor={page['next']}") == [2]
    problem(owner.get(f"{AT}?permit=IMB 3"), 404, "permit_unknown")


def test_a_change_says_what_changed_and_a_password_stays_with_its_host(town: Town) -> None:
    made = camera(town, reach={"url": "rtsp://u:lama@10.0.0.9/a", "door": "rtsp"})
    assert (made["reach"]["url"], made["reach"]["has_password"]) == ("rtsp://10.0.0.9/a", True)
    owner, at = town.client("owner"), f"{AT}/{made['id']}"

    def change(**given: Any) -> dict[str, Any]:
        answer = owner.patch(at, json=given)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def kept() -> Any:
        with town.city.parts.database.read() as db:
            return reach_of(town.city.parts, db, db.query(Camera).one())[0].credentials

    assert (kept().user, kept().password) == ("u", "lama")
    turned = change(bearing_deg=45, interval_s=30, shared_with=["dlh"], version=1)
    assert (turned["view"]["bearing_deg"], turned["view"]["range_m"], turned["interval_s"]) == (45, 40, 30)
    assert [agency["code"] for agency in turned["shared_with"]] == ["dlh"]
    problem(owner.patch(at, json={"name": "x", "version": 1}), 409, "register_changed")
    assert change(reach={"url": "rtsp://10.0.0.9/b"})["reach"]["has_password"]
    assert kept().password == "lama"
    assert change(reach={"url": "rtsp://10.0.0.9/b", "user": "u", "password": "baru"})["reach"]["has_password"]
    assert kept().password == "baru"
    assert not change(reach={"url": "rtsp://10.0.0.9:8554/b"})["reach"]["has_password"]
    assert kept() is None
    moved = change(lon=HERE[0] + 0.02)
    assert moved["area"]["code"] == "99.01.02.2003"
    with town.city.parts.database.read() as db:
        deeds = [
            row.data for row in db.query(Audit).filter_by(subject="camera", action="change").order_by(col(Audit.id))
        ]
    assert deeds[0] == {"fields": ["bearing_deg", "interval_s", "shared_with"]}
    assert deeds[1] == {"fields": ["reach"]}


def test_a_camera_out_of_service_keeps_its_history_and_loses_its_secrets(town: Town) -> None:
    made = camera(town, reach={"url": URL, "user": "u", "password": "p"})
    owner, at = town.client("owner"), f"{AT}/{made['id']}"
    assert owner.delete(at).status_code == 204
    problem(owner.delete(at), 409, "camera_retired")
    problem(owner.post(f"{at}/test"), 409, "camera_retired")
    problem(owner.patch(at, json={"name": "x"}), 409, "camera_retired")
    assert owner.get(AT).json()["cameras"] == []
    (gone,) = owner.get(f"{AT}?retired=true").json()["cameras"]
    assert (gone["id"], gone["active"]) == (made["id"], False)
    with town.city.parts.database.read() as db:
        row = db.query(Camera).one()
        assert (row.secret, row.push_hash, db.query(CameraVisit).count()) == (None, None, 0)


def test_a_push_token_is_shown_once_and_replaces_the_one_before(town: Town) -> None:
    made = camera(town, reach={"door": "push"})
    owner, at = town.client("owner"), f"{AT}/{made['id']}"
    first, second = (owner.post(f"{at}/push-token").json() for _ in range(2))
    assert first["send_to"] == f"{at}/snapshots"
    assert owner.get(at).json()["reach"]["has_push_token"]
    assert second["token"] not in owner.get(at).text
    with town.city.parts.database.read() as db:
        assert cameras.by_push(db, first["token"]) is None
        found = cameras.by_push(db, second["token"])
        assert found is not None
        assert str(found.id) == made["id"]


def test_the_sign_is_kept_upright_small_and_without_metadata(town: Town) -> None:
    made = camera(town)
    owner, at = town.client("owner"), f"{AT}/{made['id']}/sign"
    problem(owner.get(at), 404, "sign_unknown")
    for seed in (1, 2):
        sent = owner.put(at, content=samples.jpeg(size=(1600, 1200), seed=seed, lon=113.2, lat=-9.1))
        assert (sent.status_code, sent.json()["sign"]) == (200, at)
    photo = owner.get(at)
    assert photo.headers["content-type"] == "image/jpeg"
    assert jpeg_size(photo.content) == (1280, 960)
    assert b"Exif" not in photo.content
    assert len(list(town.city.parts.blobs.keys(f"cameras/{made['id']}/"))) == 1
    problem(owner.put(at, content=b"GIF89a..."), 415, "unsupported_format")
    problem(town.client("rubbish").put(at, content=b"x"), 403, "register_not_yours")
    assert town.client("rubbish").get(at).status_code == 200


def test_history_is_told_latest_first_in_words(town: Town) -> None:
    made = camera(town)
    with town.city.parts.database.write() as db:
        for state, faults in ((VisitState.OK, ["dark"]), (VisitState.PASSWORD_REFUSED, [])):
            id_, at = db.query(Camera).one().id, town.city.clock.now
            db.add(CameraHistory(camera_id=id_, at=at, state=state, faults=faults))
            db.flush()
    told = town.client("owner").get(f"{AT}/{made['id']}/history").json()["history"]
    assert [(entry["state"], entry["faults"]) for entry in told] == [("password_refused", []), ("ok", ["dark"])]
    assert "password" in told[0]["text"]
    pushed = camera(town, reach={"door": "push"})
    with town.city.parts.database.write() as db:
        visit = db.get_one(CameraVisit, UUID(pushed["id"]))
        visit.state = VisitState.STALLED
    silent = town.client("owner").get(f"{AT}/{pushed['id']}").json()["standing"]["text"]
    assert "push token" in silent  # nobody visits it: no network of its own is to blame


def test_trying_a_camera_says_what_happened_with_its_picture(town: Town, web: HttpCamera) -> None:
    owner = town.client("owner")

    def tried(path: str, **reach: Any) -> dict[str, Any]:
        answer = owner.post(f"{AT}/test", json={"reach": {"url": web.url(path), **reach}})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    seen = tried("/still.jpg")
    assert (seen["state"], seen["ok"], seen["way"]) == ("ok", True, "http_jpeg")
    assert jpeg_size(base64.b64decode(seen["picture"]))[0] > 0
    assert seen["told"][0] == "The camera was reached. Here is your picture."
    assert "Reached by" in seen["told"][1]
    refused = tried("/basic.jpg", user=USER, password="salah")
    assert (refused["state"], refused["picture"]) == ("password_refused", None)
    assert "Enter both again" in refused["told"][0]
    assert tried("/basic.jpg", user=USER, password=PASSWORD)["ok"]
    assert tried("/cut.jpg")["state"] == "corrupt"
    assert tried("/nowhere")["state"] == "not_found"
    told = owner.post(
        f"{AT}/test", json={"reach": {"url": web.url("/page.html")}}, headers={"accept-language": "id"}
    ).json()["told"]
    assert "Periksa" in told[0]
    assert re.search(r" \d,\d detik", told[1])
    made = camera(town, reach={"url": web.url("/digest/MD5"), "user": USER, "password": PASSWORD})
    assert owner.post(f"{AT}/{made['id']}/test").json()["ok"]
    pushed = camera(town, reach={"door": "push"})
    problem(owner.post(f"{AT}/{pushed['id']}/test"), 422, "camera_pushes")


def test_a_stream_whose_certificate_nobody_signed_is_tried_by_its_fingerprint(
    town: Town, signed_by_itself: Certificate
) -> None:
    owner = town.client("owner")
    serving = rtsp_camera(tls=signed_by_itself.context)
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(serving) as running:
        url = running.url.replace("rtsp:", "rtsps:")
        known = camera(town, reach={"url": url, "certificate": signed_by_itself.sha256})
        other = camera(town, reach={"url": url, "certificate": "0" * 64})
        unknown = camera(town, reach={"url": url})
        tried = [owner.post(f"{AT}/{one['id']}/test").json() for one in (known, other, unknown)]
    assert known["reach"]["certificate"] == signed_by_itself.sha256.replace(":", "").lower()
    assert (tried[0]["state"], tried[0]["way"]) == ("ok", "rtsp_tcp")
    assert jpeg_size(base64.b64decode(tried[0]["picture"])) == (640, 360)
    assert [one["state"] for one in tried[1:]] == ["certificate_refused"] * 2
    assert "fingerprint" in tried[2]["told"][0]


def test_private_networks_are_visited_only_where_an_administrator_allows_them(town: Town) -> None:
    administrator, owner = town.client("administrator"), town.client("owner")
    at = f"/api/v1/accounts/{town.id('owner')}/networks"
    where = {"reach": {"url": "http://10.9.8.7/a.jpg"}}
    assert owner.post(f"{AT}/test", json=where).json()["state"] == "refused_address"
    for wrong in (
        "8.8.8.0/24",
        "10.0.0.0/8",
        "127.0.0.0/16",
        "169.254.0.0/16",
        "0.0.0.0/0",
        "10.0.0.1/24",
        "x",
        "fc00::/7",
    ):
        problem(administrator.put(at, json={"networks": [wrong]}), 422, "network_not_allowable")
    put = administrator.put(at, json={"networks": ["10.9.8.0/24", "fd12:3456:789a::/48"]}).json()
    assert [row["cidr"] for row in put["networks"]] == ["10.9.8.0/24", "fd12:3456:789a::/48"]
    assert put["networks"][0]["allowed_by"]["name"] == "Administrator"
    with town.city.parts.database.read() as db:
        guard_of(town.city.parts, db, town.id("owner")).check(ip_address("10.9.8.7"))
        with pytest.raises(CameraFault):
            guard_of(town.city.parts, db, town.id("roads")).check(ip_address("10.9.8.7"))
        with pytest.raises(CameraFault):
            guard_of(town.city.parts, db, town.id("owner")).check(ip_address("10.9.9.7"))
    assert administrator.put(at, json={"networks": []}).json() == {"networks": []}
    problem(owner.get(at), 403, "not_allowed")
    problem(administrator.get(f"/api/v1/accounts/{uuid4()}/networks"), 404, "account_unknown")


def test_trying_is_counted(town: Town) -> None:
    few = town.rebuilt(camera_tests_per_minute=1).client("owner")
    few.post(f"{AT}/test", json={"reach": {"url": "http://127.0.0.1:9/"}})
    answer = few.post(f"{AT}/test", json={"reach": {"url": "http://127.0.0.1:9/"}})
    problem(answer, 429, "too_many_tests")
    assert int(answer.headers["retry-after"]) > 0


def test_sealed_passwords_are_sealed_anew_only_where_needed(town: Town) -> None:
    camera(town, reach={"url": URL, "user": "u", "password": "p"})
    assert reseal(town.city.parts) == 0
