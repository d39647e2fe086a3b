"""`pantau move` beside plain copying: rows by COPY with their indexes made afterwards, files by cp.

    python -m bench.move [--rows N] [--mb N]

A town on SQLite with that many complaints (and a fifth of photos) goes to a private PostgreSQL, and files of 2 MB and
40 kB go to another folder. Ours copies, makes indexes and keys, reads everything at both ends and compares; the rival
in the same run only copies and makes the same indexes, keys and all.
"""

import hashlib
import os
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from bench import _options, _town
from storage import migrate
from storage.blobs import FolderBlobs
from storage.database import open_database
from storage.moving.lite import SqliteEnd
from storage.moving.move import NOTES, Move, Moved
from storage.moving.postgres import PostgresEnd
from storage.moving.shapes import shapes
from tests.servers.postgres import PostgresServer

RATIO, BYTES_RATIO = 3.0, 4.0
"""At most so many times what plain copying takes: every row and byte is read twice more, to be compared."""


class Silent:
    """No progress shown, but when each step began."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, float]] = []

    def begin(self, what: str, total: int) -> None:
        """Notes the step."""
        self.steps.append((what.partition(" ")[0], time.perf_counter()))

    def advance(self, done: int) -> None:
        """Does nothing."""

    def spent(self) -> dict[str, float]:
        """Seconds by the step's first word."""
        ends = [*(at for _, at in self.steps[1:]), time.perf_counter()]
        found: dict[str, float] = {}
        for (what, began), end in zip(self.steps, ends, strict=True):
            step = what if what in ("copying", "comparing") else "indexes"
            found[step] = found.get(step, 0.0) + end - began
        return found


def main() -> None:
    """Measures; the exit code says whether both targets held."""
    options = _options.plain(__doc__)
    options.add_argument("--rows", type=int, default=200_000, help="complaints; photos are a fifth of that")
    options.add_argument("--mb", type=int, default=400, help="megabytes of files")
    given = options.parse_args()
    with _options.private_postgresql() as postgres, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'town.db'}"
        with open_database(url) as database:
            _town.prepare(database, given.rows)
        held = rows(url, postgres) & files(folder, url, postgres, given.mb)
    raise SystemExit(0 if held else 1)


def rows(url: str, postgres: PostgresServer) -> bool:
    """Rows: ours beside plain COPY."""
    target, told = postgres.create_database(), Silent()
    took, moved = timed(lambda: Move(url, target).run(told, lambda: datetime.now(UTC)))
    steps = ", ".join(f"{what} {seconds:.1f} s" for what, seconds in told.spent().items())
    number = sum(one.rows for one in moved.tables)
    plain, _ = timed(lambda: copied(url, postgres.create_database()))
    ratio = took / plain
    print(f"{number:,} rows: moved and compared in {took:.1f} s, {number / took:,.0f}/s ({steps})")
    print(
        f"  plain COPY and indexes {plain:.1f} s, {number / plain:,.0f}/s; ratio {ratio:.2f} {verdict(ratio <= RATIO)}"
    )
    return ratio <= RATIO


def copied(url: str, target: str) -> None:
    """What a script would do: every row by COPY, then indexes and keys."""
    with open_database(target) as database:
        migrate.upgrade(database)
    source, to = SqliteEnd(Path(url.removeprefix("sqlite:///"))), PostgresEnd(target)
    every = shapes()
    to.bare(every, NOTES)
    for shape in every:
        columns = ", ".join(f'"{column}"' for column in shape.columns)
        found = source._db.execute(f'SELECT {columns} FROM "{shape.name}"')
        with to._db.cursor().copy(f'COPY "{shape.name}" ({columns}) FROM STDIN'.encode()) as copy:
            for row in found:
                copy.write_row(row)
    to.dress(lambda _: None)
    source.close()
    to.close()


def files(folder: Path, url: str, postgres: PostgresServer, megabytes: int) -> bool:
    """Files: ours beside cp and a sync, of a move whose rows are few."""
    source, to = FolderBlobs(folder / "blobs"), FolderBlobs(folder / "moved")
    small = f"sqlite:///{folder / 'small.db'}"
    with open_database(small) as database:
        migrate.upgrade(database)
    size = filled(source, megabytes)
    told = Silent()
    moved = Move(small, postgres.create_database(), (source, to)).run(told, lambda: datetime.now(UTC))
    took = time.perf_counter() - told.steps[-1][1]  # the last step is the files'
    plain, _ = timed(lambda: cp(folder / "blobs", folder / "copied"))
    ratio = took / plain
    print(
        f"{moved.blobs:,} files, {size / 1e6:.0f} MB: moved and compared in {took:.1f} s, {size / took / 1e6:.0f} MB/s"
    )
    print(
        f"  cp and sync {plain:.1f} s, {size / plain / 1e6:.0f} MB/s; ratio {ratio:.2f} {verdict(ratio <= BYTES_RATIO)}"
    )
    return ratio <= BYTES_RATIO


def filled(store: FolderBlobs, megabytes: int) -> int:
    """Photos of 2 MB with thumbnails of 40 kB; answers their bytes."""
    rng, size = Random(1), 0
    for number in range(max(1, round(megabytes / 2.04))):
        for name, length in (("original", 2_000_000), ("thumbnail", 40_000)):
            content = rng.randbytes(length)
            store.put(f"photos/{number:08}/{name}", content, hashlib.sha256(content).hexdigest(), "image/jpeg")
            size += length
    return size


def cp(source: Path, to: Path) -> None:
    """A copy that is on the disk."""
    subprocess.run(["cp", "-r", str(source), str(to)], check=True)
    os.sync()


def timed(work: Callable[[], Moved | None]) -> tuple[float, Moved]:
    """Seconds, and what it answered."""
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found or Moved([], 0, 0)


def verdict(held: bool) -> str:
    """PASS or MISS."""
    return "PASS" if held else "MISS"


if __name__ == "__main__":
    main()
