"""`pantau accounts`: who may sign in."""

from typing import Annotated

import typer

from cases import people
from cases.errors import AreaUnknown
from cases.words import Role
from pantau.commands import session
from pantau.commands.session import OPERATOR, minute, now, show, storage
from pantau.settings import Settings
from storage import accounts, areas, audit, sign_ins, tickets
from storage.tables import Account

app = typer.Typer(help="Who may sign in, as what.", no_args_is_help=True)

Login = Annotated[str, typer.Argument(help="Login of the account.")]


@app.command("list")
def list_accounts() -> None:
    """List the accounts."""
    with storage() as database, database.read() as db:
        found = accounts.listed(db)
    show(
        ("login", "name", "role", "agency", "area", ""),
        ((row.login, row.name, row.role, row.agency_code, row.area_code, _state(row)) for row in found),
    )


@app.command("add")
def add_account(
    login: Login,
    name: Annotated[str, typer.Option(help="The person's name.")],
    role: Annotated[Role, typer.Option(help="What the account is for.")],
    agency: Annotated[str | None, typer.Option(help="Code of the agency, for the role agency.")] = None,
    area: Annotated[str | None, typer.Option(help="Code of the only area the account sees.")] = None,
) -> None:
    """Add an account and print the one-time link by which its owner sets a password."""
    people.check_posting(role, agency)
    with storage() as database, database.write() as db:
        accounts.check_agency(db, agency)
        if area is not None and areas.one(db, area) is None:
            raise AreaUnknown(area=area)
        account = accounts.add(db, login=login, name=name, role=role, now=now(), agency_code=agency, area_code=area)
        audit.record(db, OPERATOR, now(), action="add", subject="account", subject_id=account.id, role=role)
        secret, ends = tickets.issue(db, account.id, now())
    _print_link(secret, minute(ends))


@app.command("link")
def new_link(login: Login) -> None:
    """Print a new one-time link for an account whose password is lost."""
    with storage() as database, database.write() as db:
        account = session.account(db, login)
        audit.record(db, OPERATOR, now(), action="link", subject="account", subject_id=account.id)
        secret, ends = tickets.issue(db, account.id, now())
    _print_link(secret, minute(ends))


@app.command("close")
def close_account(login: Login) -> None:
    """End an account: it can no longer sign in, its sessions and tokens stop; what it did stays."""
    with storage() as database, database.write() as db:
        account = session.account(db, login)
        if account.role is Role.ADMINISTRATOR:
            accounts.keep_an_administrator(db, account)
        account.active = False
        sign_ins.close_all(db, account.id)
        audit.record(db, OPERATOR, now(), action="close", subject="account", subject_id=account.id)
    typer.echo(f"{login} is closed")


def _state(account: Account) -> str:
    if not account.active:
        return "closed"
    return "" if account.password_hash else "waits for its link to be used"


def _print_link(secret: str, ends: str) -> None:
    typer.echo(f"{Settings().url}/ticket#{secret}")
    typer.echo(f"Sets a password, once, until {ends}. Hand it over in private.", err=True)
