"""A real streaming replica beside the session's PostgreSQL, for the tests of one module."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database import Bounds, Database, open_database
from tests.servers.fixtures import FOLDER, OWNER
from tests.servers.postgres import PostgresServer, execute
from tests.storage.pairs import migrated

MOST_LAG_S = 1.0
IN_RECOVERY = text("SELECT pg_is_in_recovery()")


@dataclass
class Followed:
    """A migrated database that is on both servers."""

    primary: PostgresServer
    replica: PostgresServer
    url: str

    @property
    def read_url(self) -> str:
        """Its address on the replica."""
        return self.replica.url(self.url.rpartition("/")[2])

    def open(self, **more: object) -> Database:
        """The database with its replica, found well already."""
        bounds = Bounds(**{"pool": 4, "wait_s": 5.0, **more})  # type: ignore[arg-type]
        database = open_database(self.url, bounds=bounds, read_url=self.read_url, most_lag_s=MOST_LAG_S)
        assert database.replica is not None
        assert database.replica.look(10).usable, database.replica.standing()
        return database

    def pause(self) -> None:
        """Lets the replica fall behind."""
        execute(self.replica.url("postgres"), "SELECT pg_wal_replay_pause()")

    def resume(self) -> None:
        """Lets it catch up."""
        execute(self.replica.url("postgres"), "SELECT pg_wal_replay_resume()")


@pytest.fixture(scope="module")
def replica_server(
    postgres_server: PostgresServer, pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PostgresServer]:
    """A replica of the session's PostgreSQL, this module's own."""
    folder: Path = pytestconfig.stash[FOLDER] / tmp_path_factory.mktemp("replica").name
    name = f"{folder.name}-{id(folder):x}"
    owner = pytestconfig.stash[OWNER]
    made = postgres_server.replica(folder.with_name(name), owner, "max_standby_streaming_delay=200ms")
    yield made
    made.close()


@pytest.fixture
def followed(postgres_server: PostgresServer, replica_server: PostgresServer) -> Iterator[Followed]:
    """A fresh database on both."""
    url = postgres_server.create_database(postgres_server.template("migrated", migrated))
    yield Followed(postgres_server, replica_server, url)
    postgres_server.drop_database(url)
