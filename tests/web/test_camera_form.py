"""The form of a camera, sent again after what may go wrong on the way."""

import re

import pytest
from playwright.sync_api import expect

from tests.ingest.photos import samples
from tests.servers.browser import PHONE, OpenTab
from tests.web.site import Site
from tests.web.test_cameras import answered, enter

pytestmark = pytest.mark.browser


def test_a_camera_is_registered_once_however_often_it_is_sent(open_tab: OpenTab, demo: Site) -> None:
    page = enter(open_tab, demo, "pemilik", at="/kamera").page
    page.locator("[data-add-camera]").click()
    form = page.locator("[data-camera-form]")
    form.locator("select[name=door]").select_option("push")
    form.locator("[data-view-map] canvas").click()
    expect(form.locator("input[name=bearing]")).to_be_visible()
    form.locator("input[name=camera-name]").fill("Sekali saja")
    page.route("**/api/v1/cameras", lambda route: (route.fetch(), route.abort()))  # done, and the answer is lost
    send, sign = form.get_by_role("button", name="Daftarkan kamera"), form.locator("input[name=sign]")
    send.click()
    expect(form.get_by_role("alert")).to_be_visible()
    page.unroute("**/api/v1/cameras")
    sign.set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"teks"})
    form.locator("input[name=keep]").fill("400")
    send.click()
    expect(form.get_by_role("alert")).to_contain_text("bukan gambar")
    photo = samples.jpeg(size=(400, 300))
    sign.set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo})
    send.click()
    expect(form).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text="Kamera terdaftar")).to_be_visible()
    made = [one for one in answered(demo, "pemilik", "cameras?limit=1000")["cameras"] if one["name"] == "Sekali saja"]
    assert len(made) == 1
    full = answered(demo, "pemilik", f"cameras/{made[0]['id']}")
    assert (full["keep_days"], bool(full["sign"])) == (400, True)
    card = page.locator(f"[data-camera='{made[0]['id']}']")
    page.on("dialog", lambda dialog: dialog.accept())
    card.get_by_role("button", name="Hentikan kamera").click()
    expect(card).to_have_count(0)


def test_a_camera_finds_its_place_by_keys_alone(open_tab: OpenTab, demo: Site) -> None:
    page = enter(open_tab, demo, "pemilik", PHONE, at="/kamera").page
    page.locator("[data-add-camera]").press("Enter")
    form = page.locator("[data-camera-form]")
    canvas = form.locator("[data-view-map] canvas")
    canvas.focus()
    expect(canvas).to_have_attribute("aria-label", re.compile("Enter"))
    canvas.press("Enter")
    expect(form.get_by_role("button", name=re.compile("^Tempat kamera"))).to_be_visible()
    expect(form.locator("input[name=bearing]")).to_be_visible()
    page.locator("[data-add-permit]").press("Enter")
    form = page.locator("[data-permit-form]")
    expect(form.locator(".pin")).to_have_count(0)
    form.locator("[data-pin-map] canvas").press("Enter")
    expect(form.locator(".pin")).to_be_visible()


def test_an_owners_bar_shows_its_name_only_where_there_is_room(open_tab: OpenTab, demo: Site) -> None:
    page = enter(open_tab, demo, "pemilik", PHONE, at="/kamera").page
    expect(page.locator("header nav a")).to_have_count(3)
    for wide in (320, 360, 390, 430, 480, 700):
        page.set_viewport_size({"width": wide, "height": 740})
        name, first = (page.locator(f"header {which}").first.bounding_box() for which in (".words b", "nav a"))
        assert name is not None
        assert first is not None
        assert page.locator("header .words").evaluate("one => one.clientWidth") <= 1 or (
            name["x"] + name["width"] <= first["x"]
        ), wide
