"""Every route names one right, and opens for those who have it and nobody else."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from fastapi import APIRouter
from fastapi.routing import RouteContext
from httpx2 import Response
from starlette.testclient import TestClient

from api import stream
from api.app import doors
from api.openapi import api_routes, right_of
from api.roots import is_described
from cases.access import Right
from cases.words import Scope
from tests.api.town import Town, problem
from tests.ingest.city import HERE

ROUTES = [(route, method) for route in api_routes(doors()) for method in sorted(route.methods or ())]
WHO: list[str | None] = [None, "owner", "officer", "roads", "command", "administrator"]


@dataclass(frozen=True)
class Knock:
    """What a door answered to somebody."""

    who: str | None
    route: RouteContext
    method: str
    answer: Response


@pytest.fixture(scope="module")
def knocked(kept_town: Town) -> list[Knock]:
    """Every door, asked by everybody."""
    found = []
    for who in WHO:
        for route, method in ROUTES:
            client = kept_town.client(who)  # a door may end a session
            found.append(Knock(who, route, method, knock(client, route, method)))
    return found


def knock(client: TestClient, route: RouteContext, method: str) -> Response:
    """Asks a door, with nothing in the body."""
    shared = client.portal
    if route.path == stream.PATH:
        client.portal = None  # with its loop ends who reads the changes for it
    answer = client.request(method, asked(str(route.path)), json=None if method == "GET" else {})
    client.portal = shared
    return answer


def asked(path: str) -> str:
    """The path with something in place of its parameters that does not exist."""
    fill = {"reference": "00000-00000", "code": "35.10", "variant": "preview"}
    named = re.sub(r"{(\w+)}", lambda found: fill.get(found[1], str(uuid4())), path)
    return f"{named}?seconds=0" if path == stream.PATH else named  # else it would not end


@pytest.mark.unit
def test_every_route_declares_exactly_one_right() -> None:
    assert len(ROUTES) > 30
    for route, _ in ROUTES:
        assert right_of(route) in Right


@pytest.mark.unit
def test_a_route_without_a_right_is_noticed() -> None:
    app = doors()
    router = APIRouter(prefix="/api/v1")

    @router.get("/forgotten")
    def forgotten() -> None: ...

    app.include_router(router)
    with pytest.raises(ValueError, match="/api/v1/forgotten declares 0 rights"):
        app.openapi()


@pytest.mark.unit
def test_nothing_is_served_outside_the_versioned_api_but_its_description() -> None:
    app = doors()
    paths = {path for route in app.routes if isinstance(path := getattr(route, "path", None), str)}
    assert all(is_described(path) for path in paths - {"/api/openapi.json", "/api/docs"})


def test_each_door_opens_for_those_who_have_its_right_only(kept_town: Town, knocked: list[Knock]) -> None:
    wrong: list[Any] = []
    for one in knocked:
        if one.route.path == "/api/v1/ready":  # true clocks only
            continue
        rights = kept_town.city.people[one.who].rights if one.who else {Right.PUBLIC}
        answer = one.answer
        refused = answer.status_code == (401 if one.who is None else 403) and answer.json()["code"] in (
            "sign_in_needed",
            "not_allowed",
        )
        if refused == (right_of(one.route) in rights) or answer.status_code >= 500:
            wrong.append((one.who, one.method, one.route.path, answer.status_code, answer.text[:200]))
    assert wrong == []


@pytest.mark.parametrize("scope", Scope)
def test_a_token_opens_no_more_than_its_scopes_and_its_account(town: Town, scope: Scope) -> None:
    for who in ("officer", "administrator"):
        opens_no_more(town, who, scope)


def opens_no_more(town: Town, who: str, scope: Scope) -> None:
    program = town.program(who, scope)
    me = program.get("/api/v1/me").json()
    assert set(me["rights"]) <= {str(right) for right in town.city.people[who].rights}
    assert me["csrf"] is None
    for route, method in ROUTES:
        answer = knock(program, route, method)
        if right_of(route) not in me["rights"]:
            problem(answer, 403, "not_allowed")


def test_a_token_that_may_not_read_learns_no_more_than_the_public(town: Town) -> None:
    made = town.open(category="pothole", lon=HERE[0], lat=HERE[1], description="rumah Bu Sari")
    at = f"/api/v1/complaints/{made['reference']}"
    for scope in (Scope.PHOTOS_WRITE, Scope.COMPLAINTS_WRITE):
        program = town.program("command", scope)
        for path in (at, "/api/v1/complaints", "/api/v1/incidents"):
            answer = program.get(path)
            assert answer.status_code == 200
            assert "Sari" not in answer.text
    moved = town.program("roads", Scope.COMPLAINTS_WRITE).post(f"{at}/status", json={"to": "verified"})
    assert (moved.status_code, moved.json()["status"]) == (200, "verified")
    other = town.program("rubbish", Scope.COMPLAINTS_WRITE).post(f"{at}/status", json={"to": "in_progress"})
    problem(other, 404, "complaint_unknown")
    assert "Sari" in town.program("command", Scope.READ).get(at).text


def test_an_officer_verifies_on_the_spot_and_opens_again_what_is_not_solved(town: Town) -> None:
    made = town.open(category="pothole", lon=HERE[0], lat=HERE[1])
    at = f"/api/v1/complaints/{made['reference']}"
    officer, roads = town.client("officer"), town.client("roads")
    assert made["moves"] == ["verified"]
    assert officer.post(f"{at}/status", json={"to": "verified"}).json()["moves"] == []
    assert roads.post(f"{at}/status", json={"to": "resolved", "note": "ditambal"}).status_code == 200
    problem(officer.post(f"{at}/status", json={"to": "in_progress"}), 422, "note_needed")
    again = officer.post(f"{at}/status", json={"to": "in_progress", "note": "masih berlubang"})
    assert again.json()["status"] == "in_progress"


def test_what_the_description_promises_is_what_is_answered(kept_town: Town, knocked: list[Knock]) -> None:
    """No status leaves a route that its description does not name."""
    paths = kept_town.app.openapi()["paths"]
    for one in knocked:
        assert str(one.answer.status_code) in paths[one.route.path_format][one.method.lower()]["responses"]
