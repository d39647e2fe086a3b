"""`pantau tokens`: keys for programs."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

import typer

from cases import people
from cases.words import Scope
from pantau.commands.session import OPERATOR, account, minute, now, show, storage
from storage import audit, tokens

app = typer.Typer(help="Keys by which programs ask on behalf of an account.", no_args_is_help=True)

Login = Annotated[str, typer.Argument(help="Login of the account that the token belongs to.")]


@app.command("list")
def list_tokens(login: Login) -> None:
    """List an account's tokens; their secrets are kept nowhere."""
    with storage() as database, database.read() as db:
        found = tokens.listed(db, account(db, login).id)
    show(
        ("id", "name", "begins", "scopes", "expires", "last used"),
        (
            (row.id, row.name, row.prefix, " ".join(row.scopes), minute(row.expires_at), minute(row.used_at))
            for row in found
        ),
    )


@app.command("add")
def add_token(
    login: Login,
    name: Annotated[str, typer.Option(help="What it is for.")],
    scope: Annotated[list[Scope], typer.Option(help="What it may do; repeatable. It can never be widened.")],
    days: Annotated[int, typer.Option(min=1, max=3650, help="Days until it ends.")] = 365,
) -> None:
    """Make a token and print its secret, which is shown this once.

    It never reaches further than its account, and never does more than its scopes say.
    """
    with storage() as database, database.write() as db:
        owner = account(db, login)
        people.check_token(scope, None, owner.role, now())
        made = tokens.issue(db, owner.id, now(), name=name, scopes=scope, expires_at=now() + timedelta(days=days))
        audit.record(db, OPERATOR, now(), action="add", subject="token", subject_id=made.token.id, scopes=sorted(scope))
    typer.echo(made.secret)
    typer.echo("Shown this once and kept nowhere. Send it as `Authorization: Bearer ...`.", err=True)


@app.command("revoke")
def revoke_token(
    login: Login, token_id: Annotated[UUID, typer.Argument(help="The token's id, from the list.")]
) -> None:
    """End a token at once."""
    with storage() as database, database.write() as db:
        tokens.revoke(db, token_id, account(db, login).id, now())
        audit.record(db, OPERATOR, now(), action="revoke", subject="token", subject_id=token_id)
    typer.echo("revoked")
