"""Summary, trends and the league table: they add up, and tell each asker only of what exists for them."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from cases.words import JobKind
from ingest import regular, rollups
from ingest.worker import HANDLERS, PLANS
from storage import agencies, jobs
from tests.api.town import Town, problem
from tests.geo.made import middle
from tests.ingest.city import NOON

SUMMARY, TRENDS, LEAGUE = "/api/v1/summary", "/api/v1/trends", "/api/v1/league"


@pytest.fixture(scope="module")
def busy(kept_town: Town) -> Town:
    """Nine complaints on nine days in three villages, three of them closed after one, two and three days, and a
    confidential one that the command centre's team alone sees. Half of it is folded into roll-ups, half is not yet.
    """
    town, made = kept_town, []
    with town.city.parts.database.write() as db:
        agencies.set_member(db, "illegal_levy", town.id("command"), member=True)
    for at in range(9):
        town.city.clock.now = NOON + timedelta(days=at)
        lon, lat = middle(at % 3, 0)
        made.append(town.open(category=("pothole", "rubbish")[at % 2], lon=lon, lat=lat, description=f"Nomor {at}"))
        if at == 4:
            fold(town)
        if at in (1, 3, 5):
            town.city.clock.now += timedelta(hours=6)
            opened = made[{1: 0, 3: 1, 5: 2}[at]]["reference"]
            body = {"to": "rejected", "note": "x"}
            moved = town.client("administrator").post(f"/api/v1/complaints/{opened}/status", json=body)
            assert moved.status_code == 200
    lon, lat = middle(0, 0)
    town.open("command", category="illegal_levy", lon=lon, lat=lat, description="pungutan")
    town.city.clock.now = NOON + timedelta(days=9)
    return town


def fold(town: Town) -> None:
    """What a worker does every minute."""
    parts = town.city.parts
    regular.plan(parts, JobKind.ROLLUPS, timedelta())
    job = jobs.claim(parts.database, "tester", parts.clock(), lease_s=60, kinds=(JobKind.ROLLUPS,))
    assert job is not None
    effect = HANDLERS[JobKind.ROLLUPS](parts, job)
    with parts.database.write() as db:
        effect(db, parts.clock())
        jobs.finish(db, job, parts.clock())


def ask(client: Any, path: str, **query: Any) -> dict[str, Any]:
    answer = client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_trends_and_league_add_up(busy: Town) -> None:
    assert PLANS[JobKind.ROLLUPS] == rollups.EVERY
    client = busy.client("administrator")
    for by, number in (("day", 30), ("week", 26), ("month", 24)):
        body = ask(client, TRENDS, by=by)
        assert (body["opened"], body["closed"], len(body["rows"])) == (9, 3, number)
        assert sum(row["opened"] for row in body["rows"]) == 9
        assert all(one["end"] == other["start"] for one, other in pairwise(body["rows"]))
    days = ask(client, TRENDS, by="day", since=f"{NOON:%Y-%m-%d}")["rows"]
    assert [row["opened"] for row in days] == [1] * 9 + [0]
    assert [row["closed"] for row in days] == [0, 1, 0, 1, 0, 1, 0, 0, 0, 0]
    assert days[0]["start"].endswith(("+07:00", "T17:00:00Z"))

    whole = ask(client, LEAGUE)["total"]
    assert (whole["opened"], whole["open"], whole["closed"]) == (9, 6, 3)
    assert whole["mean_days"] == 2.25
    assert whole["half_within_days"] == 3
    for by in ("agency", "category", "area"):
        body = ask(client, LEAGUE, by=by, level="village")
        for name in ("opened", "open", "closed", "overdue", "on_time"):
            assert sum(row[name] for row in body["rows"]) == body["total"][name]
        assert [row["opened"] for row in body["rows"]] == sorted((row["opened"] for row in body["rows"]), reverse=True)
        assert all(row["name"] for row in body["rows"])
        assert (body["level"] == "village") == (by == "area")
    late = client.get("/api/v1/incidents", params={"overdue": "true", "count": "exact"}).json()["numberMatched"]
    assert whole["overdue"] == late > 0

    summary = ask(client, SUMMARY, level="village")
    assert summary["total"] == 9
    listed = client.get("/api/v1/incidents", params={"kind": "complaint", "count": "exact", "limit": 1}).json()
    assert (listed["numberMatched"], listed["numberMatchedIsEstimate"]) == (9, False)


def test_filters_narrow_them_as_they_do_the_list(busy: Town) -> None:
    client = busy.client("administrator")
    since = f"{NOON + timedelta(days=2):%Y-%m-%d}"
    for query in (
        {"category": "pothole"},
        {"since": since},
        {"area": "99.01.02"},
        {"status": "rejected"},
        {"q": "Nomor 3"},
        {"agency": "dlh", "since": since},
        {"bbox": "114.0,-8.5,114.03,-8.4"},
    ):
        listed = client.get("/api/v1/incidents", params={"kind": "complaint", "count": "exact", **query}).json()
        number = listed["numberMatched"]
        assert ask(client, TRENDS, by="day", **query)["opened"] == number, query
        assert ask(client, LEAGUE, by="category", **query)["total"]["opened"] == number, query
        assert ask(client, SUMMARY, **query)["total"] == number, query
        assert len(listed["features"]) == number


def test_each_asker_is_told_of_what_exists_for_them(busy: Town) -> None:
    seen = {
        who: ask(busy.client(who), LEAGUE)["total"]["opened"] for who in (None, "administrator", "rubbish", "command")
    }
    assert (seen[None], seen["administrator"], seen["command"]) == (9, 9, 10)
    assert seen["rubbish"] == 4
    for who in (None, "rubbish", "administrator"):
        client = busy.client(who)
        assert "illegal_levy" not in client.get(LEAGUE, params={"by": "category"}).text
        assert ask(client, TRENDS, by="month")["opened"] == seen[who]
        assert ask(client, SUMMARY)["total"] == seen[who]


def test_odd_questions_are_refused_in_words(town: Town) -> None:
    client = town.client("command")
    problem(client.get(TRENDS, params={"by": "day", "since": "1990-01-01"}), 422, "too_many_periods")
    problem(client.get(TRENDS, params={"area": "99.99"}), 422, "area_unknown")
    assert ask(client, TRENDS, since="2026-11-20", until="2026-11-01")["rows"] == []
    assert ask(client, LEAGUE)["rows"] == []
    assert ask(client, LEAGUE)["total"]["on_time_share"] is None
