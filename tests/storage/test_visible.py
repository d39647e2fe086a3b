"""The predicate of who sees what, held against its words in plain Python, over generated rows on both engines."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, not_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.access import PUBLIC, Principal, Sight, sight
from cases.words import LinkState, Role
from storage import visible
from storage.database import Database
from storage.tables import Account, Agency, Category, Complaint, Link, Photo
from tests.storage.pairs import Pair

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
AGENCIES = ("dishub", "dlh")
CATEGORIES = {"parking": "dishub", "levy": "dishub", "rubbish": "dlh", "harassment": "dlh"}
AREAS = (
    None,
    "35.10",
    "35.10.2",
    "35.10.21",
    "35.10.21.1002",
    "35.10.22.1001",
    "35.11",
    "3510",
    "3510210",
    "3510210002",
)
ACCOUNTS = tuple(UUID(int=number) for number in (1, 2))


@dataclass(frozen=True)
class World:
    """Some complaints, photos and links between them, by their positions."""

    complaints: tuple[dict[str, Any], ...]
    photos: tuple[dict[str, Any], ...]
    links: tuple[tuple[int, int, LinkState], ...]


def choice(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


COMPLAINTS = st.fixed_dictionaries(
    {
        "category_code": choice(*CATEGORIES),
        "agency_code": choice(*AGENCIES),
        "area_code": choice(*AREAS),
        "confidential": st.booleans(),
        "opened_by": choice(None, *ACCOUNTS),
    }
)
PHOTOS = st.fixed_dictionaries(
    {
        "account_id": choice(*ACCOUNTS),
        "category_code": choice(None, *CATEGORIES),
        "area_code": choice(*AREAS),
        "confidential": st.booleans(),
        "deleted_at": choice(None, None, None, NOW),
    }
)
SIGHTS = st.builds(
    Sight,
    account_id=choice(None, *ACCOUNTS),
    photos=choice(True, True, False),
    agency_code=choice(None, *AGENCIES),
    area_code=choice(None, "35.10", "35.10.21", "35.10.21.1002", "3510", "3510210"),
    teams=st.frozensets(choice(*CATEGORIES), max_size=2),
)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    complaints = tuple(draw(st.lists(COMPLAINTS, max_size=8)))
    photos = tuple(draw(st.lists(PHOTOS, max_size=8)))
    pairs = list(product(range(len(complaints)), range(len(photos))))
    tied = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=8)) if pairs else []
    return World(complaints, photos, tuple((one, other, draw(choice(*LinkState))) for one, other in tied))


def inside(area: str | None, of: str | None) -> bool:
    if of is None:
        return True
    return area is not None and (area == of or area.startswith(f"{of}." if "." in of else of))


def told(row: dict[str, Any], who: Sight) -> bool:
    return not row["confidential"] or row["category_code"] in who.teams


def sees_complaint(row: dict[str, Any], who: Sight) -> bool:
    if who.account_id is not None and row["opened_by"] == who.account_id and not row["confidential"]:
        return True
    mine = who.agency_code is None or row["agency_code"] == who.agency_code
    return told(row, who) and mine and inside(row["area_code"], who.area_code)


def sees_photo(world: World, number: int, who: Sight) -> bool:
    row = world.photos[number]
    if not who.photos or row["deleted_at"] is not None:
        return False
    if row["account_id"] == who.account_id:
        return True
    tied = {
        world.complaints[complaint]["agency_code"]
        for complaint, photo, state in world.links
        if photo == number and state is not LinkState.REJECTED
    }
    theirs = who.agency_code is None or who.agency_code in tied | {CATEGORIES.get(row["category_code"])}
    return told(row, who) and theirs and inside(row["area_code"], who.area_code)


@pytest.fixture
def peopled(pair: Pair) -> Iterator[Database]:
    with pair.database.write() as db:
        db.add_all(Agency(code=code, name_id=code, name_en=code) for code in AGENCIES)
        db.add_all(Account(id=one, login=str(one), name="Sri", role=Role.OFFICER, created_at=NOW) for one in ACCOUNTS)
        db.flush()
        for code, agency in CATEGORIES.items():
            db.add(Category(code=code, name_id=code, name_en=code, agency_code=agency, deadline_hours=1, radius_m=50))
    yield pair.database


def fill(db: Session, world: World) -> None:
    for table in (Link, Photo, Complaint):
        db.execute(delete(table))
    for number, complaint in enumerate(world.complaints):
        times: dict[str, Any] = dict.fromkeys(("opened_at", "received_at", "updated_at", "due_at"), NOW)
        db.execute(
            insert(Complaint).values(id=UUID(int=number), reference=str(number), version=1, **times, **complaint)
        )
    for number, photo in enumerate(world.photos):
        moments: dict[str, Any] = dict.fromkeys(("received_at", "occurred_at", "updated_at"), NOW)
        db.add(Photo(id=UUID(int=number), sha256="", bytes=1, media_type="", width=1, height=1, **moments, **photo))
    db.flush()
    for number, (complaint_at, photo_at, state) in enumerate(world.links):
        ends = {"complaint_id": UUID(int=complaint_at), "photo_id": UUID(int=photo_at)}
        db.execute(insert(Link).values(id=UUID(int=number), state=state, score=0.5, reasons=[], created_at=NOW, **ends))


def ids(db: Session, asked: Any) -> set[int]:
    return {found.int for found in db.scalars(asked)}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds(), who=st.lists(SIGHTS, min_size=1, max_size=4))
def test_the_predicates_say_what_the_rule_says(peopled: Database, world: World, who: list[Sight]) -> None:
    with peopled.write() as db:
        fill(db, world)
        for one in who:
            complaints = {n for n, row in enumerate(world.complaints) if sees_complaint(row, one)}
            photos = {n for n in range(len(world.photos)) if sees_photo(world, n, one)}
            assert ids(db, select(col(Complaint.id)).where(visible.complaints(one))) == complaints
            assert ids(db, select(col(Photo.id)).where(visible.photos(one))) == photos
            # Never unknown: what is not seen is hidden, also to a query that asks for the others.
            hidden = ids(db, select(col(Complaint.id)).where(not_(visible.complaints(one))))
            assert hidden == set(range(len(world.complaints))) - complaints
            hidden = ids(db, select(col(Photo.id)).where(not_(visible.photos(one))))
            assert hidden == set(range(len(world.photos))) - photos


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds(), who=SIGHTS)
def test_joining_links_and_complaints_does_not_widen_what_is_seen(peopled: Database, world: World, who: Sight) -> None:
    with peopled.write() as db:
        fill(db, world)
        asked = (
            select(col(Link.id))
            .join(Complaint, col(Complaint.id) == col(Link.complaint_id))
            .join(Photo, col(Photo.id) == col(Link.photo_id))
            .where(visible.complaints(who), visible.photos(who))
        )
        seen = {
            number
            for number, (complaint, photo, _) in enumerate(world.links)
            if sees_complaint(world.complaints[complaint], who) and sees_photo(world, photo, who)
        }
        assert ids(db, asked) == seen


@pytest.mark.parametrize(
    ("principal", "complaints", "photos"),
    [
        (PUBLIC, {0, 1}, set()),
        (Principal(ACCOUNTS[0], Role.OFFICER), {0, 1}, {0, 1}),
        (Principal(ACCOUNTS[0], Role.OFFICER, area_code="35.10.22"), {1}, {0, 1}),
        (Principal(ACCOUNTS[1], Role.AGENCY, agency_code="dlh"), {1}, {1, 2}),
        (Principal(ACCOUNTS[1], Role.COMMAND, teams=frozenset({"levy"})), {0, 1, 2}, {0, 1, 2}),
        (Principal(ACCOUNTS[1], Role.ADMINISTRATOR), {0, 1}, {0, 1, 2}),
        (Principal(ACCOUNTS[1], Role.OWNER), {0, 1}, set()),
    ],
)
def test_each_role_sees_its_share(
    peopled: Database, principal: Principal, complaints: set[int], photos: set[int]
) -> None:
    def row(category: str, area: str, account: UUID, confidential: bool) -> tuple[dict[str, Any], dict[str, Any]]:
        both = {"category_code": category, "area_code": area, "confidential": confidential}
        return (
            {**both, "agency_code": CATEGORIES[category], "opened_by": None},
            {**both, "account_id": account, "deleted_at": None},
        )

    rows = [
        row("parking", "35.10.21.1002", ACCOUNTS[0], False),
        row("rubbish", "35.10.22.1001", ACCOUNTS[0], False),
        row("levy", "35.10.21.1002", ACCOUNTS[1], True),
    ]
    with peopled.write() as db:
        fill(db, World(tuple(one for one, _ in rows), tuple(other for _, other in rows), ()))
        who = sight(principal)
        assert ids(db, select(col(Complaint.id)).where(visible.complaints(who))) == complaints
        # A photo is always seen by whoever sent it.
        assert ids(db, select(col(Photo.id)).where(visible.photos(who))) == photos
