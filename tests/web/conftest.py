"""One browser, one site and one demo for all pages, and people who open them."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.pantau.demo import untold
from tests.servers.browser import DESK, OpenTab, Tab, launched
from tests.web.site import PASSWORD, Site, lay, running

# The page asks for news every five seconds, and the machine may be busy.
expect.set_options(timeout=15_000)

PAGES = Path(__file__).parents[2] / "web" / "dist" / "index.html"


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser, started once."""
    with launched() as browser:
        yield browser


@pytest.fixture(scope="package", autouse=True)
def built() -> None:
    """No page can be opened that is not built."""
    if not PAGES.is_file():
        pytest.skip("the pages are not built (`make web` builds them)")


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running Pantau with a small city, which all modules fill: each has villages of its own for what it counts."""
    folder = tmp_path_factory.mktemp("site")
    lay(folder)
    with running(folder) as made:
        yield made


@pytest.fixture(scope="package")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running demo with its cameras and permits, and without a story."""
    folder = tmp_path_factory.mktemp("demo")
    untold.lay(folder)
    # Told politely, it would wait for its visits to cameras that never answer.
    with running(folder, "--demo", sign=signal.SIGKILL) as made:
        yield made


def sign_in(page: Page, site: Site, who: str, password: str = PASSWORD) -> None:
    """Signs in through the page."""
    page.goto(f"{site.url}/masuk")
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", password)
    page.click("form button")


def signed_in(open_tab: OpenTab, site: Site, who: str, viewport: tuple[int, int] = DESK, **options: object) -> Tab:
    """An empty tab in which `who` has signed in before; through the page others do."""
    tab = open_tab(viewport, **options)
    signed = tab.page.request.post(f"{site.url}/api/v1/session", data={"login": who, "password": PASSWORD})
    assert signed.ok, signed.text()
    return tab


def enter(
    open_tab: OpenTab, site: Site, who: str, viewport: tuple[int, int] = DESK, *, at: str = "/", **options: object
) -> Tab:
    """The same at a page."""
    tab = signed_in(open_tab, site, who, viewport, **options)
    tab.page.goto(f"{site.url}{at}")
    return tab
