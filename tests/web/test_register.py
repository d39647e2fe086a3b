"""The register's pages beyond the owner's first way: cameras that send by themselves, a large fleet, a list."""

import re
from itertools import pairwise
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Dialog, expect

from tests.servers import clips
from tests.servers.browser import PHONE, OpenTab
from tests.web.site import Site
from tests.web.test_cameras import PATIENCE_MS, STILLS, accessible, answered, enter

pytestmark = pytest.mark.browser


def test_an_owner_is_told_where_a_camera_sends_its_stills_and_it_may(open_tab: OpenTab, demo: Site) -> None:
    tab = enter(open_tab, demo, "pemilik", at="/kamera")
    place = answered(demo, "pemilik", "cameras")["cameras"][0]["location"]
    with httpx2.Client(base_url=demo.url) as client:
        signed = client.post("/api/v1/session/demo", json={"login": "pemilik"}).raise_for_status().json()
        client.headers["x-csrf-token"] = signed["csrf"]
        given = {"name": "Di balik NAT", "reach": {"door": "push"}, "lon": place["lon"], "lat": place["lat"]}
        made = client.post("/api/v1/cameras", json=given).raise_for_status().json()
        tab.page.reload()
        card = tab.page.locator(f"[data-camera='{made['id']}']")
        asked: list[str] = []

        def agree(dialog: Dialog) -> None:
            asked.append(dialog.message)
            dialog.accept()

        tab.page.on("dialog", agree)
        card.get_by_role("button", name="Buat token kiriman").click()
        where = card.locator("[data-send-to]")
        expect(where).to_be_visible()
        assert "langsung berakhir" in asked[0]
        token = card.locator("code").first.inner_text()
        sent = httpx2.post(where.inner_text(), content=clips.jpeg(), headers={"authorization": f"Bearer {token}"})
        assert sent.status_code == 201, sent.text
        client.delete(f"/api/v1/cameras/{made['id']}").raise_for_status()
    tab.assert_quiet(but=STILLS)


def test_who_oversees_comes_to_every_camera_and_narrows_them(open_tab: OpenTab, demo: Site) -> None:
    page = enter(open_tab, demo, "komando", at="/kamera").page
    cards, more = page.locator("[data-camera]"), page.locator("[data-more]")
    expect(cards).to_have_count(50)
    more.click()
    expect(more).to_have_count(0)
    expect(cards.locator(".ref", has_text=re.compile("^K60$"))).to_have_count(1)
    expect(cards.filter(has_text="Kata sandi ditolak").first).to_be_attached(timeout=PATIENCE_MS)
    page.locator("select[name=camera-state]").select_option("password_refused")
    expect(cards).to_have_count(1)


def test_a_list_says_which_columns_it_passed_by(open_tab: OpenTab, demo: Site, tmp_path: Path) -> None:
    page = enter(open_tab, demo, "komando", at="/izin").page
    table = tmp_path / "izin.csv"
    table.write_text("nomor,pemilik,warna,tanggal terbit\n640/901/IMB/2012,Toko Lama,merah,2012-05-06\n")
    page.locator("[data-import]").click()
    page.locator("input[name=csv]").set_input_files(table)
    expect(page.get_by_text("Kolom yang tidak dipakai: warna.")).to_be_visible()
    table.write_text("Nomor IMB,Nama Pemilik\n640/902/IMB/2012,\n")
    page.locator("input[name=csv]").set_input_files(table)
    expect(page.locator("[data-refused]")).to_contain_text("Nama Pemilik")
    page.goto(f"{demo.url}/izin?permit=640/901/IMB/2012")
    expect(page.locator("[data-permit-detail]")).to_contain_text("6 Mei 2012")


def test_an_owner_reads_what_was_decided_of_a_permit_and_the_letter(open_tab: OpenTab, demo: Site) -> None:
    listed = answered(demo, "komando", "permits?state=warned_2&limit=1")["permits"][0]["number"]
    owner = answered(demo, "komando", f"permits/{listed}")["account"]["name"]
    accounts = answered(demo, "admin", "accounts")["accounts"]
    login = next(one["login"] for one in accounts if one["name"] == owner)
    tab = enter(open_tab, demo, login, PHONE, at="/kamera")
    line = tab.page.locator(f"[data-permit='{listed}']")
    line.press("Enter")
    details = tab.page.locator("[data-permit-detail]")
    expect(details).to_contain_text("Belum ada kamera saat ditinjau.")
    expect(details).not_to_contain_text("Sistem")
    letter = tab.page.request.get(f"{demo.url}{details.locator('[data-letter]').get_attribute('href')}")
    assert letter.body().startswith(b"%PDF")
    assert tab.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    accessible(tab.page)
    tab.screenshot("owner-permit", full_page=True)
    details.press("Escape")
    expect(details).to_have_count(0)
    tab.assert_quiet(but=STILLS)


@pytest.mark.parametrize("who", ["petugas01", "dinas.bina.marga", "komando"])
def test_nothing_in_the_bar_lies_on_something_else_on_a_phone(open_tab: OpenTab, demo: Site, who: str) -> None:
    page = enter(open_tab, demo, who, PHONE, at="/kamera").page
    expect(page.locator("[data-camera]").first).to_be_visible()
    boxes = [one.bounding_box() for one in page.locator(".bar svg, .bar .words, .bar .lang").all() if one.is_visible()]
    edges = sorted((box["x"], box["x"] + box["width"]) for box in boxes if box and box["width"] > 1)
    assert len(edges) > 6
    assert all(right <= left for (_, right), (left, _) in pairwise(edges)), edges
    # An office changes its own cameras, and an officer none.
    assert (
        page.get_by_role("button", name="Ubah kamera").count() < page.locator("[data-camera]").count()
        or who == "komando"
    )
