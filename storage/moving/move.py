"""One move from beginning to end. Killed at any point, the same call goes on where it was."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson
import psycopg
from pysqlite3 import dbapi2
from sqlalchemy.engine import make_url

from storage import facts, migrate, partitions
from storage.blobs import Blobs
from storage.database import Bounds, Database, open_database
from storage.moving import bytes as blobs
from storage.moving import rows
from storage.moving.ends import MoveBroken, MoveDiffers, MoveRefused, Source, Target
from storage.moving.lite import SqliteEnd
from storage.moving.postgres import PostgresEnd
from storage.moving.rows import Compared, Progress
from storage.moving.shapes import Shape, shapes

FACT = "moved_from"
"""What the target remembers of the move it came by."""

NOTES = ("change", "fact")
"""Tables that migrations write to: a database without anything else is empty."""

_ABOUT, _PHASE = "about", "phase"
_COPYING, _DRESSING, _COMPARING, _DONE = "copying", "dressing", "comparing", "done"


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did. `blobs` and `bytes` are 0 where the store stays where it is."""

    tables: list[Compared]
    blobs: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Move:
    """From `source_url` to `target_url`, both as `open_database` takes them, with the stores where these move too."""

    source_url: str
    target_url: str
    stores: tuple[Blobs, Blobs] | None = None

    def run(self, progress: Progress, clock: Callable[[], datetime], *, again: bool = False) -> Moved:
        """Copies, compares, and says what was moved. `again` empties what an unfinished move left first.

        Raises MoveRefused where it must not begin, MoveDiffers where what arrived is not what was sent, StorageError.
        """
        _check(self.source_url)
        source: Source = _end(self.source_url)
        try:
            source.hold()
            with open_database(self.target_url, bounds=Bounds(pool=2, name="pantau move")) as database:
                target: Target = _end(self.target_url)
                try:
                    return self._run(source, target, database, progress, clock, again=again)
                finally:
                    target.close()
        except (psycopg.Error, dbapi2.Error) as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise MoveBroken(f"the move broke off ({reason}); the same command goes on where it was") from error
        finally:
            source.close()

    def _run(
        self,
        source: Source,
        target: Target,
        database: Database,
        progress: Progress,
        clock: Callable[[], datetime],
        *,
        again: bool,
    ) -> Moved:
        every = shapes()
        _admit(source, target, database, every, again=again)
        if target.get(_PHASE) is None:
            _months(source, database)
            target.bare(every, NOTES)
            target.note(_ABOUT, source.place)
            target.note(_PHASE, _COPYING)
        if target.get(_PHASE) == _COPYING:
            for shape in every:
                rows.copy(source, target, shape, progress)
            target.note(_PHASE, _DRESSING)
        if target.get(_PHASE) == _DRESSING:
            target.dress(lambda what: progress.begin(what, 0))
            target.note(_PHASE, _COMPARING)
        compared: list[Compared] = []
        if target.get(_PHASE) == _COMPARING:
            compared = [self._compared(source, target, shape, progress) for shape in every]
            if self.stores is not None:
                blobs.copy(*self.stores, target, progress)
            target.note(_PHASE, _DONE)
        number, size = target.blobs_total()
        with database.write() as db:
            about = {"from": source.place, "blobs": number, "bytes": size}
            facts.put(db, FACT, orjson.dumps(about).decode(), clock())
        target.forget()
        return Moved(compared, number, size)

    def _compared(self, source: Source, target: Target, shape: Shape, progress: Progress) -> Compared:
        try:
            return rows.compare(source, target, shape, progress)
        except MoveDiffers as error:
            raise MoveDiffers(
                f"{error}. If Pantau has run on {source.place} since this move began, run it with --again"
            ) from error


def _end(url: str) -> PostgresEnd | SqliteEnd:
    address = make_url(url)
    if address.get_backend_name() == "postgresql":
        return PostgresEnd(url)
    return SqliteEnd(Path(str(address.database)).absolute())


def _check(url: str) -> None:
    """Raises MoveRefused unless there is a database with the tables of this Pantau."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and not Path(str(address.database)).is_file():
        raise MoveRefused(f"there is no database at {address.database}; nothing to move")
    with open_database(url) as database:
        if migrate.pending(database):
            raise MoveRefused(
                f"the tables of {database.place} are not those of this Pantau; run `pantau migrate` first"
            )


def _admit(source: Source, target: Target, database: Database, every: list[Shape], *, again: bool) -> None:
    """Brings the target's tables up to date. Raises MoveRefused unless they are empty or this move's own."""
    if source.place == target.place:
        raise MoveRefused(f"{source.place} cannot be moved to itself")
    if others := target.others():
        raise MoveRefused(f"{', '.join(others)} already uses {target.place}; move into a database that nobody uses")
    migrate.upgrade(database)
    about = target.get(_ABOUT)
    if about is not None and about != source.place:
        raise MoveRefused(f"{target.place} holds the beginning of a move from {about}; name an empty database")
    if again and about is not None:
        target.empty(every)
        return
    if about is None and target.get(_PHASE) is None:
        with database.read() as db:
            came = facts.get(db, FACT)
        if came is not None:
            raise MoveRefused(
                f"{target.place} was moved into already, from {orjson.loads(came)['from']}, and is Pantau's since; "
                "set PANTAU_DATABASE_URL, or name an empty database"
            )
        if filled := [one.name for one in every if one.name not in NOTES and target.rows(one, None, 1)]:
            raise MoveRefused(f"{target.place} is not empty ({', '.join(filled[:5])}); name an empty database")


def _months(source: Source, database: Database) -> None:
    """The months that the rows are of, so that each lands in its own."""
    for sliced in partitions.SLICED:
        ends = [sliced.moment(str(value)) for value in source.extremes(sliced.table, sliced.key) if value is not None]
        known = [moment for moment in ends if moment is not None]
        if known:
            partitions.cover(database, sliced, known[0], known[-1])
