"""The town that moves, and where to."""

from collections.abc import Iterator

import pytest

from tests.ingest.city import decoder
from tests.pantau.move.town import Elsewhere, Town, drawn
from tests.servers.postgres import PostgresServer
from tests.servers.s3 import S3Server

__all__ = ["decoder"]


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """Drawn once; a move changes nothing in it."""
    return drawn(tmp_path_factory.mktemp("town"))


@pytest.fixture
def elsewhere(town: Town, postgres_server: PostgresServer, s3_server: S3Server) -> Iterator[Elsewhere]:
    """An empty database (without tables) and an empty bucket."""
    url = postgres_server.create_database()
    yield Elsewhere(url, s3_server.create_bucket(), s3_server, town)
    postgres_server.drop_database(url)
