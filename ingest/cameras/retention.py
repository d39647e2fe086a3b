"""How long stills stay: those whose time is over go every day, and the oldest before there is no room for new ones."""

import json
import logging
import shutil
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from cases.snapshots import Retention
from ingest.parts import Parts
from storage import facts, snapshots
from storage.blobs import FolderBlobs

_FULL = 0.95
"""Stills are thinned from this share of their room on ..."""

_THINNED = 0.90
"""... down to this one, so that it is not done at every still."""

_FREE = 0.10
"""Where no room is set: the share of the store's disk that stills leave free, and half of it when thinning begins."""

_DAYS = "linked_days"
"""The fact that says by which days linked stills have been judged."""

_log = logging.getLogger("pantau.retention")


def end_stills(parts: Parts) -> int:
    """Deletes the stills whose time is over, rows first, then bytes; answers how many. Those whose complaint has closed
    since are given their end.
    """
    retention = Retention(linked_days=parts.stills.linked_days, by_category=parts.stills.by_category)
    with parts.database.write() as db:
        _apply_changed(db, retention, parts.clock())
        gone = snapshots.release(db, retention, parts.clock())
    ended = _delete(parts, gone)
    while True:
        with parts.database.write() as db:
            gone, looked_at = snapshots.expire(db, retention, parts.clock())
        ended += _delete(parts, gone)
        if not looked_at:
            break
    with parts.database.write() as db:
        snapshots.prune_heartbeats(db, parts.clock())
    return ended


def _apply_changed(db: Session, retention: Retention, now: datetime) -> None:
    """Lets the days of linked stills hold for those also that got their end by other ones."""
    days = json.dumps([retention.linked_days, sorted(retention.by_category.items())])
    if facts.get(db, _DAYS) != days:
        snapshots.judge_anew(db, now)
        facts.put(db, _DAYS, days, now)


def make_room(parts: Parts) -> int:
    """Deletes the oldest stills that no complaint needs while they fill their room; answers how many."""
    excess = _excess(parts)
    thinned = 0
    while excess > 0:
        with parts.database.write() as db:
            gone, freed = snapshots.thin(db, excess)
        if not gone:
            _log.warning("stills fill their room, and complaints need all that are left: make room")
            break
        thinned += _delete(parts, gone)
        excess -= freed
    if thinned:
        _log.info("%d stills made room for new ones", thinned)
    return thinned


def _excess(parts: Parts) -> int:
    """How many bytes of stills are to go."""
    room = parts.stills.room_bytes
    if room:
        with parts.database.read() as db:
            used = snapshots.usage(db).bytes
        return used - int(room * _THINNED) if used >= room * _FULL else 0
    if not isinstance(parts.blobs, FolderBlobs):
        return 0
    disk = shutil.disk_usage(parts.blobs.root)
    return int(disk.total * _FREE) - disk.free if disk.free < disk.total * _FREE / 2 else 0


def _delete(parts: Parts, gone: list[UUID]) -> int:
    """The bytes of rows that are gone. What a crash leaves here is swept with what belongs to nobody."""
    for snapshot_id in gone:
        parts.blobs.delete_all(snapshots.prefix(snapshot_id))
    return len(gone)
