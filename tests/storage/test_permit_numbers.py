"""Permits that were registered before their numbers were compared by one form of all writings."""

from uuid import UUID

from sqlalchemy import text

from cases.access import Principal, sight
from cases.permit import PermitNumber, number_key
from cases.words import Role
from storage import migrate, permits
from storage.database import open_database

NUMBERS = ("SK-PBG-990101-17082024-01", "PBG-990101-17082024-02", "IMB 1/2010", "imb 1/2010", "izin straße 3")
BEFORE = "0012"
EVERYTHING = sight(Principal(role=Role.ADMINISTRATOR))


def test_permits_of_an_earlier_version_are_found_in_any_writing_and_both_of_two_alike_stay(empty_url: str) -> None:
    with open_database(empty_url) as database:
        for step in migrate.revisions():
            migrate.upgrade(database, step)
            if step == BEFORE:
                break
        with database.write() as db:
            for at, number in enumerate(NUMBERS, 1):
                written = {"id": UUID(int=at).hex, "number": number, "at": at}
                db.execute(
                    text(
                        "INSERT INTO permit (id, number, kind, owner_name, contact, address, cameras_required, state, "
                        "state_since, created_at, updated_at, version) "
                        "VALUES (:id, :number, 'imb', 'PT', '', '', 1, 'pending', :at, :at, :at, 1)"
                    ),
                    written,
                )
        migrate.upgrade(database)
        with database.read() as db:
            kept = {one.number: one.number_key for one in permits.listed(db, permits.Wanted(), EVERYTHING)}
            assert kept == {number: number_key(number) for number in NUMBERS}
            found = permits.by_number(db, PermitNumber("PBG-990101-17082024-01"), EVERYTHING)
            assert found is not None
            assert found.number == NUMBERS[0]
