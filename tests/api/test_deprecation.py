"""A door that will be closed says so in every answer and in its description; HEAD is answered as GET is."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Query
from starlette.responses import Response

from api.app import doors
from api.house import Here
from api.questions import Paged
from api.retired import Retired
from api.security import Caller, allow
from api.straight import Straight
from cases.access import Right
from cases.errors import PhotoUnknown
from tests.api.exports.taken import Endless
from tests.api.town import Town, problem
from tests.ingest.city import HERE
from tests.storage.pairs import on_sqlite

SINCE, SUNSET = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, 17, tzinfo=UTC)
OLD = Retired(SINCE, SUNSET, "/api/v1/incidents")
TOLD = {
    "deprecation": "@1767225600",
    "sunset": "Thu, 31 Dec 2026 17:00:00 GMT",
    "link": '</api/v1/incidents>; rel="successor-version", '
    '</api/docs#deprecation>; rel="deprecation"; type="text/html"',
}

router = APIRouter(prefix="/api/v1", tags=["old"])


@router.get("/old", dependencies=[allow(Right.PUBLIC, retired=OLD)])
def old() -> dict[str, str]:
    """What was."""
    return {}


@router.get("/old/broken", dependencies=[allow(Right.PUBLIC, retired=OLD)])
def broken() -> None:
    """What is gone."""
    raise PhotoUnknown


@router.get("/old/closed", dependencies=[allow(Right.ADMINISTER, retired=OLD)])
def closed() -> None:
    """What was for a few."""


async def straight(asked: Annotated[Paged, Query()], request: Any, house: Here, caller: Caller) -> Response:
    """What is asked most."""
    return Response(b"{}")


router.add_api_route(
    "/old/straight",
    straight,
    methods=["GET"],
    route_class_override=Straight,
    dependencies=[allow(Right.PUBLIC, retired=OLD)],
)


@on_sqlite
def test_every_answer_of_a_retired_door_says_so(town: Town) -> None:
    town.app.include_router(router)
    client = town.client()
    for path, status in (("old", 200), ("old/straight", 200), ("old/broken", 404), ("old/closed", 401)):
        answer = client.get(f"/api/v1/{path}")
        assert answer.status_code == status
        assert {name: answer.headers[name] for name in TOLD} == TOLD
        assert {name: client.head(f"/api/v1/{path}").headers[name] for name in TOLD} == TOLD
    for path in ("incidents", "categories"):
        assert not set(TOLD) & set(client.get(f"/api/v1/{path}").headers)


@pytest.mark.unit
def test_its_description_says_so_too() -> None:
    app = doors()
    app.include_router(router)
    paths = app.openapi()["paths"]
    told = paths["/api/v1/old"]["get"]
    assert told["deprecated"] is True
    assert told["x-sunset"] == "2026-12-31T17:00:00+00:00"
    assert "gone on 2026-12-31: use `/api/v1/incidents`." in told["description"]
    assert "deprecated" not in paths["/api/v1/incidents"]["get"]


@pytest.mark.unit
def test_no_door_closes_sooner_than_was_promised() -> None:
    with pytest.raises(ValueError, match="180 days"):
        Retired(SINCE, SINCE + timedelta(days=179), "/")
    with pytest.raises(ValueError, match="zone"):
        Retired(SINCE.replace(tzinfo=None), SUNSET, "/")


@on_sqlite
def test_head_is_get_without_its_content(town: Town) -> None:
    made = town.open(category="pothole", lon=HERE[0], lat=HERE[1])
    client = town.client("command", **{"accept-encoding": "identity"})
    for path in ("incidents", "categories", "areas", f"complaints/{made['reference']}", "me", "incidents/export"):
        got, head = client.get(f"/api/v1/{path}"), client.head(f"/api/v1/{path}")
        assert (head.status_code, head.content) == (200, b"")
        assert set(head.headers) == set(got.headers) - {"vary"} | set(head.headers) & {"vary"}
        assert head.headers.get("content-length") == got.headers.get("content-length")
    assert client.head("/api/v1/nowhere").status_code == 404
    assert client.head("/api/v1/session").status_code == 405
    etag = client.get("/api/v1/incidents").headers["etag"]
    assert client.head("/api/v1/incidents", headers={"if-none-match": etag}).status_code == 304


@on_sqlite
def test_a_head_makes_nothing_of_a_long_answer(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    endless = Endless(monkeypatch)
    assert town.client().head("/api/v1/incidents/export").status_code == 200
    assert endless.asked < 10
    assert town.app.state.house.turns._taken == {}


@on_sqlite
def test_what_is_wrong_is_named_in_one_language(town: Town) -> None:
    indonesian = town.client("officer", **{"accept-language": "id"})
    half = problem(indonesian.post("/api/v1/complaints", json={"category": "pothole", "lon": 114.0}), 422, "invalid")
    assert half["errors"] == [{"field": "lat", "message": "lon dan lat harus dikirim bersama"}]
    english = town.client("officer").post("/api/v1/complaints", json={"category": "pothole", "lat": 1})
    assert english.json()["errors"] == [{"field": "lon", "message": "lon and lat go together"}]
    choice = indonesian.get("/api/v1/incidents", params={"kind": "flood"}).json()["errors"]
    assert choice == [{"field": "kind.0", "message": "harus salah satu dari complaint, photo, outage"}]
