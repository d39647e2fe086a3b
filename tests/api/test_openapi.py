"""The description that is committed is the one that is served, and it is whole."""

import json
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate
from starlette.testclient import TestClient

from api.app import doors
from api.openapi import text

pytestmark = pytest.mark.unit

COMMITTED = Path(__file__).parents[2] / "docs" / "openapi.json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return dict(TestClient(doors()).get("/api/openapi.json").json())


def test_the_committed_description_is_the_one_served(document: dict[str, Any]) -> None:
    assert json.loads(COMMITTED.read_text()) == document, (
        "docs/openapi.json is older than the doors: python -m api.openapi > docs/openapi.json"
    )
    assert COMMITTED.read_text() == text(doors())


def test_it_is_valid_openapi(document: dict[str, Any]) -> None:
    validate(document)


def test_every_route_says_what_it_is_who_may_use_it_and_what_can_go_wrong(document: dict[str, Any]) -> None:
    shared = document["components"]["responses"]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            where = f"{method} {path}"
            assert operation["description"].endswith("."), where
            assert operation["x-right"], where
            assert operation["tags"], where
            for status, response in operation["responses"].items():
                if status >= "400":
                    found = shared[response["$ref"].rsplit("/", 1)[1]] if "$ref" in response else response
                    assert list(found["content"]) == ["application/problem+json"], where
