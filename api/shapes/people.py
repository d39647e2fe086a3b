"""Accounts, sessions, tokens and one-time links, as they come and go."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from api.shapes.common import AreaCode, Code, In, Moment, Name, Named, Out
from cases.access import Right
from cases.people import LONGEST_PASSWORD
from cases.plain import plain
from cases.words import Role, Scope

Login = Annotated[str, Field(max_length=80), AfterValidator(plain), Field(min_length=1, examples=["sari"])]
NewLogin = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{2,63}$", examples=["sari"])]
Password = Annotated[str, Field(max_length=LONGEST_PASSWORD, examples=["kata-sandi-yang-panjang"])]
LanguageCode = Annotated[str, Field(pattern=r"^(id|en)$", examples=["id"])]


class SignInIn(In):
    """A login and its password."""

    login: Login
    password: Password


class DemoSignInIn(In):
    """A demo account's login; in a demo there is no password."""

    login: Login


class TicketIn(In):
    """A one-time link's secret and the password to set; `login` and `name` are for the first administrator."""

    ticket: Annotated[str, Field(min_length=1, max_length=200)]
    password: Password
    login: NewLogin | None = None
    name: Name | None = None


class Me(Out):
    """The account that is asking."""

    id: UUID
    login: str
    name: str
    role: Role
    agency: Named | None
    area: Named | None
    language: str


class MeAnswer(Out):
    """Who is asking and what they may do. `csrf` goes into the X-CSRF-Token header of every unsafe request."""

    account: Me | None
    rights: list[Right]
    csrf: str | None


class AccountIn(In):
    """A new account. It gets a one-time link to set its password."""

    login: NewLogin
    name: Name
    role: Role
    agency: Code | None = None
    area: AreaCode | None = None
    language: LanguageCode = "id"
    teams: Annotated[list[Code], Field(max_length=50)] = Field([], description="Confidential categories it may see.")


class AccountChange(In):
    """What to change; a field left out stays as it is."""

    name: Name | None = None
    role: Role | None = None
    agency: Code | None = None
    area: AreaCode | None = None
    language: LanguageCode | None = None
    active: bool | None = None
    teams: Annotated[list[Code], Field(max_length=50)] | None = None


class AccountAnswer(Out):
    """An account, as administrators see it."""

    id: UUID
    login: str
    name: str
    role: Role
    agency: str | None
    area: str | None
    language: str
    active: bool
    has_password: bool
    teams: list[str]
    created_at: datetime


class AccountsAnswer(Out):
    """All accounts."""

    accounts: list[AccountAnswer]


class TicketAnswer(Out):
    """A one-time link; it is shown once and works once."""

    url: str = Field(examples=["https://pantau.example.go.id/ticket#Zt5..."])
    expires_at: datetime


class AccountMade(AccountAnswer):
    """A new account with the link that lets its owner in."""

    ticket: TicketAnswer


class TokenIn(In):
    """A new token. Scopes and end cannot be changed later."""

    name: Name
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=len(Scope))]
    expires_at: Moment | None = None


class TokenAnswer(Out):
    """A token, without its secret."""

    id: UUID
    name: str
    prefix: str = Field(examples=["pantau_Zt5aQ1"])
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None


class TokensAnswer(Out):
    """The caller's tokens."""

    tokens: list[TokenAnswer]


class TokenMade(TokenAnswer):
    """A new token with its secret, which is shown this once."""

    secret: str = Field(examples=["pantau_Zt5aQ1..."])
