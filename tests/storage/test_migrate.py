"""Up from empty and from every earlier revision, on both engines, to exactly the tables of `storage.tables`."""

import warnings
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.orm import Session

from storage import migrate
from storage.database import open_database
from storage.errors import DatabaseRefused
from storage.tables import metadata
from tests.servers.postgres import PostgresServer, execute
from tests.storage.pairs import Pair
from tests.storage.processes import finish, start

GEOMETRY = {(table, "geom") for table in ("area", "camera", "complaint", "outage", "permit", "photo")}
"""What PostgreSQL has beyond the tables: generated columns, each with its GiST index."""

SQLITE_ALONE = {"complaint_tile"}
"""Indexes that PostgreSQL does without."""


def ours(name: str | None, kind: str, parents: Any) -> bool:
    """Leaves out what PostGIS, the migration's own geometry and partitions add."""
    if kind == "table":
        return name in metadata.tables
    if kind == "index":
        return not str(name).endswith("_geom")
    if kind == "foreign_key_constraint":
        # PostgreSQL keeps one more for each partition that is pointed to.
        return "_fkey" not in str(name)
    return kind != "column" or (parents["table_name"], name) not in GEOMETRY


def differences(db: Session) -> list[Any]:
    options = {"compare_type": True, "compare_server_default": True, "include_name": ours}
    elsewhere = set() if db.get_bind().dialect.name == "sqlite" else SQLITE_ALONE
    with warnings.catch_warnings():
        # Neither Alembic nor SQLAlchemy reads a geometry or an index over an expression; `indexes` below does.
        warnings.simplefilter("ignore")
        found: list[Any] = compare_metadata(MigrationContext.configure(db.connection(), opts=options), metadata)
    return [
        change
        for change in found
        if not (change[0] == "remove_column" and (change[2], change[3].name) in GEOMETRY)
        and not (change[0] == "add_index" and change[1].name in elsewhere)
    ]


def indexes(db: Session, dialect: str) -> set[str]:
    ask = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        "postgresql": "SELECT relname FROM pg_class WHERE relkind IN ('i', 'I') AND NOT relispartition "
        "AND relnamespace = 'public'::regnamespace AND relname NOT LIKE '%\\_pk'",
    }
    return set(db.execute(text(ask[dialect])).scalars()) - {"spatial_ref_sys_pkey", "alembic_version_pkc"}


def declared(dialect: str) -> set[str]:
    """The indexes that the tables want on an engine."""
    named = {str(index.name) for table in metadata.tables.values() for index in table.indexes}
    return named if dialect == "sqlite" else named - SQLITE_ALONE


def test_from_every_revision_the_schema_becomes_that_of_the_tables(empty_url: str) -> None:
    with open_database(empty_url) as database:
        steps = migrate.revisions()
        assert migrate.current(database) is None
        assert migrate.pending(database)
        for step in steps:
            assert migrate.upgrade(database, step) == [step]
            assert migrate.current(database) == step
        assert not migrate.pending(database)
        assert migrate.upgrade(database) == []
        with database.read() as db:
            assert differences(db) == []
            extra = {f"{table}_geom" for table, _ in GEOMETRY} if database.dialect == "postgresql" else set()
            assert indexes(db, database.dialect) == declared(database.dialect) | extra


def test_up_from_empty_in_one_go(pair: Pair) -> None:
    assert migrate.current(pair.database) == migrate.head() == migrate.revisions()[-1]
    with pair.database.read() as db:
        assert differences(db) == []


def test_codes_are_ordered_by_bytes_on_both_engines(pair: Pair) -> None:
    codes = ["35.10.01", "35.10.1", "A-1", "a-1", "A_1", "B"]
    with pair.database.write() as db:
        for code in codes:
            db.execute(text("INSERT INTO fact (key, value, updated_at) VALUES (:code, '', 0)"), {"code": code})
        kept = text("SELECT key FROM fact WHERE updated_at = 0 AND value = '' ORDER BY key")
        found = list(db.execute(kept).scalars())
    assert found == sorted(codes)


def test_processes_that_migrate_at_once_do_not_clash(empty_url: str) -> None:
    code = "import sys; from tests.storage.pairs import migrated; migrated(sys.argv[1])"
    processes = [start(code, empty_url) for _ in range(3)]
    assert [finish(process)[0] for process in processes] == [0, 0, 0]
    with open_database(empty_url) as database:
        assert not migrate.pending(database)


def test_a_database_of_a_newer_version_is_left_alone(pair: Pair) -> None:
    with pair.database.write() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseRefused, match="revision 9999"):
        migrate.upgrade(pair.database)
    assert migrate.pending(pair.database)


def test_a_server_without_postgis_is_told_what_to_install(postgres_server: PostgresServer) -> None:
    url = postgres_server.create_database("template0")
    name = url.rpartition("/")[2]
    execute(postgres_server.url("postgres"), f"CREATE ROLE {name} LOGIN PASSWORD 'plain'")
    execute(url, f"GRANT CREATE ON SCHEMA public TO {name}")
    plain = url.replace(f"postgres:{postgres_server.password}@", f"{name}:plain@")
    try:
        with open_database(plain) as database:
            with pytest.raises(DatabaseRefused, match="CREATE EXTENSION postgis"):
                migrate.upgrade(database)
            assert migrate.current(database) is None
    finally:
        postgres_server.drop_database(url)
        execute(postgres_server.url("postgres"), f"DROP ROLE {name}")
