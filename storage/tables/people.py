"""Who is asking and who acts: agencies, accounts, sessions, tokens, tickets."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from cases.words import Role
from storage.tables.types import code_field, json_field, time_field, word_field


class Agency(SQLModel, table=True):
    """A unit of government that acts (OPD)."""

    __tablename__ = "agency"

    code: str = code_field(primary_key=True)
    name_id: str
    name_en: str
    phone: str = ""
    email: str = ""
    active: bool = True


class Account(SQLModel, table=True):
    """A person who signs in. `agency_code` and `area_code` narrow what the role may see; None does not narrow."""

    __tablename__ = "account"
    __table_args__ = (Index("account_login", "login", unique=True),)

    id: UUID = Field(primary_key=True)
    login: str
    name: str
    role: Role = word_field(Role)
    agency_code: str | None = code_field(None, to="agency.code")
    area_code: str | None = code_field(None, length=16)
    password_hash: str | None = None
    language: str = "id"
    active: bool = True
    failed_logins: int = 0
    locked_until: datetime | None = time_field(None)
    created_at: datetime = time_field()


class SignIn(SQLModel, table=True):
    """A server-side session. Only the SHA-256 of the cookie's secret is kept."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("sign_in_account", "account_id"), Index("sign_in_expires", "expires_at"))

    secret_hash: str = code_field(length=64, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    csrf: str
    created_at: datetime = time_field()
    seen_at: datetime = time_field()
    expires_at: datetime = time_field()


class Token(SQLModel, table=True):
    """A key for programs. Only its SHA-256 is kept; scopes and expiry never change."""

    __tablename__ = "token"
    __table_args__ = (Index("token_hash", "secret_hash", unique=True), Index("token_account", "account_id"))

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    name: str
    prefix: str
    secret_hash: str = code_field(length=64)
    scopes: list[str] = json_field(list)
    created_at: datetime = time_field()
    expires_at: datetime | None = time_field(None)
    used_at: datetime | None = time_field(None)
    revoked_at: datetime | None = time_field(None)


class Ticket(SQLModel, table=True):
    """A one-time link: the first administrator's, or an invitation to set a password."""

    __tablename__ = "ticket"

    secret_hash: str = code_field(length=64, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    created_at: datetime = time_field()
    expires_at: datetime = time_field()
    used_at: datetime | None = time_field(None)


class Audit(SQLModel, table=True):
    """Who did what to which record. Rows are added and never changed."""

    __tablename__ = "audit"
    __table_args__ = (Index("audit_subject", "subject", "subject_id"), Index("audit_at", "at"))

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = time_field()
    account_id: UUID | None = None
    token_id: UUID | None = None
    action: str
    subject: str
    subject_id: str
    data: dict[str, Any] = json_field(dict)
