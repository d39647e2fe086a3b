"""SQLite as an end of a move."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, cast

import orjson
from pysqlite3 import dbapi2

from storage.errors import DatabaseUnreachable
from storage.moving.ends import BLOBS, STATE, MoveDiffers, MoveRefused
from storage.moving.shapes import Row, Shape

_DRESS: Final = "dress"
_WAIT_S: Final = 5.0


class SqliteEnd:
    """One connection to a file that has the tables. `path` must exist."""

    def __init__(self, path: Path) -> None:
        self.place = str(path)
        self._path = path
        try:
            self._db: Any = dbapi2.connect(f"file:{path}?mode=rw", uri=True, isolation_level=None, timeout=_WAIT_S)
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA foreign_keys = OFF")
        except dbapi2.Error as error:
            raise DatabaseUnreachable(f"the database {path} cannot be opened: {error}") from None

    def hold(self) -> None:
        """As in Source: by the lock of a writer who writes nothing. Readers go on."""
        if others := self.others():
            raise MoveRefused(f"stop Pantau first: {', '.join(others)} has {self.place} open")
        try:
            self._db.execute("BEGIN IMMEDIATE")
        except dbapi2.OperationalError:
            raise MoveRefused(f"stop Pantau first: somebody writes to {self.place}") from None

    def others(self) -> list[str]:
        """As in Target; by Linux' list of open files, as far as this user may see it."""
        return [f"process {pid} ({name})" for pid, name in _holders(self._path)]

    def rows(self, shape: Shape, after: Row | None, limit: int) -> list[Row]:
        """As in Rows."""
        key, columns = (", ".join(f'"{name}"' for name in names) for names in (shape.key, shape.columns))
        where = "" if after is None else f"WHERE ({key}) > ({', '.join('?' * len(shape.key))})"
        asked = f'SELECT {columns} FROM "{shape.name}" {where} ORDER BY {key} LIMIT {limit}'  # noqa: S608
        return cast("list[Row]", self._db.execute(asked, after or ()).fetchall())

    def count(self, shape: Shape) -> int:
        """As in Rows."""
        return int(self._db.execute(f'SELECT count(*) FROM "{shape.name}"').fetchone()[0])  # noqa: S608

    def extremes(self, table: str, column: str) -> tuple[Any, Any]:
        """As in Rows."""
        found: tuple[Any, Any] = self._db.execute(f'SELECT min("{column}"), max("{column}") FROM "{table}"').fetchone()  # noqa: S608
        return found

    def bare(self, shapes: Sequence[Shape], clear: Iterable[str]) -> None:
        """As in Target."""
        asked = (
            "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL "
            "AND tbl_name IN (SELECT value FROM json_each(?)) ORDER BY type, name"
        )
        names = orjson.dumps([shape.name for shape in shapes]).decode()
        with self._transaction():
            found = self._db.execute(asked, [names]).fetchall()
            self._db.execute(f"CREATE TABLE {STATE} (key text PRIMARY KEY, value text NOT NULL)")
            self._db.execute(f"CREATE TABLE {BLOBS} (key text PRIMARY KEY, sha256 text NOT NULL, bytes int NOT NULL)")
            for kind, name, _ in found:
                self._db.execute(f'DROP {kind} "{name}"')
            for name in clear:
                self._db.execute(f"DELETE FROM {name}")  # noqa: S608
            self.note(_DRESS, orjson.dumps([again for _, _, again in found]).decode())

    def put(self, shape: Shape, rows: Iterable[Row], key: str, value: str) -> None:
        """As in Target."""
        columns, marks = ", ".join(f'"{name}"' for name in shape.columns), ", ".join("?" * len(shape.columns))
        with self._transaction():
            self._db.executemany(f'INSERT INTO "{shape.name}" ({columns}) VALUES ({marks})', rows)  # noqa: S608
            self.note(key, value)

    def dress(self, told: Callable[[str], None]) -> None:
        """As in Target."""
        left: list[str] = orjson.loads(self.get(_DRESS) or "[]")
        while left:
            told(left[0].split("(")[0].split("\n")[0].strip())
            with self._transaction():
                self._db.execute(left[0])
                self.note(_DRESS, orjson.dumps(left[1:]).decode())
            left = left[1:]
        if broken := self._db.execute("PRAGMA foreign_key_check").fetchone():
            raise MoveDiffers(f"what arrived does not hold together: a row of {broken[0]} points to no {broken[2]}")

    def empty(self, shapes: Sequence[Shape]) -> None:
        """As in Target."""
        left: list[str] = orjson.loads(self.get(_DRESS) or "[]")
        with self._transaction():
            for shape in shapes:
                self._db.execute(f'DELETE FROM "{shape.name}"')  # noqa: S608
            for again in left:
                self._db.execute(again)
            self._drop_state()

    def get(self, key: str) -> str | None:
        """As in Target."""
        if self._db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [STATE]).fetchone() is None:
            return None
        found = self._db.execute(f"SELECT value FROM {STATE} WHERE key = ?", [key]).fetchone()  # noqa: S608
        return None if found is None else str(found[0])

    def note(self, key: str, value: str) -> None:
        """As in Target."""
        said = f"INSERT INTO {STATE} VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"  # noqa: S608
        self._db.execute(said, [key, value])

    def blobs_done(self, keys: Sequence[str]) -> set[str]:
        """As in Target."""
        asked = f"SELECT key FROM {BLOBS} WHERE key IN (SELECT value FROM json_each(?))"  # noqa: S608
        return {key for (key,) in self._db.execute(asked, [orjson.dumps(list(keys)).decode()])}

    def note_blobs(self, done: Sequence[tuple[str, str, int]]) -> None:
        """As in Target."""
        with self._transaction():
            self._db.executemany(f"INSERT OR IGNORE INTO {BLOBS} VALUES (?, ?, ?)", done)  # noqa: S608

    def blobs_total(self) -> tuple[int, int]:
        """As in Target."""
        number, size = self._db.execute(f"SELECT count(*), coalesce(sum(bytes), 0) FROM {BLOBS}").fetchone()  # noqa: S608
        return int(number), int(size)

    def forget(self) -> None:
        """As in Target."""
        with self._transaction():
            self._drop_state()

    def close(self) -> None:
        """As in Rows."""
        self._db.close()

    def _drop_state(self) -> None:
        self._db.execute(f"DROP TABLE IF EXISTS {STATE}")
        self._db.execute(f"DROP TABLE IF EXISTS {BLOBS}")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


def _holders(path: Path) -> Iterator[tuple[int, str]]:
    """Other processes that have the file open, with what they are."""
    for folder in Path("/proc").glob("[0-9]*"):
        if int(folder.name) == os.getpid():
            continue
        try:
            opened = any(one.readlink() == path for one in (folder / "fd").iterdir())
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue  # it has ended, or is another user's
        if opened:
            yield int(folder.name), " ".join(Path(os.fsdecode(word)).name for word in words[1:3] if word)
