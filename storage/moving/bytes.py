"""The blobs of a move: each hashed at its source, put, read back and hashed again."""

import hashlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Final
from uuid import uuid4

from storage.blobs import Blobs
from storage.moving.ends import MoveDiffers, Target
from storage.moving.rows import Progress

_AT_ONCE: Final = 8
"""A store elsewhere takes its time for each; eight at once keep it busy."""

_BATCH: Final = 256

_KINDS: Final = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG", "image/png"), (b"RIFF", "image/webp"))


def copy(source: Blobs, to: Blobs, target: Target, progress: Progress) -> None:
    """Copies every blob that has not arrived yet. Raises MoveDiffers where what came back is not what was sent,
    BlobConflict where the store has other bytes under a key.
    """
    progress.begin("counting pictures and other bytes", 0)
    progress.begin("copying and comparing bytes", sum(1 for _ in source.keys("")))
    with ThreadPoolExecutor(_AT_ONCE) as workers:
        for keys in _batches(source.keys("")):
            there = target.blobs_done(keys)
            progress.advance(len(there))
            done = []
            for one in workers.map(lambda key: _moved(source, to, key), [key for key in keys if key not in there]):
                done.append(one)
                progress.advance(1)
            target.note_blobs(done)


def _moved(source: Blobs, to: Blobs, key: str) -> tuple[str, str, int]:
    path = source.local_path(key)
    fetched = None if path is not None else to.workspace / f"move-{uuid4().hex}"
    try:
        if fetched is not None:
            source.fetch(key, fetched)
        file = path or fetched
        assert file is not None
        sha256, size, head = _hashed(_pieces(file))
        to.put(key, file, sha256, _kind(head))
        back, came, _ = _hashed(to.read(key))
    finally:
        if fetched is not None:
            fetched.unlink(missing_ok=True)
    if (back, came) != (sha256, size):
        raise MoveDiffers(f"{key} came back with other bytes than were sent")
    return key, sha256, size


def _hashed(pieces: Iterable[bytes]) -> tuple[str, int, bytes]:
    """SHA-256, length and beginning."""
    told, size, head = hashlib.sha256(), 0, b""
    for piece in pieces:
        head = head or piece[:16]
        told.update(piece)
        size += len(piece)
    return told.hexdigest(), size, head


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while piece := opened.read(1 << 20):
            yield piece


def _kind(head: bytes) -> str:
    return next((kind for begin, kind in _KINDS if head.startswith(begin)), "application/octet-stream")


def _batches(keys: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(islice(keys, _BATCH)):
        yield batch
