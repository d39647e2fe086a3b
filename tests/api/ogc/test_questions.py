"""Questions to the collections: filters, places, times, pages, and what cannot be asked."""

import json
import time
from urllib.parse import quote

import numpy as np
import pytest

from geo.crs import Crs
from storage.changes import STALE_S
from tests.api.ogc.asked import items, references
from tests.api.town import Town, problem
from tests.ingest.city import HERE
from tests.storage.pairs import on_sqlite

WRONG = [
    "limit=0", "limit=x", "bbox=1,2,3", "bbox=a,b,c,d", "bbox=1,5,2,3", "bbox=nan,1,2,3", "bbox=1,2,1e99,4",
    "bbox=1,2,3,4&bbox-crs=EPSG:4326", "crs=http://www.opengis.net/def/crs/EPSG/0/1", "datetime=yesterday",
    "datetime=../..", "datetime=2026-11-02/2026-11-01", "datetime=", "unknown=1", "sortby=reference", "cursor=x",
    "filter=category", "filter=category='a'&filter-lang=cql", "filter-crs=x", "count=many", "f=xml", "near=1,2",
    "near=1,2,3&radius_m=5", "area=x", "since=x", "overdue=maybe", "radius_m=far", "opened_at=5",
    "filter=" + "(" * 500, "filter=" + quote("x" * 5_000), "filter=" + quote("\x00"),
    "bbox=-99999999,1,2,3&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/32749",
]  # fmt: skip


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


@on_sqlite
def test_a_wrong_question_is_400_with_a_sentence(town: Town) -> None:
    client = town.client()
    for query in WRONG:
        answer = client.get(f"/ogc/collections/complaints/items?{query}")
        assert answer.status_code == 400, (query, answer.text)
        problem(answer, 400, answer.json()["code"])
    for path in ("", "/collections", "/collections/complaints", "/collections/complaints/items/X"):
        problem(client.get(f"/ogc{path}?f=xml"), 400, "invalid")


@on_sqlite
def test_a_limit_beyond_the_most_counts_as_the_most(busy: Town) -> None:
    assert len(items(busy.client("command"), query="limit=99999999")["features"]) == 5


def test_a_number_that_was_told_is_counted_anew_when_something_changed(busy: Town) -> None:
    """Numbers are remembered until then, on PostgreSQL for as long as changes may be unseen there."""
    client = busy.client("command")

    def told() -> object:
        return items(client, query="limit=1")["numberMatched"]

    assert [told(), told()] == [5, 5]
    busy.open(category="rubbish", lon=HERE[0], lat=HERE[1], description="Sampah")
    until = time.monotonic() + (0 if busy.city.parts.database.dialect == "sqlite" else 20)
    while (number := told()) == 5 and time.monotonic() < until:
        time.sleep(STALE_S / 5)
    assert number == 6
