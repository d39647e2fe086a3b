"""The summary: what came and went, who closes in time; for those who act, on a desk and on a phone."""

import pytest
from playwright.sync_api import expect

from tests.servers.browser import PHONE, OpenTab
from tests.web.conftest import enter
from tests.web.site import Site, photo, spot

pytestmark = pytest.mark.browser


def test_the_summary_shows_counts_and_keeps_what_is_asked_in_its_address(open_tab: OpenTab, site: Site) -> None:
    site.send("officer", photo(*spot(2, 1), 31), category="pothole", report="true", caption="Lubang")
    tab = enter(open_tab, site, "command")
    page = tab.page
    page.get_by_role("link", name="Ringkasan").click()
    expect(page.get_by_role("heading", name="Ringkasan", level=1)).to_be_visible()
    expect(page.locator("tr[data-code='bina_marga']")).to_be_visible()
    page.get_by_role("button", name="Kategori", exact=True).click()
    page.get_by_role("button", name="Per hari").click()
    expect(page.locator("tr[data-code='pothole']")).to_be_visible()
    assert "by=category" in page.url
    assert "every=day" in page.url
    page.reload()
    expect(page.get_by_role("button", name="Per hari")).to_have_attribute("aria-pressed", "true")
    page.get_by_text("Angka per periode").click()
    expect(page.get_by_role("region", name="Angka per periode").get_by_role("row")).to_have_count(31)


def test_on_a_phone_nothing_runs_over_the_edge(open_tab: OpenTab, site: Site) -> None:
    page = enter(open_tab, site, "command", PHONE, at="/ringkasan").page
    expect(page.get_by_role("heading", name="Perbandingan")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
