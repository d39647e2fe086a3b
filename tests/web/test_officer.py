"""An officer with a phone: photos go out, are placed and tied, and none is lost or doubled on a bad network."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.servers.browser import PHONE, OpenTab
from tests.web.conftest import enter, sign_in
from tests.web.site import Site, photo, spot

pytestmark = pytest.mark.browser

NETWORK = ("ERR_INTERNET_DISCONNECTED", "console: ")


def save(page: Page, file: Path, category: str = "pothole", caption: str = "") -> None:
    """Chooses a picture and puts it into the outbox."""
    page.set_input_files("input[name=files]", file)
    expect(page.get_by_role("img", name=file.name)).to_be_visible()
    page.check(f"input[name=category][value={category}]")
    page.fill("textarea[name=caption]", caption)
    page.get_by_role("button", name="Kirim 1 foto").click()


def picture(folder: Path, content: bytes) -> Path:
    """The picture as a file."""
    folder.mkdir(exist_ok=True)
    path = folder / "lubang.jpg"
    path.write_bytes(content)
    return path


def test_a_photo_from_the_phone_is_on_the_map_and_in_the_list_a_moment_later(
    open_tab: OpenTab, site: Site, tmp_path: Path
) -> None:
    lon, lat = spot(1, 1)
    desk = enter(open_tab, site, "command", at=f"/?area=99.01.02.2002&map=14/{lat}/{lon}")
    expect(desk.page.locator("[data-count]")).to_contain_text("0 insiden")

    phone = open_tab(PHONE)
    sign_in(phone.page, site, "officer")
    expect(phone.page).to_have_url(f"{site.url}/kirim")
    save(phone.page, picture(tmp_path / "a", photo(lon, lat, 1)), caption="Lubang di depan pasar")
    card = phone.page.locator("[data-state=sent]")
    expect(card.locator("[data-village]")).to_contain_text("99.01.02.2002, Kecamatan 2, Wanasegara")
    expect(card.locator("[data-complaint]")).to_contain_text("Aduan baru dibuka")
    reference = card.locator("[data-complaint] a").inner_text()

    row = desk.page.locator(f"[data-incident='complaint:{reference}']")
    expect(row).to_contain_text("Jalan berlubang")
    expect(row).to_contain_text("Lubang di depan pasar")
    row.click()
    details = desk.page.get_by_label("Rincian insiden")
    expect(details.get_by_text(reference, exact=True)).to_be_visible()
    details.get_by_role("button", name="Lihat foto lebih besar").first.click()
    expect(desk.page.get_by_role("dialog").get_by_role("img")).to_be_visible()

    save(phone.page, picture(tmp_path / "b", photo(*spot(1, 1, 12), 2)))
    tied = phone.page.locator("[data-complaint]", has_text="Dikaitkan dengan aduan")
    expect(tied).to_contain_text(reference)
    expect(phone.page.locator("[data-state=sent]")).to_have_count(2)
    phone.assert_quiet()
    desk.assert_quiet(but=("/thumbnail", "/preview"))


def test_the_outbox_survives_a_dead_network_and_a_closed_page_and_sends_once(
    open_tab: OpenTab, site: Site, tmp_path: Path
) -> None:
    phone = enter(open_tab, site, "officer", PHONE, at="/kirim")
    phone.page.evaluate("navigator.serviceWorker.ready")
    phone.page.reload()
    expect(phone.page.locator("input[name=category]").first).to_be_attached()
    phone.context.set_offline(True)
    save(phone.page, picture(tmp_path / "a", photo(*spot(2, 2), 3)), caption="Tanpa jaringan")
    expect(phone.page.locator("[data-state=waiting]")).to_contain_text("Tanpa jaringan")

    phone.page.reload()
    waiting = phone.page.locator("[data-state=waiting]")
    expect(waiting).to_contain_text("Tanpa jaringan")
    identity = waiting.get_attribute("data-id")
    expect(phone.page.locator("input[name=category]").first).to_be_attached()
    assert site.incidents("command", q="Tanpa jaringan") == []

    phone.context.set_offline(False)
    expect(phone.page.locator("[data-state=sent]")).to_contain_text("99.01.03.2003")
    phone.page.reload()
    expect(phone.page.locator("[data-state=sent]")).to_have_count(1)
    photos = [one["id"] for one in site.incidents("command", area="99.01.03.2003", kind="photo")]
    assert photos == [f"photo:{identity}"]
    phone.assert_quiet(but=NETWORK)


def test_a_photo_that_says_no_place_asks_for_a_pin_and_takes_it(open_tab: OpenTab, site: Site, tmp_path: Path) -> None:
    phone = enter(open_tab, site, "officer", PHONE, at="/kirim")
    save(phone.page, picture(tmp_path / "a", photo(seed=4)))
    card = phone.page.locator("[data-state=needs_pin]")
    card.get_by_role("button", name="Pasang pin").click()
    small_map = card.locator("[data-pin-map] canvas")
    small_map.click()
    pin = card.get_by_role("button", name="Pin lokasi")
    expect(pin).to_be_visible()
    pin.press("ArrowUp")
    card.get_by_role("button", name="Simpan pin").click()
    expect(phone.page.locator("[data-state=sent] [data-village]")).to_contain_text("Wanasegara")
    phone.assert_quiet()


def test_a_refused_file_stays_with_the_sentence_that_says_why(open_tab: OpenTab, site: Site, tmp_path: Path) -> None:
    phone = enter(open_tab, site, "officer", PHONE, at="/kirim")
    save(phone.page, picture(tmp_path / "a", b"this is no picture"))
    card = phone.page.locator("[data-state=refused]")
    expect(card.get_by_role("button", name="Kirim sekarang")).to_be_visible()
    expect(card.locator(".bad")).not_to_be_empty()
    phone.page.on("dialog", lambda dialog: dialog.accept())
    card.get_by_role("button", name="Hapus dari perangkat").click()
    expect(card).to_have_count(0)
    phone.assert_quiet(but=("/api/v1/photos",))


def test_the_devices_position_goes_with_a_photo_taken_now(open_tab: OpenTab, site: Site, tmp_path: Path) -> None:
    lon, lat = spot(0, 0)
    here = {"longitude": lon, "latitude": lat, "accuracy": 14}
    phone = enter(open_tab, site, "officer", PHONE, at="/kirim", geolocation=here, permissions=["geolocation"])
    expect(phone.page.get_by_text("Posisi perangkat, ± 14 m")).to_be_visible()
    save(phone.page, picture(tmp_path / "a", photo(seed=5)), category="rubbish")
    expect(phone.page.locator("[data-state=sent] [data-village]")).to_contain_text("99.01.01.2001")
    phone.assert_quiet()


def test_something_is_reported_in_confidence_and_leaves_no_trace_on_the_phone(
    open_tab: OpenTab, site: Site, tmp_path: Path
) -> None:
    phone = enter(open_tab, site, "officer", PHONE, at="/kirim")
    phone.page.get_by_role("button", name="Semua kategori").click()
    save(phone.page, picture(tmp_path / "a", photo(*spot(3, 1), 6)), category="illegal_levy", caption="Di loket 3")
    expect(phone.page.locator("[data-state=sent]")).to_contain_text("Diterima secara rahasia")
    assert "illegal_levy" not in phone.page.evaluate("JSON.stringify(localStorage)")
    assert site.incidents("command", q="Di loket 3") == []
    phone.assert_quiet()
