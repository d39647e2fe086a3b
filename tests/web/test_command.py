"""The command centre: filters in the address, actions, what arrives by itself, what the public sees."""

import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.servers.browser import DESK, PHONE, OpenTab
from tests.web.conftest import enter
from tests.web.site import Site, lay, photo, running, spot

pytestmark = pytest.mark.browser

PENDING = ("/thumbnail", "/preview")


@pytest.fixture(scope="module")
def pothole(site: Site) -> str:
    """A complaint with a photo and a tie that waits for a decision; its reference."""
    lon, lat = spot(1, 0)
    said = {"category": "pothole", "report": "true", "caption": "Lubang besar"}
    sent = site.send("officer", photo(lon, lat, 11), **said)
    site.send("officer", photo(*spot(1, 0, 20), 12), caption="Tanpa kategori")
    site.send("officer", photo(*spot(3, 2), 13), category="rubbish", report="true", caption="Sampah menumpuk")
    return str(sent["complaint"]["reference"])


def test_filters_live_in_the_address_and_survive_a_reload(open_tab: OpenTab, site: Site, pothole: str) -> None:
    tab = enter(open_tab, site, "command")
    page = tab.page
    page.get_by_role("button", name="Diterima", exact=True).click()
    page.get_by_label("Kategori").select_option("pothole")
    page.get_by_role("button", name="30 hari").click()
    page.get_by_role("combobox", name="Wilayah").fill("Kecamatan 1")
    page.get_by_role("option", name="Kecamatan 1").click()
    expect(page.locator("[data-count]")).to_contain_text("1 insiden")
    page.locator(f"[data-incident='complaint:{pothole}']").click()
    for part in ("status=received", "category=pothole", "time=d30", "area=99.01.01", "incident=complaint"):
        assert part in page.url
    page.reload()
    expect(page.locator("[data-count]")).to_contain_text("1 insiden")
    expect(page.get_by_role("button", name="Diterima", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_label("Rincian insiden").get_by_text(pothole, exact=True)).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Hapus saringan").click()
    expect(page.locator("[data-incident]")).not_to_have_count(1)
    tab.assert_quiet(but=PENDING)


def test_a_complaint_moves_and_a_tie_is_decided_by_who_may(open_tab: OpenTab, site: Site, pothole: str) -> None:
    tab = enter(open_tab, site, "command", at=f"/aduan/{pothole}")
    page = tab.page
    details = page.get_by_label("Rincian insiden")
    expect(details.get_by_text("berjarak", exact=False)).to_be_visible()
    details.get_by_role("button", name="Kaitkan", exact=True).click()
    expect(details.get_by_text("Kaitan foto dipastikan")).to_be_visible()
    details.locator("[data-move=in_progress]").click()
    details.get_by_label("Catatan").fill("Tim sudah di lokasi")
    details.get_by_role("button", name="Simpan perubahan").click()
    expect(details.locator("ol").get_by_text("Tim sudah di lokasi")).to_be_visible()
    expect(page.locator(f"[data-incident='complaint:{pothole}']")).to_contain_text("Dikerjakan")
    tab.assert_quiet(but=PENDING)


def test_a_complaint_shows_its_qr_code_when_asked(open_tab: OpenTab, site: Site, pothole: str) -> None:
    page = enter(open_tab, site, "command", at=f"/aduan/{pothole}").page
    code = page.get_by_role("img", name=f"Kode QR menuju aduan {pothole}")
    expect(code).to_have_count(0)
    page.get_by_label("Tampilkan kode QR aduan ini").focus()
    page.keyboard.press("Enter")
    expect(code).to_be_visible()
    assert code.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100


def test_a_new_incident_is_announced_without_a_reload(open_tab: OpenTab, site: Site, pothole: str) -> None:
    tab = enter(open_tab, site, "command")
    expect(tab.page.locator(f"[data-incident='complaint:{pothole}']")).to_be_visible()
    sent = site.send("officer", photo(*spot(0, 2), 14), category="flooding", report="true", caption="Banjir")
    row = tab.page.locator(f"[data-incident='complaint:{sent['complaint']['reference']}']")
    expect(row).to_be_visible()
    expect(tab.page.locator("[aria-live=polite]")).to_contain_text("insiden baru")
    tab.page.get_by_role("button", name="2 baru").click()
    expect(tab.page.get_by_role("button", name="2 baru")).to_have_count(0)
    tab.assert_quiet(but=PENDING)


def test_the_list_is_walked_with_the_keyboard(open_tab: OpenTab, site: Site, pothole: str) -> None:
    tab = enter(open_tab, site, "command")
    first, second = tab.page.locator("[data-incident]").nth(0), tab.page.locator("[data-incident]").nth(1)
    first.focus()
    first.press("ArrowDown")
    expect(second).to_be_focused()
    second.press("Enter")
    expect(tab.page.get_by_label("Rincian insiden")).to_be_focused()
    tab.page.keyboard.press("Escape")
    expect(tab.page.get_by_label("Rincian insiden")).to_have_count(0)


def test_the_public_sees_places_and_states_but_no_picture_and_no_text(
    open_tab: OpenTab, site: Site, pothole: str
) -> None:
    tab = open_tab(DESK)
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.url))
    tab.page.goto(f"{site.url}/aduan/{pothole}")
    details = tab.page.get_by_label("Rincian insiden")
    expect(details.get_by_text(pothole, exact=True)).to_be_visible()
    expect(tab.page.get_by_text("Foto tidak ditampilkan untuk umum.")).to_be_visible()
    expect(tab.page.get_by_text("Lubang besar")).to_have_count(0)
    expect(tab.page.locator("main img")).to_have_count(0)
    expect(details.get_by_role("button", name="Simpan perubahan")).to_have_count(0)
    expect(tab.page.get_by_role("link", name="Masuk")).to_be_visible()
    assert not [url for url in asked if "/api/v1/photos" in url]
    tab.assert_quiet()


def test_a_phone_switches_between_map_and_list(open_tab: OpenTab, site: Site, pothole: str) -> None:
    tab = enter(open_tab, site, "command", PHONE)
    page = tab.page
    expect(page.locator("[data-map] canvas")).to_be_visible()
    page.get_by_role("button", name="Daftar").click()
    page.locator(f"[data-incident='complaint:{pothole}']").click()
    expect(page.get_by_label("Rincian insiden").get_by_text(pothole, exact=True)).to_be_visible()
    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0
    tab.assert_quiet(but=PENDING)


def test_a_complaint_is_opened_by_hand_where_the_map_looks(open_tab: OpenTab, site: Site) -> None:
    lon, lat = spot(4, 2)
    desk = enter(open_tab, site, "command", at=f"/?map=15/{lat}/{lon}")
    desk.page.get_by_role("button", name="Aduan baru").click()
    form = desk.page.get_by_label("Aduan baru", exact=True).locator("form")
    form.get_by_role("button", name="Buka aduan").click()
    expect(form.get_by_role("alert")).to_have_text("Pilih kategorinya.")
    form.locator("input[name=category][value=pothole]").check()
    form.locator("textarea[name=description]").fill("Lewat telepon: lubang di tikungan")
    form.get_by_role("button", name="Buka aduan").click()
    details = desk.page.get_by_label("Rincian insiden")
    expect(details).to_contain_text("Lewat telepon: lubang di tikungan")
    (made,) = site.incidents("command", q="lubang di tikungan")
    expect(desk.page.locator(f"[data-incident='{made['id']}']")).to_be_visible()
    desk.assert_quiet()


def test_what_another_person_does_appears_within_about_a_second(open_tab: OpenTab, site: Site, pothole: str) -> None:
    tab = enter(open_tab, site, "command")
    page = tab.page
    expect(page.locator("[data-link=live]")).to_have_count(1)
    row = page.locator(f"[data-incident='complaint:{pothole}']")
    expect(row).to_be_visible()
    roads, solved = site.client("roads"), {"to": "resolved", "note": "Ditambal"}
    made = roads.post(f"/api/v1/complaints/{pothole}/status", json=solved)
    assert made.status_code == 200, made.text
    # Were it still asked for every five seconds, this would fail four times of five.
    expect(row).to_contain_text("Selesai", timeout=2_000)
    tab.assert_quiet(but=PENDING)


def test_after_a_restart_of_the_server_nothing_is_missing(open_tab: OpenTab, tmp_path: Path) -> None:
    lay(tmp_path)
    with running(tmp_path) as first:
        port = urlsplit(first.url).port
        tab = enter(open_tab, first, "command")
        expect(tab.page.locator("[data-link=live]")).to_have_count(1)
        before = first.send("officer", photo(*spot(1, 0), 21), category="pothole", report="true")
        row = "[data-incident='complaint:{}']"
        expect(tab.page.locator(row.format(before["complaint"]["reference"]))).to_be_visible()
        began = time.monotonic()
    assert time.monotonic() - began < 10, "an open stream kept the server from ending"
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.url))
    with running(tmp_path, "--port", str(port)) as again:
        meanwhile = again.send("officer", photo(*spot(2, 1), 22), category="flooding", report="true")
        expect(tab.page.locator(row.format(meanwhile["complaint"]["reference"]))).to_be_visible()
        expect(tab.page.locator("[data-link=live]")).to_have_count(1)
        # By the stream, which went on from where it was, not by loading everything again.
        assert not [url for url in asked if "/incidents?" in url]
