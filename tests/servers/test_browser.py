"""The browser that other tests look through: real, watched, and cut off from other hosts."""

import http.server
import threading
from collections.abc import Iterator

import pytest

from tests.servers.browser import PHONE, OpenTab

pytestmark = pytest.mark.browser

PAGES = {
    "/": b"<!doctype html><link rel=icon href=data:,><h1>Pantau</h1>",
    "/loud": b"<!doctype html><link rel=icon href=data:,><script>console.error('wrong'); nothing()</script>",
    "/missing": b"<!doctype html><link rel=icon href=data:,><img src=/not-there.png>",
    "/foreign": b"<!doctype html><link rel=icon href=data:,><img src=http://tiles.example/0/0/0.png>",
    "/map": b"<!doctype html><link rel=icon href=data:,><canvas></canvas>",
}


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = PAGES.get(self.path)
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: the tests' own output is enough."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_quiet_page_on_a_phone(site: str, open_tab: OpenTab) -> None:
    tab = open_tab(viewport=PHONE)
    tab.page.goto(site + "/")
    assert tab.page.inner_text("h1") == "Pantau"
    assert tab.page.evaluate("innerWidth") == 390
    tab.assert_quiet()
    assert tab.screenshot("quiet").read_bytes().startswith(b"\x89PNG")


def test_webgl_draws(site: str, open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.page.goto(site + "/map")
    assert tab.page.evaluate("document.querySelector('canvas').getContext('webgl2') !== null")


def test_errors_of_a_page_are_heard(site: str, open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.page.goto(site + "/loud")
    with pytest.raises(AssertionError) as heard:
        tab.assert_quiet()
    assert "console: wrong" in str(heard.value)
    assert "nothing is not defined" in str(heard.value)


def test_a_refused_request_is_heard_and_can_be_allowed(site: str, open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.page.goto(site + "/missing", wait_until="networkidle")
    with pytest.raises(AssertionError, match="answer 404: GET"):
        tab.assert_quiet()
    tab.assert_quiet(but=("not-there.png",))


def test_another_host_is_noticed_and_never_reached(site: str, open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.page.goto(site + "/foreign", wait_until="networkidle")
    assert tab.foreign == ["http://tiles.example/0/0/0.png"]
    assert any("ERR_NAME_NOT_RESOLVED" in error for error in tab.errors)
    # The fixture would fail this test at its end, as it fails every other one.
    tab.foreign.clear()
