"""The collections over HTTP: what they say of themselves, what they give, and to whom."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from uuid import UUID

import numpy as np
import pytest
from jsonschema import Draft202012Validator
from ogcapi_registry import parse_conformance_classes, validate_ogc_api
from openapi_spec_validator import validate

from cases.words import Scope
from geo.crs import Crs
from tests.api.town import Town, problem
from tests.ingest.city import HERE
from tests.storage.pairs import SQLITE_FOLDER

ALL = ["complaints", "photos", "snapshots", "cameras", "permits", "areas", "incidents"]
ON_SQLITE = pytest.mark.parametrize("pair", [SQLITE_FOLDER], indirect=True)
"""What no engine has a say in."""

TITLED = "title LIKE 'Lub%'"
OPEN = ["complaints", "areas", "incidents"]


def items(client: Any, collection: str = "complaints", query: str = "") -> dict[str, Any]:
    """The page that is answered."""
    answer = client.get(f"/ogc/collections/{collection}/items?{query}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def references(client: Any, query: str = "") -> set[str]:
    """The complaints that answer."""
    return {feature["id"] for feature in items(client, "complaints", f"limit=1000&{query}")["features"]}


@pytest.fixture
def busy(town: Town) -> Iterator[Town]:
    """A town with complaints of three kinds along a street, one of them confidential, and a photo."""
    kinds = ("pothole", "rubbish", "pothole", "flooding", "pothole")
    for step, kind in enumerate(kinds):
        town.open(category=kind, lon=HERE[0] + step / 1000, lat=HERE[1], description=f"Lubang nomor {step}")
        town.city.clock.wait(hours=1)
    town.send("inspector", category="illegal_levy", lon=HERE[0], lat=HERE[1], caption="Pungutan Rahasia", report=True)
    town.send("officer", category="pothole", lon=HERE[0], lat=HERE[1], caption="Foto lubang")
    yield town


@ON_SQLITE
def test_it_begins_at_the_landing_page_and_every_link_leads_somewhere(busy: Town) -> None:
    client = busy.client("command")
    seen: set[str] = set()
    waiting = ["http://testserver/ogc"]
    while waiting:
        at = waiting.pop()
        if at in seen:
            continue
        seen.add(at)
        answer = client.get(at)
        assert answer.status_code == 200, (at, answer.text)
        if "json" not in answer.headers["content-type"]:
            waiting += re.findall(r'href="(http[^"]+)"', answer.text.replace("&amp;", "&"))
            continue
        found = answer.json()
        for one in [found, *found.get("collections", [])]:
            waiting += [link["href"] for link in one.get("links", [])]
    assert len(seen) > 80
    assert {f"http://testserver/ogc/collections/{one}/items?f=html" for one in ALL} <= seen


@ON_SQLITE
def test_what_it_says_of_itself_is_valid(busy: Town) -> None:
    client = busy.client("command")
    document = client.get("/ogc/api?f=json").json()
    validate(document)
    classes = client.get("/ogc/conformance").json()["conformsTo"]
    found = validate_ogc_api(document, parse_conformance_classes(classes))
    assert found.is_valid
    assert found.errors == ()
    assert [one["severity"] for one in found.warnings if one["severity"] != "info"] == []
    described = client.get("/ogc").json()
    kinds = {link["rel"]: link["type"] for link in described["links"]}
    assert kinds["service-desc"] == "application/vnd.oai.openapi+json;version=3.0"
    assert kinds["service-doc"] == "text/html"


def test_every_feature_is_of_its_schema_and_every_queryable_can_be_asked(busy: Town) -> None:
    client = busy.client("command")
    listed = client.get("/ogc/collections").json()["collections"]
    assert [one["id"] for one in listed] == ALL
    for one in listed:
        at = f"/ogc/collections/{one['id']}"
        assert one["storageCrs"] in one["crs"]
        schema = client.get(f"{at}/schema").json()
        Draft202012Validator.check_schema(schema)
        page = items(client, one["id"], "limit=5")
        for feature in page["features"]:
            assert set(feature["properties"]) | {"geometry"} == set(schema["properties"])
            known = {name: value for name, value in feature["properties"].items() if value is not None}
            Draft202012Validator(schema).validate(known)
            alone = client.get(f"{at}/items/{quote(feature['id'])}").json()
            assert {name: alone[name] for name in feature} == feature
        queryables = client.get(f"{at}/queryables").json()
        assert queryables["$id"].endswith(f"{at}/queryables")
        for name, told in queryables["properties"].items():
            value = {"string": "'foo'", "number": "3.14", "integer": "1", "boolean": "true"}.get(told.get("type", ""))
            if told.get("format") in ("date-time", "date"):
                value = "TIMESTAMP('2022-04-14T14:48:46Z')" if told["format"] == "date-time" else "DATE('2022-04-14')"
            if value is None:
                continue
            ops = ("=", "<>", ">", "<", ">=", "<=")
            source = " OR ".join(f'"{name}" {op} {value}' for op in ops)
            items(client, one["id"], f"filter={quote(source)}")
            items(client, one["id"], f"filter={quote(f'{name} IS NULL')}")
        sortables = client.get(f"{at}/sortables").json()["properties"]
        for name in sortables:
            for sign in ("", "-", "%2B", "+"):
                items(client, one["id"], f"sortby={sign}{name}")


def test_everyone_finds_what_they_may_see_and_no_more(busy: Town) -> None:
    for who, collections in {
        None: OPEN,
        "command": ALL,
        "officer": ["complaints", "photos", "snapshots", "cameras", "areas", "incidents"],
        "owner": ["complaints", "snapshots", "cameras", "permits", "areas", "incidents"],
    }.items():
        client = busy.client(who)
        assert [one["id"] for one in client.get("/ogc/collections").json()["collections"]] == collections
        for gone in set(ALL) - set(collections):
            for path in ("", "/items", "/queryables", "/schema", "/items/1"):
                problem(client.get(f"/ogc/collections/{gone}{path}"), 404, "not_found")
    assert len(references(busy.client("command"))) == 5
    assert len(references(busy.client("inspector"))) == 1
    assert len(references(busy.client("roads"))) == 3
    assert references(busy.client()) == references(busy.client("command"))
    hidden = next(iter(references(busy.client("inspector"))))
    for who in (None, "command", "officer", "administrator"):
        problem(busy.client(who).get(f"/ogc/collections/complaints/items/{hidden}"), 404, "not_found")
        problem(busy.client(who).get(f"/ogc/collections/incidents/items/complaint:{hidden}"), 404, "not_found")


def test_what_may_not_be_read_may_not_be_asked_for(busy: Town) -> None:
    """A filter would spell it out, letter by letter."""
    secret = "CASEI(description) LIKE '%lubang%'"
    command, public = busy.client("command"), busy.client()
    narrow = busy.program("command", Scope.COMPLAINTS_WRITE)
    assert len(references(command, f"filter={quote(secret)}")) == 5
    for client in (public, narrow):
        told = problem(
            client.get(f"/ogc/collections/complaints/items?filter={quote(secret)}"), 400, "filter_property_unknown"
        )
        assert "description" in told["detail"]
        unknown = client.get(
            f"/ogc/collections/complaints/items?filter={quote(secret.replace('description', 'nothing'))}"
        )
        assert unknown.json()["detail"] == told["detail"].replace("description", "nothing")
        problem(client.get("/ogc/collections/complaints/items?description=Lubang"), 400, "invalid")
        in_json = json.dumps({"op": "isNull", "args": [{"property": "description"}]})
        problem(
            client.get(f"/ogc/collections/complaints/items?filter-lang=cql2-json&filter={quote(in_json)}"),
            400, "filter_property_unknown",
        )  # fmt: skip
        problem(client.get("/ogc/collections/complaints/items?sortby=description"), 400, "invalid")
        for part in ("queryables", "schema", "items"):
            assert "description" not in client.get(f"/ogc/collections/complaints/{part}").json().get("properties", {})
        assert "Lubang" not in client.get("/ogc/collections/complaints/items").text
        titles = client.get("/ogc/collections/incidents/items").json()["features"]
        assert {feature["properties"]["title"] for feature in titles} == {""}
        assert items(client, "incidents", f"filter={quote(TITLED)}")["features"] == []
    for everything in ("TRUE", "reference IS NOT NULL", "NOT category = 'x'", "category = 'illegal_levy' OR TRUE"):
        assert len(references(command, f"filter={quote(everything)}")) == 5
        assert items(command, query=f"limit=1&count=exact&filter={quote(everything)}")["numberMatched"] == 5
    assert references(command, "category=illegal_levy") == set()


def test_simple_words_and_filters_agree(busy: Town) -> None:
    client = busy.client("command")
    potholes = references(client, "category=pothole")
    assert len(potholes) == 3
    assert references(client, "filter=" + quote("category = 'pothole'")) == potholes
    as_json = json.dumps({"op": "=", "args": [{"property": "category"}, "pothole"]})
    assert references(client, f"filter-lang=cql2-json&filter={quote(as_json)}") == potholes
    assert references(client, "filter-lang=cql-text&filter=" + quote("category ILIKE 'POT%'")) == potholes
    assert len(references(client, "category=pothole,rubbish")) == 4
    assert references(client, "category=pothole&filter=" + quote("category = 'rubbish'")) == set()
    assert (
        len(references(client, "status=received")) + len(references(client, "filter=" + quote("status <> 'received'")))
        == 5
    )
    assert len(references(client, "q=nomor+3")) == 1
    assert references(client, "overdue=true") == set()
    assert len(references(client, "area=99.01.02")) == 5
    near = f"near={HERE[0]},{HERE[1]}&radius_m=150"
    assert len(references(client, near)) == 2


def test_boxes_and_positions_come_in_each_reference_system(busy: Town) -> None:
    client = busy.client("command")
    west, south, east, north = HERE[0] - 0.0005, HERE[1] - 0.0005, HERE[0] + 0.0015, HERE[1] + 0.0005
    inside = references(client, f"bbox={west},{south},{east},{north}")
    assert len(inside) == 2
    by_id = {one["id"]: one for one in items(client, query="limit=10")["features"]}
    for crs in Crs:
        first, second = crs.from_lonlat(np.array([west, east]), np.array([south, north]))
        box = f"{first[0]},{second[0]},{first[1]},{second[1]}"
        assert references(client, f"bbox={box}&bbox-crs={quote(crs)}") == inside
        heights = f"{first[0]},{second[0]},0,{first[1]},{second[1]},9"
        assert references(client, f"bbox={heights}&bbox-crs={quote(crs)}") == inside
        shape = f"S_INTERSECTS(geometry, BBOX({box}))"
        assert references(client, f"filter={quote(shape)}&filter-crs={quote(crs)}") == inside
        answer = client.get(f"/ogc/collections/complaints/items?limit=10&crs={quote(crs)}")
        assert answer.headers["content-crs"] == f"<{crs}>"
        for feature in answer.json()["features"]:
            lon, lat = by_id[feature["id"]]["geometry"]["coordinates"]
            x, y = feature["geometry"]["coordinates"]
            there = crs.from_lonlat(np.array([lon]), np.array([lat]))
            assert (x, y) == pytest.approx((there[0][0], there[1][0]), abs=0.002)
        one = client.get(f"/ogc/collections/complaints/items/{feature['id']}?crs={quote(crs)}")
        assert one.json()["geometry"]["coordinates"] == [x, y]
        assert one.headers["content-crs"] == f"<{crs}>"
        areas = client.get(f"/ogc/collections/areas/items?limit=1&crs={quote(crs)}").json()["features"]
        assert areas[0]["geometry"]["type"] == "Polygon"


def test_pages_follow_each_other_to_the_end(busy: Town) -> None:
    client = busy.client("command")
    for collection, sorts in {"complaints": ["", "opened_at", "-due_at", "updated_at"], "areas": ["", "-code"]}.items():
        whole = [one["id"] for one in items(client, collection, "limit=1000")["features"]]
        for sortby in sorts:
            sort = f"&sortby={sortby}" if sortby else ""
            expected = [one["id"] for one in items(client, collection, f"limit=1000{sort}")["features"]]
            assert sorted(expected) == sorted(whole)
            at: str | None = f"/ogc/collections/{collection}/items?limit=2{sort}"
            found: list[str] = []
            while at is not None:
                page = client.get(at).json()
                assert page["numberReturned"] == len(page["features"]) <= 2
                assert page["numberMatched"] == len(whole)
                assert page["numberMatchedIsEstimate"] is False
                found += [one["id"] for one in page["features"]]
                at = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
            assert found == expected


def test_times_are_asked_for_from_end_to_end(busy: Town) -> None:
    client = busy.client("command")
    opened = sorted(one["properties"]["opened_at"] for one in items(client, query="limit=10")["features"])
    second, fourth = opened[1], opened[3]
    for datetime, number in {
        second: 1,
        f"{second}/{fourth}": 3,
        f"{second}/..": 4,
        f"../{second}": 2,
        f"/{second}": 2,
        "2026-11-20": 5,
        "2026-11-21/..": 0,
        "9999-12-31T23:59:59Z/..": 0,
        "../9999-12-31T23:59:59.999999Z": 5,
    }.items():
        assert len(references(client, f"datetime={quote(datetime)}")) == number, datetime
    assert len(references(client, f"since={quote(second)}&until={quote(fourth)}")) == 2
    day = quote("T_DURING(opened_at, INTERVAL('2026-11-19', '2026-11-22')) AND opened_at < DATE('2026-11-21')")
    assert len(references(client, f"filter={day}")) == 5


WRONG = [
    "limit=0", "limit=x", "bbox=1,2,3", "bbox=a,b,c,d", "bbox=1,5,2,3", "bbox=nan,1,2,3", "bbox=1,2,1e99,4",
    "bbox=1,2,3,4&bbox-crs=EPSG:4326", "crs=http://www.opengis.net/def/crs/EPSG/0/1", "datetime=yesterday",
    "datetime=../..", "datetime=2026-11-02/2026-11-01", "datetime=", "unknown=1", "sortby=reference", "cursor=x",
    "filter=category", "filter=category='a'&filter-lang=cql", "filter-crs=x", "count=many", "f=xml", "near=1,2",
    "near=1,2,3&radius_m=5", "area=x", "since=x", "overdue=maybe", "radius_m=far", "opened_at=5",
    "filter=" + "(" * 500, "filter=" + quote("x" * 5_000), "filter=" + quote("\x00"),
    "bbox=-99999999,1,2,3&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/32749",
]  # fmt: skip


@ON_SQLITE
def test_a_wrong_question_is_400_with_a_sentence(town: Town) -> None:
    client = town.client()
    for query in WRONG:
        answer = client.get(f"/ogc/collections/complaints/items?{query}")
        assert answer.status_code == 400, (query, answer.text)
        problem(answer, 400, answer.json()["code"])
    for path in ("", "/collections", "/collections/complaints", "/collections/complaints/items/X"):
        problem(client.get(f"/ogc{path}?f=xml"), 400, "invalid")


@ON_SQLITE
def test_a_limit_beyond_the_most_counts_as_the_most(busy: Town) -> None:
    assert len(items(busy.client("command"), query="limit=99999999")["features"]) == 5


@ON_SQLITE
def test_it_is_kept_by_who_has_it_and_head_says_the_same_without_a_body(busy: Town) -> None:
    client = busy.client("command")
    for path in (
        "/ogc",
        "/ogc/collections",
        "/ogc/collections/complaints/items",
        "/ogc/collections/complaints/items?f=html",
    ):
        answer = client.get(path)
        again = client.get(path, headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        head = client.head(path)
        assert (head.status_code, head.content) == (200, b"")
        for name in ("etag", "content-type"):
            assert head.headers[name] == answer.headers[name], name
        assert "Authorization" in answer.headers["vary"]


@ON_SQLITE
def test_links_hold_the_address_that_the_client_uses(busy: Town) -> None:
    client = busy.client()
    at = client.get("/ogc", headers={"host": "desk.example:8443"}).json()["links"][0]["href"]
    assert at == "http://desk.example:8443/ogc?f=json"
    public = busy.rebuilt(public_url="https://pantau.example").client()
    assert (
        public.get("/ogc", headers={"host": "pantau.example"})
        .json()["links"][0]["href"]
        .startswith("https://pantau.example/ogc")
    )
    odd = public.get("/ogc", headers={"host": 'x"onload=alert(1)'}).json()["links"][0]["href"]
    assert odd.startswith("https://pantau.example/ogc")


@ON_SQLITE
def test_pages_are_for_people_in_their_language_and_hold_nothing_that_runs(busy: Town) -> None:
    busy.open(category="pothole", lon=HERE[0], lat=HERE[1], description="<script>alert(1)</script>")
    for language, word in (("id", "Aduan"), ("en", "Complaints")):
        client = busy.client("command", **{"accept-language": language, "accept": "text/html,*/*;q=0.8"})
        answer = client.get("/ogc/collections/complaints/items")
        assert answer.headers["content-type"].startswith("text/html")
        assert answer.headers["content-language"] == language
        html = answer.text
        assert f'<html lang="{language}">' in html
        assert word in html
        assert "<svg" in html
        assert "&lt;script&gt;" in html
        assert "<script" not in html
        assert "http-equiv" not in html
    assert busy.client("command", accept="application/json").get("/ogc").headers["content-type"] == "application/json"
    assert "Rahasia" not in busy.client("command").get("/ogc/collections/complaints/items?f=html").text


@ON_SQLITE
def test_a_photo_and_an_area_are_what_the_versioned_api_says(busy: Town) -> None:
    client = busy.client("officer")
    (photo,) = items(client, "photos")["features"]
    told = client.get(f"/api/v1/photos/{photo['id']}").json()
    assert photo["properties"]["caption"] == told["caption"]
    assert photo["geometry"]["coordinates"] == [told["location"]["lon"], told["location"]["lat"]]
    village = client.get("/ogc/collections/areas/items/99.01.02.2002").json()
    same = client.get("/api/v1/areas/99.01.02.2002").json()
    assert village["geometry"] == same["geometry"]
    assert UUID(photo["id"])
