"""The command centre's map: all that matches, from the vector tiles, counted or one by one."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from geo.cells import cells
from geo.tiles import Tile, cells_of
from tests.servers.browser import DESK, OpenTab
from tests.web.conftest import enter, signed_in
from tests.web.site import Site, lay, photo, running, spot

pytestmark = pytest.mark.browser

FAR, NEAR = 9, 17
"""Zooms at which the map counts, and at which it shows one by one."""
CELL = 12
"""The zoom of the cells that it shows from FAR."""
PENDING = ("/thumbnail",)
PAUSE_MS = 4_000
"""Within this the map asks for its tiles again, if anything changed."""
_TILE = re.compile(r"/tiles/incidents/\d+/\d+/\d+\.mvt\?(.*)$")


@dataclass(frozen=True)
class City:
    """A site with what lies in it."""

    site: Site
    pothole: str
    """The reference of the complaint in the first village."""


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """Three potholes in two districts and rubbish in a third, each a complaint and a photo."""
    folder = tmp_path_factory.mktemp("map")
    lay(folder)
    places = [((0, 0), "pothole"), ((2, 0), "pothole"), ((3, 1), "pothole"), ((1, 2), "rubbish")]
    with running(folder) as site:
        told = [
            site.send("officer", photo(*spot(*at), seed), category=category, report="true")
            for seed, (at, category) in enumerate(places, start=31)
        ]
        yield City(site, str(told[0]["complaint"]["reference"]))


def there(place: tuple[float, float], zoom: float, query: str = "") -> str:
    """The path of the command centre with the map there."""
    lon, lat = place
    return f"/?map={zoom}/{lat}/{lon}{query}"


def in_sight(page: Page, number: int) -> None:
    """Waits until the map shows so many."""
    expect(page.locator("[data-sight]")).to_have_text(f"{number} di peta")


def circle_of(lon: float, lat: float) -> tuple[float, float]:
    """Where the circle is that counts what lies there: the middle of its cell."""
    code = int(cells_of(cells([lon], [lat]), CELL)[0])
    x, y = (sum((code >> 2 * bit + odd & 1) << bit for bit in range(CELL)) for odd in (0, 1))
    return Tile(CELL, x, y).middle


def test_the_map_counts_every_row_and_filters_change_it(open_tab: OpenTab, city: City) -> None:
    tab = signed_in(open_tab, city.site, "command")
    page = tab.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(city.site.url + there(spot(1, 1), FAR))
    rows = city.site.incidents("command")
    assert len(rows) == 8
    in_sight(page, 8)
    page.get_by_label("Kategori").select_option("pothole")
    in_sight(page, 6)
    page.get_by_role("combobox", name="Wilayah").fill("Kecamatan 1")
    page.get_by_role("option", name="Kecamatan 1").click()
    in_sight(page, 4)
    assert len(city.site.incidents("command", category="pothole", area="99.01.01")) == 4
    questions = [parse_qs(found[1]) for url in asked if (found := _TILE.search(url))]
    assert "category" not in questions[0]
    assert (questions[-1]["category"], questions[-1]["area"]) == (["pothole"], ["99.01.01"])
    tab.assert_quiet(but=PENDING)


def test_a_circle_leads_nearer_and_a_symbol_to_its_details(open_tab: OpenTab, city: City) -> None:
    tab = enter(open_tab, city.site, "command", at=there(circle_of(*spot(0, 0)), FAR, "&kind=complaint"))
    page, map_ = tab.page, tab.page.locator("[data-map] canvas")
    in_sight(page, 4)
    map_.click()
    expect(page).to_have_url(re.compile(rf"map={FAR + 2}\.00"))
    page.goto(city.site.url + there(spot(0, 0), NEAR, "&kind=complaint"))
    in_sight(page, 1)
    tab.screenshot("map-single")
    map_.click()
    expect(page.get_by_label("Rincian insiden").get_by_text(city.pothole, exact=True)).to_be_visible()
    assert f"incident=complaint:{city.pothole}" in page.url.replace("%3A", ":")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Rincian insiden")).to_have_count(0)
    tab.assert_quiet(but=PENDING)


def test_each_sees_on_the_map_what_they_may(open_tab: OpenTab, city: City) -> None:
    camat = enter(open_tab, city.site, "camat", at=there(spot(1, 1), FAR))
    in_sight(camat.page, 4)
    assert {one["properties"]["area"][:8] for one in city.site.incidents("camat")} == {"99.01.01"}
    public = open_tab(DESK)
    public.page.goto(city.site.url + there(spot(1, 1), FAR))
    in_sight(public.page, 4)
    public.assert_quiet()


def test_what_is_new_comes_onto_the_map_without_a_reload(open_tab: OpenTab, city: City) -> None:
    tab = enter(open_tab, city.site, "command", at=there(spot(1, 1), FAR, "&category=flooding"))
    page = tab.page
    expect(page.locator("[data-link=live]")).to_have_count(1)
    in_sight(page, 0)
    page.evaluate("window.same = true")
    city.site.send("officer", photo(*spot(1, 1), 41), category="flooding", report="true")
    in_sight(page, 2)
    # What a filter leaves out does not come.
    city.site.send("officer", photo(*spot(2, 1), 42), category="rubbish", report="true")
    city.site.send("officer", photo(*spot(2, 2), 43), category="flooding", report="true")
    in_sight(page, 4)
    assert page.evaluate("window.same") is True
    tab.assert_quiet(but=PENDING)


class Late:
    """Answers that a page asked for and has not got yet: what the service said when it was asked."""

    def __init__(self, page: Page, address: re.Pattern[str], which: str = "", *, again: bool = False) -> None:
        """`again`: only of addresses that were asked for before."""
        self._page, self._held = page, list[tuple[Route, APIResponse]]()
        self._again, self._asked = again, set[str]()
        page.route(address, self._keep)
        self.which: str | None = which
        """Of the addresses those with this in them; None: no more are held."""

    def _keep(self, route: Route) -> None:
        url = route.request.url
        new = self._again and url not in self._asked
        self._asked.add(url)
        if new or self.which is None or self.which not in url:
            route.continue_()
        else:
            self._held.append((route, route.fetch()))

    def wait(self) -> None:
        """Until something is held, and a little longer for what comes with it."""
        end = time.monotonic() + 15
        while not self._held and time.monotonic() < end:
            self._page.wait_for_timeout(50)
        assert self._held
        self._page.wait_for_timeout(500)

    def release(self) -> None:
        """Hands on all that is held, and holds no more."""
        self.which = None
        for route, answer in self._held:
            route.fulfill(response=answer)


def test_a_filter_that_changes_while_tiles_come_is_what_the_map_shows(open_tab: OpenTab, city: City) -> None:
    tab = signed_in(open_tab, city.site, "command", service_workers="block")
    page = tab.page
    late = Late(page, _TILE)
    page.goto(city.site.url + there(spot(1, 1), FAR, "&kind=complaint&area=99.01.01"))
    late.wait()
    late.which = "nothing more"
    page.get_by_label("Kategori").select_option("pothole")
    expect(page.locator("[data-count]")).to_contain_text("2 insiden")
    page.get_by_label("Kategori").select_option("rubbish")
    expect(page.locator("[data-count]")).to_contain_text("0 insiden")
    page.wait_for_timeout(PAUSE_MS)
    late.release()
    in_sight(page, 0)
    tab.assert_quiet(but=PENDING)


def test_a_filter_that_changes_before_the_map_is_made_is_what_it_shows(open_tab: OpenTab, city: City) -> None:
    tab = signed_in(open_tab, city.site, "command", service_workers="block")
    page = tab.page
    late = Late(page, re.compile(r"\.woff2$"))
    page.goto(city.site.url + there(spot(1, 1), FAR, "&kind=complaint"), wait_until="commit")
    late.wait()
    page.get_by_label("Kategori").select_option("pothole")
    expect(page.locator("[data-count]")).to_contain_text("3 insiden")
    late.release()
    in_sight(page, 3)
    tab.assert_quiet(but=PENDING)


def test_what_is_new_comes_onto_a_map_whose_tiles_are_still_on_their_way(open_tab: OpenTab, city: City) -> None:
    tab = signed_in(open_tab, city.site, "command", service_workers="block")
    page = tab.page
    late = Late(page, _TILE)
    page.goto(city.site.url + there(spot(1, 1), FAR, "&category=streetlight"))
    expect(page.locator("[data-link=live]")).to_have_count(1)
    late.wait()
    late.which = "nothing more"
    city.site.send("officer", photo(*spot(1, 1), 51), category="streetlight", report="true")
    expect(page.locator("[data-count]")).to_contain_text("2 insiden")
    page.wait_for_timeout(PAUSE_MS)
    late.release()
    in_sight(page, 2)
    tab.assert_quiet(but=PENDING)


def test_an_answer_that_was_overtaken_is_not_what_the_map_shows(open_tab: OpenTab, city: City) -> None:
    tab = signed_in(open_tab, city.site, "command", service_workers="block")
    page = tab.page
    late = Late(page, _TILE, "nothing yet")
    page.goto(city.site.url + there(spot(1, 1), FAR, "&kind=complaint"))
    expect(page.locator("[data-link=live]")).to_have_count(1)
    in_sight(page, len(city.site.incidents("command", kind="complaint")))
    late.which = "kind=complaint"
    city.site.send("officer", photo(*spot(3, 2), 52), category="fallen_tree", report="true")
    late.wait()
    late.which = "nothing more"
    page.get_by_label("Kategori").select_option("pothole")
    expect(page.locator("[data-count]")).to_contain_text("3 insiden")
    page.wait_for_timeout(PAUSE_MS)
    late.release()
    page.wait_for_timeout(1_500)
    in_sight(page, 3)
    tab.assert_quiet(but=PENDING)


def test_tiles_that_are_asked_for_again_and_come_late_and_unchanged_are_counted(open_tab: OpenTab, city: City) -> None:
    tab = signed_in(open_tab, city.site, "command", service_workers="block")
    page = tab.page
    late = Late(page, _TILE, again=True)
    page.goto(city.site.url + there(spot(1, 1), FAR, "&kind=complaint&category=pothole"))
    late.wait()
    page.wait_for_timeout(1_500)
    late.release()
    in_sight(page, 3)
    tab.assert_quiet(but=PENDING)


def test_tiles_that_cannot_be_had_are_told_of_until_they_can(open_tab: OpenTab, city: City) -> None:
    tab = signed_in(open_tab, city.site, "command", service_workers="block")
    page = tab.page
    page.goto(city.site.url + there(spot(1, 1), FAR, "&kind=complaint"))
    expect(page.locator("[data-link=live]")).to_have_count(1)
    in_sight(page, len(city.site.incidents("command", kind="complaint")))
    note = page.get_by_text("Sebagian peta belum termuat")
    expect(note).to_have_count(0)
    page.route(_TILE, lambda route: route.fulfill(status=503))
    city.site.send("officer", photo(*spot(3, 0), 53), category="fallen_tree", report="true")
    expect(note).to_be_visible()
    page.unroute(_TILE)
    page.get_by_label("Kategori").select_option("rubbish")
    in_sight(page, len(city.site.incidents("command", kind="complaint", category="rubbish")))
    expect(note).to_have_count(0)
    tab.assert_quiet(but=(*PENDING, "answer 503"))
