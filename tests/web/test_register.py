"""The register's pages beyond the owner's first way: cameras that send by themselves, a large fleet, a list."""

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Dialog, expect

from geo.distance import distance_m
from tests.servers import clips
from tests.servers.browser import DESK, PHONE, OpenTab
from tests.web.site import Site
from tests.web.test_cameras import PATIENCE_MS, STILLS, accessible, answered, complained, enter

pytestmark = pytest.mark.browser


def a_permit(demo: Site) -> tuple[dict[str, Any], str]:
    """A permit of the demo with an owner, and the owner's login."""
    number = answered(demo, "komando", "permits?state=warned_2&limit=1")["permits"][0]["number"]
    permit = answered(demo, "komando", f"permits/{number}")
    accounts = answered(demo, "admin", "accounts")["accounts"]
    return permit, next(one["login"] for one in accounts if one["name"] == permit["account"]["name"])


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
    permit, login = a_permit(demo)
    listed = permit["number"]
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


@pytest.mark.parametrize("viewport", [DESK, PHONE])
def test_the_office_corrects_a_permit_and_is_told_of_what_others_wrote(
    open_tab: OpenTab, demo: Site, viewport: tuple[int, int]
) -> None:
    permit, _ = a_permit(demo)
    tab = enter(open_tab, demo, "komando", viewport, at=f"/izin?permit={permit['number']}")
    page, form = tab.page, tab.page.locator("[data-permit-detail] [data-permit-form]")
    change = page.locator("[data-change-permit]")
    change.press("Enter")
    number = form.get_by_label("Nomor izin")
    expect(number).to_be_focused()
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    expect(change).to_be_focused()
    change.press("Enter")
    expect(number).to_have_value(permit["number"])
    number.fill("PBG-990102-99992024-01")
    expect(form.get_by_role("button", name="Simpan perubahan")).to_be_disabled()
    number.fill(permit["number"])
    with httpx2.Client(base_url=demo.url) as client:
        signed = client.post("/api/v1/session/demo", json={"login": "admin"}).raise_for_status().json()
        said = {"address": f"Jl. Lain {viewport[0]}"}
        client.patch(f"/api/v1/permits/{permit['id']}", json=said, headers={"x-csrf-token": signed["csrf"]})
    form.get_by_label("Kontak").fill("0333 1")
    tab.screenshot(f"permit-change-{viewport[0]}")
    form.locator("[data-pin-map]").scroll_into_view_if_needed()
    tab.screenshot(f"permit-change-map-{viewport[0]}")
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    form.get_by_role("button", name="Simpan perubahan").click()
    expect(form.get_by_role("alert")).to_contain_text("sudah diubah orang lain")
    tab.screenshot(f"permit-change-refused-{viewport[0]}")
    form.locator("[data-reload]").click()
    expect(form.get_by_label("Alamat bangunan")).to_have_value(said["address"])
    contact = f"0333 {viewport[0]}"
    form.get_by_label("Kontak").fill(contact)
    form.get_by_label("Kamera yang diwajibkan").fill("3")
    form.locator(".pin").press("ArrowUp")
    form.get_by_role("button", name="Simpan perubahan").click()
    expect(page.get_by_text("Perubahan tersimpan.")).to_be_visible()
    expect(page.locator("[data-permit-detail]")).to_contain_text(contact)
    kept = answered(demo, "komando", f"permits/{permit['id']}")
    assert (kept["contact"], kept["address"], kept["cameras_required"]) == (contact, said["address"], 3)
    assert kept["location"]["lat"] > permit["location"]["lat"]
    tab.assert_quiet(but=("answer 409",))


def test_an_owner_corrects_contact_and_place_and_nothing_else(open_tab: OpenTab, demo: Site) -> None:
    permit, login = a_permit(demo)
    tab = enter(open_tab, demo, login, PHONE, at="/kamera")
    tab.page.locator(f"[data-permit='{permit['number']}']").press("Enter")
    tab.page.locator("[data-change-permit]").click()
    form = tab.page.locator("[data-permit-form]")
    expect(form.get_by_role("textbox")).to_have_count(1)
    form.get_by_label("Kontak").fill("0812 77")
    tab.screenshot("permit-change-owner")
    accessible(tab.page)
    form.get_by_role("button", name="Simpan perubahan").click()
    expect(tab.page.get_by_text("Perubahan tersimpan.")).to_be_visible()
    assert answered(demo, "komando", f"permits/{permit['id']}")["contact"] == "0812 77"
    tab.assert_quiet(but=STILLS)


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("komando", "Tidak ada kamera yang melihat tempat ini."),
        ("petugas01", "Di sini tidak ada kamera yang dibagikan kepada Anda."),
    ],
)
def test_a_complaint_that_no_camera_sees_says_so(open_tab: OpenTab, demo: Site, who: str, said: str) -> None:
    permits, cameras = (answered(demo, "komando", f"{one}?limit=200")[one] for one in ("permits", "cameras"))
    spots, places = ([one["location"] for one in every if one["location"]] for every in (permits, cameras))
    far = max(spots, key=lambda at: min(distance_m(at["lon"], at["lat"], one["lon"], one["lat"]) for one in places))
    unseen = complained(demo, far["lon"], far["lat"])
    tab = enter(open_tab, demo, who, at=f"/?incident=complaint:{unseen}")
    strip = tab.page.locator("[data-strip]")
    expect(strip.locator("[data-unseen]")).to_have_text(said)
    expect(strip.get_by_role("button")).to_have_count(0)
    strip.scroll_into_view_if_needed()
    tab.screenshot(f"complaint-unseen-{who}")


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
