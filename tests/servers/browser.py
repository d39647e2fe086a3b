"""A real browser for tests: Debian's Chromium under Playwright, cut off from every host but this one."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, sync_playwright

HERE = {"127.0.0.1", "localhost", "::1"}
FLAGS = [
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    # Without a graphics card, WebGL is drawn by SwiftShader; were pages too, they would take half as much again.
    "--disable-gpu-compositing",
    "--disable-background-networking",
    "--no-sandbox",
    # Whatever a page or its service worker tries, no other host is ever reached.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
PHONE = (390, 844)
DESK = (1440, 900)


@dataclass
class Tab:
    """One page of its own browser profile, with all that went wrong in it.

    `errors` holds console errors, uncaught exceptions, failed requests and answers of 400 and above; `foreign` the
    requests to other hosts, any of which fails the test at its end.
    """

    page: Page
    context: BrowserContext
    screenshots: Path
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Begins to collect; called once, before the first page."""
        self.context.on("request", self._request)
        self.context.on("requestfailed", self._failed)
        self.context.on("response", self._response)
        self.context.on("console", self._console)
        self.context.on("weberror", lambda error: self.errors.append(f"uncaught: {error.error}"))

    def assert_quiet(self, *, but: tuple[str, ...] = ()) -> None:
        """Fails when anything went wrong, except errors that contain one of the words in `but`."""
        loud = [error for error in self.errors if not any(word in error for word in but)]
        assert not loud, "\n".join(loud)

    def screenshot(self, name: str, *, full_page: bool = False) -> Path:
        """Saves the picture `name`.png in $PANTAU_SCREENSHOTS, else in the test's own folder."""
        path = self.screenshots / f"{name}.png"
        self.page.screenshot(path=path, full_page=full_page)
        return path

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in HERE:
            self.foreign.append(request.url)

    def _failed(self, request: Request) -> None:
        # A page that moves on, or a map that no longer needs a tile, gives up requests: nothing is wrong then.
        if request.failure != "net::ERR_ABORTED":
            self.errors.append(f"request failed: {request.method} {request.url}: {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.errors.append(f"answer {response.status}: {response.request.method} {response.url}")

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium repeats every answer of 400 and above as a console error; `_response` has it with its method.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.errors.append(f"console: {message.text}")


OpenTab = Callable[..., Tab]


@contextmanager
def launched() -> Iterator[Browser]:
    """The browser, for as long as the block lasts; skips the test where there is none.

    Not to be kept for the session: while Playwright's synchronous interface is open, its thread counts as inside a
    running event loop, and no other test of that process could call `asyncio.run`.
    """
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not installed (as root on Debian, `make test` installs it)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser, for one module of tests."""
    with launched() as browser:
        yield browser


@pytest.fixture
def open_tab(chromium: Browser, tmp_path: Path) -> Iterator[OpenTab]:
    """Opens tabs: `open_tab(viewport=PHONE, **context_options)`, each one a person with a profile of their own."""
    kept = os.environ.get("PANTAU_SCREENSHOTS")
    screenshots = Path(kept) if kept else tmp_path / "screenshots"
    screenshots.mkdir(parents=True, exist_ok=True)
    tabs: list[Tab] = []

    def open_one(viewport: tuple[int, int] = DESK, **options: Any) -> Tab:
        size = {"width": viewport[0], "height": viewport[1]}
        settings = {"viewport": size, "locale": "id-ID", "timezone_id": "Asia/Jakarta"} | options
        context = chromium.new_context(**settings)
        context.set_default_timeout(15_000)
        tab = Tab(context.new_page(), context, screenshots)
        tab.watch()
        tabs.append(tab)
        return tab

    yield open_one
    for tab in tabs:
        tab.context.close()
    foreign = [url for tab in tabs for url in tab.foreign]
    assert not foreign, f"the page asked other hosts: {foreign}"
