"""The built page beside the API."""

from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from api.app import doors
from api.page import Page
from tests.api.town import problem

pytestmark = pytest.mark.unit


def served(folder: Path | None) -> TestClient:
    app: FastAPI = doors()
    app.router.default = Page(folder)
    return TestClient(app)


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>Pantau</title>")
    (tmp_path / "assets" / "index-Bx3_9fQa.js").write_text("export {}")
    (tmp_path / "sw.js").write_text("// worker")
    (tmp_path.parent / "secret.txt").write_text("nobody reads this")
    return tmp_path


def cached(answer: Any) -> str:
    return str(answer.headers["cache-control"])


def test_the_page_is_served_at_every_address_that_is_a_page(built: Path) -> None:
    client = served(built)
    for path in ("/", "/kirim", "/aduan/K7M4Q-7XP2T", "/index.html"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "<title>Pantau" in answer.text
        assert answer.headers["content-type"].startswith("text/html")
        assert cached(answer) == "no-cache"
    again = client.get("/", headers={"if-none-match": client.get("/").headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_files_named_after_their_content_are_kept_for_ever_and_others_asked_for_again(built: Path) -> None:
    client = served(built)
    assert "immutable" in cached(client.get("/assets/index-Bx3_9fQa.js"))
    assert cached(client.get("/sw.js")) == "no-cache"


def test_what_is_no_page_is_a_problem(built: Path) -> None:
    client = served(built)
    problem(client.get("/missing.js"), 404, "not_found")
    problem(client.get("/api/v2/me"), 404, "not_found")
    problem(client.post("/kirim"), 405, "method_not_allowed")
    for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/%00.js"):
        assert "nobody reads" not in client.get(path).text


def test_a_page_that_is_not_built_says_how_to_build_it(tmp_path: Path) -> None:
    client = served(tmp_path / "dist")
    answer = client.get("/")
    assert answer.status_code == 503
    assert "make web" in answer.text
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "index.html").write_text("built meanwhile")
    assert client.get("/").text == "built meanwhile"


def test_a_websocket_is_closed_and_not_an_error(built: Path) -> None:
    with pytest.raises(WebSocketDisconnect), served(built).websocket_connect("/kirim"):
        pass


def test_an_app_without_pages_has_none() -> None:
    problem(served(None).get("/"), 404, "not_found")
