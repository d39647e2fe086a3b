"""A site for each module, and people who open its pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.servers.browser import DESK, OpenTab, Tab
from tests.web.site import PASSWORD, Site, lay, running

# The page asks for news every five seconds, and the machine may be busy.
expect.set_options(timeout=15_000)

PAGES = Path(__file__).parents[2] / "web" / "dist" / "index.html"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running Pantau with a small city."""
    if not PAGES.is_file():
        pytest.skip("the pages are not built (`make web` builds them)")
    folder = tmp_path_factory.mktemp("site")
    lay(folder)
    with running(folder) as made:
        yield made


def sign_in(page: Page, site: Site, who: str, password: str = PASSWORD) -> None:
    """Signs in through the page."""
    page.goto(f"{site.url}/masuk")
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", password)
    page.click("form button")


def enter(open_tab: OpenTab, site: Site, who: str, viewport: tuple[int, int] = DESK, **options: object) -> Tab:
    """A tab in which `who` is signed in."""
    tab = open_tab(viewport, **options)
    sign_in(tab.page, site, who)
    expect(tab.page).not_to_have_url(f"{site.url}/masuk")
    return tab
