"""Incidents through the doors: what is asked for comes, all of it, to those who may see it and to nobody else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from shapely.geometry import mapping
from starlette.testclient import TestClient

from cases.words import Status
from tests.api.town import Town, problem
from tests.geo.made import middle, square
from tests.ingest.city import NOON, VILLAGE

LIST, SEARCH, SUMMARY = "/api/v1/incidents", "/api/v1/incidents/search", "/api/v1/summary"
CATEGORIES = ("pothole", "rubbish", "flooding")
LED = {"pothole": "bina_marga", "rubbish": "dlh", "flooding": "pengairan"}
DAYS = 5


@pytest.fixture(scope="module")
def busy(kept_town: Town) -> Town:
    """One town for all tests that only ask, with what `_full` puts there."""
    return _full(kept_town)


@pytest.fixture
def changing(town: Town) -> Town:
    """The same for a test that changes it."""
    return _full(town)


def _full(town: Town) -> Town:
    """Twelve complaints over five days, one in each village, three resolved, and two photos of the last."""
    made = []
    for at in range(12):
        town.city.clock.now = NOON + timedelta(days=DAYS * at / 12)
        lon, lat = middle(at % 4, at // 4)
        given: dict[str, Any] = {
            "category": CATEGORIES[at % 3],
            "lon": lon,
            "lat": lat,
            "description": f"Nomor {at} di tepi jalan",
        }
        made.append(town.open(**given))
    for one in made[:3]:
        town.client("command").post(
            f"/api/v1/complaints/{one['reference']}/status", json={"to": "rejected", "note": "x"}
        )
    town.city.clock.now = NOON + timedelta(days=DAYS)
    lon, lat = middle(3, 2)
    for seed in (1, 2):
        town.send(
            "officer", seed=seed, lon=lon, lat=lat, accuracy_m=8, category="pothole", caption="Foto dari lapangan"
        )
    return town


def features(client: TestClient, query: str) -> list[dict[str, Any]]:
    """What a query finds."""
    answer = client.get(f"{LIST}?{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/geo+json"
    body = answer.json()
    assert body["type"] == "FeatureCollection"
    assert body["numberReturned"] == len(body["features"])
    return list(body["features"])


def test_each_filter_keeps_what_it_names(busy: Town) -> None:
    client = busy.client("command")
    everything = features(client, "")
    assert [one["properties"]["kind"] for one in everything].count("photo") == 2
    assert len(everything) == 14
    lon, lat = middle(1, 1)
    later = (NOON + timedelta(days=2)).isoformat().replace("+00:00", "Z")

    def known(query: str, fits: Callable[[dict[str, Any]], bool], at_least: int = 1) -> None:
        found = features(client, query)
        expected = [one["id"] for one in everything if fits(one["properties"] | {"at": one["geometry"]["coordinates"]})]
        assert [one["id"] for one in found] == expected, query
        assert len(found) >= at_least, query

    known("area=99.01.02", lambda one: one["area"].startswith("99.01.02"), 4)
    known(f"area={VILLAGE}", lambda one: one["area"] == VILLAGE)
    known("bbox=114.02,-8.5,114.06,-8.48", lambda one: 114.02 <= one["at"][0] <= 114.06 and one["at"][1] <= -8.48, 2)
    known(f"near={lon},{lat}&radius_m=100", lambda one: one["area"] == VILLAGE)
    known(f"since={later}", lambda one: one["time"] >= later, 3)
    known(f"until={later}", lambda one: one["time"] < later, 3)
    known("since=2026-11-22&until=2026-11-22", lambda one: "2026-11-21T17" <= one["time"] < "2026-11-22T17", 2)
    known("category=pothole,rubbish", lambda one: one["category"] in ("pothole", "rubbish"), 8)
    known("category=pothole&category=rubbish", lambda one: one["category"] in ("pothole", "rubbish"), 8)
    known("status=received", lambda one: one["status"] == "received", 9)
    known("status=received,rejected", lambda one: one["status"] is not None, 12)
    known("kind=photo", lambda one: one["kind"] == "photo", 2)
    known("agency=dlh", lambda one: LED[one["category"]] == "dlh", 4)
    known("overdue=true", lambda one: one["overdue"], 1)
    known("overdue=false", lambda one: one["kind"] == "complaint" and not one["overdue"], 1)
    known("q=nomor+1+di", lambda one: one["title"].startswith("Nomor 1 "), 1)
    known("q=LAPANGAN", lambda one: one["kind"] == "photo", 2)
    known(
        f"q={everything[-1]['properties']['reference'].lower()}",
        lambda one: one == {**one, "title": "Nomor 0 di tepi jalan"},
    )


def test_each_order_is_the_one_asked_for(busy: Town) -> None:
    client = busy.client("command")
    for sort, key, reverse in (("-time", "time", True), ("time", "time", False), ("-updated", "updated_at", True)):
        found = [one["properties"][key] for one in features(client, f"sort={sort}")]
        assert found == sorted(found, reverse=reverse), sort
    due = [one["properties"]["due_at"] for one in features(client, "sort=due")]
    assert due == [*sorted(one for one in due if one), None, None]


@pytest.mark.parametrize(
    "query", ["", "area=99.01.02", "kind=complaint&sort=time", "bbox=114,-8.5,114.1,-8.4&sort=due"]
)
def test_pages_by_the_link_as_given_are_the_whole(busy: Town, query: str) -> None:
    client = busy.client("command")
    whole = [one["id"] for one in features(client, query)]
    paged, path = [], f"{LIST}?{query}&limit=3"
    for _ in range(len(whole)):
        body = client.get(path).json()
        paged += [one["id"] for one in body["features"]]
        following = [link["href"] for link in body["links"] if link["rel"] == "next"]
        assert bool(following) == (body["next"] is not None)
        if not following:
            break
        path = following[0]
    assert paged == whole


def test_a_drawn_shape_finds_what_lies_in_it_page_by_page(busy: Town) -> None:
    client = busy.client("command")
    drawn = mapping(square(0, 1, 4, 1))
    whole = client.post(SEARCH, json={"polygon": drawn}).json()["features"]
    assert {one["properties"]["area"][:8] for one in whole} == {"99.01.02"}
    assert len(whole) == 4
    first = client.post(SEARCH, json={"polygon": drawn, "limit": 3, "count": "exact"}).json()
    assert first["numberMatched"] == 4
    rest = client.post(SEARCH, json={"polygon": drawn, "limit": 3, "cursor": first["next"]}).json()
    assert first["features"] + rest["features"] == whole
    assert rest["next"] is None
    narrowed = client.post(SEARCH, json={"polygon": drawn, "category": ["pothole"]}).json()["features"]
    assert [one["properties"]["category"] for one in narrowed] == ["pothole"] * len(narrowed) != []


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("bbox=114.1,-8.4,114.0,-8.5", "", "south lies above"),
        ("bbox=114.1,-8.4,114.2", "bbox", ""),
        ("bbox=-8.5,114.0,-8.4,114.1", "", "no place on earth"),
        ("bbox=nan,nan,nan,nan", "", "no place on earth"),
        ("near=114,-8", "", "radius_m"),
        ("radius_m=5", "", "radius_m"),
        ("near=114,-8&radius_m=0", "radius_m", ""),
        ("near=214,-8&radius_m=50", "", "no place on earth"),
        ("area=banyuwangi", "area", ""),
        ("cursor=abc", "", "cursor"),
        ("cursor=WzEsMl0", "", "cursor"),
        ("since=2026-11-20T05:00:00", "since", "offset"),
        ("until=yesterday", "until", "2026-11-01"),
        ("limit=0", "limit", ""),
        ("limit=10001", "limit", ""),
        ("sort=name", "sort", ""),
        ("status=lost", "status", ""),
        ("count=maybe", "count", ""),
        ("overdue=perhaps", "overdue", ""),
        ("colour=red", "colour", ""),
    ],
)
def test_what_cannot_be_asked_is_told(kept_town: Town, query: str, field: str, said: str) -> None:
    body = problem(kept_town.client().get(f"{LIST}?{query}"), 422, "invalid")
    (fault, *_) = body["errors"]
    assert field in fault["field"]
    assert said in fault["message"]
    assert len(fault["message"]) > 5


def test_an_unknown_area_is_told(kept_town: Town) -> None:
    for path in (LIST, SUMMARY):
        problem(kept_town.client().get(f"{path}?area=35.10.21"), 422, "area_unknown")


def test_a_shape_that_is_none_is_told(kept_town: Town) -> None:
    client = kept_town.client()
    crossing = [[[114.0, -8.5], [114.1, -8.4], [114.1, -8.5], [114.0, -8.4], [114.0, -8.5]]]
    many = [[[114 + at * 1e-6, -8.5] for at in range(10_001)] + [[114.0, -8.4], [114.0, -8.5]]]
    wrong: list[Any] = [
        {"type": "Polygon", "coordinates": crossing},
        {"type": "Polygon", "coordinates": many},
        {"type": "Polygon", "coordinates": [[[114.0, -8.5], [114.1, -8.4]]]},
        {"type": "Point", "coordinates": [114.0, -8.5]},
        "POLYGON((0 0, 1 1, 1 0, 0 0))",
        None,
    ]
    for shape in wrong:
        body = problem(client.post(SEARCH, json={"polygon": shape}), 422, "invalid")
        assert body["errors"][0]["field"].startswith("polygon")
    problem(client.post(SEARCH, json={"polygon": mapping(square(0, 0)), "colour": "red"}), 422, "invalid")
    problem(client.post(SEARCH, json={}), 422, "invalid")


def test_an_answer_is_not_sent_again_until_it_changes(changing: Town) -> None:
    client = changing.client("command")
    first = client.get(f"{LIST}?area={VILLAGE}")
    known = {"if-none-match": first.headers["etag"]}
    again = client.get(f"{LIST}?area={VILLAGE}", headers=known)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    lon, lat = middle(1, 1)
    changing.open(category="rubbish", lon=lon, lat=lat)
    changed = client.get(f"{LIST}?area={VILLAGE}", headers=known)
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]


def test_the_public_sees_places_and_states_without_words_or_photos(busy: Town) -> None:
    found = features(busy.client(), "")
    assert len(found) == 12
    assert {one["properties"]["kind"] for one in found} == {"complaint"}
    assert {one["properties"]["title"] for one in found} == {""}
    assert features(busy.client(), "kind=photo") == []
    assert features(busy.client(), "q=tepi") == []
    reference = found[0]["properties"]["reference"]
    assert [one["id"] for one in features(busy.client(), f"q={reference}")] == [f"complaint:{reference}"]


def test_an_agency_sees_what_is_its_own(busy: Town) -> None:
    roads = features(busy.client("roads"), "")
    assert {one["properties"]["category"] for one in roads} == {"pothole"}
    assert [one["properties"]["kind"] for one in roads].count("photo") == 2
    assert {one["properties"]["category"] for one in features(busy.client("rubbish"), "")} == {"rubbish"}
    assert features(busy.client("rubbish"), "agency=bina_marga") == []
    assert len(features(busy.client("officer"), "")) == 14


@pytest.mark.parametrize(
    "query", ["", "area=99.01.02", "category=pothole", "kind=complaint", "limit=1", "overdue=true"]
)
def test_how_many_match_is_said_when_asked(busy: Town, query: str) -> None:
    client = busy.client("command")
    number = len(features(client, query.replace("limit=1", "")))
    for count in ("exact", "estimate"):
        body = client.get(f"{LIST}?{query}&count={count}").json()
        # So few are counted, not estimated.
        assert (body["numberMatched"], body["numberMatchedIsEstimate"]) == (number, False)
    assert "numberMatched" not in client.get(f"{LIST}?{query}").json()


def test_the_summary_adds_up(busy: Town) -> None:
    client = busy.client("command")
    for query, level in (("", "district"), ("level=village", "village"), ("area=99.01.02&level=regency", "regency")):
        body = client.get(f"{SUMMARY}?{query}").json()
        listed = features(client, f"kind=complaint&{query.partition('level')[0]}")
        assert body["by"] == level
        assert body["total"] == sum(row["count"] for row in body["rows"]) == len(listed)
        assert {len(row["area"]) for row in body["rows"]} == {{"regency": 5, "district": 8, "village": 13}[level]}
    rejected = client.get(f"{SUMMARY}?status={Status.REJECTED}").json()
    assert (rejected["total"], {row["status"] for row in rejected["rows"]}) == (3, {"rejected"})
    tengah = [row["area_name"] for row in client.get(SUMMARY).json()["rows"] if row["area"] == "99.01.02"]
    assert set(tengah) == {"Tengah"}


def test_the_answer_is_what_its_description_says(busy: Town) -> None:
    described = busy.app.openapi()["components"]["schemas"]
    body = busy.client("command").get(f"{LIST}?count=exact").json()
    assert set(body) == set(described["IncidentCollection"]["properties"])
    for feature in body["features"]:
        assert set(feature) == set(described["Incident"]["properties"])
        assert set(feature["properties"]) == set(described["IncidentProperties"]["properties"])
        assert feature["geometry"]["type"] == "Point"
        lon, lat = feature["geometry"]["coordinates"]
        assert 114.0 <= lon <= 114.1
        assert -8.5 <= lat <= -8.4
    summary = busy.client("command").get(SUMMARY).json()
    assert set(summary) == set(described["Summary"]["properties"])
    assert set(summary["rows"][0]) == set(described["SummaryRow"]["properties"])


def test_what_has_no_place_has_no_geometry(town: Town) -> None:
    town.send("officer", category="pothole")
    (only,) = features(town.client("officer"), "kind=photo")
    assert only["geometry"] is None
    assert (only["properties"]["area"], only["properties"]["radius_m"]) == (None, None)
    assert features(town.client("officer"), "bbox=-180,-90,180,90") == []
