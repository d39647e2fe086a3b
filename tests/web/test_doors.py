"""Coming in: sign-in, one-time links, languages, administration; and that every page can be used by everyone."""

import re
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import expect

from tests.servers.browser import DESK, PHONE, OpenTab
from tests.web.conftest import enter, sign_in
from tests.web.site import PASSWORD, Site

pytestmark = pytest.mark.browser

PLACES = {"/": "[data-map] canvas", "/kirim": "[data-pin-map] canvas", "/admin": "table", "/masuk": "form"}
"""Each page with what shows that it is there."""


def test_a_wrong_password_says_so_and_lets_nobody_in(open_tab: OpenTab, site: Site) -> None:
    tab = open_tab(PHONE)
    sign_in(tab.page, site, "officer", "salah-sekali-ini")
    expect(tab.page.get_by_role("alert")).not_to_be_empty()
    expect(tab.page).to_have_url(f"{site.url}/masuk")
    expect(tab.page.locator("input[name=password]")).to_have_value("")
    tab.assert_quiet(but=("/api/v1/session",))


def test_signing_in_leads_back_but_never_to_another_site(open_tab: OpenTab, site: Site) -> None:
    tab = open_tab(DESK)
    for wanted, reached in (("/admin", "/admin"), ("//evil.example/", "/"), ("/\\evil.example", "/")):
        tab.page.goto(f"{site.url}/masuk?from={wanted}")
        tab.page.fill("input[name=login]", "command")
        tab.page.fill("input[name=password]", PASSWORD)
        tab.page.click("form button")
        expect(tab.page.get_by_role("button", name="Keluar")).to_be_visible()
        expect(tab.page).to_have_url(re.compile(f"^{re.escape(site.url + reached)}([?].*)?$"))


def test_the_language_switches_and_is_remembered(open_tab: OpenTab, site: Site) -> None:
    tab = open_tab(DESK)
    tab.page.goto(f"{site.url}/masuk")
    expect(tab.page.get_by_role("heading", name="Masuk ke Pantau")).to_be_visible()
    tab.page.get_by_role("button", name="Switch to English").click()
    expect(tab.page.get_by_role("heading", name="Sign in to Pantau")).to_be_visible()
    expect(tab.page.locator("html")).to_have_attribute("lang", "en")
    tab.page.reload()
    expect(tab.page.get_by_role("heading", name="Sign in to Pantau")).to_be_visible()
    tab.page.fill("input[name=login]", "officer")
    tab.page.fill("input[name=password]", "wrong-password-here")
    tab.page.click("form button")
    expect(tab.page.get_by_role("alert")).to_contain_text("password")


def test_signing_out_forgets_the_persons_lists(open_tab: OpenTab, site: Site) -> None:
    tab = enter(open_tab, site, "officer", PHONE, at="/kirim")
    tab.page.get_by_role("button", name="Keluar").click()
    expect(tab.page.get_by_role("heading", name="Masuk ke Pantau")).to_be_visible()
    me = tab.page.evaluate(
        """() => new Promise((done) => {
            const open = indexedDB.open("pantau");
            open.onsuccess = () => {
                const asked = open.result.transaction("answers").objectStore("answers").get("me");
                asked.onsuccess = () => done(asked.result?.value?.account ?? null);
            };
        })"""
    )
    assert me is None
    tab.page.goto(f"{site.url}/kirim")
    expect(tab.page.get_by_text("Masuk untuk mengirim foto.")).to_be_visible()
    tab.assert_quiet()


def test_an_administrator_invites_someone_whose_link_works_once(open_tab: OpenTab, site: Site) -> None:
    tab = enter(open_tab, site, "chief", at="/admin")
    tab.page.fill("input[name=new-login]", "petugas-baru")
    tab.page.fill("input[name=new-name]", "Petugas Baru")
    tab.page.get_by_role("button", name="Buat akun").click()
    link = tab.page.locator("code").inner_text()
    tab.assert_quiet()

    guest = open_tab(PHONE)
    guest.page.goto(link.replace(link.split("/ticket")[0], site.url))
    expect(guest.page).to_have_url(f"{site.url}/ticket")
    guest.page.fill("input[name=password]", PASSWORD)
    guest.page.fill("input[name=repeat]", PASSWORD)
    guest.page.get_by_role("button", name="Mulai").click()
    expect(guest.page).to_have_url(f"{site.url}/kirim")
    guest.assert_quiet()

    again = open_tab(PHONE)
    again.page.goto(link.replace(link.split("/ticket")[0], site.url))
    again.page.fill("input[name=password]", PASSWORD)
    again.page.fill("input[name=repeat]", PASSWORD)
    again.page.get_by_role("button", name="Mulai").click()
    expect(again.page.get_by_role("alert")).not_to_be_empty()


def test_a_token_shows_its_secret_once(open_tab: OpenTab, site: Site) -> None:
    tab = enter(open_tab, site, "command", at="/admin")
    tab.page.fill("input[name=token-name]", "papan pantau")
    tab.page.get_by_role("button", name="Buat token").click()
    expect(tab.page.locator("code")).to_contain_text("pantau_")
    tab.page.reload()
    row = tab.page.get_by_role("row", name="papan pantau")
    expect(row).to_be_visible()
    expect(tab.page.locator("code")).to_have_count(0)
    row.get_by_role("button", name="Cabut").click()
    expect(row).to_have_count(0)
    tab.assert_quiet()


def test_nothing_in_the_bar_lies_on_anything_else_on_any_phone(open_tab: OpenTab, site: Site) -> None:
    page = enter(open_tab, site, "chief", PHONE, at="/admin").page
    bar = page.locator("header").locator("a, button")
    for wide in (320, 344, 360, 390, 430):
        page.set_viewport_size({"width": wide, "height": 740})
        expect(bar).to_have_count(10)
        places = bar.evaluate_all(
            "all => all.map(one => one.getBoundingClientRect()).map(({left, right}) => [left, right])"
        )
        for (_, right), (left, _) in pairwise(places):
            assert right <= left + 0.5, f"{wide} px: {places}"
        assert all(right - left >= 24 for left, right in places), f"{wide} px: {places}"
        assert places[0][0] >= 0
        assert places[-1][1] <= wide


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK])
def test_no_page_shuts_anyone_out(open_tab: OpenTab, site: Site, viewport: tuple[int, int], theme: str) -> None:
    tab = enter(open_tab, site, "chief", viewport, color_scheme=theme)
    for path, ready in PLACES.items():
        tab.page.goto(site.url + path)
        tab.page.locator(ready).first.wait_for()
        found = Axe().run(tab.page).response["violations"]
        grave = [
            (one["id"], [node["html"][:160] for node in one["nodes"]])
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
        assert not grave, f"{path}: {grave}"


def test_a_demo_says_so_and_lets_anyone_in_with_one_click(open_tab: OpenTab, demo: Site) -> None:
    tab = open_tab(PHONE)
    tab.page.goto(f"{demo.url}/masuk")
    expect(tab.page.get_by_role("note")).to_contain_text("kota contoh")
    tab.page.locator(".firsts button", has_text="Petugas lapangan").click()
    expect(tab.page).to_have_url(f"{demo.url}/kirim")
    expect(tab.page.get_by_role("note")).to_contain_text("kota contoh")
    tab.assert_quiet()
