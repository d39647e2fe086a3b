"""Permits: registered, changed, moved from state to state."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from cases import permit as rules
from cases import register
from cases.access import Principal, sight
from cases.location import candidate
from cases.register import (
    OwnerUnknown,
    PermitNumberHeld,
    PermitTaken,
    PermitUnknown,
    RegisterChanged,
    RegisterNotYours,
)
from cases.words import LocationSource, PermitState, Role
from geo.index import AreaIndex
from ingest.parts import Parts
from ingest.place import Place, placed
from storage import accounts, audit, permits
from storage.tables import Permit


@dataclass(frozen=True, slots=True)
class Registering:
    """A permit to be registered. `owner` is the login of its owner's account, where somebody else registers it."""

    number: str
    owner_name: str
    contact: str = ""
    address: str = ""
    issued_on: date | None = None
    cameras_required: int = 1
    lon: float | None = None
    lat: float | None = None
    radius_m: float | None = None
    owner: str | None = None


PLAIN = ("owner_name", "contact", "address", "issued_on", "cameras_required")
"""The fields that are kept as they are given."""


def today(now: datetime, zone: ZoneInfo) -> date:
    """The day it is in the city."""
    return now.astimezone(zone).date()


def register_permit(parts: Parts, principal: Principal, given: Registering) -> tuple[Permit, bool]:
    """Registers a permit: (permit, newly registered).

    One that the office has listed without an account becomes its owner's, who knows the name on it; the office's
    words stay. Raises PermitNumberInvalid, PermitDateInvalid, PermitIssuedLater, PermitDistrictUnknown,
    PermitElsewhere, PermitOutside, PlaceInvalid, OwnerUnknown, PermitTaken.
    """
    now = parts.clock()
    number = rules.read_number(given.number, today(now, parts.zone))
    rules.check_issued(given.issued_on, today(now, parts.zone))
    place = _place(parts.areas.index(), given.lon, given.lat, given.radius_m)
    with parts.database.write() as db:
        permits.take_turns(db)
        owner_id = _owner(db, principal, given.owner)
        before = permits.meant(permits.of_numbers(db, [number]).get(number.key, []), number)
        if before is not None:
            return _claimed(db, principal, before, given, now), False
        check_district(parts.areas.index(), number)
        check_place(parts.areas.index(), number, place.area_code, given.lon, given.lat)
        permit = begin(db, number, place, now, by=principal.account_id, owner_id=owner_id, **_plain(given, number))
        audit.record(db, principal, now, action="register", subject="permit", subject_id=permit.id)
    return permit, True


def begin(
    db: Session,
    number: rules.PermitNumber,
    place: Place,
    now: datetime,
    *,
    by: UUID | None,
    owner_id: UUID | None,
    **plain: Any,
) -> Permit:
    """Writes a new permit, pending, and the first entry of its history."""
    permit = begun(number, place, now, owner_id=owner_id, **plain)
    permits.begin(db, [permit], now, by=by)
    return permit


def begun(number: rules.PermitNumber, place: Place, now: datetime, *, owner_id: UUID | None, **plain: Any) -> Permit:
    """A new permit, pending, not written yet."""
    permit = Permit(
        id=uuid7(),
        number=number.text,
        number_key=number.key,
        kind=register.kind_of_permit(number.district),
        account_id=owner_id,
        state=PermitState.PENDING,
        state_since=now,
        created_at=now,
        updated_at=now,
        **plain,
    )
    place.put_on(permit)
    return permit


def _plain(given: Registering, number: rules.PermitNumber) -> dict[str, Any]:
    plain = {name: getattr(given, name) for name in PLAIN}
    return plain | {"issued_on": given.issued_on or number.issued_on}


def _claimed(db: Session, principal: Principal, permit: Permit, given: Registering, now: datetime) -> Permit:
    """The permit that is there, now its owner's. Raises PermitTaken, to whom it is not theirs."""
    if principal.account_id is not None and permit.account_id == principal.account_id:
        return permit
    free = permit.account_id is None and principal.role is Role.OWNER
    if not free or not register.same_owner(permit.owner_name, given.owner_name):
        raise PermitTaken(number=permit.number)
    permit.account_id = principal.account_id
    permit.updated_at = now
    permit.version += 1
    audit.record(db, principal, now, action="claim", subject="permit", subject_id=permit.id)
    return permit


def _owner(db: Session, principal: Principal, login: str | None) -> UUID | None:
    """Whose it will be: who registers it, or the account that those who oversee name (None for no one yet)."""
    if not register.oversees(principal):
        return principal.account_id
    return None if login is None else owner_account(db, login)


def owner_account(db: Session, login: str) -> UUID:
    """The account of an owner. Raises OwnerUnknown."""
    found = accounts.by_login(db, login)
    if found is None or not found.active or found.role is not Role.OWNER:
        raise OwnerUnknown(login=login)
    return found.id


def _place(index: AreaIndex, lon: float | None, lat: float | None, radius_m: float | None) -> Place:
    if lon is None or lat is None:
        return placed(index, [])
    return placed(index, [candidate(lon, lat, LocationSource.PIN, radius_m)])


def check_district(index: AreaIndex, number: rules.PermitNumber) -> None:
    """Whether the city has the district that a new number names. Raises PermitDistrictUnknown."""
    if number.district is not None and number.district not in index:
        rules.check_district(number, index.codes[:-1])


SHORE_M: Final = 1_000.0
"""How far outside the city a place may lie and be its district's: borders are drawn coarsely, and piers lie beyond."""


def check_place(
    index: AreaIndex, number: rules.PermitNumber, area_code: str | None, lon: float | None, lat: float | None
) -> None:
    """Whether a place, if there is one, agrees with a permit's number. Raises PermitElsewhere, PermitOutside."""
    rules.check_place(number, area_code)
    if area_code is None and lon is not None and lat is not None:
        rules.check_outside(number, index.codes[:-1], [near.code for near in index.near(lon, lat, SHORE_M)])


def named(db: Session, principal: Principal, key: str) -> Permit:
    """The permit of this number (in any writing) or id, if the principal may see it. Raises PermitUnknown."""
    seen = sight(principal)
    try:
        found = permits.get(db, UUID(key), seen)
    except ValueError:
        found = permits.by_number(db, _written(key), seen)
    if found is None:
        raise PermitUnknown
    return found


def _written(key: str) -> rules.PermitNumber:
    """A number somebody asks for; what is no number is nobody's."""
    try:
        return rules.read_number(key, date.max)
    except (rules.PermitNumberInvalid, rules.PermitDateInvalid):
        raise PermitUnknown from None


@dataclass(frozen=True, slots=True)
class Changing:
    """What to change: the fields in `given` by their new values; `version` the one the asker saw, if they say so."""

    given: dict[str, Any]
    version: int | None = None


def change_permit(parts: Parts, principal: Principal, key: str, changing: Changing) -> Permit:
    """Changes a permit's plain fields, its pin (`lon`, `lat`, `radius_m`), its number or its `owner` (a login).

    Its owner may correct contact and pin; the rest is the office's. Raises PermitUnknown, RegisterNotYours,
    RegisterChanged, PermitNumberInvalid, PermitDateInvalid, PermitIssuedLater, PermitDistrictUnknown,
    PermitElsewhere, PermitOutside, PermitNumberHeld, PlaceInvalid, OwnerUnknown.
    """
    now, given = parts.clock(), changing.given
    with parts.database.write() as db:
        permits.take_turns(db)
        permit = named(db, principal, key)
        _check_changeable(principal, permit, changing)
        number = rules.read_number(given.get("number") or permit.number, today(now, parts.zone))
        rules.check_issued(given.get("issued_on"), today(now, parts.zone))
        if number.text != permit.number:
            check_district(parts.areas.index(), number)
            _renumber(db, permit, number)
        if given.get("lon") is not None:
            _place(parts.areas.index(), given["lon"], given["lat"], given.get("radius_m")).put_on(permit)
        check_place(parts.areas.index(), number, permit.area_code, permit.lon, permit.lat)
        if "owner" in given:
            permit.account_id = None if given["owner"] is None else owner_account(db, given["owner"])
        for name in PLAIN:
            if name in given and (given[name] is not None or name == "issued_on"):
                setattr(permit, name, given[name])
        permit.updated_at = now
        permit.version += 1
        audit.record(db, principal, now, action="change", subject="permit", subject_id=permit.id, fields=sorted(given))
    return permit


def _renumber(db: Session, permit: Permit, number: rules.PermitNumber) -> None:
    """Writes another number, which may say anew when it was issued. Raises PermitNumberHeld."""
    held = next((one for one in permits.of_numbers(db, [number]).get(number.key, []) if one is not permit), None)
    if held is not None:
        raise PermitNumberHeld(number=held.number)
    if number.issued_on is not None:
        permit.issued_on = number.issued_on
    permit.number, permit.number_key = number.text, number.key
    permit.kind = register.kind_of_permit(number.district)


_OWNERS_TO_CORRECT = frozenset({"contact", "lon", "lat", "radius_m"})


def _check_changeable(principal: Principal, permit: Permit, changing: Changing) -> None:
    beyond = set(changing.given) - _OWNERS_TO_CORRECT
    if not register.may_change(principal, permit.account_id) or (beyond and not register.oversees(principal)):
        raise RegisterNotYours
    if changing.version is not None and changing.version != permit.version:
        raise RegisterChanged(version=permit.version)


def mover_of(principal: Principal) -> rules.Mover:
    """Who moves a permit: a person by their role. A program is a machine, whoever's token it has, and never warns."""
    return rules.MACHINE if principal.token_id is not None else principal.role


def move_permit(
    parts: Parts, principal: Principal, key: str, to: PermitState, *, note: str = "", version: int | None = None
) -> Permit:
    """Moves a permit to another state, and says when that step falls due.

    Raises PermitUnknown, RegisterChanged, PermitMoveNotAllowed, PermitNoteNeeded, WarningNotDue.
    """
    now = parts.clock()
    with parts.database.write() as db:
        permits.take_turns(db)
        permit = named(db, principal, key)
        if version is not None and version != permit.version:
            raise RegisterChanged(version=permit.version)
        was = permit.state
        due = permit.state_due_at and permit.state_due_at.astimezone(parts.zone)
        rules.check_permit_move(was, to, mover_of(principal), now, due=due, note=note)
        put_in(db, permit, to, now, by=principal.account_id, note=note.strip())
        audit.record(db, principal, now, action="move", subject="permit", subject_id=permit.id, to=to, was=was)
    return permit


def put_in(db: Session, permit: Permit, to: PermitState, now: datetime, *, by: UUID | None, note: str = "") -> None:
    """Writes down that a permit is in this state from now on."""
    was = permit.state
    permit.state, permit.state_since, permit.state_due_at = to, now, rules.falls_due(to, now)
    permit.updated_at = now
    permit.version += 1
    permits.moved(db, permit, was, now, by=by, note=note)
