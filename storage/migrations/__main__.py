"""Drafts the next revision from what the tables now say: `python -m storage.migrations "what changes and why"`.

A draft is to be read and finished by hand: it knows neither what PostGIS needs nor what becomes of rows already there.
"""

import argparse
import tempfile
from pathlib import Path
from typing import Any, Literal

from alembic import command
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import String
from sqlmodel.sql.sqltypes import AutoString

from storage import migrate
from storage.database import open_database
from storage.tables.types import UtcTime, Word


def plain(kind: str, thing: Any, context: AutogenContext) -> str | Literal[False]:
    """A column's type in SQLAlchemy's own words: a revision must not change when our types do."""
    if kind != "type":
        return False
    if isinstance(thing, UtcTime):
        return "sa.BigInteger()"
    if isinstance(thing, Word):
        return "sa.String(32)"
    if isinstance(thing, AutoString):
        return "sa.String()"
    if isinstance(thing, String) and thing.collation is None and "postgresql" in thing._variant_mapping:
        return f'sa.String({thing.length}).with_variant(sa.String({thing.length}, collation="C"), "postgresql")'
    return False


def main() -> None:
    """Compares the tables with a database made by the revisions there are, and writes what is missing."""
    words = argparse.ArgumentParser(prog="python -m storage.migrations", description=__doc__)
    words.add_argument("why", help="what changes and why, in a few words: it names the file")
    why = words.parse_args().why
    number = f"{len(migrate.revisions()) + 1:04}"
    with tempfile.TemporaryDirectory() as folder, open_database(f"sqlite:///{Path(folder) / 'draft.db'}") as database:
        migrate.upgrade(database)
        with database.write() as db:
            config = migrate.config(db.connection())
            config.attributes["render_item"] = plain
            config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
            command.revision(config, why, autogenerate=True, rev_id=number)


if __name__ == "__main__":
    main()
