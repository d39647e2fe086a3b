"""What the benchmarks over a town are told on the command line, and the towns that they open for it."""

import os
import shutil
import tempfile
import time
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import _town
from bench._measured import Verdicts
from storage.database import open_database
from tests.servers.kept import session_folder
from tests.servers.postgres import PostgresServer

ENGINES = ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True)
class Town:
    """A filled town: the address of its database, how many complaints it has, and an empty folder to work in."""

    engine: str
    url: str
    rows: int
    folder: Path


def plain(about: str | None) -> ArgumentParser:
    """Options of a benchmark that tells about itself as its module does."""
    return ArgumentParser(description=about, formatter_class=RawDescriptionHelpFormatter)


def engines(options: ArgumentParser) -> None:
    """Adds `--engine` and `--postgresql`."""
    options.add_argument("--engine", choices=ENGINES, help="one engine only")
    options.add_argument("--postgresql", help="database to use, filled when it is empty; else a private server's")


def town(about: str | None) -> ArgumentParser:
    """Options of a benchmark over a town: `--rows`, `--cache`, `--engine` and `--postgresql`."""
    options = plain(about)
    options.add_argument("--rows", type=int, default=1_000_000, help="complaints; photos are a fifth of that")
    options.add_argument("--cache", type=Path, help="folder that keeps the SQLite town for the next run")
    engines(options)
    return options


@contextmanager
def sqlite(cache: Path | None, rows: int) -> Iterator[str]:
    """The address of the town's file."""
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{(cache or Path(folder)).absolute() / f'town-{rows}.db'}"


@contextmanager
def postgresql(url: str | None) -> Iterator[str]:
    """The address of the town's database: the given one, or an empty one of a private server."""
    if url is not None:
        yield url
        return
    with private_postgresql() as server:
        yield server.create_database()


@contextmanager
def private_postgresql() -> Iterator[PostgresServer]:
    """A PostgreSQL for this run alone."""
    folder = session_folder()
    server = PostgresServer.start(folder / "postgres-server", os.getpid())
    try:
        yield server
    finally:
        server.close()
        shutil.rmtree(folder, ignore_errors=True)


def measure(
    given: Namespace,
    work: Callable[[Town, Verdicts], None],
    sqlite: Callable[[Path | None, int], AbstractContextManager[str]] = sqlite,
) -> None:
    """Measures a town on each engine that was asked for; the exit code says whether every target held."""
    verdicts = Verdicts()
    for engine in [given.engine] if given.engine else ENGINES:
        opened = sqlite(given.cache, given.rows) if engine == "sqlite" else postgresql(given.postgresql)
        with opened as url, tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            with open_database(url) as database:
                _town.prepare(database, given.rows)
                version = database.version()
            took = time.perf_counter() - began
            print(f"{engine} {version}: {given.rows:,} complaints, ready in {took:.0f} s", flush=True)
            work(Town(engine, url, given.rows, Path(folder)), verdicts)
    verdicts.end()
