"""Incidents taken away: every format read back by its own readers, by those who may, and by nobody else."""

import csv
import json
import os
import signal
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx2
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from sqlmodel import col, select
from starlette.testclient import TestClient

from api.answers.streamed import Turns
from cases.words import JobKind, JobState, Scope
from ingest import regular
from ingest.exports import make
from pantau.demo.doors import opened
from storage import exports
from storage.tables import Account, Audit, Category, Export, Job
from tests.api.town import Town, problem
from tests.ingest.city import HERE, VILLAGE
from tests.storage.pairs import SQLITE_FOLDER, Pair
from tests.storage.processes import ROOT

LONG = "Lubang besar di depan pasar. " * 10
FORMULA = '=HYPERLINK("http://evil.example")<script>&\''
one_pair = pytest.mark.parametrize("pair", [SQLITE_FOLDER], indirect=True)
"""Where nothing rests on the engine."""

KML = "{http://www.opengis.net/kml/2.2}"


@pytest.fixture
def told(town: Town) -> Town:
    """A town with complaints, one without a place and one in confidence, and a photo with a hostile caption."""
    town.open(category="pothole", lon=HERE[0], lat=HERE[1], description=LONG)
    town.open(category="rubbish", lon=HERE[0] + 0.001, lat=HERE[1], description="Tumpukan")
    town.open(category="rubbish", area=VILLAGE, description="Entah di mana")
    town.open(category="illegal_levy", lon=HERE[0], lat=HERE[1], description="Diminta uang")
    town.send(category="sidewalk_parking", lon=HERE[0], lat=HERE[1], accuracy_m=8, caption=FORMULA)
    return town


def streamed(client: TestClient, format_: str = "geojson", **asked: Any) -> bytes:
    answer = client.get("/api/v1/incidents/export", params={"format": format_, **asked})
    assert answer.status_code == 200, answer.text
    assert f".{format_}" in answer.headers["content-disposition"]
    return answer.content


def listed(client: TestClient, **asked: Any) -> dict[str, Any]:
    answer = client.get("/api/v1/incidents", params=asked)
    assert answer.status_code == 200, answer.text
    return {one["id"]: one for one in answer.json()["features"]}


def made(town: Town, client: TestClient, format_: str, **filters: Any) -> bytes:
    """Asks for a file, has it made and fetches it."""
    asked = client.post("/api/v1/exports", json={"format": format_, "filters": filters})
    assert asked.status_code == 202, asked.text
    town.city.work()
    state = client.get(asked.headers["location"]).json()
    assert (state["state"], state["error"]) == ("done", None)
    content = fetched(client, state["file"])
    assert len(content) == state["bytes"]
    return content


def fetched(client: TestClient, path: str) -> bytes:
    answer = client.get(path)
    if answer.status_code == 307:
        answer = httpx2.get(answer.headers["location"])
    assert answer.status_code == 200, answer.text
    return answer.content


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


@one_pair
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


@one_pair
def test_csv_for_people_and_for_excel(told: Town) -> None:
    content = streamed(told.client("command"), "csv", language="id", excel=True)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(StringIO(content.decode("utf-8-sig")), delimiter=";"))
    (photo,) = [row for row in rows if row["Jenis"] == "Foto"]
    assert photo["Keterangan"] == f"'{FORMULA}"
    assert photo["Bujur"].replace(",", ".") == str(HERE[0])
    assert {row["Waktu (Asia/Jakarta)"] for row in rows} >= {"2026-11-20 12:00:00"}


def test_files_for_maps_are_read_by_their_readers(told: Town, tmp_path: Path) -> None:
    client = told.client("command")
    shown = listed(client)
    points = {id_: one["geometry"] and shapely.Point(one["geometry"]["coordinates"]) for id_, one in shown.items()}
    for format_, ending in (("geopackage", "gpkg"), ("flatgeobuf", "fgb"), ("kmz", "kmz"), ("geojson", "geojson")):
        path = tmp_path / f"read.{ending}"
        path.write_bytes(made(told, client, format_))
        if format_ == "kmz":
            with zipfile.ZipFile(BytesIO(path.read_bytes())) as whole:
                marks = list(ElementTree.fromstring(whole.read("doc.kml")).iter(f"{KML}Placemark"))
            assert len(marks) == len(shown)
            continue
        meta, _, geometry, columns = pyogrio.raw.read(path)
        read = dict(zip(meta["fields"], columns, strict=True))
        assert meta["crs"] == "EPSG:4326"
        found = dict(zip(read["id"], (one and shapely.from_wkb(one) for one in geometry), strict=True))
        assert found == points
        assert dict(zip(read["id"], read["title"], strict=True))[next(iter(found))] is not None
        assert FORMULA in set(read["title"])
        assert bool(meta["fields"].tolist().count("overdue"))
    indexed = tmp_path / "near.fgb"
    indexed.write_bytes(made(told, client, "flatgeobuf", bbox=[113, -9, 115, -8]))
    assert pyogrio.read_info(indexed, force_feature_count=True)["features"] == len(
        [1 for one in points.values() if one]
    )
    assert pyogrio.read_info(indexed)["capabilities"]["fast_spatial_filter"]


def test_geoparquet_says_where_its_points_are(told: Town) -> None:
    client = told.client("command")
    shown = listed(client)
    table = pq.read_table(BytesIO(made(told, client, "geoparquet")))
    geo = json.loads(pq.read_metadata(BytesIO(made(told, client, "geoparquet"))).metadata[b"geo"])
    assert (geo["version"], geo["primary_column"]) == ("1.1.0", "geometry")
    column = geo["columns"]["geometry"]
    assert (column["encoding"], column["geometry_types"]) == ("WKB", ["Point"])
    rows = {row["id"]: row for row in table.to_pylist()}
    assert set(rows) == set(shown)
    for id_, feature in shown.items():
        place = feature["geometry"] and tuple(feature["geometry"]["coordinates"])
        row = rows[id_]
        assert (row["geometry"] and shapely.from_wkb(row["geometry"]).coords[0]) == place
        assert (row["bbox"] and (row["bbox"]["xmin"], row["bbox"]["ymax"])) == place
        assert row["time"] == datetime.fromisoformat(feature["properties"]["time"])
        assert row["status"] == feature["properties"]["status"]
    west, south, east, north = column["bbox"]
    assert all(
        west <= row["bbox"]["xmin"] <= east and south <= row["bbox"]["ymin"] <= north
        for row in rows.values()
        if row["bbox"]
    )
    empty = pq.read_table(BytesIO(made(told, client, "geoparquet", until="2020-01-01")))
    assert empty.num_rows == 0


def test_a_file_is_its_askers_alone_and_not_for_ever(told: Town) -> None:
    client = told.client("command")
    asked = client.post("/api/v1/exports", json={"format": "csv"})
    at = asked.headers["location"]
    assert asked.json()["state"] == "queued"
    problem(client.get(f"{at}/file"), 409, "export_not_ready")
    told.city.work()
    assert len(list(told.city.parts.blobs.keys(exports.PREFIX))) == 1
    for who in ("administrator", "officer"):
        problem(told.client(who).get(at), 404, "export_unknown")
        problem(told.client(who).get(f"{at}/file"), 404, "export_unknown")
        problem(told.client(who).delete(at), 404, "export_unknown")
        assert told.client(who).get("/api/v1/exports").json() == {"exports": []}
    problem(told.client().get(f"{at}/file"), 401, "sign_in_needed")
    assert [one["state"] for one in client.get("/api/v1/exports").json()["exports"]] == ["done"]
    told.city.clock.wait(hours=23)
    assert fetched(told.client("command"), f"{at}/file").startswith(b"id,kind,")
    told.city.clock.wait(hours=2)
    problem(told.client("command").get(f"{at}/file"), 404, "export_unknown")
    regular.plan(told.city.parts, JobKind.EXPORT_SWEEP, make.EVERY)
    told.city.work()
    assert list(told.city.parts.blobs.keys(exports.PREFIX)) == []
    assert told.city.rows(Export) == []


def test_a_right_lost_is_a_file_lost(told: Town) -> None:
    at = told.client("roads").post("/api/v1/exports", json={"format": "csv"}).headers["location"]
    told.city.work()
    assert b"Lubang" in fetched(told.client("roads"), f"{at}/file")
    change(told, "roads", agency_code="dlh")
    problem(told.client("roads").get(f"{at}/file"), 403, "export_sight_changed")
    change(told, "roads", agency_code="bina_marga")
    assert fetched(told.client("roads"), f"{at}/file")
    # Told in confidence from now on, it may not leave in what was made before.
    with told.city.parts.database.write() as db:
        db.get_one(Category, "pothole").confidential = True
    problem(told.client("roads").get(f"{at}/file"), 403, "export_sight_changed")


def test_a_file_is_made_as_its_asker_sees_things_then(told: Town) -> None:
    client = told.client("roads")
    at = client.post("/api/v1/exports", json={"format": "csv"}).headers["location"]
    change(told, "roads", agency_code="dlh")
    told.city.work()
    content = fetched(told.client("roads"), f"{at}/file")
    assert b"Tumpukan" in content
    assert b"Lubang" not in content
    blind = told.program("command", Scope.COMPLAINTS_WRITE)
    at = blind.post("/api/v1/exports", json={"format": "csv"}).headers["location"]
    told.city.work()
    assert b"Tumpukan" not in fetched(blind, f"{at}/file")
    problem(told.client("command").get(f"{at}/file"), 403, "export_sight_changed")
    at = told.client("officer").post("/api/v1/exports", json={"format": "csv"}).headers["location"]
    change(told, "officer", active=False)
    told.city.work()
    (row,) = [one for one in told.city.rows(Export) if str(one.id) in at]
    assert (row.state, row.error, row.key) == ("failed", "export_forbidden", "")


def change(town: Town, who: str, **values: Any) -> None:
    with town.city.parts.database.write() as db:
        account = db.scalars(select(Account).where(col(Account.login) == who)).one()
        for name, value in values.items():
            setattr(account, name, value)


@one_pair
def test_given_up_means_not_made_and_not_kept(told: Town) -> None:
    client = told.client("command")
    at = client.post("/api/v1/exports", json={"format": "geoparquet"}).headers["location"]
    assert client.delete(at).status_code == 204
    told.city.work()
    made_then = client.post("/api/v1/exports", json={"format": "csv"}).headers["location"]
    told.city.work()
    assert client.delete(made_then).status_code == 204
    assert list(told.city.parts.blobs.keys(exports.PREFIX)) == []
    problem(client.get(made_then), 404, "export_unknown")
    assert list(told.city.parts.blobs.workspace.glob("export-*")) == []


@one_pair
def test_what_cannot_be_made_is_tried_again_and_then_told(told: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError("the disk is full")

    client = told.client("command")
    at = client.post("/api/v1/exports", json={"format": "csv"}).headers["location"]
    monkeypatch.setattr(make, "write", broken)
    for _ in range(4):
        told.city.work()
        told.city.clock.wait(minutes=20)
    state = told.client("command").get(at).json()
    assert state["state"] == "failed"
    assert state["error"].startswith("The file could not be made")
    problem(told.client("command").get(f"{at}/file"), 409, "export_failed")
    assert {job.state for job in told.city.rows(Job) if job.kind == "export"} == {JobState.DONE}


@one_pair
def test_no_account_fills_the_store(town: Town) -> None:
    client = town.client("command")
    for _ in range(10):
        assert client.post("/api/v1/exports", json={"format": "csv"}).status_code == 202
    problem(client.post("/api/v1/exports", json={"format": "csv"}), 429, "export_too_many")
    assert town.client("officer").post("/api/v1/exports", json={"format": "csv"}).status_code == 202


@one_pair
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


@one_pair
def test_a_client_that_goes_away_stops_the_work(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0

    def endless(*_: object) -> Any:
        def pieces() -> Any:
            nonlocal asked
            while True:
                asked += 1
                yield b"x" * 100_000

        return pieces()

    monkeypatch.setattr("api.exports.stream", endless)
    with opened(town.app) as doors, httpx2.Client(base_url=doors.url) as client:
        with client.stream("GET", "/api/v1/incidents/export") as answer:
            next(answer.iter_raw(1000))
        until = datetime.now(UTC) + timedelta(seconds=10)
        while town.app.state.house.turns._taken and datetime.now(UTC) < until:
            client.get("/api/v1/health")
        stopped = asked
        client.get("/api/v1/health")
        assert (town.app.state.house.turns._taken, asked) == ({}, stopped)


KILLED = """
import os, sys, threading
from pantau.settings import Settings
from pantau.wiring import open_parts
from ingest import regular
from ingest.exports import make
from ingest.worker import Worker

walk = make.walk
def slow(*given):
    for rows in walk(*given):
        yield rows
        print("in the middle", flush=True)
        threading.Event().wait()
make.walk = slow
Worker(open_parts(Settings(_env_file=None)), "doomed").run_once()
"""


def test_killed_in_the_middle_it_is_made_anew_and_whole(told: Town, pair: Pair, tmp_path: Path) -> None:
    city = told.city
    city.work()
    city.clock.now = datetime.now(UTC) - timedelta(minutes=2)  # the other process goes by the real clock
    client = told.client("command")
    at = client.post("/api/v1/exports", json={"format": "geopackage"}).headers["location"]
    environment = {**os.environ, **pair.environment, "PANTAU_DATA_DIR": str(tmp_path / "var")}
    doomed = subprocess.Popen(
        [sys.executable, "-c", KILLED], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert doomed.stdout is not None
    assert doomed.stdout.readline().strip() == "in the middle"
    os.kill(doomed.pid, signal.SIGKILL)
    doomed.wait()
    doomed.stdout.close()
    assert client.get(at).json()["state"] == "running"
    problem(client.get(f"{at}/file"), 409, "export_not_ready")
    assert list(city.parts.blobs.keys(exports.PREFIX)) == []
    city.clock.now = datetime.now(UTC) + timedelta(minutes=2)
    assert city.work() >= 1
    path = tmp_path / "read.gpkg"
    path.write_bytes(fetched(told.client("command"), f"{at}/file"))
    assert pyogrio.read_info(path, force_feature_count=True)["features"] == len(listed(told.client("command")))
