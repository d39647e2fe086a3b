"""One permit, however its number is written: the owner's, the licensing office's and the decree's writing are one."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from cases.words import PermitKind
from storage.tables import Permit
from tests.api.test_permits import AT, registered
from tests.api.town import Town, problem
from tests.ingest.city import HERE

PBG = "PBG-990102-17082024-01"
SAME = [(PBG, f"SK-{PBG}"), (f"SK-{PBG}", f" sk-{PBG.lower()} "), (f"SK-{PBG}", PBG), ("IMB 1/2010", "imb  1/2010")]


@pytest.mark.parametrize(("kept", "typed"), SAME)
def test_an_owner_claims_the_offices_permit_in_any_writing_of_its_number(town: Town, kept: str, typed: str) -> None:
    listed = registered(town, "command", number=kept)
    owner, command = town.client("owner"), town.client("command")
    claimed = owner.post(AT, json={"number": typed, "owner_name": "PT Sinar Jaya"})
    assert (claimed.status_code, claimed.json()["id"], claimed.json()["number"]) == (200, listed["id"], kept)
    problem(command.post(AT, json={"number": typed, "owner_name": "PT Maju"}), 409, "permit_taken")
    again = command.post(f"{AT}/import", content=f"nomor;pemilik\n{typed};PT Sinar Jaya\n".encode()).json()
    assert (again["added"], again["unchanged"]) == (0, 1)
    for asked in (kept, typed, typed.strip()[:12]):
        assert [row["number"] for row in command.get(AT, params={"q": asked}).json()["permits"]] == [kept]
    assert owner.get(f"{AT}/{typed}").json()["id"] == listed["id"]


def test_a_number_is_corrected_in_its_writing_but_not_into_anothers(town: Town) -> None:
    registered(town, number=f"SK-{PBG}")
    registered(town, number="IMB 1/2010")
    command = town.client("command")
    assert command.patch(f"{AT}/{PBG}", json={"number": PBG}).json()["number"] == PBG
    problem(command.patch(f"{AT}/{PBG}", json={"number": "imb 1/2010"}), 409, "permit_number_held")


def test_a_list_that_names_a_permit_in_two_writings_is_told_so(town: Town) -> None:
    content = f"nomor;pemilik\n{PBG};PT Satu\nIMB 1/2010;PT Dua\nSK-{PBG};PT Satu\nimb  1/2010;PT Dua\n".encode()
    told = town.client("command").post(f"{AT}/import", content=content).json()
    assert (told["added"], [(one["row"], one["code"]) for one in told["refused"]]) == (
        2,
        [(4, "row.repeated"), (5, "row.repeated")],
    )


def test_two_that_were_kept_before_stay_two_and_no_third_comes(town: Town) -> None:
    now, ids = town.city.clock.now, [uuid4(), uuid4()]
    common: dict[str, Any] = {"kind": PermitKind.IMB, "owner_name": "PT Dua", "state_since": now, "updated_at": now}
    with town.city.parts.database.write() as db:
        for at, number in enumerate(("IMB 1/2010", "imb 1/2010")):
            created = now + timedelta(days=at)
            db.add(Permit(id=ids[at], number=number, number_key="IMB 1/2010", created_at=created, **common))
    command, owner = town.client("command"), town.client("owner")
    for number, kept in (("IMB 1/2010", ids[0]), ("imb 1/2010", ids[1]), ("Imb 1/2010", ids[0])):
        assert command.get(f"{AT}/{number}").json()["id"] == str(kept)
    again = command.post(f"{AT}/import", content=command.get(f"{AT}/export").content).json()
    assert (again["unchanged"], again["refused"]) == (2, [])
    assert command.patch(f"{AT}/imb 1/2010", json={"contact": "0812"}).json()["id"] == str(ids[1])
    problem(command.patch(f"{AT}/imb 1/2010", json={"number": "Imb 1/2010"}), 409, "permit_number_held")
    third = owner.post(AT, json={"number": "Imb 1/2010", "owner_name": "PT Dua"})
    assert (third.status_code, third.json()["id"]) == (200, str(ids[0]))
    assert len(command.get(AT).json()["permits"]) == 2


def test_a_district_that_the_city_does_not_have_is_refused_with_a_pin_and_without(town: Town) -> None:
    command, number = town.client("command"), "PBG-990177-17082024-01"
    pin = {"lon": HERE[0], "lat": HERE[1]}
    for given in ({}, pin):
        body = {"number": number, "owner_name": "PT", **given}
        problem(town.client("owner").post(AT, json=body), 422, "permit_district_unknown")
    told = command.post(f"{AT}/import", content=f"nomor;pemilik\n{number};PT\n{PBG};PT\n".encode()).json()
    assert (told["added"], [(one["row"], one["title"], one["code"]) for one in told["refused"]]) == (
        1,
        [(2, "nomor", "permit_district_unknown")],
    )
    problem(command.patch(f"{AT}/{PBG}", json={"number": number}), 422, "permit_district_unknown")
