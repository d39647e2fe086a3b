"""Many complaints and photos at once, made from a seed, for tests of what is found among them.

The ground `crowd` holds some whose counts are built: for tests that change them.
"""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from cases.complaint import CLOSED
from cases.reference import make
from cases.words import CameraDoor, LocationSource, ProcessingState, Role, Status, VisitState
from geo.cells import cell
from storage.database import Database, open_database
from storage.rollups.rebuild import rebuild
from storage.tables import Account, Agency, Camera, Category, Complaint, Outage, Photo
from tests.storage.pairs import BARE, GROUNDS, Ground, Pair

JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
BOX = (113.0, -8.5, 113.5, -8.0)
AGENCIES = ("dishub", "dlh", "bina_marga")
CATEGORIES = {
    "sidewalk_parking": ("dishub", False),
    "rubbish": ("dlh", False),
    "pothole": ("bina_marga", False),
    "illegal_levy": ("dishub", True),
}
AREAS = tuple(f"35.10.{district:02}.{village}" for district in (1, 2, 3) for village in (1001, 1002, 2001, 2002))
WORDS = ("Mobil di trotoar", "Sampah 100% penuh", "Jalan ber_lubang", "Macet", "")
OFFICER, OWNER = UUID(int=1), UUID(int=2)
CAMERAS = {UUID(int=11): OWNER, UUID(int=12): OFFICER}
"""Two cameras in the first of AREAS, by whose they are."""


def settle(db: Session) -> None:
    """The agencies, categories and the officer that the crowd refers to."""
    db.add_all(Agency(code=code, name_id=code, name_en=code) for code in AGENCIES)
    db.flush()
    for position, (code, (agency, confidential)) in enumerate(CATEGORIES.items()):
        db.add(
            Category(
                code=code,
                name_id=code,
                name_en=code,
                agency_code=agency,
                deadline_hours=24,
                radius_m=50,
                confidential=confidential,
                position=position,
            )
        )
    db.add(Account(id=OFFICER, login="officer", name="Officer", role=Role.OFFICER, created_at=NOW))
    db.add(Account(id=OWNER, login="owner", name="Owner", role=Role.OWNER, created_at=NOW))
    db.flush()
    for number, (camera_id, account_id) in enumerate(CAMERAS.items()):
        place: dict[str, Any] = {"lon": BOX[0], "lat": BOX[1], "cell": cell(BOX[0], BOX[1]), "area_code": AREAS[0]}
        named: dict[str, Any] = {"id": camera_id, "number": number, "account_id": account_id, "name": "Jalan Mawar"}
        db.add(Camera(**named, **place, door=CameraDoor.HTTP, created_at=NOW, updated_at=NOW))
    db.flush()


def gather(db: Session, number: int, seed: int = 1) -> None:
    """`number` complaints and half as many photos, some without a place, several at the very same moment."""
    rng = Random(seed)
    db.execute(insert(Complaint), [_complaint(rng) for _ in range(number)])
    db.execute(insert(Photo), [_photo(rng) for _ in range(number // 2)])
    db.execute(insert(Outage), [_outage(rng) for _ in range(number // 6)])


def count(database: Database) -> None:
    """Two hundred complaints with what belongs to them, and their counts."""
    with database.write() as db:
        settle(db)
        gather(db, 200)
    rebuild(database, JAKARTA, NOW)


def _counted(url: str) -> None:
    with open_database(url) as database:
        count(database)


GROUNDS["counted_crowd"] = Ground("crowd", _counted, over=BARE)


@pytest.fixture
def counted_crowd(pair: Pair) -> Pair:
    """A crowd whose counts are built, for one test to change."""
    return pair


def _place(rng: Random) -> dict[str, object]:
    if rng.random() < 0.1:
        return {"lon": None, "lat": None, "cell": None, "area_code": None, "radius_m": None, "location_source": None}
    west, south, east, north = BOX
    lon, lat = rng.uniform(west, east), rng.uniform(south, north)
    area = None if rng.random() < 0.05 else rng.choice(AREAS)
    return {
        "lon": lon,
        "lat": lat,
        "cell": cell(lon, lat),
        "area_code": area,
        "radius_m": 10.0,
        "location_source": LocationSource.EXIF,
    }


def _moment(rng: Random) -> datetime:
    return NOW - timedelta(minutes=rng.randrange(60 * 24 * 30), seconds=rng.choice((0, 0, 30)))


def _complaint(rng: Random) -> dict[str, object]:
    category = rng.choice(list(CATEGORIES))
    agency, confidential = CATEGORIES[category]
    opened, status = _moment(rng), rng.choice(list(Status))
    return {
        "id": UUID(int=rng.getrandbits(128)),
        "reference": make(rng.randbytes(6)),
        "category_code": category,
        "agency_code": agency,
        "status": status,
        "description": rng.choice(WORDS),
        "confidential": confidential,
        "opened_at": opened,
        "received_at": opened,
        "updated_at": opened + timedelta(hours=rng.randrange(50)),
        "due_at": opened + timedelta(hours=rng.choice((4, 24, 168))),
        "closed_at": opened + timedelta(hours=3) if status in CLOSED else None,
        "opened_by": None,
        "duplicate_of": None,
        "version": 1,
        **_place(rng),
    }


def _photo(rng: Random) -> dict[str, object]:
    category = rng.choice([*CATEGORIES, None])
    taken = _moment(rng)
    return {
        "id": UUID(int=rng.getrandbits(128)),
        "account_id": OFFICER,
        "category_code": category,
        "caption": rng.choice(WORDS),
        "confidential": category is not None and CATEGORIES[category][1],
        "sha256": f"{rng.getrandbits(256):064x}",
        "bytes": 1000,
        "media_type": "image/jpeg",
        "width": 640,
        "height": 480,
        "taken_at": taken,
        "received_at": taken,
        "occurred_at": taken,
        "updated_at": taken + timedelta(hours=rng.randrange(50)),
        "deleted_at": NOW if rng.random() < 0.1 else None,
        "processing": rng.choice((ProcessingState.DONE, ProcessingState.PENDING)),
        "candidates": [],
        "device": {},
        "warnings": [],
        **_place(rng),
    }


def _outage(rng: Random) -> dict[str, object]:
    began, camera_id = _moment(rng), rng.choice(list(CAMERAS))
    while (place := _place(rng))["cell"] is None:
        pass
    del place["location_source"]
    return {
        "id": UUID(int=rng.getrandbits(128)),
        "camera_id": camera_id,
        "account_id": CAMERAS[camera_id],
        "state": rng.choice((VisitState.STALLED, VisitState.UNREACHABLE)),
        "faults": [],
        "began_at": began,
        # A camera has one at most that lasts: here they all have ended.
        "ended_at": began + timedelta(hours=1),
        "updated_at": began + timedelta(hours=1),
        **place,
    }
