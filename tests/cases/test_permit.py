"""A permit's number, its moves, and what its cameras say about it."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import permit
from cases.compliance import CameraFacts, Finding, Retired, Rule, findings, judged
from cases.errors import PantauError
from cases.permit import (
    MACHINE,
    TERMS,
    Mover,
    PermitDateInvalid,
    PermitDistrictUnknown,
    PermitElsewhere,
    PermitMoveNotAllowed,
    PermitNoteNeeded,
    PermitNumber,
    PermitNumberInvalid,
    WarningNotDue,
    check_district,
    check_permit_move,
    check_place,
    falls_due,
    permit_moves,
    read_number,
)
from cases.sentences import SENTENCES
from cases.words import PermitState, Role, Shortfall, SightFault

pytestmark = pytest.mark.unit

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TODAY = NOON.date()
ONE, TWO = UUID(int=1), UUID(int=2)
EVERYONE: list[Mover] = [None, MACHINE, *Role]
LADDER = [
    PermitState.NON_COMPLIANT,
    PermitState.WARNED_1,
    PermitState.WARNED_2,
    PermitState.WARNED_3,
    PermitState.FROZEN,
    PermitState.REVOKED,
]


def ago(**length: float) -> datetime:
    return NOON - timedelta(**length)


def test_a_number_says_district_and_day() -> None:
    number = read_number(" sk-pbg-351021-17082024-001 ", TODAY)
    assert number == PermitNumber("SK-PBG-351021-17082024-001", "35.10.21", date(2024, 8, 17))
    assert read_number("PBG-351021-17082024-01", TODAY).text == "PBG-351021-17082024-01"


@given(st.dates(date(2021, 8, 1), TODAY), st.integers(0, 999999), st.integers(0, 999), st.booleans())
def test_every_number_of_the_form_is_read(day: date, district: int, serial: int, decree: bool) -> None:
    text = f"{'SK-' if decree else ''}PBG-{district:06d}-{day:%d%m%Y}-{serial:03d}"
    number = read_number(text, TODAY)
    assert (number.text, number.issued_on) == (text, day)
    assert (number.district or "").replace(".", "") == f"{district:06d}"


@pytest.mark.parametrize(
    "mistyped",
    [
        *("PBG-35102-17082024-01", "PBG-351021-17082024-1", "PBG-351021-17082024-0001", "PBG351021-17082024-01"),
        *("PBG-351021-17082024", "SK-PBG-351021-1708204-01", "PBG-٣٥١٠٢١-17082024-01", "PBG-351021-17082024-01x"),
        *("", "   ", "I" * 65, "640/12\x00/2015"),
    ],
)
def test_a_mistyped_number_is_refused(mistyped: str) -> None:
    with pytest.raises(PermitNumberInvalid):
        read_number(mistyped, TODAY)


@pytest.mark.parametrize("day", ["31022024", "00012024", "20240817", "21112026", "01130000"])
def test_a_day_that_was_not_is_refused(day: str) -> None:
    with pytest.raises(PermitDateInvalid):
        read_number(f"PBG-351021-{day}-01", TODAY)


def test_an_older_number_is_kept_as_it_is() -> None:
    assert read_number(" 640/127 / IMB/429.211/2015", TODAY) == PermitNumber("640/127 / IMB/429.211/2015")


def test_the_number_and_the_place_must_agree() -> None:
    number = read_number("PBG-351021-17082024-01", TODAY)
    for agreeing in ("35.10.21.1002", "35.10.21", "35.10", None, "3510210002"):
        check_place(number, agreeing)
    for elsewhere in ("35.10.22.1002", "35.10.22", "35.11"):
        with pytest.raises(PermitElsewhere):
            check_place(number, elsewhere)
    check_place(read_number("640/127/2015", TODAY), "35.10.22.1002")


def test_a_district_is_gainsaid_only_by_a_city_whose_districts_are_known() -> None:
    number = read_number("PBG-351021-17082024-01", TODAY)
    for districts in ([], ["35.10"], ["3510020"], ["35.10.20", "35.10.21"], ["35.10.20", "35.10.21.1002"]):
        check_district(number, districts)
    check_district(read_number("640/127/2015", TODAY), ["35.10.20"])
    with pytest.raises(PermitDistrictUnknown):
        check_district(number, ["35.10.20"])


@pytest.mark.parametrize("state", PermitState)
@pytest.mark.parametrize("mover", EVERYONE)
def test_only_listed_moves_pass(state: PermitState, mover: Mover) -> None:
    allowed = permit_moves(state, mover)
    assert state not in allowed
    for to in PermitState:
        if to in allowed:
            check_permit_move(state, to, mover, NOON, note="because")
        else:
            with pytest.raises(PermitMoveNotAllowed):
                check_permit_move(state, to, mover, NOON, note="because")


def test_the_machine_never_warns_and_never_takes_a_warning_back() -> None:
    for state in PermitState:
        reached = set(permit_moves(state, MACHINE))
        assert reached <= {PermitState.COMPLIANT, PermitState.NON_COMPLIANT}
        assert not (reached and state in TERMS)


def test_neither_public_nor_owner_nor_officer_moves_a_permit() -> None:
    assert not any(permit_moves(state, mover) for state in PermitState for mover in (None, Role.OWNER, Role.OFFICER))


def test_the_ladder_is_climbed_one_step_at_a_time() -> None:
    for place, state in enumerate(LADDER):
        above = [to for to in permit_moves(state, Role.COMMAND) if to in LADDER]
        assert above == LADDER[place + 1 : place + 2]


def test_a_further_step_waits_until_the_last_fell_due() -> None:
    for state, above in pairwise(LADDER[1:]):
        due = falls_due(state, NOON)
        assert due is not None
        with pytest.raises(WarningNotDue):
            check_permit_move(state, above, Role.COMMAND, due - timedelta(seconds=1), due=due, note="because")
        check_permit_move(state, above, Role.COMMAND, due, due=due, note="because")
        check_permit_move(state, PermitState.COMPLIANT, Role.COMMAND, NOON, due=due, note="installed")


def test_freezing_and_forgiving_need_a_note() -> None:
    for state, to in ((PermitState.WARNED_3, PermitState.FROZEN), (PermitState.WARNED_1, PermitState.COMPLIANT)):
        with pytest.raises(PermitNoteNeeded):
            check_permit_move(state, to, Role.COMMAND, NOON, note=" \n")


def test_what_gives_no_term_falls_never_due() -> None:
    assert falls_due(PermitState.COMPLIANT, NOON) is None
    assert falls_due(PermitState.WARNED_1, NOON, {PermitState.WARNED_1: timedelta(days=3)}) == NOON + timedelta(days=3)


def test_no_camera_and_too_few() -> None:
    assert findings(1, ago(days=9), [], NOON) == [Finding(Shortfall.NO_CAMERA, ago(days=9))]
    assert findings(0, ago(days=9), [], NOON) == []
    one = CameraFacts(ONE, ago(days=9), NOON)
    assert findings(2, ago(days=9), [one], NOON) == [Finding(Shortfall.TOO_FEW, ago(days=9))]


def test_too_few_only_since_a_camera_was_taken_out_of_service() -> None:
    had = Retired(ago(days=8), ago(days=2))
    assert findings(1, ago(days=9), [], NOON, retired=[had])[0].since == ago(days=2)
    assert findings(2, ago(days=9), [], NOON, retired=[had])[0].since == ago(days=9)
    assert findings(2, ago(days=9), [CameraFacts(ONE, ago(days=5), NOON)], NOON, retired=[had])[0].since == ago(days=2)
    assert findings(2, ago(days=9), [CameraFacts(ONE, ago(days=1), NOON)], NOON, retired=[had])[0].since == ago(days=9)
    twice = [had, Retired(ago(days=7), ago(days=4))]
    assert findings(1, ago(days=9), [], NOON, retired=twice)[0].since == ago(days=2)
    assert findings(2, ago(days=9), [], NOON, retired=twice)[0].since == ago(days=4)
    assert findings(1, ago(days=1), [], NOON, retired=[had])[0].since == ago(days=1)


def test_nothing_is_called_kept_before_its_cameras_have_shown_a_picture() -> None:
    for state in PermitState:
        assert judged(state, [], ago(days=2), NOON, shown=False) is state


def test_silent_only_after_its_days_and_then_nothing_else() -> None:
    faulty = {SightFault.DARK: ago(days=8)}
    assert findings(1, ago(days=9), [CameraFacts(ONE, ago(days=9), ago(days=3), {})], NOON) == []
    silent = CameraFacts(ONE, ago(days=9), ago(days=4), faulty)
    assert findings(1, ago(days=9), [silent], NOON) == [Finding(Shortfall.SILENT, ago(days=4), ONE)]
    never = CameraFacts(ONE, ago(days=5), None)
    assert [found.days(NOON) for found in findings(1, ago(days=9), [never], NOON)] == [5]


@pytest.mark.parametrize("fault", SightFault)
def test_a_fault_counts_by_its_own_word_once_it_lasts(fault: SightFault) -> None:
    night = CameraFacts(ONE, ago(days=9), NOON, {fault: ago(hours=11)})
    lasting = CameraFacts(TWO, ago(days=9), NOON, {fault: ago(days=4)})
    found = findings(2, ago(days=9), [night, lasting], NOON)
    assert [(one.shortfall.value, one.camera_id, one.days(NOON)) for one in found] == [(fault.value, TWO, 4)]
    assert findings(2, ago(days=9), [lasting, lasting], NOON, Rule(blind=timedelta(days=5))) == []


def test_the_machine_judges_only_where_it_may() -> None:
    lacking = [Finding(Shortfall.NO_CAMERA, ago(days=40))]
    expected = {
        PermitState.PENDING: (PermitState.COMPLIANT, PermitState.NON_COMPLIANT),
        PermitState.COMPLIANT: (PermitState.COMPLIANT, PermitState.NON_COMPLIANT),
        PermitState.NON_COMPLIANT: (PermitState.COMPLIANT, PermitState.NON_COMPLIANT),
    }
    for state in PermitState:
        good, bad = judged(state, [], ago(days=40), NOON), judged(state, lacking, ago(days=40), NOON)
        assert (good, bad) == expected.get(state, (state, state))


def test_a_new_permit_has_time_to_install() -> None:
    lacking = [Finding(Shortfall.NO_CAMERA, ago(days=20))]
    assert judged(PermitState.PENDING, lacking, ago(days=20), NOON) is PermitState.PENDING
    assert judged(PermitState.COMPLIANT, lacking, ago(days=20), NOON) is PermitState.NON_COMPLIANT


def test_every_error_of_permits_has_its_sentence() -> None:
    errors = [kind for kind in vars(permit).values() if isinstance(kind, type) and issubclass(kind, PantauError)]
    own = [kind for kind in errors if kind.__module__ == permit.__name__]
    assert len(own) == 9
    assert all(kind.code in SENTENCES for kind in own)
