"""Snapshots as pictures to look at: keyframes are decoded and thumbnails made when somebody first looks, then kept."""

import asyncio
import hashlib
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from typing import Any, Final

from cases.sighting import SnapshotUnknown
from cases.words import StillKind
from ingest.cameras.stills import Still
from ingest.parts import Parts
from storage import snapshots
from storage.errors import BlobMissing
from storage.tables import Snapshot

THUMBNAIL_W: Final = 320
"""Width of a thumbnail in pixels."""


def picture_key(parts: Parts, snapshot: Snapshot) -> str:
    """Where the snapshot is kept as JPEG in all its pixels, decoded now if nobody has looked before. Not in a loop.

    Raises CameraFault (corrupt) for what does not open, SnapshotUnknown where its bytes have gone, DecoderBroken.
    """
    if snapshot.kind is StillKind.JPEG:
        return snapshots.original_key(snapshot.id)
    key = snapshots.jpeg_key(snapshot.id)
    return _kept(parts, snapshot, key, snapshot.picture_bytes, lambda: _jpeg(parts, snapshot))


def thumbnail_key(parts: Parts, snapshot: Snapshot) -> str:
    """Where the snapshot is kept small, made now if nobody has looked before; raises as `picture_key`."""
    key = snapshots.thumbnail_key(snapshot.id)
    return _kept(parts, snapshot, key, snapshot.thumbnail_bytes, lambda: _small(parts, snapshot))


async def _jpeg(parts: Parts, snapshot: Snapshot) -> bytes:
    return (await parts.pictures.jpeg(still(parts, snapshot))).content


async def _small(parts: Parts, snapshot: Snapshot) -> bytes:
    return await parts.pictures.small(still(parts, snapshot), THUMBNAIL_W)


def still(parts: Parts, snapshot: Snapshot) -> Still:
    """The still as it came. Raises SnapshotUnknown where its bytes have gone."""
    try:
        return Still(snapshot.kind, b"".join(parts.blobs.read(snapshots.original_key(snapshot.id))))
    except BlobMissing:
        raise SnapshotUnknown from None


def _kept(
    parts: Parts, snapshot: Snapshot, key: str, counted: int | None, make: Callable[[], Coroutine[Any, Any, bytes]]
) -> str:
    there = parts.blobs.stat(key)
    if there is None:
        made = asyncio.run(make())
        # Before it is stored: after a crash between the two, too much is counted and never too little.
        _count(parts, snapshot, key, len(made))
        parts.blobs.put(key, made, hashlib.sha256(made).hexdigest(), "image/jpeg")
    elif counted is None:
        _count(parts, snapshot, key, there.bytes)
    return key


def _count(parts: Parts, snapshot: Snapshot, key: str, size: int) -> None:
    with parts.database.write() as db:
        if not snapshots.grow(db, snapshot.id, key, size):
            raise SnapshotUnknown


def stills(parts: Parts, chosen: Iterable[Snapshot]) -> list[Still]:
    """The stills as they came; those whose bytes have gone are passed by."""
    found: list[Still] = []
    for snapshot in chosen:
        with suppress(SnapshotUnknown):
            found.append(still(parts, snapshot))
    return found
