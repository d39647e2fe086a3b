"""Cameras and permits: an owner registers them, the command centre watches over them, with the demo's cameras."""

import math
import re
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Locator, Page, expect

from geo.distance import offset
from tests.servers.browser import DESK, PHONE, OpenTab, Tab
from tests.web.site import Site

pytestmark = pytest.mark.browser

# A demo draws what its cameras show, on a machine that may be busy.
PATIENCE_MS = 60_000
STILLS = ("/latest.jpg", "/thumbnail")
TRIED_WITHIN_MS = 20_000
"""An owner has two minutes for everything and waits for the machine while it tries the camera."""


def click_in(page: Page, site: Site, who: str) -> None:
    """Signs in through the page."""
    page.goto(f"{site.url}/masuk")
    button = page.locator(f"[data-login='{who}']").first
    expect(button).to_be_attached()
    if not button.is_visible():
        page.locator("details summary").click()
    button.click()
    expect(page).not_to_have_url(f"{site.url}/masuk")


def enter(open_tab: OpenTab, site: Site, who: str, viewport: tuple[int, int] = DESK, *, at: str = "/") -> Tab:
    """A tab at this path in which `who` has signed in before; through the page the owner does."""
    tab = open_tab(viewport)
    signed = tab.page.request.post(f"{site.url}/api/v1/session/demo", data={"login": who})
    assert signed.ok, signed.text()
    tab.page.goto(f"{site.url}{at}")
    return tab


def answered(site: Site, who: str, path: str) -> Any:
    """What the service answers `who`."""
    with httpx2.Client(base_url=site.url) as client:
        client.post("/api/v1/session/demo", json={"login": who}).raise_for_status()
        return client.get(f"/api/v1/{path}").raise_for_status().json()


def address(site: Site, number: int) -> str:
    """The address of one of the demo's cameras."""
    listed = answered(site, "komando", "cameras?limit=200")["cameras"]
    found = next(one["id"] for one in listed if one["number"] == number)
    return str(answered(site, "komando", f"cameras/{found}")["reach"]["url"])


def seen_complaint(demo: Site) -> tuple[str, dict[str, Any]]:
    """A new complaint's reference, in front of the demo's first camera that has shown something, and the camera."""
    camera = next(one for one in answered(demo, "komando", "cameras")["cameras"] if one["number"] == 1)
    end = time.monotonic() + PATIENCE_MS / 1000
    while not answered(demo, "komando", f"cameras/{camera['id']}/snapshots")["snapshots"]:
        assert time.monotonic() < end, "the camera has shown nothing"
        time.sleep(0.5)
    view, place = camera["view"], camera["location"]
    east, north = (math.sin(math.radians(view["bearing_deg"])), math.cos(math.radians(view["bearing_deg"])))
    far = view["range_m"] / 2
    lon, lat = offset(place["lon"], place["lat"], far * east, far * north)
    return complained(demo, lon, lat), camera


def complained(demo: Site, lon: float, lat: float) -> str:
    """The reference of a new complaint of a pothole."""
    with httpx2.Client(base_url=demo.url) as client:
        signed = client.post("/api/v1/session/demo", json={"login": "komando"}).raise_for_status().json()
        client.headers["x-csrf-token"] = signed["csrf"]
        said = {"category": "pothole", "lon": lon, "lat": lat, "radius_m": 6}
        opened = client.post("/api/v1/complaints", json=said)
        assert opened.status_code == 201, opened.text
        return str(opened.json()["reference"])


def accessible(page: Page) -> None:
    """Fails on what axe finds serious, once nothing fades in or out any more."""
    page.wait_for_function("() => document.getAnimations().every((one) => one.playState !== 'running')")
    found = Axe().run(page).response["violations"]
    serious = [
        f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found if one["impact"] in {"serious", "critical"}
    ]
    assert not serious, "\n".join(serious)


def demanded(form: Locator) -> list[str]:
    """The fields that a form cannot do without and that nothing is in yet."""
    names: list[str] = form.evaluate(
        "form => [...form.elements].filter(one => one.required && !one.value).map(one => one.name)"
    )
    return names


@pytest.mark.parametrize("viewport", [DESK, PHONE])
def test_an_owner_registers_a_permit_and_a_camera_and_sees_its_picture(
    open_tab: OpenTab, demo: Site, viewport: tuple[int, int]
) -> None:
    serial = viewport[0] % 90 + 10
    tab = open_tab(viewport)
    page = tab.page
    click_in(page, demo, "pemilik")
    page.goto(f"{demo.url}/kamera")
    page.locator("[data-add-permit]").click()
    number, said = page.locator("input[name=number]"), page.locator("[data-reading]")
    assert demanded(page.locator("form", has=number)) == ["number"]
    number.fill("PBG-990101-31022024-07")
    expect(said).to_contain_text("bukan tanggal terbit")
    number.fill("PBG-350101-17082024-07")
    expect(said).to_contain_text("bukan kecamatan di kota ini")
    number.fill(f"pbg-990101-17082024-{serial}")
    expect(said).to_contain_text("17 Agustus 2024")
    page.get_by_role("button", name="Daftarkan izin").last.click()

    form = page.locator("[data-camera-form]")
    expect(form).to_be_visible()
    assert demanded(form) == ["url", "camera-name"]
    form.locator("input[name=url]").fill("rtsp://10.1.2.3/stream")
    form.locator("[data-try]").click()
    expect(form.locator("[data-said]")).to_contain_text("jaringan lokal", timeout=PATIENCE_MS)
    expect(form.locator("[data-tried]")).to_have_count(0)
    form.locator("input[name=url]").fill(address(demo, 3))
    form.locator("[data-try]").click()
    expect(form.locator("[data-said]")).to_contain_text("kata sandi", timeout=PATIENCE_MS)
    form.locator("input[name=camera-user]").fill("pantau")
    form.locator("input[name=camera-password]").fill("kamera-contoh")
    form.locator("[data-try]").click()
    expect(form.locator("[data-tried]")).to_be_visible(timeout=TRIED_WITHIN_MS)

    form.locator("[data-view-map] canvas").click()
    turn = form.get_by_role("button", name=re.compile("^Arah dan jangkauan"))
    expect(turn).to_be_visible()
    turn.press("ArrowRight")
    turn.press("ArrowUp")
    expect(form.locator("input[name=bearing]")).to_have_value("5")
    expect(form.locator("input[name=range]")).to_have_value("45")
    form.locator("input[name=camera-name]").fill(f"Depan toko {serial}")
    form.locator("select[name=camera-permit]").select_option(f"PBG-990101-17082024-{serial}")
    accessible(page)
    tab.screenshot(f"camera-form-{viewport[0]}", full_page=True)
    form.get_by_role("button", name="Daftarkan kamera").click()

    card = page.locator("[data-camera]").filter(has_text=f"Depan toko {serial}")
    expect(card.get_by_text("Terhubung")).to_be_visible(timeout=PATIENCE_MS)
    expect(card.locator("figcaption time")).to_be_visible()
    assert "kamera-contoh" not in page.content()
    page.on("dialog", lambda dialog: dialog.accept())
    card.get_by_role("button", name="Hentikan kamera").click()
    expect(card).to_have_count(0)
    tab.assert_quiet(but=STILLS)


def test_a_camera_is_changed_and_keeps_its_password(open_tab: OpenTab, demo: Site) -> None:
    tab = enter(open_tab, demo, "pemilik03", at="/kamera")
    page = tab.page
    camera = next(one for one in answered(demo, "pemilik03", "cameras")["cameras"] if one["number"] == 3)
    card = page.locator(f"[data-camera='{camera['id']}']")
    card.get_by_role("button", name="Ubah kamera").click()
    form = page.locator("[data-camera-form]")
    expect(form.locator("input[name=camera-password]")).to_have_attribute("placeholder", re.compile("tersimpan"))
    form.locator("select[name=sharing]").select_option("stored")
    since = form.locator("input[name=view-since]")
    expect(since).to_have_count(0)
    form.get_by_role("button", name=re.compile("^Arah dan jangkauan")).press("ArrowRight")
    since.fill("2026-02-03T08:30")
    form.locator("[data-try]").click()
    expect(form.locator("[data-tried]")).to_be_visible(timeout=PATIENCE_MS)
    sign = form.locator("input[name=sign]")
    sign.set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"teks"})
    form.get_by_role("button", name="Simpan perubahan").click()
    expect(form.get_by_role("alert")).to_contain_text("bukan gambar")
    sign.set_input_files([])
    form.get_by_role("button", name="Simpan perubahan").click()
    expect(form).to_have_count(0)
    expect(page.get_by_role("status")).to_contain_text("Perubahan tersimpan")
    full = answered(demo, "pemilik03", f"cameras/{camera['id']}")
    assert (full["sharing"], full["reach"]["has_password"]) == ("stored", True)
    # By the city's clock, in Asia/Jakarta.
    assert datetime.fromisoformat(full["view"]["since"]) == datetime(2026, 2, 3, 1, 30, tzinfo=UTC)
    tab.assert_quiet(but=(*STILLS, "415"))


def test_cameras_are_a_layer_of_the_command_centre(open_tab: OpenTab, demo: Site) -> None:
    tab = enter(open_tab, demo, "komando")
    page = tab.page
    layer = page.locator("[data-camera-layer]")
    layer.click()
    expect(layer).to_contain_text(re.compile("6[0-9]"))
    assert "cameras=true" in page.url
    camera = next(one for one in answered(demo, "komando", "cameras")["cameras"] if one["number"] == 1)
    page.goto(f"{demo.url}/?cameras=true&incident=camera:{camera['id']}")
    details = page.locator(f"[data-camera-detail='{camera['id']}']")
    expect(details.get_by_text("Terhubung").first).to_be_visible(timeout=PATIENCE_MS)
    expect(details.locator("[data-snapshot]").first).to_be_visible(timeout=PATIENCE_MS)
    details.locator("[data-snapshot]").first.click()
    expect(page.get_by_role("dialog").locator("img")).to_be_visible()
    page.keyboard.press("Escape")
    page.reload()
    expect(layer).to_have_attribute("aria-pressed", "true")
    expect(details).to_be_visible()
    accessible(page)
    tab.screenshot("command-cameras")
    layer.click()
    expect(page).not_to_have_url(re.compile("cameras=true"))
    tab.assert_quiet(but=STILLS)


def test_a_complaint_shows_what_cameras_saw_of_it_and_what_they_see_now(open_tab: OpenTab, demo: Site) -> None:
    reference, camera = seen_complaint(demo)
    tab = enter(open_tab, demo, "komando", at=f"/?incident=complaint:{reference}")
    page = tab.page
    strip = page.locator("[data-strip]")
    first = strip.locator("article").filter(has_text=camera["name"])
    expect(first.locator("[data-snapshot]").first).to_be_visible(timeout=PATIENCE_MS)
    expect(first).to_contain_text("Sebelum")
    strip.locator("[data-look]").click()
    expect(strip.locator(".now img").first).to_be_visible(timeout=PATIENCE_MS)
    expect(strip.locator("[data-looked]")).to_be_visible(timeout=PATIENCE_MS)
    expect(first).to_contain_text("Sesudah")
    # What was seen now is proposed; a person decides.
    decided = first.locator("[data-confirm]").first.get_attribute("data-confirm")
    first.locator(f"[data-confirm='{decided}']").click()
    expect(first.locator(f"[data-confirm='{decided}']")).to_have_count(0)
    expect(first).to_contain_text("Terkait")
    waiting = first.locator("[data-confirm]").count()
    first.get_by_role("button", name="Bukan ini").first.click()
    expect(first.locator("[data-confirm]")).to_have_count(waiting - 1)
    states = sorted(link["state"] for link in answered(demo, "komando", f"complaints/{reference}")["links"])
    assert {"confirmed", "rejected"} <= set(states)
    film = page.request.get(f"{demo.url}{first.locator('[data-film]').get_attribute('href')}")
    assert (film.status, film.headers["content-type"], film.body()[8:12]) == (200, "image/webp", b"WEBP")
    accessible(page)
    tab.screenshot("complaint-strip")
    tab.assert_quiet(but=STILLS)


@pytest.mark.parametrize("viewport", [DESK, PHONE])
def test_no_button_lies_on_another_wherever_the_panel_is_scrolled(
    open_tab: OpenTab, demo: Site, viewport: tuple[int, int]
) -> None:
    reference, _ = seen_complaint(demo)
    tab = enter(open_tab, demo, "komando", viewport, at=f"/?incident=complaint:{reference}")
    page = tab.page
    look, bar = page.locator("[data-look]"), page.locator("aside .buttons")
    expect(look).to_be_visible(timeout=PATIENCE_MS)
    look.evaluate("(button) => button.scrollIntoView({block: 'start'})")
    tab.screenshot(f"strip-at-the-top-{viewport[0]}")
    over, under = bar.bounding_box(), look.bounding_box()
    assert over is not None
    assert under is not None
    assert under["y"] >= over["y"] + over["height"]
    look.click(trial=True)
    bar.get_by_role("button", name="Tutup").click()
    expect(bar).to_have_count(0)


def test_permits_are_filtered_imported_and_moved(open_tab: OpenTab, demo: Site, tmp_path: Path) -> None:
    tab = enter(open_tab, demo, "komando", at="/izin")
    page = tab.page
    page.locator("[data-finding=no_camera]").click()
    expect(page).to_have_url(re.compile("finding=no_camera"))
    page.reload()
    expect(page.locator("[data-finding=no_camera]")).to_have_attribute("aria-pressed", "true")
    page.locator("select[name=state]").select_option("warned_2")
    expect(page.locator("[data-permit]").first).to_contain_text("Peringatan 2")
    page.locator("[data-permit]").first.click()
    details = page.locator("[data-permit-detail]")
    expect(details).to_contain_text("Tanpa kamera")
    letter = page.request.get(f"{demo.url}{details.locator('[data-letter]').get_attribute('href')}")
    assert letter.ok, letter.text()
    assert letter.body().startswith(b"%PDF")
    details.locator("[data-move=compliant]").click()
    details.get_by_role("button", name="Simpan keputusan").click()
    expect(details.get_by_role("alert")).to_contain_text("catatan")
    details.get_by_label("Catatan").fill("Kamera sudah dipasang")
    details.get_by_role("button", name="Simpan keputusan").click()
    expect(details.locator("ol")).to_contain_text("Kamera sudah dipasang")

    page.locator("[data-import]").click()
    table = tmp_path / "izin.csv"
    table.write_text("number,owner_name\nPBG-990101-01022024-77,Toko Baru\nPBG-990101-31022024-78,Toko Salah\n")
    page.locator("input[name=csv]").set_input_files(table)
    expect(page.get_by_text("1 baru, 0 diperbarui, 0 tetap.")).to_be_visible()
    expect(page.locator("[data-refused]")).to_contain_text("tanggal terbit")
    accessible(page)
    tab.screenshot("permits", full_page=True)
    for form, begins in (("csv", b"number,owner_name,"), ("excel", b"\xef\xbb\xbfNomor izin;Nama pemilik;")):
        exported = page.request.get(f"{demo.url}{page.locator(f'[data-export={form}]').get_attribute('href')}")
        assert exported.body().startswith(begins)
        assert "PBG-990101-01022024-77" in exported.text() or "finding" in page.url
    tab.assert_quiet(but=("/state",))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_owners_page_can_be_used_by_everyone_on_a_phone(open_tab: OpenTab, demo: Site, theme: str) -> None:
    tab = enter(open_tab, demo, "pemilik", PHONE, at="/kamera")
    tab.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    expect(tab.page.locator("[data-camera]").first).to_be_visible()
    assert tab.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    accessible(tab.page)
    tab.screenshot(f"cameras-{theme}")
    tab.assert_quiet(but=STILLS)


def test_the_public_finds_no_cameras_and_no_permits(open_tab: OpenTab, demo: Site) -> None:
    tab = open_tab(DESK)
    tab.page.goto(demo.url)
    expect(tab.page.locator("[data-map] canvas")).to_be_visible()
    expect(tab.page.locator("[data-camera-layer]")).to_have_count(0)
    expect(tab.page.get_by_role("link", name="Izin")).to_have_count(0)
    for path in ("/kamera", "/izin"):
        tab.page.goto(f"{demo.url}{path}")
        expect(tab.page.locator("main").get_by_role("link", name="Masuk")).to_be_visible()
    tab.assert_quiet()
