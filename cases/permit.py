"""A building permit that obliges its owner to a camera: its number, and the one table of what may become of it.

The ladder of sanctions (three written warnings, freezing, revoking) is that of PP 16/2021 on buildings. Each step up is
a person's; the machine only says whether the cameras are there and see.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Final

from cases.complaint import Need
from cases.errors import Conflict, Invalid
from cases.words import PermitState, Role
from geo.areas import is_within

LONGEST_NUMBER = 64
LONGEST_KEY = 3 * LONGEST_NUMBER
"""One letter may have three as its capital."""

_PBG_BEGINS = ("PBG", "SK-PBG")
_PBG = re.compile(r"(?:SK-)?PBG-(\d{6})-(\d{8})-(\d{2,3})", re.ASCII)


class PermitNumberInvalid(Invalid):
    """`given`: neither a PBG number nor an older number that could be kept."""

    code = "permit_number_invalid"


class PermitDateInvalid(Invalid):
    """`given`: the eight digits of a PBG number are no day, or one still to come."""

    code = "permit_date_invalid"


class PermitIssuedLater(Invalid):
    """`day`: a permit cannot have been issued on a day still to come."""

    code = "permit_issued_later"


class PermitElsewhere(Invalid):
    """`district`, `area`: the number names a district that the place does not lie in."""

    code = "permit_elsewhere"


class PermitOutside(Invalid):
    """`district`: the number names a district of the city, and the place lies outside all of it."""

    code = "permit_outside"


class PermitDistrictUnknown(Invalid):
    """`district`: the number names a district that the city does not have."""

    code = "permit_district_unknown"


class PermitMoveNotAllowed(Conflict):
    """`status`, `to`: this move is not in the table, or not for the one who asks."""

    code = "permit_move_not_allowed"


class PermitNoteNeeded(Invalid):
    """`to`: this move needs a word of why."""

    code = "permit_note_needed"


class WarningNotDue(Conflict):
    """`due`: the owner still has until then to put it right."""

    code = "warning_not_due"


@dataclass(frozen=True, slots=True)
class PermitNumber:
    """A permit's number, cleanly written. `district` (dotted code) and `issued_on` are None for an older IMB."""

    text: str
    district: str | None = None
    issued_on: date | None = None

    @property
    def key(self) -> str:
        """What it is compared by: `number_key`."""
        return number_key(self.text)


def number_key(written: str) -> str:
    """The one form of all writings of a number, or of a piece of one: in capitals, spaces squeezed, without SK-.

    An SK-PBG is the decree (surat keputusan) by which that same PBG was given.
    """
    text = " ".join(written.split()).upper()
    tight = text.replace(" ", "")
    return tight.removeprefix("SK-") if tight.startswith(_PBG_BEGINS) else text


def read_number(given: str, today: date) -> PermitNumber:
    """The number a person typed: a PBG's in capitals without spaces, anything else kept as an IMB's free text.

    Raises PermitNumberInvalid for an empty or overlong one and for a mistyped PBG, PermitDateInvalid for one whose
    digits (day, month, year) are no day up to `today`.
    """
    text = " ".join(given.split())
    tight = text.replace(" ", "").upper()
    if not tight.startswith(_PBG_BEGINS):
        if not text or len(text) > LONGEST_NUMBER or not text.isprintable():
            raise PermitNumberInvalid(given=given[:LONGEST_NUMBER])
        return PermitNumber(text)
    found = _PBG.fullmatch(tight)
    if found is None:
        raise PermitNumberInvalid(given=given[:LONGEST_NUMBER])
    code, day, _ = found.groups()
    return PermitNumber(tight, f"{code[:2]}.{code[2:4]}.{code[4:]}", _issued(day, tight, today))


def _issued(digits: str, given: str, today: date) -> date:
    try:
        issued = date(int(digits[4:]), int(digits[2:4]), int(digits[:2]))
    except ValueError:
        raise PermitDateInvalid(given=given) from None
    if issued > today:
        raise PermitDateInvalid(given=given)
    return issued


def check_issued(issued_on: date | None, today: date) -> None:
    """Raises PermitIssuedLater for a day still to come."""
    if issued_on is not None and issued_on > today:
        raise PermitIssuedLater(day=issued_on)


def check_place(number: PermitNumber, area_code: str | None) -> None:
    """Raises PermitElsewhere if the place's area (Kemendagri code) does not lie in the number's district.

    What cannot be compared passes: an IMB, a place without an area, an area known by its digits of BPS only.
    """
    if number.district is None or area_code is None or "." not in area_code:
        return
    # A place known by its regency alone can only gainsay the regency.
    if not (is_within(area_code, number.district) or is_within(number.district, area_code)):
        raise PermitElsewhere(district=number.district, area=area_code)


def check_outside(number: PermitNumber, known: Collection[str], close: Collection[str]) -> None:
    """Raises PermitOutside for a place that lies in none of the `known` areas, unless the number's district is `close`.

    Both are codes. A district that is not known cannot be compared, and passes.
    """
    district = number.district
    if district is None or any(is_within(code, district) for code in close):
        return
    if any(is_within(code, district) for code in known):
        raise PermitOutside(district=district)


def check_district(number: PermitNumber, known: Collection[str]) -> None:
    """Raises PermitDistrictUnknown for a number whose district is none of the `known` areas' (codes).

    Where no districts or villages are known, or by their digits of BPS only, nothing can be said.
    """
    district = number.district
    fine = [code for code in known if code.count(".") > 1]
    if district is not None and fine and not any(is_within(code, district) for code in fine):
        raise PermitDistrictUnknown(district=district)


class Machine(Enum):
    """The one who moves a permit without being anyone: what the visits found."""

    MACHINE = "machine"


MACHINE: Final = Machine.MACHINE
Mover = Role | Machine | None
"""An account's role, the machine, or None: the public, which moves nothing."""


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table: who may make the move, what it needs, and whether the last warning must have fallen due."""

    movers: frozenset[Role | Machine]
    need: Need = Need.NOTHING
    when_due: bool = False


_OVERSIGHT: frozenset[Role | Machine] = frozenset({Role.COMMAND, Role.ADMINISTRATOR})
_FOUND = Step(_OVERSIGHT | {MACHINE})
_WARN = Step(_OVERSIGHT)
_WARN_AGAIN = Step(_OVERSIGHT, when_due=True)
_TAKE_BACK = Step(_OVERSIGHT, Need.NOTE)
_SANCTION = Step(_OVERSIGHT, Need.NOTE, when_due=True)

# Once a person has warned, a person takes it back: the machine has said all it may.
_STEPS: Mapping[PermitState, Mapping[PermitState, Step]] = {
    PermitState.PENDING: {PermitState.COMPLIANT: _FOUND, PermitState.NON_COMPLIANT: _FOUND},
    PermitState.COMPLIANT: {PermitState.NON_COMPLIANT: _FOUND},
    PermitState.NON_COMPLIANT: {PermitState.COMPLIANT: _FOUND, PermitState.WARNED_1: _WARN},
    PermitState.WARNED_1: {PermitState.COMPLIANT: _TAKE_BACK, PermitState.WARNED_2: _WARN_AGAIN},
    PermitState.WARNED_2: {PermitState.COMPLIANT: _TAKE_BACK, PermitState.WARNED_3: _WARN_AGAIN},
    PermitState.WARNED_3: {PermitState.COMPLIANT: _TAKE_BACK, PermitState.FROZEN: _SANCTION},
    PermitState.FROZEN: {PermitState.COMPLIANT: _TAKE_BACK, PermitState.REVOKED: _SANCTION},
    PermitState.REVOKED: {PermitState.PENDING: Step(frozenset({Role.ADMINISTRATOR}), Need.NOTE)},
}

TERMS: Mapping[PermitState, timedelta] = {
    PermitState.WARNED_1: timedelta(days=14),
    PermitState.WARNED_2: timedelta(days=7),
    PermitState.WARNED_3: timedelta(days=7),
    PermitState.FROZEN: timedelta(days=30),
}
"""How long the owner has after each step before the next may follow; a city may set its own."""

WARNINGS: Mapping[PermitState, int] = {PermitState.WARNED_1: 1, PermitState.WARNED_2: 2, PermitState.WARNED_3: 3}
"""How many written warnings a warned permit has had."""


def falls_due(state: PermitState, since: datetime, terms: Mapping[PermitState, timedelta] = TERMS) -> datetime | None:
    """When the step made at `since` falls due; None for a state that gives no term."""
    term = terms.get(state)
    return None if term is None else since + term


def permit_moves(state: PermitState, mover: Mover) -> list[PermitState]:
    """The states this one may move a permit to, in the order of the words."""
    steps = _STEPS[state]
    return [to for to in PermitState if to in steps and mover in steps[to].movers]


def check_permit_move(
    state: PermitState, to: PermitState, mover: Mover, now: datetime, *, due: datetime | None = None, note: str = ""
) -> None:
    """Whether this one may make this move now; `due` is when the present step falls due (`falls_due`, kept as data), in
    the zone whose clocks it is told by.

    Raises PermitMoveNotAllowed, PermitNoteNeeded or WarningNotDue.
    """
    if to not in permit_moves(state, mover):
        raise PermitMoveNotAllowed(status=state, to=to)
    step = _STEPS[state][to]
    if step.when_due and due is not None and now < due:
        raise WarningNotDue(due=due)
    if step.need is Need.NOTE and not note.strip():
        raise PermitNoteNeeded(to=to)
