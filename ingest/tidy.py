"""Once a day: what is finished, expired or belongs to nobody goes away."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from sqlalchemy.orm import Session

from ingest.cameras import retention
from ingest.cameras.compliance import judge
from ingest.cameras.round import WATCHER_FACT
from ingest.parts import Parts
from ingest.work import Effect
from storage import changes, exports, facts, jobs, photos, sign_ins, snapshots
from storage.tables import Job

EVERY = timedelta(days=1)
ORPHANED = timedelta(days=1)
"""Bytes without a row this old belong to nobody: a photo's row follows its bytes within seconds."""

_BATCH = 500


def tidy(parts: Parts, job: Job) -> Effect:
    """Says which permits are kept, ends stills whose time is over, sweeps bytes that belong to nobody; ended sessions,
    done jobs and the counts of watchers that are gone go with the job's end.
    """
    judge(parts)
    retention.end_stills(parts)
    sweep(parts)
    parts.blobs.sweep(ORPHANED.total_seconds())
    return _prune


def _prune(db: Session, now: datetime) -> None:
    sign_ins.prune(db, now)
    jobs.prune(db, now)
    changes.prune(db, now)
    facts.forget(db, WATCHER_FACT, now - EVERY)


def sweep(parts: Parts) -> int:
    """Removes the bytes of photos, stills and exports that have no row, or whose row is a tombstone; answers how many
    of them there were.

    Bytes that came in the last day are left alone: their row may be about to be written.
    """
    homes = ((photos.PREFIX, photos.living), (snapshots.PREFIX, snapshots.living), (exports.PREFIX, exports.living))
    return sum(_swept(parts, under, alive) for under, alive in homes)


def _swept(parts: Parts, under: str, alive: Callable[[Session, Iterable[UUID]], set[UUID]]) -> int:
    swept = 0
    for ids in _batches(_ids(parts.blobs.keys(under))):
        with parts.database.read() as db:
            living = alive(db, ids)
        for id_ in ids:
            if id_ not in living and _old(parts, f"{under}{id_}/"):
                parts.blobs.delete_all(f"{under}{id_}/")
                swept += 1
    return swept


def _old(parts: Parts, prefix: str) -> bool:
    """Whether nothing under the prefix came lately."""
    stats = [parts.blobs.stat(key) for key in parts.blobs.keys(prefix)]
    return all(stat is None or parts.clock() - stat.modified_at > ORPHANED for stat in stats)


def _ids(keys: Iterable[str]) -> Iterator[UUID]:
    """What the keys belong to, each once: keys come in order. What is not ours is passed by."""
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
