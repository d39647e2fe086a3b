"""No odd question makes a fault, and no answer comes that is not declared. `python -m bench.fuzz` asks many more."""

from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.responses import Response

from api.security import allow
from cases.access import Right
from cases.words import Scope
from pantau.demo.doors import opened
from tests.api.odd import fuzz
from tests.api.town import Town
from tests.ingest.city import HERE
from tests.storage.pairs import on_sqlite

EXAMPLES = 2


def secret(town: Town) -> str:
    """A token that may ask everything."""
    return str(town.program("administrator", *Scope).headers["authorization"]).removeprefix("Bearer ")


@on_sqlite
def test_odd_questions_to_every_door_get_declared_answers(town: Town) -> None:
    town.open(category="pothole", lon=HERE[0], lat=HERE[1])
    token = secret(town)
    with opened(town.app) as doors:
        tried = fuzz(doors.url, town.app.openapi(), token, EXAMPLES)
        assert not tried.faults, "\n".join(f"{fault}: {how}" for fault, how in tried.faults.items())
    assert tried.operations > 75
    assert tried.answers[200] > 30
    assert tried.answers[422] + tried.answers[400] > 100
    assert tried.answers[401] > 20


@on_sqlite
def test_a_fault_and_an_undeclared_answer_are_noticed(town: Town) -> None:
    app: FastAPI = town.app
    app.include_router(_faulty())
    app.openapi_schema = None
    with opened(app) as doors:
        tried = fuzz(doors.url, app.openapi(), secret(town), 1, under="/api/v1/faulty")
    assert {(fault.operation.rpartition("/")[2], fault.status, fault.why) for fault in tried.faults} >= {
        ("broken", 500, "a fault of ours"),
        ("teapot", 418, "not declared"),
        ("teapot", 418, "a problem as None"),
    }


def _faulty() -> APIRouter:
    router = APIRouter(prefix="/api/v1/faulty", tags=["faulty"], dependencies=[allow(Right.PUBLIC)])

    @router.get("/broken")
    def broken() -> Any:
        """Breaks."""
        raise RuntimeError("broken")

    @router.get("/teapot")
    def teapot() -> Response:
        """Answers oddly."""
        return Response(status_code=418)

    return router
