"""Once a day: what is finished, expired or belongs to nobody goes away."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from sqlalchemy.orm import Session

from ingest.parts import Parts
from ingest.work import Effect
from storage import jobs, photos, sign_ins
from storage.tables import Job

EVERY = timedelta(days=1)
ORPHANED = timedelta(days=1)
"""Bytes without a row this old belong to nobody: a photo's row follows its bytes within seconds."""

_BATCH = 500


def tidy(parts: Parts, job: Job) -> Effect:
    """Sweeps bytes that belong to nobody; ended sessions and done jobs go with the job's end."""
    sweep(parts)
    parts.blobs.sweep(ORPHANED.total_seconds())
    return _prune


def _prune(db: Session, now: datetime) -> None:
    sign_ins.prune(db, now)
    jobs.prune(db, now)


def sweep(parts: Parts) -> int:
    """Removes the bytes of photos that have no row, or whose row is a tombstone; answers how many photos' they were.

    Bytes that came in the last day are left alone: their row may be about to be written.
    """
    swept = 0
    for ids in _batches(_photo_ids(parts.blobs.keys("photos/"))):
        with parts.database.read() as db:
            living = photos.living(db, ids)
        for photo_id in ids:
            if photo_id not in living and _old(parts, photo_id):
                parts.blobs.delete_all(photos.prefix(photo_id))
                swept += 1
    return swept


def _old(parts: Parts, photo_id: UUID) -> bool:
    """Whether nothing under the photo's prefix came lately."""
    stats = [parts.blobs.stat(key) for key in parts.blobs.keys(photos.prefix(photo_id))]
    return all(stat is None or parts.clock() - stat.modified_at > ORPHANED for stat in stats)


def _photo_ids(keys: Iterable[str]) -> Iterator[UUID]:
    """The photos that the keys belong to, each once: keys come in order. What is not ours is passed by."""
    last = ""
    for key in keys:
        name = key.split("/")[1]
        if name != last:
            last = name
            with suppress(ValueError):
                yield UUID(name)


def _batches(ids: Iterator[UUID]) -> Iterator[list[UUID]]:
    while batch := list(islice(ids, _BATCH)):
        yield batch
