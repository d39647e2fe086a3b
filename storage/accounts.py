"""Accounts: people who sign in, what they may see, and their wrong passwords."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col
from uuid_utils.compat import uuid7

from cases.access import Principal
from cases.people import AccountUnknown, AgencyUnknown, LastAdministrator, LoginTaken
from cases.words import Role, Scope
from storage import secrets
from storage.tables import Account, Agency, AreaRow

FREE_TRIES = 5
"""Wrong passwords before an account is locked."""

FIRST_LOGIN = "first-administrator"
"""The login of the first administrator until the one-time link is used, which chooses another."""

FIRST_LOCK = timedelta(seconds=30)
LONGEST_LOCK = timedelta(minutes=15)


def get(db: Session, account_id: UUID) -> Account:
    """The account. Raises AccountUnknown."""
    account = db.get(Account, account_id)
    if account is None:
        raise AccountUnknown
    return account


def by_login(db: Session, login: str) -> Account | None:
    """The account that signs in under this name, in any case of letters."""
    return db.scalar(select(Account).where(col(Account.login) == login.strip().lower()))


def listed(db: Session) -> list[Account]:
    """All accounts, by login."""
    return list(db.scalars(select(Account).order_by(col(Account.login))))


def add(
    db: Session,
    *,
    login: str,
    name: str,
    role: Role,
    now: datetime,
    agency_code: str | None = None,
    area_code: str | None = None,
    language: str = "id",
    password: str | None = None,
) -> Account:
    """A new account; without a password it waits for its ticket. Raises LoginTaken."""
    if by_login(db, login) is not None:
        raise LoginTaken(login=login)
    account = Account(
        id=uuid7(),
        login=login.strip().lower(),
        name=name,
        role=role,
        agency_code=agency_code,
        area_code=area_code,
        language=language,
        password_hash=None if password is None else secrets.hash_password(password),
        created_at=now,
    )
    db.add(account)
    db.flush()
    return account


def keep_an_administrator(db: Session, account: Account) -> None:
    """Raises LastAdministrator if, without this account, nobody could administer."""
    others = (
        select(func.count())
        .select_from(Account)
        .where(col(Account.role) == Role.ADMINISTRATOR, col(Account.active), col(Account.id) != account.id)
        .where(col(Account.password_hash).is_not(None))
    )
    if not db.scalar(others):
        raise LastAdministrator


def set_password(account: Account, password: str) -> None:
    """Sets the password and forgets wrong tries."""
    account.password_hash = secrets.hash_password(password)
    account.failed_logins = 0
    account.locked_until = None


def record_wrong_password(account: Account, now: datetime) -> None:
    """Counts a wrong password; from the fifth on the account is locked, each time twice as long, up to 15 minutes."""
    account.failed_logins += 1
    beyond = account.failed_logins - FREE_TRIES
    if beyond >= 0:
        account.locked_until = now + min(FIRST_LOCK * 2 ** min(beyond, 10), LONGEST_LOCK)


def principal(
    account: Account, teams: Iterable[str], *, token_id: UUID | None = None, scopes: Iterable[str] | None = None
) -> Principal:
    """Who is asking when this account asks, through a token if it has one."""
    return Principal(
        account_id=account.id,
        role=account.role,
        name=account.name,
        agency_code=account.agency_code,
        area_code=account.area_code,
        language=account.language,
        teams=frozenset(teams),
        token_id=token_id,
        scopes=None if scopes is None else frozenset(Scope(scope) for scope in scopes),
    )


def names(db: Session, account_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of these accounts."""
    wanted = set(account_ids)
    if not wanted:
        return {}
    rows = db.execute(select(col(Account.id), col(Account.name)).where(col(Account.id).in_(wanted)))
    return {row.id: row.name for row in rows}


def agency_and_area(db: Session, account: Account) -> tuple[Agency | None, AreaRow | None]:
    """The agency and the area that narrow what the account sees."""
    agency = db.get(Agency, account.agency_code) if account.agency_code else None
    area = db.get(AreaRow, account.area_code) if account.area_code else None
    return agency, area


def passwordless(db: Session) -> list[Account]:
    """Active accounts that have never had a password, by role and login: in a demo, those that anyone may be.

    The first administrator, who is still to come, is not among them.
    """
    chosen = select(Account).where(
        col(Account.active), col(Account.password_hash).is_(None), col(Account.login) != FIRST_LOGIN
    )
    return list(db.scalars(chosen.order_by(col(Account.role), col(Account.login))))


def check_agency(db: Session, code: str | None) -> None:
    """Raises AgencyUnknown for a code that is no active agency's; None is fine."""
    if code is None:
        return
    found = db.get(Agency, code)
    if found is None or not found.active:
        raise AgencyUnknown(agency=code)
