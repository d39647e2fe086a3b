"""What a camera saw of a complaint that has been open for long, and its own outage."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlmodel import col

from cases.words import CameraDoor, LinkState, StillKind, VisitState
from geo.distance import offset
from storage import outages
from storage.database import open_database
from storage.ids import uuid_at
from storage.outages import Trouble
from storage.tables import Account, Complaint, Link, Snapshot
from tests.ingest.cameras.fleet import camera
from tests.servers.browser import PHONE, OpenTab
from tests.web.conftest import enter
from tests.web.site import Site, lay, running, spot

pytestmark = pytest.mark.browser

DAYS, BY_DAY = 13, 12
"""How long it has been open, and how many hourly stills a day has."""
PENDING = ("/thumbnail",)


@dataclass(frozen=True)
class City:
    """A site with what lies in it."""

    site: Site
    reference: str
    """Of a complaint that the camera has been looking at for days."""
    outage: str
    """The incident that is the camera's outage."""


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A complaint, and the camera that sees it and has fallen silent."""
    folder = tmp_path_factory.mktemp("strip")
    lay(folder)
    since = datetime.now(UTC) - timedelta(days=DAYS)
    with running(folder) as site:
        lon, lat = spot(1, 1)
        said = {"category": "pothole", "lon": lon, "lat": lat, "radius_m": 6, "opened_at": since.isoformat()}
        opened = site.client("command").post("/api/v1/complaints", json=said)
        assert opened.status_code == 201, opened.text
        database = open_database(f"sqlite:///{folder / 'pantau.db'}")
        with database.write() as db:
            complaint = db.scalars(select(Complaint)).one()
            owner = db.scalars(select(Account).where(col(Account.login) == "command")).one()
            lon, lat = offset(lon, lat, 15, 0)
            seeing = camera(owner.id, lon=lon, lat=lat, bearing_deg=270.0, door=CameraDoor.PUSH, url="")
            db.add(seeing)
            db.flush()
            for hour in range(DAYS * BY_DAY):
                at = since + timedelta(days=hour // BY_DAY, hours=hour % BY_DAY, minutes=1)
                shot = _still(seeing.id, at)
                db.add(shot)
                db.flush()
                db.add(_tie(complaint.id, shot.id, "hourly" if hour else "after", at))
            silent = Trouble(seeing.id, VisitState.STALLED, frozenset(), datetime.now(UTC) - timedelta(hours=1))
            outages.follow(db, [silent], datetime.now(UTC))
        database.close()
        (outage,) = site.incidents("command", kind="outage")
        yield City(site, str(opened.json()["reference"]), str(outage["id"]))


def _still(camera_id: UUID, at: datetime) -> Snapshot:
    return Snapshot(
        id=uuid_at(at),
        camera_id=camera_id,
        kind=StillKind.JPEG,
        sha256="0" * 64,
        bytes=1,
        width=640,
        height=360,
        taken_at=at,
        received_at=at,
    )


def _tie(complaint_id: UUID, snapshot_id: UUID, moment: str, at: datetime) -> Link:
    return Link(
        id=uuid4(),
        complaint_id=complaint_id,
        snapshot_id=snapshot_id,
        state=LinkState.PROPOSED,
        score=0.9,
        reasons=[{"code": f"still_{moment}"}],
        created_at=at,
    )


def test_the_last_hours_come_first_and_earlier_ones_when_asked_for(open_tab: OpenTab, city: City) -> None:
    tab = enter(open_tab, city.site, "command", PHONE, at=f"/?incident=complaint:{city.reference}")
    strip, earlier = tab.page.locator("[data-strip]"), tab.page.locator("[data-earlier]")
    # The first after, the three that are nearest to it, and two days'.
    expect(strip.locator("[data-snapshot]")).to_have_count(1 + 3 + 24)
    left = DAYS * BY_DAY - 28
    expect(earlier).to_have_text(f"Gambar per jam sebelumnya ({left})")
    earlier.click()
    expect(strip.locator("[data-snapshot]")).to_have_count(1 + 3 + 120)
    expect(earlier).to_have_text(f"Gambar per jam sebelumnya ({left - 96})")
    earlier.click()
    expect(strip.locator("[data-snapshot]")).to_have_count(DAYS * BY_DAY)
    expect(earlier).to_have_count(0)
    strip.locator("[data-confirm]").first.click()
    expect(tab.page.get_by_text("Kaitan gambar kamera dipastikan")).to_be_visible()
    tab.assert_quiet(but=PENDING)


@pytest.mark.parametrize("filters", ["", "&kind=photo"])
def test_a_link_to_an_outage_shows_its_camera_whatever_the_list_holds(
    open_tab: OpenTab, city: City, filters: str
) -> None:
    tab = enter(open_tab, city.site, "command", at=f"/?incident={city.outage}{filters}")
    details = tab.page.locator("[data-camera-detail]")
    expect(details).to_contain_text("Jalan Mawar 7")
    expect(details).to_contain_text("Tersendat · Sejak")
    tab.page.reload()
    expect(details).to_contain_text("Tersendat · Sejak")
    tab.assert_quiet(but=PENDING)


def test_what_is_shared_as_stored_is_no_broken_picture(open_tab: OpenTab, city: City) -> None:
    (camera,) = city.site.client("command").get("/api/v1/cameras").json()["cameras"]
    changed = city.site.client("command").patch(f"/api/v1/cameras/{camera['id']}", json={"sharing": "stored"})
    assert changed.status_code == 200, changed.text
    tab = enter(open_tab, city.site, "roads", at=f"/?cameras=true&incident=camera:{camera['id']}")
    details = tab.page.locator("[data-camera-detail]")
    expect(details).to_contain_text("hanya membagikan gambar tersimpan")
    expect(details.locator("[data-snapshot]").first).to_be_visible()
    tab.assert_quiet(but=PENDING)
