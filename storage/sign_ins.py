"""Server-side sessions: who has signed in, and for how long."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.access import Principal
from cases.people import LockedOut, SignInRefused
from storage import accounts, secrets
from storage.database import Database
from storage.tables import Account, CategoryMember, SignIn

IDLE = timedelta(hours=12)
"""A session that nobody used for this long is over, where nothing else is set."""

LONGEST = timedelta(days=14)
"""No session lives longer than this, however busy."""

_SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Opened:
    """A fresh session. `secret` goes into the cookie and is kept nowhere."""

    secret: str
    csrf: str
    account_id: UUID


@dataclass(frozen=True, slots=True)
class Found:
    """A living session."""

    principal: Principal
    csrf: str
    ends_at: datetime
    stale: bool
    """Whether `touch` should note that it is in use."""


def sign_in(database: Database, login: str, password: str, now: datetime) -> Opened:
    """Checks a password and opens a session.

    Raises SignInRefused, alike in words and in time for an unknown login, a wrong password and a closed account; and
    LockedOut after too many wrong ones. Hashing happens between the transactions: it would hold up every writer.
    """
    with database.read() as db:
        account = accounts.by_login(db, login)
    if account is not None and account.locked_until is not None and account.locked_until > now:
        raise LockedOut(seconds=math.ceil((account.locked_until - now).total_seconds()))
    fits = secrets.password_fits(account.password_hash if account else None, password)
    if account is None or not account.active:
        raise SignInRefused
    aged = fits and account.password_hash is not None and secrets.password_aged(account.password_hash)
    fresh = secrets.hash_password(password) if aged else None
    with database.write() as db:
        kept = accounts.get(db, account.id)
        if fits:
            kept.failed_logins, kept.locked_until = 0, None
            kept.password_hash = fresh or kept.password_hash
            return open_session(db, kept.id, now)
        accounts.record_wrong_password(kept, now)
    raise SignInRefused


def open_session(db: Session, account_id: UUID, now: datetime) -> Opened:
    """A new session of this account."""
    secret, csrf = secrets.new_secret(), secrets.new_secret()
    db.add(
        SignIn(
            secret_hash=secrets.digest(secret),
            account_id=account_id,
            csrf=csrf,
            created_at=now,
            seen_at=now,
            expires_at=now + LONGEST,
        )
    )
    return Opened(secret, csrf, account_id)


def find(db: Session, secret_hash: str, now: datetime, idle: timedelta = IDLE) -> Found | None:
    """The living session under this hash, with all that is needed to know who is asking: one query.

    `idle` is how long it may go unused.
    """
    chosen = (
        select(SignIn, Account, col(CategoryMember.category_code))
        .join(Account, col(Account.id) == col(SignIn.account_id))
        .outerjoin(CategoryMember, col(CategoryMember.account_id) == col(Account.id))
        .where(col(SignIn.secret_hash) == secret_hash, col(SignIn.expires_at) > now, col(SignIn.seen_at) > now - idle)
        .where(col(Account.active))
    )
    rows = db.execute(chosen).all()
    if not rows:
        return None
    session, account, _ = rows[0]
    return Found(
        principal=accounts.principal(account, (team for _, _, team in rows if team is not None)),
        csrf=session.csrf,
        ends_at=min(session.expires_at, session.seen_at + idle),
        stale=now - session.seen_at > _SEEN_EVERY,
    )


def touch(db: Session, secret_hash: str, now: datetime) -> None:
    """Notes that the session is in use."""
    db.execute(update(SignIn).where(col(SignIn.secret_hash) == secret_hash).values(seen_at=now))


def close(db: Session, secret_hash: str) -> None:
    """Ends one session."""
    db.execute(delete(SignIn).where(col(SignIn.secret_hash) == secret_hash))


def close_all(db: Session, account_id: UUID) -> None:
    """Ends every session of an account: its password or its rights have changed."""
    db.execute(delete(SignIn).where(col(SignIn.account_id) == account_id))


def prune(db: Session, now: datetime) -> None:
    """Removes the sessions that are over for good; one that was idle too long opens nothing while it is kept."""
    db.execute(delete(SignIn).where(col(SignIn.expires_at) <= now))
