"""Files of incidents from the command centre: what downloads at once, and what is made first."""

import csv
from io import StringIO
from pathlib import Path

import pyogrio
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import expect

from tests.servers.browser import DESK, PHONE, OpenTab
from tests.web.conftest import enter
from tests.web.site import Site, photo, spot

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def pothole(site: Site) -> str:
    """A complaint with its photo; its reference."""
    said = {"category": "pothole", "report": "true", "caption": "Lubang besar"}
    return str(site.send("officer", photo(*spot(0, 1), 21), **said)["complaint"]["reference"])


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_list_is_taken_away_as_it_is_filtered(
    open_tab: OpenTab, site: Site, pothole: str, tmp_path: Path, size: tuple[int, int]
) -> None:
    tab = enter(open_tab, site, "command", size, at="/?category=pothole&kind=complaint")
    page = tab.page
    if size == PHONE:
        page.get_by_role("button", name="Daftar").click()
    page.get_by_role("button", name="Unduh insiden").click()
    dialog = page.get_by_role("dialog", name="Unduh insiden")
    with page.expect_download() as sheet:
        dialog.get_by_role("link", name="Excel").click()
    rows = list(csv.DictReader(StringIO(sheet.value.path().read_text(encoding="utf-8-sig")), delimiter=";"))
    assert pothole in {row["Nomor aduan"] for row in rows}
    assert {row["Jenis"] for row in rows} == {"Aduan"}
    dialog.get_by_role("button", name="GeoPackage").click()
    made = dialog.get_by_role("region", name="Berkas Anda")
    expect(made.get_by_text("Siap")).to_be_visible(timeout=20_000)
    found = Axe().run(page).response["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    assert [(one["id"], [node["failureSummary"] for node in one["nodes"]]) for one in serious] == []
    with page.expect_download() as file:
        made.get_by_role("link", name="Simpan").click()
    path = tmp_path / file.value.suggested_filename
    file.value.save_as(path)
    assert pyogrio.read_info(path, force_feature_count=True)["features"] == len(rows)
    made.get_by_role("button", name="Hapus").click()
    expect(made).to_be_hidden()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    tab.assert_quiet(but=("/thumbnail", "/preview"))


def test_a_file_that_holds_what_was_erased_since_is_not_saved_and_says_why(open_tab: OpenTab, site: Site) -> None:
    sent = site.send("officer", photo(*spot(2, 0), 22), category="pothole", caption="Wajah orang")
    tab = enter(open_tab, site, "command", at="/?kind=photo")
    page = tab.page
    page.get_by_role("button", name="Unduh insiden").click()
    dialog = page.get_by_role("dialog", name="Unduh insiden")
    dialog.get_by_role("button", name="KMZ").click()
    made = dialog.get_by_role("region", name="Berkas Anda")
    expect(made.get_by_text("Siap")).to_be_visible(timeout=20_000)
    site.client("officer").delete(f"/api/v1/photos/{sent['id']}").raise_for_status()
    made.get_by_role("link", name="Simpan").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Berkas ini ditarik")
    expect(made.get_by_text("Buat unduhan baru")).to_be_visible()
    expect(made.get_by_role("link", name="Simpan")).to_be_hidden()
    tab.assert_quiet(but=("/thumbnail", "/preview", "/file"))
