"""One-time links: the first administrator's, and those that invite an account to set its password."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.people import LoginFixed, LoginTaken, TicketRefused
from cases.words import Role
from storage import accounts, secrets, sign_ins
from storage.database import Database
from storage.tables import Account, Ticket

LIVES = timedelta(hours=72)


class Issued(NamedTuple):
    """A new ticket. `secret` is kept nowhere."""

    secret: str
    expires_at: datetime


def issue(db: Session, account_id: UUID, now: datetime) -> Issued:
    """A new ticket; earlier ones of the account are void."""
    db.execute(delete(Ticket).where(col(Ticket.account_id) == account_id))
    issued = Issued(secrets.new_secret(), now + LIVES)
    db.add(
        Ticket(
            secret_hash=secrets.digest(issued.secret),
            account_id=account_id,
            created_at=now,
            expires_at=issued.expires_at,
        )
    )
    return issued


def first(db: Session, now: datetime) -> str | None:
    """A ticket's secret for the first administrator, or None once some administrator can sign in.

    Asked at every start: a link that was lost is replaced by the next one.
    """
    able = select(col(Account.id)).where(
        col(Account.role) == Role.ADMINISTRATOR,
        col(Account.password_hash).is_not(None),
    )
    if db.scalar(able.limit(1)) is not None:
        return None
    account = accounts.by_login(db, accounts.FIRST_LOGIN) or accounts.add(
        db, login=accounts.FIRST_LOGIN, name="Administrator", role=Role.ADMINISTRATOR, now=now
    )
    return issue(db, account.id, now).secret


def redeem(
    database: Database, secret: str, password: str, now: datetime, *, login: str | None, name: str | None
) -> sign_ins.Opened:
    """Sets the password and opens a session; the first administrator also chooses a login and a name.

    Raises TicketRefused (wrong, used or too old), LoginFixed when an invited account names another login, LoginTaken.
    """
    hashed = secrets.hash_password(password)
    with database.write() as db:
        ticket = db.get(Ticket, secrets.digest(secret))
        if ticket is None or ticket.used_at is not None or ticket.expires_at <= now:
            raise TicketRefused
        account = accounts.get(db, ticket.account_id)
        if not account.active:
            raise TicketRefused
        _rename(db, account, login, name)
        ticket.used_at = now
        account.password_hash, account.failed_logins, account.locked_until = hashed, 0, None
        sign_ins.close_all(db, account.id)
        return sign_ins.open_session(db, account.id, now)


def _rename(db: Session, account: Account, login: str | None, name: str | None) -> None:
    chosen = login.strip().lower() if login else account.login
    if chosen != account.login:
        if account.login != accounts.FIRST_LOGIN:
            raise LoginFixed(login=account.login)
        if accounts.by_login(db, chosen) is not None:
            raise LoginTaken(login=chosen)
        account.login = chosen
    account.name = name or account.name
