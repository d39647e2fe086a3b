"""The numbers for Prometheus: what they say, and who may ask."""

import re
from datetime import timedelta

import orjson
import pytest

from cases.words import Scope, SightFault, VisitState
from storage import facts, visits
from tests.api.town import Town, problem
from tests.ingest.cameras.fleet import register
from tests.storage.test_visits import outcome

NAMES = {
    "pantau_cameras",
    "pantau_cameras_blind",
    "pantau_cameras_late",
    "pantau_lag_seconds",
    "pantau_outages_open",
    "pantau_visits_total",
    "pantau_camera_bytes_total",
    "pantau_jobs",
}
LINE = re.compile(r'(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"\\\n]*",?)+\})? [0-9.e+-]+)')


@pytest.fixture
def watched(town: Town) -> Town:
    """Two cameras: one answers and is blind, one has been silent for long."""
    now = town.city.clock.now
    with town.city.parts.database.write() as db:
        for _ in range(2):
            register(db, town.id("owner"), now)
        blind, silent = visits.claim(db, "a", now, at_most=9, lease_s=45)
        visits.finish(
            db,
            [
                outcome(blind, now, faults=frozenset({SightFault.DARK})),
                outcome(silent, now, VisitState.STALLED, trouble_since=now - timedelta(hours=1)),
            ],
            "a",
            now,
        )
        counted = {"visits": {"ok": 7, "stalled": 1}, "late": 0, "lag_s": 1.5, "lost": 0, "faults_of_ours": 0}
        more = {"received": 1000, "looked": 7, "not_looked": 0, "kept": 2, "kept_bytes": 900}
        facts.put(db, "watcher:host:1", orjson.dumps(counted | more).decode(), now)
    return town


def test_every_line_is_as_prometheus_reads_it(watched: Town) -> None:
    answer = watched.program("administrator", Scope.ADMIN).get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = answer.text.splitlines()
    assert all(LINE.fullmatch(line) for line in lines)
    assert {line.split()[2] for line in lines if line.startswith("# TYPE")} >= NAMES
    assert {
        'pantau_cameras{state="ok"} 1',
        'pantau_cameras{state="stalled"} 1',
        'pantau_cameras_blind{fault="dark"} 1',
        "pantau_outages_open 1",
        'pantau_visits_total{watcher="host:1",result="ok"} 7',
        'pantau_visit_lag_seconds_total{watcher="host:1"} 1.5',
    } <= set(lines)


def test_only_administrators_and_this_machine_itself_may_ask(watched: Town) -> None:
    problem(watched.client().get("/metrics"), 401, "sign_in_needed")
    problem(watched.program("administrator", Scope.READ).get("/metrics"), 403, "not_allowed")
    problem(watched.client("command").get("/metrics"), 403, "not_allowed")
    here = watched.near()
    assert here.get("/metrics", headers={"host": "127.0.0.1:8000"}).status_code == 200
    for header in ({"x-forwarded-for": "203.0.113.9"}, {"host": "pantau.city.example"}, {"via": "1.1 proxy"}):
        problem(here.get("/metrics", headers={"host": "127.0.0.1:8000", **header}), 401, "sign_in_needed")


def test_an_outage_is_on_the_map_of_those_who_see_the_camera(watched: Town) -> None:
    asked = "/api/v1/incidents?kind=outage"
    (feature,) = watched.client("command").get(asked).json()["features"]
    told = feature["properties"]
    assert feature["id"].startswith("outage:")
    assert feature["geometry"]["coordinates"] == [113.01, -8.01]
    assert (told["kind"], told["trouble"], told["title"], told["ended_at"]) == (
        "outage",
        "stalled",
        "Jalan Mawar 7",
        None,
    )
    assert told["faults"] == []
    assert told["camera"] and not told["photo"]
    assert len(watched.client("owner").get(asked).json()["features"]) == 1
    assert watched.client().get(asked).json()["features"] == []
    everything = watched.client("command").get("/api/v1/incidents").json()["features"]
    assert [one["properties"]["kind"] for one in everything] == ["outage"]


def test_an_outage_of_a_camera_that_sees_nothing_says_why(watched: Town) -> None:
    later = watched.city.clock.now + timedelta(hours=1)
    with watched.city.parts.database.write() as db:
        dues = visits.claim(db, "a", later, at_most=9, lease_s=45)
        faults, since = frozenset({SightFault.MOVED, SightFault.BLURRED}), later - timedelta(hours=1)
        visits.finish(db, [outcome(due, later, faults=faults, trouble_since=since) for due in dues], "a", later)
    asked = watched.client("command").get("/api/v1/incidents?kind=outage").json()["features"]
    assert [(one["properties"]["trouble"], one["properties"]["faults"]) for one in asked] == [
        ("ok", ["blurred", "moved"])
    ] * 2
    opened = watched.open(category="pothole", lon=113.01, lat=-8.01)
    (other,) = watched.client("command").get("/api/v1/incidents?kind=complaint").json()["features"]
    assert (other["properties"]["reference"], other["properties"]["faults"]) == (opened["reference"], None)


def test_an_outage_that_ends_says_when(watched: Town) -> None:
    later = watched.city.clock.now + timedelta(hours=1)
    with watched.city.parts.database.write() as db:
        dues = visits.claim(db, "a", later, at_most=9, lease_s=45)
        visits.finish(db, [outcome(due, later, faults=frozenset(), trouble_since=None) for due in dues], "a", later)
    (feature,) = watched.client("command").get("/api/v1/incidents?kind=outage&sort=-updated").json()["features"]
    assert feature["properties"]["ended_at"] == later.isoformat().replace("+00:00", "Z")
