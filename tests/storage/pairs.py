"""The two pairs that Pantau keeps its data in, fresh for every test: SQLite + folder, PostgreSQL + S3."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from storage import migrate
from storage.blobs import Blobs, FolderBlobs, open_blobs
from storage.database import Database, open_database
from tests.servers.postgres import PostgresServer
from tests.servers.s3 import S3Server

SQLITE_FOLDER, POSTGRES_S3 = "sqlite+folder", "postgres+s3"

on_sqlite = pytest.mark.parametrize("pair", [SQLITE_FOLDER], indirect=True)
"""For what no engine has a say in."""


class Pair:
    """A migrated, empty database and an empty store. `environment` tells another process the same.

    The store is opened at its first use: most tests of tables need none.
    """

    def __init__(self, name: str, url: str, folder: Path, s3: S3Server | None) -> None:
        self.name, self.url, self.folder, self.s3 = name, url, folder, s3
        self.database: Database = open_database(url)

    @cached_property
    def blobs(self) -> Blobs:
        """The pair's store."""
        if self.s3 is None:
            return FolderBlobs(self.folder / "blobs")
        return open_blobs(
            self._blobs_url,
            endpoint=self.s3.endpoint,
            public_endpoint=self.s3.endpoint,
            access_key=self.s3.access_key,
            secret_key=self.s3.secret_key,
            secure=False,
            workspace=self.folder / "incoming",
        )

    @property
    def environment(self) -> dict[str, str]:
        """The settings of this pair, as PANTAU_ variables."""
        said = {"PANTAU_DATABASE_URL": self.url, "PANTAU_BLOBS_URL": self._blobs_url}
        if self.s3 is not None:
            said |= {
                "PANTAU_S3_ENDPOINT": self.s3.endpoint,
                "PANTAU_S3_PUBLIC_ENDPOINT": self.s3.endpoint,
                "PANTAU_S3_ACCESS_KEY": self.s3.access_key,
                "PANTAU_S3_SECRET_KEY": self.s3.secret_key,
                "PANTAU_S3_SECURE": "false",
            }
        return said

    @cached_property
    def _blobs_url(self) -> str:
        return f"s3://{self.s3.create_bucket()}" if self.s3 else f"file://{self.folder / 'blobs'}"


def migrated(url: str) -> None:
    """Brings the database at this address up to date, leaving no connection open."""
    with open_database(url) as database:
        migrate.upgrade(database)


@dataclass(frozen=True)
class Ground:
    """What a database holds before its test. `lay(address)` brings it into the one that all others are copied from."""

    name: str
    lay: Callable[[str], None]
    over: "Ground | None" = None


BARE = Ground("migrated", migrated)
GROUNDS: dict[str, Ground] = {}
"""Grounds by the name of the fixture that needs them: the pair of a test that asks for it begins with a copy."""


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Ground], Path]:
    """The SQLite file to copy for each ground."""
    made: dict[str, Path] = {}

    def template(ground: Ground) -> Path:
        if ground.name not in made:
            path = tmp_path_factory.mktemp("template") / f"{ground.name}.db"
            if ground.over is not None:
                shutil.copyfile(template(ground.over), path)
            ground.lay(f"sqlite:///{path}")
            made[ground.name] = path
        return made[ground.name]

    return template


@pytest.fixture(scope="session")
def sqlite_template(sqlite_templates: Callable[[Ground], Path]) -> Path:
    """A migrated SQLite file to copy."""
    return sqlite_templates(BARE)


def postgres_template(server: PostgresServer, ground: Ground) -> str:
    """The name of the PostgreSQL database to copy for a ground."""
    below = None if ground.over is None else postgres_template(server, ground.over)
    return server.template(ground.name, ground.lay, below)


def _sqlite(request: pytest.FixtureRequest, folder: Path, ground: Ground) -> Iterator[str]:
    template: Path = request.getfixturevalue("sqlite_templates")(ground)
    shutil.copyfile(template, folder / "pantau.db")
    yield f"sqlite:///{folder / 'pantau.db'}"


def _postgres(request: pytest.FixtureRequest, folder: Path, ground: Ground) -> Iterator[str]:
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.create_database(postgres_template(server, ground))
    yield url
    server.drop_database(url)


@pytest.fixture(params=[SQLITE_FOLDER, POSTGRES_S3])
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pair]:
    """Each pair in turn."""
    ground = next((GROUNDS[name] for name in request.fixturenames if name in GROUNDS), BARE)
    yield from _made(request, tmp_path, ground)


@pytest.fixture(scope="module", params=[SQLITE_FOLDER, POSTGRES_S3])
def kept_pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Each pair in turn, one for all tests of a module: for those that only ask."""
    yield from _made(request, tmp_path_factory.mktemp("kept"), BARE)


def _made(request: pytest.FixtureRequest, folder: Path, ground: Ground) -> Iterator[Pair]:
    name: Any = request.param
    embedded = name == SQLITE_FOLDER
    s3 = None if embedded else request.getfixturevalue("s3_server")
    for url in (_sqlite if embedded else _postgres)(request, folder, ground):
        made = Pair(name, url, folder, s3)
        yield made
        made.database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables, on each engine in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.create_database()
    yield url
    server.drop_database(url)
