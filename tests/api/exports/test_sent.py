"""Incidents sent as they are read: what the list shows, to those who may see it, as long as somebody listens."""

import csv
import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from xml.etree import ElementTree

import httpx2
import pytest

from api.answers.streamed import Turns
from cases.words import Scope
from pantau.demo.doors import opened
from storage.tables import Audit
from tests.api.exports.taken import FORMULA, KML, LONG, Endless, listed, streamed
from tests.api.town import Town, problem
from tests.ingest.city import HERE, VILLAGE
from tests.storage.pairs import on_sqlite


def test_what_is_sent_is_what_the_list_shows(told: Town) -> None:
    for who in (None, "officer", "roads", "inspector", "command"):
        client = told.client(who)
        shown = listed(client)
        whole = json.loads(streamed(client))
        assert whole["numberReturned"] == len(shown)
        features = {one["id"]: one for one in whole["features"]}
        for id_, feature in shown.items():
            full = features[id_]["properties"]
            assert full["title"].startswith(feature["properties"]["title"])
            assert features[id_] | {"properties": full | {"title": feature["properties"]["title"]}} == feature
        lines = streamed(client, "ndjson").splitlines()
        assert [json.loads(line) for line in lines] == whole["features"]
        table = list(csv.DictReader(StringIO(streamed(client, "csv").decode())))
        assert {row["id"] for row in table} == set(shown)
        document = ElementTree.fromstring(streamed(client, "kml"))
        assert len(list(document.iter(f"{KML}Placemark"))) == len(shown)


def test_nothing_leaks_to_whom_it_does_not_concern(told: Town) -> None:
    for format_ in ("geojson", "ndjson", "csv", "kml"):
        public = streamed(told.client(), format_).decode()
        assert not [word for word in ("Lubang", "Tumpukan", "evil", "photo:", "uang", "illegal_levy") if word in public]
        assert "uang" not in streamed(told.client("command"), format_).decode()
        assert "uang" in streamed(told.client("inspector"), format_).decode()
        assert "Tumpukan" not in streamed(told.client("roads"), format_).decode()
        assert LONG.strip() in streamed(told.client("roads"), format_).decode()
        blind = told.program("command", Scope.COMPLAINTS_WRITE)
        assert "Tumpukan" not in streamed(blind, format_).decode()


@on_sqlite
def test_filters_are_those_of_the_list(told: Town) -> None:
    client = told.client("command")
    near = f"{HERE[0]},{HERE[1]}"
    for asked in (
        {"category": "rubbish"},
        {"area": VILLAGE},
        {"near": near, "radius_m": 50},
        {"kind": "photo"},
        {"q": "pasar"},
        {"status": "received", "agency": "dlh"},
        {"until": "2020-01-01"},
    ):
        shown = listed(client, **asked)
        assert {one["id"] for one in json.loads(streamed(client, **asked))["features"]} == set(shown)
    assert len(listed(client, near=near, radius_m=50)) == 3
    problem(client.get("/api/v1/incidents/export", params={"area": "35.10"}), 422, "area_unknown")
    problem(client.get("/api/v1/incidents/export", params={"format": "geopackage"}), 422, "invalid")
    problem(client.get("/api/v1/incidents/export", params={"limit": 5}), 422, "invalid")


@on_sqlite
def test_csv_for_people_and_for_excel(told: Town) -> None:
    content = streamed(told.client("command"), "csv", language="id", excel=True)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(StringIO(content.decode("utf-8-sig")), delimiter=";"))
    (photo,) = [row for row in rows if row["Jenis"] == "Foto"]
    assert photo["Keterangan"] == f"'{FORMULA}"
    assert photo["Bujur"].replace(",", ".") == str(HERE[0])
    assert {row["Waktu (Asia/Jakarta)"] for row in rows} >= {"2026-11-20 12:00:00"}


@on_sqlite
def test_who_took_what_is_written_down(told: Town) -> None:
    streamed(told.client("command"), "csv", category="rubbish", q="tumpukan")
    (taken,) = [one for one in told.city.rows(Audit) if one.action == "taken"]
    assert (taken.account_id, taken.data["format"], taken.data["categories"]) == (
        told.id("command"),
        "csv",
        ["rubbish"],
    )
    assert "text" not in taken.data


def test_turns_are_bounded_for_one_and_for_all() -> None:
    turns = Turns(most=3, each=2)
    assert [turns.take("a"), turns.take("a"), turns.take("a"), turns.take("b"), turns.take("c")] == [
        True,
        True,
        False,
        True,
        False,
    ]
    turns.give_back("a")
    assert turns.take("c")
    assert not turns.take("a")


@on_sqlite
def test_a_client_that_goes_away_stops_the_work(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    endless = Endless(monkeypatch)
    with opened(town.app) as doors, httpx2.Client(base_url=doors.url) as client:
        with client.stream("GET", "/api/v1/incidents/export") as answer:
            next(answer.iter_raw(1000))
        until = datetime.now(UTC) + timedelta(seconds=10)
        while town.app.state.house.turns._taken and datetime.now(UTC) < until:
            client.get("/api/v1/health")
        stopped = endless.asked
        client.get("/api/v1/health")
        assert (town.app.state.house.turns._taken, endless.asked) == ({}, stopped)
