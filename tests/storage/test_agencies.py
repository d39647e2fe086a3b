"""The catalogue of agencies and categories taken in, and the teams of confidential categories."""

from dataclasses import replace
from uuid import uuid4

from sqlalchemy import select
from sqlmodel import col

from cases.catalogue import AgencyEntry, Catalogue, CategoryEntry, default
from cases.words import LinkState
from storage import agencies
from storage.tables import CategoryMember, Complaint, Link, Photo
from tests.storage import samples
from tests.storage.pairs import Pair
from tests.storage.samples import NOW, OFFICER

PARKING = CategoryEntry(
    code="sidewalk_parking",
    name_id="Parkir di trotoar",
    name_en="Parking on the sidewalk",
    agency="dishub",
    deadline_hours=24,
    radius_m=50.0,
    related=("illegal_parking",),
    confidential=False,
    icon="car",
    position=0,
)
LEVY = replace(PARKING, code="levy", name_en="Illegal levy", related=(), position=1)
CATALOGUE = Catalogue((AgencyEntry("dishub", "Dinas Perhubungan", "Transport Agency"),), (LEVY, PARKING))


def take_in(pair: Pair, catalogue: Catalogue) -> agencies.Saved:
    with pair.database.write() as db:
        return agencies.save(db, catalogue)


def test_the_default_catalogue_can_be_taken_in_twice(pair: Pair) -> None:
    first = take_in(pair, default())
    assert take_in(pair, default()) == first
    with pair.database.read() as db:
        assert len(agencies.agencies(db)) == first.agencies == len(default().agencies)
        found = agencies.categories(db)
        assert [row.code for row in found] == [entry.code for entry in default().categories]
        assert found[0].related == list(default().categories[0].related)


def test_what_is_there_is_changed_and_nothing_is_removed(pair: Pair) -> None:
    take_in(pair, CATALOGUE)
    take_in(pair, replace(CATALOGUE, categories=(replace(PARKING, deadline_hours=6, position=5),)))
    with pair.database.read() as db:
        assert [(row.code, row.deadline_hours) for row in agencies.categories(db)] == [
            ("levy", 24),
            ("sidewalk_parking", 6),
        ]
        assert agencies.category(db, "nothing") is None


def test_complaints_and_photos_follow_the_confidential_flag(pair: Pair) -> None:
    def flags() -> list[bool]:
        with pair.database.read() as db:
            complaints = [db.get_one(Complaint, one.id).confidential for one in (levy, parking)]
            photos = (of_levy, evidence, proposed, other)
            return complaints + [db.get_one(Photo, one.id).confidential for one in photos]

    levy, parking = samples.complaint(category_code="levy"), samples.complaint()
    of_levy, evidence = samples.photo(category_code="levy"), samples.photo()
    proposed, other = samples.photo(category_code="sidewalk_parking"), samples.photo()
    with pair.database.write() as db:
        samples.people(db)
        agencies.save(db, CATALOGUE)
        db.add_all([levy, parking, of_levy, evidence, proposed, other])
        db.flush()
        for photo, state in ((evidence, LinkState.CONFIRMED), (proposed, LinkState.PROPOSED)):
            db.add(Link(id=uuid4(), complaint_id=levy.id, photo_id=photo.id, state=state, score=1, created_at=NOW))
    assert flags() == [False] * 6
    take_in(pair, replace(CATALOGUE, categories=(replace(LEVY, confidential=True),)))
    assert flags() == [True, False, True, True, False, False]
    take_in(pair, CATALOGUE)
    assert flags() == [False] * 6


def test_a_team_gains_and_loses_members(pair: Pair) -> None:
    team = select(col(CategoryMember.account_id)).where(col(CategoryMember.category_code) == "sidewalk_parking")
    with pair.database.write() as db:
        samples.people(db)
        for _ in range(2):
            agencies.set_member(db, "sidewalk_parking", OFFICER, member=True)
        assert list(db.scalars(team)) == [OFFICER]
        for _ in range(2):
            agencies.set_member(db, "sidewalk_parking", OFFICER, member=False)
        assert list(db.scalars(team)) == []
