"""Rules about people: what a password must be, what a token may be given, and what goes wrong at the door."""

from collections.abc import Collection
from datetime import datetime

from cases.errors import Conflict, Invalid, NotFound, PantauError
from cases.words import Role, Scope

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
"""Hashing a longer one would only cost time."""


class SignInRefused(PantauError):
    """Unknown login, wrong password or closed account: never said which."""

    code = "sign_in_refused"


class LockedOut(PantauError):
    """`seconds`: too many wrong passwords; this long until the next try counts."""

    code = "locked_out"


class TicketRefused(PantauError):
    """The one-time link is wrong, used or too old."""

    code = "ticket_refused"


class PasswordWeak(Invalid):
    """`shortest`: characters."""

    code = "password_weak"


class LoginFixed(Invalid):
    """`login`: an invited account has its login already."""

    code = "login_fixed"


class LoginTaken(Conflict):
    """`login`: another account signs in under it."""

    code = "login_taken"


class LastAdministrator(Conflict):
    """Nobody could administer any more."""

    code = "last_administrator"


class AccountUnknown(NotFound):
    code = "account_unknown"


class TokenUnknown(NotFound):
    code = "token_unknown"


class AgencyUnknown(Invalid):
    """`agency`: no such agency."""

    code = "agency_unknown"


class AgencyNeeded(Invalid):
    """An account of an agency must say which."""

    code = "agency_needed"


class ScopesTooWide(PantauError):
    """`scope`: a token may not be given more than its maker may."""

    code = "scopes_too_wide"


class EndPassed(Invalid):
    """A token whose end has passed already."""

    code = "end_passed"


def check_password(password: str, *, login: str = "", name: str = "") -> None:
    """Raises PasswordWeak for one that is too short, too long, of one repeated character, or the person's own name."""
    trivial = {login.strip().lower(), name.strip().lower(), "".join(name.lower().split())}
    short = len(password) < SHORTEST_PASSWORD or len(password) > LONGEST_PASSWORD
    if short or len(set(password)) < 4 or password.strip().lower() in trivial:
        raise PasswordWeak(shortest=SHORTEST_PASSWORD)


def check_token(scopes: Collection[Scope], expires_at: datetime | None, role: Role | None, now: datetime) -> None:
    """Whether a person of this role may make this token. Raises ScopesTooWide or EndPassed."""
    if Scope.ADMIN in scopes and role is not Role.ADMINISTRATOR:
        raise ScopesTooWide(scope=Scope.ADMIN)
    if expires_at is not None and expires_at <= now:
        raise EndPassed


def check_posting(role: Role, agency_code: str | None) -> None:
    """Raises AgencyNeeded for an account of an agency that names none: it would see every agency's complaints."""
    if role is Role.AGENCY and agency_code is None:
        raise AgencyNeeded
