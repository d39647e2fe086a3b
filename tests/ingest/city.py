"""A small city for tests: villages, agencies, people, and all the parts over one pair of database and store."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest

from cases import catalogue
from cases.access import Principal
from cases.words import Role
from geo.distance import offset
from ingest.cameras.address import Guard
from ingest.cameras.secrets import GivenKeys, Keys, new_key
from ingest.parts import Limits, Parts
from ingest.photos.arriving import IncomingPhoto
from ingest.photos.decoding import Decoder
from ingest.photos.receive import Received, receive
from ingest.worker import Worker
from storage import accounts, agencies, areas
from storage.areas import AreaBook
from storage.database import Database, open_database
from storage.tables import CategoryMember, Complaint, Link, Photo
from tests.geo.made import area, grid, middle, square
from tests.ingest.photos import samples
from tests.storage.pairs import BARE, GROUNDS, Ground, Pair

NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
HERE = middle(1, 1)
"""The middle of village 99.01.02.2002."""

VILLAGE = "99.01.02.2002"


@dataclass
class Clock:
    """A clock that tests move."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **span: float) -> None:
        """Lets time pass."""
        self.now += timedelta(**span)


@dataclass
class City:
    """Parts, people and shorthands. `people` are principals by login."""

    parts: Parts
    clock: Clock
    people: dict[str, Principal] = field(default_factory=dict)

    def send(self, who: str = "officer", picture: bytes | None = None, **said: Any) -> Received:
        """Sends a photo: by default a new picture with a position by the device, at HERE."""
        if picture is None:
            picture = samples.jpeg(size=(64, 48), seed=said.pop("seed", 0))
        return receive(self.parts, self.people[who], IncomingPhoto(**said), BytesIO(picture))

    def here(self, east_m: float = 0, **said: Any) -> dict[str, Any]:
        """What a phone says that stands so many metres east of HERE."""
        lon, lat = offset(*HERE, east_m, 0)
        return {"lon": lon, "lat": lat, "accuracy_m": 8.0, "category": "pothole", **said}

    def rows(self, kind: type[Any]) -> list[Any]:
        """Every row of a table."""
        with self.parts.database.read() as db:
            return list(db.query(kind))

    def links(self, photo: Photo) -> list[Link]:
        """The photo's links, surest first."""
        held = [link for link in self.rows(Link) if link.photo_id == photo.id]
        return sorted(held, key=lambda link: -link.score)

    def photo(self, photo: Photo) -> Photo:
        """The photo as it is now."""
        with self.parts.database.read() as db:
            return db.get_one(Photo, photo.id)

    def complaint(self, complaint: Complaint) -> Complaint:
        """The complaint as it is now."""
        with self.parts.database.read() as db:
            return db.get_one(Complaint, complaint.id)

    def work(self) -> int:
        """Does every job that is due; how many there were."""
        worker, done = Worker(self.parts, "test"), 0
        while worker.run_once():
            done += 1
        return done


PEOPLE: dict[str, dict[str, Any]] = {
    "officer": {"role": Role.OFFICER},
    "colleague": {"role": Role.OFFICER},
    "roads": {"role": Role.AGENCY, "agency_code": "bina_marga"},
    "rubbish": {"role": Role.AGENCY, "agency_code": "dlh"},
    "command": {"role": Role.COMMAND},
    "inspector": {"role": Role.AGENCY, "agency_code": "inspektorat"},
}

TEAMS = {"inspector": ("illegal_levy",)}


@pytest.fixture(scope="session")
def decoder() -> Iterator[Decoder]:
    """One decoder for all tests: its processes start once."""
    with Decoder(workers=1, examine_s=20) as made:
        yield made


@pytest.fixture
def city(pair: Pair, decoder: Decoder) -> Iterator[City]:
    """The city on each pair in turn."""
    yield from _made(pair, decoder)


@pytest.fixture(scope="module")
def kept_city(kept_pair: Pair, decoder: Decoder) -> Iterator[City]:
    """One city for all tests of a module: for those that only ask."""
    yield from _made(kept_pair, decoder)


def _laid(url: str) -> None:
    """Areas, agencies and people in a migrated database."""
    with open_database(url) as database:
        _lay(database)


def _lay(database: Database) -> None:
    with database.write() as db:
        areas.save(db, [*grid(), area("99.01.02", square(0, 1, 4, 1), "Tengah")], NOON)
        agencies.save(db, catalogue.default())
        for login, which in PEOPLE.items():
            account = accounts.add(db, login=login, name=login.title(), now=NOON, **which)
            for code in TEAMS.get(login, ()):
                db.add(CategoryMember(category_code=code, account_id=account.id))


GROUNDS["city"] = Ground("city", _laid, over=BARE)


def _people(database: Database) -> dict[str, Principal]:
    with database.read() as db:
        found = {account.login: account for account in accounts.listed(db)}
        return {login: accounts.principal(found[login], TEAMS.get(login, ())) for login in PEOPLE if login in found}


def _made(pair: Pair, decoder: Decoder) -> Iterator[City]:
    clock = Clock()
    people = _people(pair.database)
    if not people:
        _lay(pair.database)
        people = _people(pair.database)
    parts = Parts(
        pair.database,
        pair.blobs,
        decoder,
        AreaBook(pair.database),
        Keys(GivenKeys(new_key())),
        # The tests' cameras run on this machine.
        guard=Guard(allow_loopback=True),
        limits=Limits(bytes=3_000_000),
        clock=clock,
    )
    yield City(parts, clock, people)
    parts.pictures.close()
    parts.films.close()
