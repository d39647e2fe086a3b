"""Accounts, for administrators."""

from uuid import UUID

from fastapi import APIRouter

from api.house import Here, House
from api.problems import answers
from api.security import Caller, allow
from api.shapes.people import AccountAnswer, AccountChange, AccountIn, AccountMade, AccountsAnswer, TicketAnswer
from cases import people
from cases.access import Right
from cases.errors import AreaUnknown
from storage import accounts, audit, sign_ins, teams, tickets
from storage.tables import Account

router = APIRouter(prefix="/api/v1", tags=["accounts"], dependencies=[allow(Right.ADMINISTER)])


@router.get("/accounts", responses=answers(401, 403, 503))
def list_accounts(house: Here) -> AccountsAnswer:
    """All accounts, by login."""
    with house.parts.database.read() as db:
        members = teams.of_all(db)
        return AccountsAnswer(
            accounts=[answer(account, members.get(account.id, [])) for account in accounts.listed(db)]
        )


@router.post("/accounts", status_code=201, responses=answers(400, 401, 403, 409, 413, 422, 503))
def add_account(given: AccountIn, house: Here, caller: Caller) -> AccountMade:
    """Makes an account and the one-time link with which its owner sets a password."""
    people.check_posting(given.role, given.agency)
    _check_area(house, given.area)
    with house.parts.database.write() as db:
        accounts.check_agency(db, given.agency)
        account = accounts.add(
            db,
            login=given.login,
            name=given.name,
            role=given.role,
            agency_code=given.agency,
            area_code=given.area,
            language=given.language,
            now=house.now,
        )
        teams.set_for(db, account.id, given.teams)
        ticket = _ticket(house, tickets.issue(db, account.id, house.now))
        audit.record(db, caller, house.now, action="added", subject="account", subject_id=account.id, role=account.role)
        made = answer(account, sorted(set(given.teams)))
    return AccountMade(**made.model_dump(), ticket=ticket)


@router.patch("/accounts/{account_id}", responses=answers(400, 401, 403, 404, 409, 413, 422, 503))
def change_account(account_id: UUID, given: AccountChange, house: Here, caller: Caller) -> AccountAnswer:
    """Changes an account. A change of role, posting or activity ends its sessions."""
    sent = given.model_fields_set
    _check_area(house, given.area)
    with house.parts.database.write() as db:
        account = accounts.get(db, account_id)
        accounts.check_agency(db, given.agency)
        if (given.role or account.role) is not account.role or given.active is False:
            accounts.keep_an_administrator(db, account)
        _apply(account, given)
        people.check_posting(account.role, account.agency_code)
        if given.teams is not None:
            teams.set_for(db, account.id, given.teams)
        if sent & {"role", "agency", "area", "active", "teams"}:
            sign_ins.close_all(db, account.id)
        audit.record(
            db, caller, house.now, action="changed", subject="account", subject_id=account.id, fields=sorted(sent)
        )
        changed = answer(account, sorted(teams.of_account(db, account.id)))
    house.callers.forget_account(account_id)
    return changed


@router.post("/accounts/{account_id}/ticket", responses=answers(401, 403, 404, 503))
def invite_again(account_id: UUID, house: Here, caller: Caller) -> TicketAnswer:
    """A new one-time link for an account whose owner lost the first one, or the password."""
    with house.parts.database.write() as db:
        account = accounts.get(db, account_id)
        issued = tickets.issue(db, account.id, house.now)
        audit.record(db, caller, house.now, action="invited", subject="account", subject_id=account.id)
    return _ticket(house, issued)


def answer(account: Account, codes: list[str]) -> AccountAnswer:
    """An account as administrators see it."""
    return AccountAnswer(
        id=account.id,
        login=account.login,
        name=account.name,
        role=account.role,
        agency=account.agency_code,
        area=account.area_code,
        language=account.language,
        active=account.active,
        has_password=account.password_hash is not None,
        teams=codes,
        created_at=account.created_at,
    )


def _apply(account: Account, given: AccountChange) -> None:
    """A field that was sent is set; null clears what may be empty and leaves the rest."""
    for field, column in (("agency", "agency_code"), ("area", "area_code")):
        if field in given.model_fields_set:
            setattr(account, column, getattr(given, field))
    for field in ("name", "role", "language", "active"):
        value = getattr(given, field)
        if value is not None:
            setattr(account, field, value)


def _check_area(house: House, code: str | None) -> None:
    if code is not None and code not in house.parts.areas.index():
        raise AreaUnknown(area=code)


def _ticket(house: House, issued: tickets.Issued) -> TicketAnswer:
    # The secret stands behind the #: it is never sent to a server, so no log of one can hold it.
    return TicketAnswer(url=house.options.link(f"/ticket#{issued.secret}"), expires_at=issued.expires_at)
