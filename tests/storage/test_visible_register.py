"""Who sees which permits, cameras and snapshots: the predicates held against the rule in plain Python."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import not_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.access import PUBLIC, Principal, Right, Sight, sight
from cases.snapshots import Shared, includes
from cases.words import (
    CameraDoor,
    LinkState,
    LocationSource,
    PermitKind,
    Role,
    Sharing,
    StillKind,
    Watch,
)
from storage import visible
from storage.tables import Account, Agency, Camera, Link, Permit, Snapshot
from tests.storage.pairs import Pair
from tests.storage.samples import NOW, complaint, people

OWNERS = tuple(UUID(int=number) for number in (11, 12))
AREAS = (None, "35.10.21.1002", "35.10.22.1001")
GRANTS = [
    (Sharing.NOTHING, None),
    (Sharing.STORED, None),
    (Sharing.LIVE, ["dlh"]),
    (Sharing.LIVE, ["d_h", "dishub"]),
    (Sharing.LIVE, []),
    (Sharing.NOTHING, ["dlh"]),
]
EARLIER = 1_000
CAMERAS = list(product(GRANTS, AREAS, OWNERS, (None, "dlh")))
WHO = [
    PUBLIC,
    Principal(OWNERS[0], Role.OWNER),
    Principal(UUID(int=1), Role.OFFICER),
    Principal(UUID(int=1), Role.OFFICER, area_code="35.10.21"),
    Principal(UUID(int=1), Role.AGENCY, agency_code="dlh"),
    Principal(UUID(int=1), Role.AGENCY, agency_code="dlh", area_code="35.10.22"),
    Principal(UUID(int=1), Role.AGENCY, agency_code="dxh"),
    Principal(UUID(int=1), Role.COMMAND),
    Principal(UUID(int=1), Role.COMMAND, area_code="35.10.21"),
    Principal(UUID(int=1), Role.ADMINISTRATOR),
    Principal(UUID(int=1), Role.ADMINISTRATOR, scopes=frozenset()),
]


def placed(number: int, area: str | None) -> dict[str, Any]:
    moments: dict[str, Any] = {"created_at": NOW, "updated_at": NOW}
    return {"id": UUID(int=number), "area_code": area, "lon": 114.0, "lat": -8.0, "cell": 1, **moments}


@pytest.fixture
def filled(pair: Pair) -> Iterator[Session]:
    with pair.database.write() as db:
        people(db)
        for code in ("dlh", "dxh", "d_h"):
            db.add(Agency(code=code, name_id=code, name_en=code))
        db.add_all(Account(id=one, login=str(one), name="Bu", role=Role.OWNER, created_at=NOW) for one in OWNERS)
        db.flush()
        for number, ((sharing, named), area, owner, office) in enumerate(CAMERAS, 1):
            db.add(
                Camera(
                    number=number,
                    account_id=owner,
                    agency_code=office,
                    name="",
                    door=CameraDoor.PUSH,
                    sharing=sharing,
                    shared_with=named,
                    **placed(number, area),
                )
            )
        for number, (area, holder) in enumerate(product(AREAS, (None, *OWNERS)), 1):
            db.add(
                Permit(
                    number=f"IMB {number}",
                    kind=PermitKind.IMB,
                    owner_name="Bu",
                    account_id=holder,
                    location_source=LocationSource.PIN,
                    state_since=NOW,
                    **placed(number, area),
                )
            )
        db.flush()
        for number in range(1, len(CAMERAS) + 1):
            one = UUID(int=number)
            shot: dict[str, Any] = {
                "bytes": 1,
                "width": 1,
                "height": 1,
                "taken_at": NOW,
                "received_at": NOW,
                "sha256": "",
            }
            db.add(Snapshot(id=one, camera_id=one, kind=StillKind.JPEG, **shot))
            earlier = shot | {"taken_at": NOW - timedelta(hours=1)}
            db.add(Snapshot(id=UUID(int=EARLIER + number), camera_id=one, kind=StillKind.JPEG, **earlier))
        db.flush()
        yield db


def inside(area: str | None, of: str | None) -> bool:
    return of is None or (area is not None and (area == of or area.startswith(f"{of}.")))


def sees_camera(camera: Any, who: Principal, at_least: Sharing = Sharing.STORED) -> bool:
    (sharing, named), area, owner, office = camera
    if not who.may(Right.CAMERA_SEE):
        return False
    if who.account_id == owner:
        return True
    shared = Shared(owner, sharing) if named is None else Shared(owner, agencies=dict.fromkeys(named, sharing))
    ours = who.role is Role.AGENCY and office == who.agency_code
    return (ours or includes(shared.to(who), at_least)) and inside(area, who.area_code)


def ids(db: Session, asked: Any) -> set[int]:
    return {found.int for found in db.scalars(asked)}


def test_cameras_and_their_snapshots_are_seen_by_the_rule_of_sharing(filled: Session) -> None:
    for who in WHO:
        expected = {number for number, camera in enumerate(CAMERAS, 1) if sees_camera(camera, who)}
        seen = sight(who)
        assert ids(filled, select(col(Camera.id)).where(visible.cameras(seen))) == expected, who
        # What a camera showed last is for those alone who may look through it now.
        last = {number for number, camera in enumerate(CAMERAS, 1) if sees_camera(camera, who, Sharing.LIVE)}
        shots = last | {EARLIER + number for number in expected}
        assert ids(filled, select(col(Snapshot.id)).where(visible.snapshots(seen))) == shots, who
        unseen = ids(filled, select(col(Snapshot.id)).where(not_(visible.snapshots(seen))))
        assert unseen == {at + number for number in range(1, len(CAMERAS) + 1) for at in (0, EARLIER)} - shots
        hidden = ids(filled, select(col(Camera.id)).where(not_(visible.cameras(seen))))
        assert hidden == set(range(1, len(CAMERAS) + 1)) - expected


def test_permits_are_seen_by_their_owners_and_those_who_oversee(filled: Session) -> None:
    rows = list(enumerate(product(AREAS, (None, *OWNERS)), 1))
    for who in WHO:
        oversees = who.role in (Role.COMMAND, Role.ADMINISTRATOR)
        expected = {
            number
            for number, (area, holder) in rows
            if who.may(Right.PERMIT_SEE)
            and ((holder is not None and holder == who.account_id) or (oversees and inside(area, who.area_code)))
        }
        assert ids(filled, select(col(Permit.id)).where(visible.permits(sight(who)))) == expected, who


def test_an_officer_sees_what_is_evidence_on_a_complaint_that_they_see(filled: Session) -> None:
    about = complaint(114.0, -8.0, area_code="35.10.21.1002")
    filled.add(about)
    filled.flush()
    chosen, refused, nothing = (
        next(n for n, ((sharing, named), *_) in enumerate(CAMERAS, 1) if (sharing, named) == grant)
        for grant in ((Sharing.LIVE, ["dlh"]), (Sharing.LIVE, []), (Sharing.NOTHING, ["dlh"]))
    )
    for number in (chosen, refused, nothing):
        state = LinkState.REJECTED if number == refused else LinkState.PROPOSED
        tie: dict[str, Any] = {"score": 0.5, "reasons": [], "created_at": NOW, "complaint_id": about.id}
        filled.add(Link(id=UUID(int=number), snapshot_id=UUID(int=number), state=state, **tie))
    filled.flush()
    officer = sight(Principal(UUID(int=1), Role.OFFICER))
    elsewhere = sight(Principal(UUID(int=1), Role.OFFICER, area_code="35.10.22"))
    office = sight(Principal(UUID(int=1), Role.AGENCY, agency_code="dxh"))

    def seen(who: Sight) -> set[int]:
        those = col(Snapshot.id).in_([UUID(int=number) for number in (chosen, refused, nothing)])
        return ids(filled, select(col(Snapshot.id)).where(those, visible.snapshots(who)))

    assert seen(officer) == {chosen}
    assert seen(elsewhere) == set()
    assert seen(office) == set()
    assert seen(replace(officer, watch=Watch.NONE)) == set()
