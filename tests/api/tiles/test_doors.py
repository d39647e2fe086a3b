"""Tiles over HTTP: kept until something in them changes, seen by those who may, and described beside them."""

import gzip
import time
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest

from cases.words import VisitState
from geo.cells import cell
from geo.mvt import MEDIA_TYPE
from geo.tiles import Tile
from storage.changes import STALE_S
from storage.tables import Camera, CameraVisit, Complaint
from tests.api.test_cameras import camera
from tests.api.tiles.places import complaint
from tests.api.town import Town, problem
from tests.geo import tiled
from tests.geo.made import middle
from tests.ingest.city import HERE, VILLAGE

HERE_TILE = "/tiles/complaints/14/13381/8578.mvt"


def settle(town: Town) -> None:
    """Waits until PostgreSQL is asked again whether anything changed."""
    if town.city.parts.database.dialect == "postgresql":
        time.sleep(STALE_S + 0.05)


@pytest.fixture
def quiet(town: Town) -> Town:
    """Three complaints in the middle of a village."""
    for at in range(3):
        town.open(category="pothole", lon=HERE[0], lat=HERE[1] + at / 10_000, description="Lubang")
    return town


def test_a_tile_stays_the_same_until_a_write_within_it(quiet: Town) -> None:
    client = quiet.client("command")
    first = client.get(HERE_TILE)
    assert first.headers["content-type"] == MEDIA_TYPE
    assert first.headers["cache-control"] == "private, no-cache"
    assert len(tiled.tile(first.content)["complaints"]) == 3
    etag = first.headers["etag"]
    assert client.get(HERE_TILE).headers["etag"] == etag
    unchanged = client.get(HERE_TILE, headers={"if-none-match": etag})
    assert (unchanged.status_code, unchanged.content, unchanged.headers["etag"]) == (304, b"", etag)
    with quiet.city.parts.database.write() as db:
        db.add(complaint(quiet, Random(1), lon=0.0, lat=0.0, cell=cell(0.0, 0.0), confidential=False))
    settle(quiet)
    assert client.get(HERE_TILE, headers={"if-none-match": etag}).status_code == 304
    with quiet.city.parts.database.write() as db:
        db.query(Complaint).filter_by(category_code="pothole").update({"status": "verified"})
    settle(quiet)
    changed = client.get(HERE_TILE, headers={"if-none-match": etag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != etag
    assert {one.properties["status"] for one in tiled.tile(changed.content)["complaints"]} == {"verified"}


def test_an_update_of_nothing_and_a_deletion_are_both_seen(quiet: Town) -> None:
    client = quiet.client("command")
    path = "/tiles/complaints/8/209/134.mvt"
    before = client.get(path)
    with quiet.city.parts.database.write() as db:
        db.query(Complaint).filter_by(category_code="pothole").update({"radius_m": 77.0})
    settle(quiet)
    assert client.get(path, headers={"if-none-match": before.headers["etag"]}).status_code == 304
    town_rows = len(tiled.tile(client.get(HERE_TILE).content)["complaints"])
    with quiet.city.parts.database.write() as db:
        reference = db.query(Complaint).first()
        assert reference is not None
        reference.lon, reference.lat, reference.cell = None, None, None
    settle(quiet)
    assert len(tiled.tile(client.get(HERE_TILE).content)["complaints"]) == town_rows - 1
    assert tiled.tile(client.get(path).content)["cells"][0].properties["count"] == town_rows - 1


def test_who_sees_less_gets_another_tile(quiet: Town) -> None:
    secret = {"category_code": "illegal_levy", "agency_code": "inspektorat", "confidential": True}
    with quiet.city.parts.database.write() as db:
        db.add(complaint(quiet, Random(1), lon=HERE[0], lat=HERE[1], cell=cell(*HERE), opened_by=None, **secret))
    settle(quiet)
    for path, layer in (
        (f"{HERE_TILE}?properties=category,title", "complaints"),
        ("/tiles/incidents/14/13381/8578.mvt", "incidents"),
    ):
        inspector, command, public = (quiet.client(who).get(path) for who in ("inspector", "command", None))
        assert b"illegal_levy" in inspector.content
        assert b"illegal_levy" not in command.content
        assert b"illegal_levy" not in public.content
        assert len(tiled.tile(public.content)[layer]) == 3
    assert b"Lubang" not in quiet.client().get(f"{HERE_TILE}?properties=title").content
    assert b"Lubang" in quiet.client("command").get(f"{HERE_TILE}?properties=title").content
    assert quiet.client().get(HERE_TILE).headers["cache-control"] == "public, no-cache"
    assert "Authorization" in quiet.client().get(HERE_TILE).headers["vary"]
    # Those who see the same share it.
    assert quiet.client("command").get(HERE_TILE).headers["etag"] == quiet.client().get(HERE_TILE).headers["etag"]
    quiet.send("officer", lon=HERE[0], lat=HERE[1], accuracy_m=8)
    settle(quiet)
    photos = "/tiles/photos/14/13381/8578.mvt"
    assert len(tiled.tile(quiet.client("command").get(photos).content)["photos"]) == 1
    assert quiet.client().get(photos).content == b""


def test_it_is_gzipped_for_those_who_take_it(town: Town) -> None:
    client = town.client("command")
    path = "/tiles/areas/12/3345/2144.mvt?properties=code,name,level,parent,kind"
    plain = client.get(path, headers={"accept-encoding": "identity"})
    packed = [client.get(path, headers={"accept-encoding": "gzip"}) for _ in range(2)]
    assert "content-encoding" not in plain.headers
    assert all(one.headers["content-encoding"] == "gzip" and one.content == plain.content for one in packed)
    assert all(one.headers["etag"] == plain.headers["etag"] for one in packed)
    assert int(packed[0].headers["content-length"]) < len(plain.content)
    assert len(gzip.compress(plain.content, 1)) == pytest.approx(int(packed[0].headers["content-length"]), rel=0.1)


def test_only_named_properties_are_told(quiet: Town) -> None:
    client = quiet.client("command")
    told = tiled.tile(client.get(f"{HERE_TILE}?properties=status,radius_m,area").content)["complaints"][0].properties
    assert told == {"status": "received", "area": VILLAGE, "radius_m": told["radius_m"]}
    assert isinstance(told["radius_m"], float)
    (row,) = client.get("/api/v1/incidents?limit=1&sort=time").json()["features"]
    usual = tiled.tile(client.get(HERE_TILE).content)["complaints"][0].properties
    assert set(usual) == {"reference", "category", "status", "time", "due_at"}
    assert usual["due_at"] > usual["time"] > 1_700_000_000
    assert row["properties"]["status"] == usual["status"]


def test_what_becomes_late_is_seen_without_a_write(quiet: Town) -> None:
    client = quiet.client("command")
    assert client.get(f"{HERE_TILE}?overdue=true").content == b""
    quiet.city.clock.now += timedelta(days=60)
    client = quiet.client("command")
    assert len(tiled.tile(client.get(f"{HERE_TILE}?overdue=true").content)["complaints"]) == 3


def test_what_becomes_late_is_told_without_a_write(quiet: Town) -> None:
    path = f"{HERE_TILE}?properties=overdue"
    rows = tiled.tile(quiet.client("command").get(path).content)["complaints"]
    assert [row.properties for row in rows] == [{"overdue": False}] * 3
    quiet.city.clock.now += timedelta(days=60)
    rows = tiled.tile(quiet.client("command").get(path).content)["complaints"]
    assert [row.properties for row in rows] == [{"overdue": True}] * 3
    (cell,) = tiled.tile(quiet.client("command").get(f"{path}&singles=2&cells=1").content)["cells"]
    assert cell.properties == {"count": 3, "overdue": 3}


def test_a_crowd_is_counted_amid_itself_and_the_rest_stays_single(quiet: Town) -> None:
    quiet.open(category="rubbish", lon=HERE[0] + 0.008, lat=HERE[1] + 0.008, description="Jauh")
    client = quiet.client("command")
    everything = tiled.tile(client.get(HERE_TILE).content)["complaints"]
    parted = tiled.tile(client.get(f"{HERE_TILE}?singles=2&cells=4").content)
    assert [one.properties["category"] for one in parted["complaints"]] == ["rubbish"]
    (crowd,) = parted["cells"]
    assert (crowd.properties["count"], crowd.properties["category_pothole"]) == (3, 3)
    for at, unit in enumerate(crowd.point):
        mean = sum(one.point[at] for one in everything if one.properties["category"] == "pothole") / 3
        # Cells of 1024 units: as near to the mean as a quarter of them from the edge allows.
        assert abs(unit - min(max(mean, mean // 1024 * 1024 + 256), mean // 1024 * 1024 + 768)) <= 1
    assert set(tiled.tile(client.get(f"{HERE_TILE}?singles=3&cells=4").content)) == {"complaints"}


def test_near_enough_everything_is_single(quiet: Town) -> None:
    client = quiet.client("command")
    near = Tile(17, *(8 * at for at in (13381, 8578)))
    beside = [Tile(17, near.x + right, near.y + down) for right in range(8) for down in range(8)]
    layers = [tiled.tile(client.get(f"/tiles/complaints/17/{one.x}/{one.y}.mvt?singles=0").content) for one in beside]
    assert sum(len(one.get("complaints", [])) for one in layers) == 3


def test_wrong_questions_are_told(quiet: Town) -> None:
    client = quiet.client()
    for path in ("nothing/1/0/0", "complaints/1/2/0", "complaints/23/0/0", "photos/-1/0/0", "areas/x/0/0"):
        problem(client.get(f"/tiles/{path}.mvt"), 404, "not_found")
    for query in (
        "status=lost",
        "properties=secret",
        "kind=photo",
        "colour=red",
        "bbox=1,2,3",
        "cells=0",
        "singles=1001",
    ):
        assert query.split("=", maxsplit=1)[0] in str(
            problem(client.get(f"{HERE_TILE}?{query}"), 400, "invalid")["errors"]
        )
    problem(client.get("/tiles/areas/1/0/0.mvt?status=received"), 400, "invalid")
    for path in ("areas/1/0/0.mvt?cells=5", "areas/1/0/0.mvt?singles=5", "cameras/1/0/0.mvt?singles=5"):
        problem(client.get(f"/tiles/{path}"), 400, "invalid")
    problem(client.get("/tiles/cameras.json?category=pothole"), 400, "invalid")
    problem(client.get(f"{HERE_TILE}?area=12.34"), 400, "area_unknown")
    problem(client.get("/tiles/nothing.json"), 404, "not_found")


def test_cameras_come_with_the_ground_that_they_see(town: Town) -> None:
    made = camera(town, bearing_deg=0, fov_deg=60, range_m=50)
    hidden = camera(town, name="Milik sendiri", sharing="nothing")
    with town.city.parts.database.write() as db:
        for visit in db.query(CameraVisit):
            visit.state = VisitState.UNREACHABLE
    settle(town)
    path = "/tiles/cameras/16/53526/34315.mvt?properties=camera,name,state,bearing_deg,number"
    seen = tiled.tile(town.client("command").get(path).content)
    assert {one.properties["camera"] for one in seen["cameras"]} == {made["id"], hidden["id"]}
    (shown,) = (one for one in seen["cameras"] if one.properties["camera"] == made["id"])
    assert shown.properties == {
        "camera": made["id"], "name": "Gerbang", "state": "unreachable", "bearing_deg": 0.0, "number": 1
    }  # fmt: skip
    (view,) = (one for one in seen["views"] if one.properties["camera"] == made["id"])
    (ring,) = view.parts
    assert shown.point in ring
    assert min(y for _, y in ring) < shown.point[1] - 200  # it looks north
    officer = tiled.tile(town.client("officer").get(path).content)
    assert [one.properties["camera"] for one in officer["views"]] == [made["id"]]
    assert town.client().get(path).content == b""
    (cell,) = tiled.tile(town.client("command").get("/tiles/cameras/5/26/16.mvt").content)["cells"]
    assert cell.properties == {"count": 2, "state_unreachable": 2}
    # The tile north of the one where it stands has its view and not itself.
    with town.city.parts.database.write() as db:
        db.get_one(Camera, UUID(hidden["id"])).active = False
        tile = Tile(16, 53526, 34315)
        moved = db.get_one(Camera, UUID(made["id"]))
        moved.lat = tile.bounds[3] - 0.0001
    town.city.clock.now += timedelta(seconds=20)
    settle(town)
    north = tiled.tile(town.client("command").get("/tiles/cameras/16/53526/34314.mvt").content)
    assert list(north) == ["views"]


def test_areas_have_one_label_and_their_ground_wherever_they_reach(town: Town) -> None:
    client = town.client()
    zoom, codes, labels = 12, set[str](), list[str]()
    for x in range(3345, 3348):
        for y in range(2143, 2147):
            layers = tiled.tile(client.get(f"/tiles/areas/{zoom}/{x}/{y}.mvt").content)
            codes |= {one.properties["code"] for one in layers.get("areas", [])}
            labels += [one.properties["code"] for one in layers.get("labels", [])]
            assert all(one.id == int(one.properties["code"].replace(".", "")) for one in layers.get("areas", []))
            assert all(tiled.area(one.parts[0]) > 0 for one in layers.get("areas", []))
    listed = {one["id"] for one in client.get("/api/v1/areas?geometry=none").json()["features"]}
    assert codes == listed
    assert sorted(labels) == sorted(listed)
    lon, lat = middle(1, 1)
    assert lon > 0 > lat
    one = tiled.tile(client.get(f"/tiles/areas/{zoom}/3345/2144.mvt?area=99.01.02.2002&properties=name").content)
    assert [feature.properties for feature in one["areas"]] == [{"name": one["areas"][0].properties["name"]}]


def test_what_describes_them_leads_to_them(quiet: Town) -> None:
    client = quiet.client("command")
    found: dict[str, Any] = client.get("/tiles").json()
    assert len(found["tilesets"]) == 5
    for brief in found["tilesets"]:
        links = {link["rel"]: link["href"].removeprefix("http://testserver") for link in brief["links"]}
        full = client.get(links["self"]).json()
        (item,) = (link for link in full["links"] if link["rel"] == "item")
        assert item["templated"] is True
        at = item["href"].format(tileMatrix=9, tileRow=267, tileCol=418).removeprefix("http://testserver")
        assert client.get(at).status_code == 200
        matrices = client.get(links["http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"]).json()["tileMatrices"]
        assert matrices[1]["scaleDenominator"] == pytest.approx(279541132.0143589)
        tilejson = (
            client.get(f"{links['self']}.json?properties=name").json()
            if "areas" in links["self"]
            else client.get(f"{links['self']}.json").json()
        )
        assert tilejson["tilejson"] == "3.0.0"
        assert {one["id"] for one in tilejson["vector_layers"]} == {one["id"] for one in full["layers"]}
        assert (
            client.get(tilejson["tiles"][0].format(z=9, x=418, y=267).removeprefix("http://testserver")).status_code
            == 200
        )
    filtered = client.get("/tiles/complaints.json?status=received").json()["tiles"][0]
    assert filtered.endswith("/tiles/complaints/{z}/{x}/{y}.mvt?status=received")
    assert (
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt"
        in client.get("/tiles/conformance").json()["conformsTo"]
    )
    assert client.get("/tiles/tileMatrixSets").json()["tileMatrixSets"][0]["id"] == "WebMercatorQuad"
