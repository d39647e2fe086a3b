"""API tokens: keys for programs, with scopes and an end fixed when they are made."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import col
from uuid_utils.compat import uuid7

from cases.access import Principal
from cases.people import TokenUnknown
from cases.words import Scope
from storage import accounts, secrets
from storage.tables import Account, CategoryMember, Token

PREFIX = "pantau_"
"""What every token begins with, so that scanners for leaked secrets can know it."""

_SHOWN = len(PREFIX) + 6
_SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token with its secret, which is kept nowhere."""

    token: Token
    secret: str


@dataclass(frozen=True, slots=True)
class Found:
    """A living token."""

    principal: Principal
    ends_at: datetime | None
    stale: bool
    """Whether `touch` should note that it is in use."""


def issue(
    db: Session, account_id: UUID, now: datetime, *, name: str, scopes: Collection[Scope], expires_at: datetime | None
) -> Issued:
    """A new token of this account."""
    secret = PREFIX + secrets.new_secret()
    token = Token(
        id=uuid7(),
        account_id=account_id,
        name=name,
        prefix=secret[:_SHOWN],
        secret_hash=secrets.digest(secret),
        scopes=sorted(scopes),
        created_at=now,
        expires_at=expires_at,
    )
    db.add(token)
    db.flush()
    return Issued(token, secret)


def find(db: Session, secret_hash: str, now: datetime) -> Found | None:
    """The living token under this hash and who asks through it: one query."""
    chosen = (
        select(Token, Account, col(CategoryMember.category_code))
        .join(Account, col(Account.id) == col(Token.account_id))
        .outerjoin(CategoryMember, col(CategoryMember.account_id) == col(Account.id))
        .where(col(Token.secret_hash) == secret_hash, col(Token.revoked_at).is_(None), col(Account.active))
        .where(col(Token.expires_at).is_(None) | (col(Token.expires_at) > now))
    )
    rows = db.execute(chosen).all()
    if not rows:
        return None
    token, account, _ = rows[0]
    teams = (team for _, _, team in rows if team is not None)
    return Found(
        principal=accounts.principal(account, teams, token_id=token.id, scopes=token.scopes),
        ends_at=token.expires_at,
        stale=token.used_at is None or now - token.used_at > _SEEN_EVERY,
    )


def touch(db: Session, secret_hash: str, now: datetime) -> None:
    """Notes that the token is in use."""
    db.execute(update(Token).where(col(Token.secret_hash) == secret_hash).values(used_at=now))


def listed(db: Session, account_id: UUID) -> list[Token]:
    """The account's tokens that are not revoked, newest first."""
    chosen = (
        select(Token)
        .where(col(Token.account_id) == account_id, col(Token.revoked_at).is_(None))
        .order_by(col(Token.created_at).desc(), col(Token.id))
    )
    return list(db.scalars(chosen))


def revoke(db: Session, token_id: UUID, account_id: UUID, now: datetime) -> Token:
    """Ends one token of this account. Raises TokenUnknown, also for another's."""
    token = db.get(Token, token_id)
    if token is None or token.account_id != account_id or token.revoked_at is not None:
        raise TokenUnknown
    token.revoked_at = now
    return token
