"""Who may knock at which door, and what each sees."""

from uuid import UUID

import pytest

from cases.access import PUBLIC, Principal, Right, sight
from cases.words import Role, Scope, Watch

pytestmark = pytest.mark.unit

ME = UUID(int=1)


def test_only_administrators_administer() -> None:
    assert [role for role in Role if Principal(ME, role).may(Right.ADMINISTER)] == [Role.ADMINISTRATOR]


def test_the_public_has_only_what_is_public() -> None:
    assert PUBLIC.rights == {Right.PUBLIC}


@pytest.mark.parametrize("role", Role)
def test_a_token_never_exceeds_its_account(role: Role) -> None:
    whole = Principal(ME, role)
    assert Principal(ME, role, scopes=frozenset(Scope)).rights == whole.rights
    assert Principal(ME, role, scopes=frozenset()).rights == {Right.PUBLIC}


def test_a_reading_token_writes_nothing() -> None:
    rights = Principal(ME, Role.COMMAND, scopes=frozenset({Scope.READ})).rights
    assert rights == {Right.PUBLIC, Right.SIGNED_IN, Right.PHOTO_SEE, Right.PERMIT_SEE, Right.CAMERA_SEE}


def test_the_public_and_owners_see_no_pictures_and_no_details() -> None:
    for principal in (PUBLIC, Principal(ME, Role.OWNER, teams=frozenset({"harassment"}))):
        seen = sight(principal)
        assert not seen.photos
        assert not seen.details
        assert not seen.teams


def test_an_agency_sees_its_own_and_others_their_area() -> None:
    assert sight(Principal(ME, Role.AGENCY, agency_code="dlh")).agency_code == "dlh"
    assert sight(Principal(ME, Role.COMMAND, agency_code="dlh")).agency_code is None
    assert sight(Principal(ME, Role.OFFICER, area_code="99.01.02")).area_code == "99.01.02"


def test_the_cameras_of_others_are_for_those_who_oversee_and_those_they_are_shared_with() -> None:
    seen = {role: sight(Principal(ME, role)).watch for role in Role}
    assert seen == {
        Role.OWNER: Watch.OWN,
        Role.OFFICER: Watch.SHARED,
        Role.AGENCY: Watch.SHARED,
        Role.COMMAND: Watch.ALL,
        Role.ADMINISTRATOR: Watch.ALL,
    }
    assert sight(PUBLIC).watch is Watch.NONE
    assert sight(Principal(ME, Role.COMMAND, scopes=frozenset({Scope.PHOTOS_WRITE}))).watch is Watch.NONE


def test_permits_are_for_their_owners_and_those_who_oversee() -> None:
    assert [role for role in Role if Principal(ME, role).may(Right.PERMIT_SEE)] == [
        Role.OWNER,
        Role.COMMAND,
        Role.ADMINISTRATOR,
    ]
    assert not Principal(ME, Role.OWNER).may(Right.PERMIT_DECIDE)
    owners = Principal(ME, Role.OWNER, scopes=frozenset({Scope.CAMERAS_WRITE}))
    assert not sight(owners).permits
