"""The short way to a door opens it as the framework's own way would."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from api.house import Here
from api.security import Caller, allow
from api.straight import Straight
from cases.access import Right
from tests.api.town import Town, problem

LIST = "/api/v1/incidents"


class Asked(BaseModel):
    """A question."""

    words: list[str] = Field(default_factory=list)


async def door(asked: Annotated[Asked, Query()], request: Request, house: Here, caller: Caller) -> Response:
    return Response(",".join(asked.words))


async def other_door(asked: Annotated[Asked, Query()], request: Request, more: int = 0) -> Response:
    return Response(str(more))


@pytest.mark.unit
@pytest.mark.parametrize(
    ("endpoint", "dependencies"),
    [
        (other_door, [allow(Right.PUBLIC)]),
        (door, []),
        (door, [allow(Right.PUBLIC), allow(Right.ADMINISTER)]),
    ],
)
def test_what_it_cannot_call_or_guard_is_refused_when_declared(
    endpoint: Callable[..., Awaitable[Response]], dependencies: list[Any]
) -> None:
    with pytest.raises(TypeError, match="straight route"):
        APIRouter().add_api_route("/x", endpoint, route_class_override=Straight, dependencies=dependencies)


def test_its_right_is_asked_for(town: Town) -> None:
    router = APIRouter()
    router.add_api_route(
        "/api/v1/straight", door, route_class_override=Straight, dependencies=[allow(Right.ADMINISTER)]
    )
    town.app.include_router(router)
    problem(town.client().get("/api/v1/straight"), 401, "sign_in_needed")
    problem(town.client("officer").get("/api/v1/straight"), 403, "not_allowed")
    assert town.client("administrator").get("/api/v1/straight?words=a&words=b").text == "a,b"


def test_of_a_parameter_given_twice_the_last_counts_unless_it_is_a_list(town: Town) -> None:
    client = town.client()
    assert client.get(f"{LIST}?limit=0&limit=5").status_code == 200
    problem(client.get(f"{LIST}?limit=5&limit=0"), 422, "invalid")
    body = problem(client.get(f"{LIST}?status=received&status=lost,gone"), 422, "invalid")
    assert [fault["field"] for fault in body["errors"]] == ["status.1", "status.2"]


def test_a_wrong_token_and_a_wrong_method_are_told_as_everywhere(town: Town) -> None:
    refused = town.client().get(LIST, headers={"authorization": "Bearer pantau_wrong"})
    problem(refused, 401, "token_refused")
    assert "invalid_token" in refused.headers["www-authenticate"]
    problem(town.client().delete(LIST), 405, "method_not_allowed")
