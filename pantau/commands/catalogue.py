"""`pantau agencies` and `pantau categories`: who acts on what, and how soon."""

from pathlib import Path
from typing import Annotated

import typer

from cases import catalogue as rules
from cases.errors import CategoryUnknown
from pantau.commands.session import OPERATOR, account, now, show, storage
from pantau.errors import Refused
from storage import agencies as kept
from storage import audit

agencies = typer.Typer(help="Units of government that act.", no_args_is_help=True)
categories = typer.Typer(help="What can be wrong, who leads, how soon.", no_args_is_help=True)

File = Annotated[Path | None, typer.Argument(exists=True, dir_okay=False, readable=True, help="A YAML file.")]
Team = Annotated[str, typer.Argument(help="Code of a confidential category.")]
Login = Annotated[str, typer.Argument(help="Login of the account.")]


@agencies.command("list")
def list_agencies() -> None:
    """List the agencies."""
    with storage() as database, database.read() as db:
        found = kept.agencies(db)
    show(("code", "name", "in English"), ((row.code, row.name_id, row.name_en) for row in found))


@agencies.command("import")
@categories.command("import")
def import_catalogue(file: File = None) -> None:
    """Take agencies and categories from a YAML file; without one, the default Indonesian set.

    Codes that are there already are changed, others added, none removed: complaints point to them. `pantau categories
    export` prints the default set to begin from.
    """
    try:
        text = rules.default_text() if file is None else file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Refused(f"{file} is no text in UTF-8; save it as such") from None
    with storage() as database, database.write() as db:
        read = rules.parse(text, agencies={agency.code for agency in kept.agencies(db)})
        saved = kept.save(db, read)
        audit.record(
            db, OPERATOR, now(), action="import", subject="catalogue", subject_id="", categories=saved.categories
        )
    typer.echo(f"{saved.agencies} agencies and {saved.categories} categories taken")


@categories.command("list")
def list_categories() -> None:
    """List the categories with lead agency, deadline and matching radius."""
    with storage() as database, database.read() as db:
        found = kept.categories(db)
    rows = (
        (row.code, row.name_id, row.agency_code, f"{row.deadline_hours} h", f"{row.radius_m:g} m",
         "confidential" if row.confidential else "")
        for row in found
    )  # fmt: skip
    show(("code", "name", "agency", "deadline", "radius", ""), rows)


@categories.command("export")
def export() -> None:
    """Print the default set as YAML, to change and import."""
    typer.echo(rules.default_text(), nl=False)


@categories.command("allow")
def allow(category: Team, login: Login) -> None:
    """Add an account to the team that alone sees a confidential category."""
    _change_team(category, login, member=True)


@categories.command("deny")
def deny(category: Team, login: Login) -> None:
    """Take an account out of a confidential category's team."""
    _change_team(category, login, member=False)


def _change_team(category: str, login: str, *, member: bool) -> None:
    with storage() as database, database.write() as db:
        if category not in {row.code for row in kept.categories(db)}:
            raise CategoryUnknown(category=category)
        member_id = account(db, login).id
        kept.set_member(db, category, member_id, member=member)
        action = "allow" if member else "deny"
        audit.record(
            db, OPERATOR, now(), action=action, subject="category", subject_id=category, account=str(member_id)
        )
    typer.echo(f"{login} {'may now see' if member else 'no longer sees'} {category}")
