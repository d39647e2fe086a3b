"""Brings a database's schema up to date. There is no way down: restore the backup taken before the update.

Alembic's revisions lie in `storage/migrations/versions` and travel with the package. All pending ones run in one
transaction, so a failed update leaves the schema as it was.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import NotSupportedError, ProgrammingError
from sqlalchemy.orm import Session

from storage.database import Database
from storage.errors import DatabaseRefused

_LOCK = 5_720_414_091
"""PostgreSQL's advisory lock that says "somebody migrates"; any number that nothing else uses."""


def head() -> str:
    """The revision that this version of Pantau works with."""
    return str(_scripts().get_current_head())


def revisions() -> list[str]:
    """Every revision there is, oldest first."""
    return [script.revision for script in reversed(list(_scripts().walk_revisions()))]


def current(database: Database) -> str | None:
    """The revision of this database; None when it is empty."""
    with database.read() as db:
        return _current(db)


def pending(database: Database) -> bool:
    """Whether `upgrade` has something to do."""
    return current(database) != head()


def upgrade(database: Database, to: str = "head") -> list[str]:
    """Runs what is pending, up to the revision `to`; answers the revisions that ran, oldest first.

    Two processes may call it at once: the second waits and finds nothing left to do. Raises DatabaseRefused when the
    database belongs to a newer Pantau, or when PostgreSQL has no PostGIS and we may not add it.
    """
    with database.rebuild() as db:
        if database.dialect == "postgresql":
            db.execute(text("SET LOCAL statement_timeout = 0"))
            db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        before = _current(db)
        known = revisions()
        if before is not None and before not in known:
            raise DatabaseRefused(
                f"the database {database.place} has revision {before}, which this version of Pantau does not know; "
                "update Pantau, or restore a backup made with this version"
            )
        if database.dialect == "postgresql":
            _need_postgis(db, database.place)
        command.upgrade(config(db.connection()), to)
        after = _current(db)
    first = 0 if before is None else known.index(before) + 1
    return known[first : 0 if after is None else known.index(after) + 1]


def _current(db: Session) -> str | None:
    return MigrationContext.configure(db.connection()).get_current_revision()


def _need_postgis(db: Session, place: str) -> None:
    try:
        db.execute(text("CREATE EXTENSION IF NOT EXISTS postgis"))
    except (NotSupportedError, ProgrammingError) as error:
        raise DatabaseRefused(
            f"the database {place} has no PostGIS and we may not add it; install PostGIS on its server and have its "
            "administrator run CREATE EXTENSION postgis in this database"
        ) from error


def config(connection: Connection | None = None) -> Config:
    """What Alembic has to know: where the revisions lie, and the open transaction they run in."""
    told = Config()
    folder = str(Path(__file__).with_name("migrations"))
    told.set_main_option("script_location", folder.replace("%", "%%"))
    told.set_main_option("path_separator", "os")
    told.attributes["connection"] = connection
    return told


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(config())
