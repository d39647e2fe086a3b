"""The catalogue of pictures: who finds what, by which question."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from starlette.testclient import TestClient

from cases.words import Scope, Sharing
from geo.distance import offset
from storage.tables import Camera
from storage.views import turned, view_of
from tests.api.town import Town, problem
from tests.ingest.cameras.sightings import beside, still
from tests.ingest.city import HERE, NOON, VILLAGE
from tests.storage.pairs import on_sqlite

WHO = (None, "owner", "officer", "colleague", "roads", "rubbish", "command", "inspector", "administrator")
HOST = "http://testserver"


def found(client: TestClient, **asked: Any) -> list[dict[str, Any]]:
    """All that a search finds, page by page."""
    items: list[dict[str, Any]] = []
    url: str | None = "/stac/search"
    while url is not None:
        answer = client.get(url, params=asked if not items else None)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/geo+json"
        body = answer.json()
        items += body["features"]
        assert body["numberReturned"] == len(body["features"])
        url = next((link["href"].removeprefix(HOST) for link in body["links"] if link["rel"] == "next"), None)
    return items


def ids(client: TestClient, **asked: Any) -> set[str]:
    """The ids of what a search finds, none of them twice."""
    items = [item["id"] for item in found(client, **asked)]
    assert len(items) == len(set(items))
    return set(items)


def posted(client: TestClient, **asked: Any) -> list[str]:
    """The same by a body."""
    items: list[str] = []
    body: dict[str, Any] | None = asked
    while body is not None:
        answer = client.post("/stac/search", json=body)
        assert answer.status_code == 200, answer.text
        items += [item["id"] for item in answer.json()["features"]]
        on = [link for link in answer.json()["links"] if link["rel"] == "next"]
        assert all(link["method"] == "POST" and link["merge"] for link in on)
        body = body | on[0]["body"] if on else None
    return items


def pictures(town: Town) -> dict[str, str]:
    """Photos and snapshots of all sorts; their ids by a word for each."""
    lon, lat = HERE
    east = offset(*HERE, 400, 0)
    owned = beside(town.city, who="owner", shared_with=["dlh"])
    return {
        "pothole": town.send(lon=lon, lat=lat, category="pothole", caption="lubang besar", seed=1)["id"],
        "rubbish": town.send("colleague", lon=east[0], lat=east[1], category="illegal_dumping", seed=2)["id"],
        "levy": town.send(lon=lon, lat=lat, category="illegal_levy", seed=3)["id"],
        "nowhere": town.send(seed=4)["id"],
        "shared": str(still(town.city, beside(town.city), NOON - timedelta(hours=2)).id),
        "dlh": str(still(town.city, owned, NOON - timedelta(hours=3)).id),
        "hidden": str(still(town.city, beside(town.city, sharing=Sharing.NOTHING), NOON - timedelta(hours=4)).id),
    }


def test_everyone_finds_what_they_may_see_and_only_that(town: Town) -> None:
    made = pictures(town)
    for who in WHO:
        client = town.client(who)
        seen = set()
        for word, id_ in made.items():
            photo = word in ("pothole", "rubbish", "levy", "nowhere")
            kind, look = ("photos", "original") if photo else ("snapshots", "image")
            seen |= {id_} if client.get(f"/api/v1/{kind}/{id_}/{look}").status_code in (200, 307) else set()
            item = client.get(f"/stac/collections/{kind}/items/{id_}")
            assert item.status_code == (200 if id_ in seen else 404), (who, word)
        assert ids(client) == set(posted(client)) == ids(client, ids=",".join(made.values())) == seen, who
        listed = [client.get(f"/stac/collections/{one}/items?limit=1000") for one in ("photos", "snapshots")]
        assert {each["id"] for answer in listed for each in answer.json()["features"]} == seen
        for each in found(client):
            for asset in each["assets"].values():
                assert client.get(urlsplit(asset["href"]).path).status_code in (200, 307), asset
    assert ids(town.client()) == set()
    assert made["levy"] in ids(town.client("inspector"))
    assert made["levy"] not in ids(town.client("command"))
    assert ids(town.program("command", Scope.PHOTOS_WRITE)) == set()
    assert ids(town.program("rubbish", Scope.READ)) == ids(town.client("rubbish"))
    empty = town.client().get("/stac/collections/photos").json()
    assert empty["extent"]["temporal"]["interval"] == [[None, None]]
    assert "illegal_levy" not in empty["summaries"]["pantau:category"]


def test_programs_and_people_are_told_where_it_is_described(town: Town) -> None:
    client = town.client()
    links = {link["rel"]: link for link in client.get("/stac").json()["links"]}
    for rel in ("service-desc", "service-doc"):
        answer = client.get(links[rel]["href"].removeprefix(HOST))
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(links[rel]["type"].partition(";")[0])
    assert links["service-doc"]["href"] == f"{HOST}/api/docs"


def test_a_picture_is_found_by_place_time_and_filter(town: Town) -> None:
    made = pictures(town)
    client = town.client("administrator")
    lon, lat = HERE
    near = [lon - 0.001, lat - 0.001, lon + 0.001, lat + 0.001]
    here = {made[word] for word in ("pothole", "shared", "dlh", "hidden")}
    assert ids(client, bbox=",".join(map(str, near)), limit=2) == here
    assert set(posted(client, bbox=[*near[:2], 0, *near[2:], 9], limit=2)) == here
    ring = [[near[0], near[1]], [near[2], near[1]], [near[2], near[3]], [near[0], near[1]]]
    triangle = {"type": "Polygon", "coordinates": [ring]}
    drawn = {made["pothole"], made["shared"], made["dlh"], made["hidden"]}
    assert ids(client, intersects=json.dumps(triangle)) == set(posted(client, intersects=triangle)) == drawn
    assert ids(client, intersects=json.dumps({"type": "Point", "coordinates": [lon, lat]})) == {made["pothole"]}
    assert ids(client, collections="snapshots", limit=1) == {made[word] for word in ("shared", "dlh", "hidden")}
    assert ids(client, collections="nothing") == ids(client, ids="nothing") == set()
    at = (NOON - timedelta(hours=3)).isoformat()
    assert ids(client, datetime=at) == {made["dlh"]}
    assert ids(client, datetime=f"../{at}") == {made["dlh"], made["hidden"]}
    assert ids(client, datetime=f"{at}/..") == set(made.values()) - {made["hidden"], made["levy"]}
    for text, wanted in (
        ("\"pantau:category\" = 'pothole'", {"pothole"}),
        ("description LIKE '%besar%' OR \"view:azimuth\" = 270", {"pothole", "shared", "dlh", "hidden"}),
        ("collection = 'photos' AND geometry IS NULL", {"nowhere"}),
        (f"S_INTERSECTS(geometry, POINT({lon} {lat}))", {"pothole"}),
        (f"datetime < TIMESTAMP('{NOON:%Y-%m-%dT%H:%M:%SZ}') AND id <> '{made['dlh']}'", {"shared", "hidden"}),
        ("eo:cloud_cover < 10", set()),
    ):
        assert ids(client, filter=text) == {made[word] for word in wanted}, text
    node = {"op": "=", "args": [{"property": "pantau:camera"}, str(uuid4())]}
    assert posted(client, filter=node) == []
    assert set(posted(client, filter={"op": "not", "args": [node]})) >= {made["shared"], made["dlh"]}


def test_pages_go_through_everything_in_both_orders(town: Town) -> None:
    camera = beside(town.city)
    photos = [town.send(lon=HERE[0], lat=HERE[1], seed=seed)["id"] for seed in range(4)]
    stills = [str(still(town.city, camera, NOON - timedelta(minutes=each % 2)).id) for each in range(4)]
    client = town.client("command")
    newest = [item["id"] for item in found(client, limit=3)]
    assert sorted(newest) == sorted([*photos, *stills])
    oldest = found(client, limit=3, sortby="properties.datetime")
    assert [item["id"] for item in oldest] == newest[::-1]
    times = [item["properties"]["datetime"] for item in oldest]
    assert times == sorted(times)
    assert posted(client, limit=3) == newest
    assert posted(client, limit=1_000_000, sortby=[{"field": "datetime", "direction": "asc"}]) == newest[::-1]
    assert [item["id"] for item in found(client, limit=1, collections="photos")] == [
        one for one in newest if one in photos
    ]


def test_evidence_tells_nothing_of_a_camera_that_is_not_shared(town: Town) -> None:
    """A field officer sees a still that speaks for their complaint, but not whose camera took it or from where."""
    shot = str(still(town.city, beside(town.city, who="owner", shared_with=["dlh"]), NOON - timedelta(minutes=1)).id)
    town.open(category="pothole", lon=HERE[0], lat=HERE[1], radius_m=6)
    officer, command = town.client("officer"), town.client("command")
    (seen,) = found(officer, collections="snapshots")
    (whole,) = found(command, collections="snapshots")
    assert seen["id"] == whole["id"] == shot
    assert (seen["geometry"], seen.get("bbox")) == (None, None)
    hidden = {"title", "view:azimuth", "pantau:area", "pantau:radius_m", "pantau:fov_deg", "pantau:range_m"}
    assert hidden <= whole["properties"].keys()
    assert not hidden & seen["properties"].keys()
    assert not any("view" in extension for extension in seen["stac_extensions"])
    lon, lat = whole["geometry"]["coordinates"]
    box = ",".join(map(str, (lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.01)))
    point = f"S_INTERSECTS(geometry, POINT({lon} {lat}))"
    asking: list[dict[str, Any]] = [
        {"bbox": box},
        {"intersects": json.dumps(whole["geometry"])},
        {"filter": point},
        {"filter": '"view:azimuth" > 0'},
        {"filter": f"\"pantau:area\" = '{VILLAGE}'"},
    ]
    for asked in asking:
        assert ids(command, collections="snapshots", **asked) == {shot}, asked
        assert ids(officer, collections="snapshots", **asked) == set(), asked


def test_a_still_keeps_the_view_that_its_camera_had_then(town: Town) -> None:
    camera = beside(town.city)
    before = str(still(town.city, camera, NOON - timedelta(hours=2)).id)
    with town.city.parts.database.write() as db:
        kept = db.get_one(Camera, camera.id)
        seen = view_of(kept)
        kept.created_at = NOON - timedelta(days=1)
        kept.bearing_deg = 90.0
        turned(db, kept, seen, NOON - timedelta(hours=1))
    after = str(still(town.city, camera, NOON).id)
    items = {item["id"]: item["properties"]["view:azimuth"] for item in found(town.client("command"))}
    assert items == {before: 270.0, after: 90.0}


def test_an_item_says_what_its_picture_is(town: Town) -> None:
    photo = town.send(lon=HERE[0], lat=HERE[1], category="pothole", caption="lubang")
    client = town.client("command")
    at = f"/stac/collections/photos/items/{photo['id']}"
    waiting = client.get(at).json()
    assert set(waiting["assets"]) == {"original"}
    town.city.work()
    item = client.get(at).json()
    assert set(item["assets"]) == {"thumbnail", "preview", "original"}
    original = item["assets"]["original"]
    assert original["file:checksum"] == f"1220{photo['sha256']}"
    assert (original["file:size"], original["type"]) == (photo["bytes"], "image/jpeg")
    assert item["geometry"] == {"type": "Point", "coordinates": [photo["location"]["lon"], photo["location"]["lat"]]}
    properties = item["properties"]
    assert (properties["description"], properties["pantau:category"]) == ("lubang", "pothole")
    assert properties["published"] == properties["datetime"] == "2026-11-20T05:00:00Z"
    for link in item["links"]:
        assert client.get(link["href"].removeprefix(HOST)).status_code == 200, link
    problem(client.get(at.replace("photos", "snapshots")), 404, "not_found")
    problem(client.get("/stac/collections/clouds"), 404, "not_found")


SENSELESS: list[dict[str, str]] = [
    {"bbox": "0,0,1"},
    {"bbox": "0,1,1,0"},
    {"bbox": "[0,0,1,1]"},
    {"bbox": "nan,0,1,1"},
    {"limit": "0"},
    {"limit": "x"},
    {"datetime": "2026-11-01"},
    {"datetime": "../.."},
    {"bbox": "0,0,1,1", "intersects": '{"type":"Point","coordinates":[0,0]}'},
    {"intersects": '{"type":"Point","coordinates":[0,100]}'},
    {"intersects": '{"type":"Circle"}'},
    {"intersects": "{"},
    {"sortby": "pantau:category"},
    {"token": "made-up"},
    {"filter": "datetime <"},
    {"filter": "owner = 'x'"},
    {"filter": "id = 'x'", "filter-lang": "cql3"},
    {"filter": "id = 'x'", "filter-crs": "EPSG:3857"},
    {"color": "red"},
]


@on_sqlite
def test_a_question_that_makes_no_sense_is_told_so(town: Town) -> None:
    client = town.client()
    for asked in SENSELESS:
        answer = client.get("/stac/search", params=asked)
        assert answer.status_code == 400, asked
        assert answer.headers["content-type"] == "application/problem+json"
    bodies: tuple[dict[str, Any], ...] = (
        {"bbox": "0,0,1,1"},
        {"fields": None},
        {"sortby": [{"field": "id"}]},
        {"intersects": []},
    )
    for body in bodies:
        assert client.post("/stac/search", json=body).status_code == 400, body
