"""Incidents taken away from the town, as an answer or as a file made later."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from tests.api.town import Town

LONG = "Lubang besar di depan pasar. " * 10
FORMULA = '=HYPERLINK("http://evil.example")<script>&\''
KML = "{http://www.opengis.net/kml/2.2}"


def streamed(client: TestClient, format_: str = "geojson", **asked: Any) -> bytes:
    """What is sent at once."""
    answer = client.get("/api/v1/incidents/export", params={"format": format_, **asked})
    assert answer.status_code == 200, answer.text
    assert f".{format_}" in answer.headers["content-disposition"]
    return answer.content


def listed(client: TestClient, **asked: Any) -> dict[str, Any]:
    """What the list shows, by its id."""
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
    """A file, wherever its door leads."""
    answer = client.get(path)
    if answer.status_code == 307:
        answer = httpx2.get(answer.headers["location"])
    assert answer.status_code == 200, answer.text
    return answer.content


class Endless:
    """Exports without an end in place of the real ones, counting the pieces that are asked of them."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.asked = 0
        patch.setattr("api.exports.stream", lambda *_: self._pieces())

    def _pieces(self) -> Iterator[bytes]:
        while True:
            self.asked += 1
            yield b"x" * 100_000
