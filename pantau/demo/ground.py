"""The ground of the demo: areas and roads of the drawn city, the catalogue, an account for everybody in the story."""

import json
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from shapely import LineString
from sqlalchemy.orm import Session

from cases import catalogue
from cases.words import Role
from geo.roads import RoadLine
from ingest.areas.read import Prepared, prepare
from ingest.parts import Parts
from pantau.demo.city import City, the_city
from pantau.demo.mark import LAID, DemoRefused
from pantau.demo.people import ADMINISTRATOR, COMMAND, OFFICERS, OWNER, agency_login, officer_login
from storage import accounts, agencies, areas, facts, roads


def lay(parts: Parts, seed: int) -> bool:
    """Lays the ground unless it lies there already; whether it was laid now. It takes a few seconds.

    Raises DemoRefused where there are accounts or areas that a demo did not make, or another demo's city.
    """
    with parts.database.read() as db:
        laid = facts.get(db, LAID)
        if laid is None and (accounts.listed(db) or areas.listed(db)):
            raise DemoRefused(
                f"{parts.database.place} is in use; a demo needs a place of its own: unset PANTAU_DATABASE_URL, or "
                "choose another PANTAU_DATA_DIR"
            )
    if laid is not None:
        if laid != str(seed):
            raise DemoRefused(f"the city of seed {laid} is here already; choose another PANTAU_DATA_DIR for {seed}")
        return False
    city = the_city(seed)
    prepared = _areas_of(city)
    now = parts.clock()
    with parts.database.write() as db:
        areas.save(db, prepared.areas, now)
        roads.replace(db, [RoadLine(road.name, road.class_, LineString(road.coordinates)) for road in city.roads])
        agencies.save(db, catalogue.default())
        _people(db, now)
        facts.put(db, LAID, str(seed), now)
    parts.areas.forget()
    return True


def _areas_of(city: City) -> Prepared:
    """The city's areas by way of a file, as a real regency's come in."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "villages.geojson"
        file.write_text(json.dumps(city.areas_geojson), encoding="utf-8")
        return prepare(file)


def _people(db: Session, now: datetime) -> None:
    """Accounts without passwords: in a demo anyone may be each of them by one click."""
    for number, name in enumerate(OFFICERS, start=1):
        accounts.add(db, login=officer_login(number), name=name, role=Role.OFFICER, now=now)
    for agency in agencies.agencies(db):
        account = accounts.add(
            db, login=agency_login(agency.code), name=agency.name_id, role=Role.AGENCY, now=now, agency_code=agency.code
        )
        led = [entry for entry in catalogue.default().categories if entry.agency == agency.code and entry.confidential]
        for entry in led:
            agencies.set_member(db, entry.code, account.id, member=True)
    accounts.add(db, login=COMMAND, name="Ruang Komando", role=Role.COMMAND, now=now)
    accounts.add(db, login=ADMINISTRATOR, name="Administrator Demo", role=Role.ADMINISTRATOR, now=now)
    accounts.add(db, login=OWNER, name="Toko Sinar Jaya", role=Role.OWNER, now=now)
