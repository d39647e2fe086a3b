"""The job that makes an export's file.

Killed at any moment, the making is begun anew by whoever takes the job next, under another key: a file is named by its
row only when it is whole.
"""

import hashlib
import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from cases.access import Principal, sight
from cases.exports import FORMS, KEPT, TRIES
from cases.words import ExportState
from ingest.exports.wanted import Wanted
from ingest.exports.withdrawing import asker, seen_by
from ingest.exports.write import write
from ingest.parts import Parts
from ingest.work import Effect
from storage import changes, counts, exports
from storage.tables import Export, Job
from storage.walks import Row, walk

_TELL_S = 1.0

_log = logging.getLogger("pantau.worker")


class _Seen(NamedTuple):
    """What could be seen when the making began, and where the log of changes stood then."""

    what: str
    position: str


class _NotWanted(Exception):
    """Whoever asked has given the export up."""


def make(parts: Parts, job: Job) -> Effect:
    """Makes the file as its account sees things now. What fails time and again is told of in the export's row."""
    export_id = UUID(job.subject_id)
    with parts.database.read() as db:
        export = db.get(Export, export_id)
        principal = None if export is None else asker(db, export)
        seen = _Seen("" if principal is None else seen_by(db, principal), changes.here(db, parts.clock()).encode())
    if export is None or export.state is ExportState.DONE:
        return _nothing
    if principal is None:
        return _failed(export_id, "export_forbidden")
    if job.attempts > TRIES:  # it took its worker down
        return _failed(export_id, "export_failed")
    try:
        return _made(parts, export, principal, seen)
    except _NotWanted:
        return _nothing
    except Exception:
        if job.attempts < TRIES:
            raise
        _log.exception("export %s cannot be made", export_id)
        return _failed(export_id, "export_failed")


def _made(parts: Parts, export: Export, principal: Principal, seen: _Seen) -> Effect:
    wanted, form = Wanted.of(export.format, export.asked), FORMS[export.format]
    seeing, now = sight(principal), parts.clock()
    with parts.database.read() as db:
        about = counts.estimate(db, wanted.question, seeing, now).number
    told = _Told(parts, export.id, about)
    with _workspace(parts, form.ending) as path:
        write(parts, wanted, told.through(walk(parts.database, wanted.question, seeing, now, patient=True)), path)
        digest, size = _digest(path), path.stat().st_size
        key = f"{exports.prefix(export.id)}{uuid4().hex}.{form.ending}"
        parts.blobs.put(key, path, digest, form.media_type)

    def finish(db: Session, now: datetime) -> None:
        kept = db.get(Export, export.id)
        if kept is None:  # given up just now: the bytes are nobody's and get swept
            return
        kept.state, kept.rows_done, kept.rows_about = ExportState.DONE, told.rows, told.rows
        kept.key, kept.bytes, kept.sha256 = key, size, digest
        kept.seen, kept.position = seen.what, seen.position
        kept.finished_at, kept.expires_at = now, now + KEPT

    return finish


class _Told:
    """Tells every second how many rows have gone through, and hears whether they are still wanted."""

    def __init__(self, parts: Parts, export_id: UUID, about: int) -> None:
        self._parts, self._export_id, self._about = parts, export_id, about
        self.rows = 0

    def through(self, walked: Iterable[list[Row]]) -> Iterator[list[Row]]:
        """The same rows. Raises _NotWanted."""
        self._tell()
        next_at = time.monotonic() + _TELL_S
        for rows in walked:
            self.rows += len(rows)
            yield rows
            if time.monotonic() >= next_at:
                self._tell()
                next_at = time.monotonic() + _TELL_S

    def _tell(self) -> None:
        with self._parts.database.write() as db:
            if not exports.advance(db, self._export_id, self.rows, max(self._about, self.rows)):
                raise _NotWanted


def _failed(export_id: UUID, why: str) -> Effect:
    def tell(db: Session, now: datetime) -> None:
        kept = db.get(Export, export_id)
        if kept is not None:
            kept.state, kept.error, kept.finished_at = ExportState.FAILED, why, now

    return tell


def _nothing(db: Session, now: datetime) -> None:
    """The effect of a job whose work is nobody's concern any more."""


@contextmanager
def _workspace(parts: Parts, ending: str) -> Iterator[Path]:
    """Where a file can be made that is put without being copied; it and what a library left beside it go at the end."""
    path = parts.blobs.workspace / f"export-{uuid4().hex}.{ending}"
    try:
        yield path
    finally:
        for left in path.parent.glob(f"{path.stem}*"):
            left.unlink(missing_ok=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
