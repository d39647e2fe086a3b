"""Odd questions to every door, for as long as one likes.

    python -m bench.fuzz [--examples N] [--under /ogc] [--postgresql URL]

Lays the ground of the demo city in a folder (or an empty database) of its own, serves it and asks each operation of its
description N times as described and N times otherwise (schemathesis), with an administrator's token and, every
third time, without any.
Prints every fault with a request that brings it about; the exit code says whether there was one.
"""

import argparse
import logging
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi import FastAPI

from cases.words import Role, Scope
from pantau.demo import ground
from pantau.demo.doors import opened
from pantau.serving import make_app
from pantau.settings import Settings
from pantau.wiring import open_parts
from storage import accounts, migrate, tokens
from storage.database import open_database
from tests.api.odd import fuzz


def main() -> None:
    """Asks."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--examples", type=int, default=100, help="questions of each kind to each operation")
    options.add_argument("--under", default="/", help="only operations under this path")
    options.add_argument("--postgresql", default="", help="an empty database; else SQLite in a folder of its own")
    given = options.parse_args()
    logging.getLogger("pantau.access").disabled = True
    with _town(given.postgresql) as (app, token), opened(app) as doors:
        began = time.perf_counter()
        tried = fuzz(doors.url, app.openapi(), token, given.examples, given.under)
    told = ", ".join(f"{status}: {number}" for status, number in sorted(tried.answers.items()))
    took = time.perf_counter() - began
    print(f"{tried.operations} operations, {tried.answers.total():,} answers in {took:.0f} s: {told}")
    for fault, how in tried.faults.items():
        print(f"  {fault.operation}: {fault.status}, {fault.why}\n    {how}")
    print("MISS" if tried.faults else "PASS")
    raise SystemExit(1 if tried.faults else 0)


@contextmanager
def _town(postgresql: str) -> Iterator[tuple[FastAPI, str]]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), demo=True, database_url=postgresql, _env_file=None)
        with open_database(settings.database) as database:
            migrate.upgrade(database)
        parts = open_parts(settings)
        try:
            ground.lay(parts, 7)
            with parts.database.write() as db:
                account = accounts.add(db, login="odd", name="Odd", role=Role.ADMINISTRATOR, now=parts.clock())
                token = tokens.issue(
                    db, account.id, parts.clock(), name="odd", scopes=tuple(Scope), expires_at=None
                ).secret
            yield make_app(settings, parts), token
        finally:
            parts.close()


if __name__ == "__main__":
    main()
