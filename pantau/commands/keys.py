"""`pantau keys`: what cameras' passwords are sealed with."""

from contextlib import closing

import typer

from ingest.cameras.secrets import KeyUnknown, new_key
from ingest.cameras.ways import reseal
from ingest.parts import Parts
from pantau.commands.session import OPERATOR, need_tables, now
from pantau.errors import Refused
from pantau.settings import Settings
from pantau.wiring import key_file, open_parts
from storage import audit

app = typer.Typer(help="Keys that cameras' passwords are sealed with.", no_args_is_help=True)


@app.command("new")
def print_key() -> None:
    """Print a new key for the setting PANTAU_SECRET_KEY; nothing is changed."""
    typer.echo(new_key())


@app.command("rotate")
def rotate() -> None:
    """Seal every password anew under a new key.

    Where the key is in the data folder, a new one is made and put before the old one, which running servers may still
    need and which the next rotation drops. Where PANTAU_SECRET_KEY holds it, put a new one before the old one, with a
    comma between, restart Pantau, and run this; the old one may then be taken away.
    """
    settings = Settings()
    with closing(open_parts(settings)) as parts:
        need_tables(parts.database)
        done = _resealed(parts)  # what an older key still holds, before that key goes
        file = key_file(settings)
        if file is not None:
            file.add()
            done = _resealed(parts)
        with parts.database.write() as db:
            audit.record(db, OPERATOR, now(), action="rotate", subject="keys", subject_id="", sealed=done)
    typer.echo(f"{done} passwords sealed anew")


def _resealed(parts: Parts) -> int:
    try:
        return reseal(parts)
    except KeyUnknown:
        raise Refused(
            "no key of this installation opens a camera's password; put its key back behind the others and run this "
            "again. Nothing was changed"
        ) from None
