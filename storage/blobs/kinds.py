"""What every store of bytes can do, and which keys it takes."""

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from storage.errors import BlobsUnhealthy, StorageError

CHUNK = 256 * 1024

_KEY = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9._-]*(/[a-zA-Z0-9][a-zA-Z0-9._-]*)*")
_LONGEST_KEY = 512


@dataclass(frozen=True, slots=True)
class BlobStat:
    """What is known of kept bytes without reading them. `etag` changes when they do, and holds no quotes."""

    bytes: int
    etag: str
    modified_at: datetime


class Blobs(Protocol):
    """A store of bytes under keys such as `photos/<id>/original`.

    Keys are ASCII letters, digits, `.`, `_` and `-` in parts joined by `/`; no part begins with a dot; ValueError for
    others. Every method raises BlobsUnreachable when the store does not answer or refuses.
    """

    @property
    def workspace(self) -> Path:
        """A folder for incoming files. What lies in it is put without being copied; whoever made it removes it."""

    def put(self, key: str, source: Path | bytes, sha256: str, media_type: str) -> None:
        """Keeps the bytes under `key`: durable and verified when it returns.

        `sha256` is in lower-case hex. Putting the same bytes again changes nothing. Raises BlobConflict when other
        bytes are there, BlobDamaged when the source has another hash.
        """

    def stat(self, key: str) -> BlobStat | None:
        """Size and ETag; None when nothing is kept under `key`."""

    def read(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """The bytes in pieces, from `start`, at most `length`. Raises BlobMissing at the call, not at the first one."""

    def fetch(self, key: str, to: Path) -> None:
        """Writes the bytes to a local file. Raises BlobMissing."""

    def local_path(self, key: str) -> Path | None:
        """Where the bytes can be read without fetching them; None on a store elsewhere. Raises BlobMissing."""

    def delete(self, key: str) -> None:
        """Removes the bytes; nothing happens when there are none."""

    def delete_all(self, prefix: str) -> int:
        """Removes everything under a prefix that ends in `/` (ValueError for others); answers how many."""

    def keys(self, prefix: str) -> Iterator[str]:
        """The keys that begin with `prefix`, in order."""

    def signed_url(self, key: str, *, seconds: int, filename: str | None, media_type: str) -> str | None:
        """An address where a browser gets the bytes itself for that long; None where the store has no such thing."""

    def sweep(self, older_s: float) -> int:
        """Removes unfinished files of that age from the workspace, left by processes that died; answers how many."""

    def check(self) -> None:
        """Writes, reads and deletes a probe. Raises BlobsUnhealthy."""


def check_key(key: str) -> str:
    """The key as it is. ValueError when it is none: it might lead out of the store."""
    if len(key) > _LONGEST_KEY or not _KEY.fullmatch(key):
        raise ValueError(f"no key of a blob: {key[:80]!r}")
    return key


def check_prefix(prefix: str) -> str:
    """A prefix that names whole parts of keys, safe to delete under. ValueError for others."""
    if not prefix.endswith("/"):
        raise ValueError(f"a prefix to delete under ends in '/': {prefix[:80]!r}")
    check_key(prefix[:-1])
    return prefix


def delete_under(blobs: Blobs, prefix: str) -> int:
    """`Blobs.delete_all` by the other methods, the same for every store."""
    found = list(blobs.keys(check_prefix(prefix)))
    for key in found:
        blobs.delete(key)
    return len(found)


def sweep_folder(folder: Path, older_s: float) -> int:
    """Removes the folder's files and folders that nobody wrote to for so long; answers how many."""
    before, swept = time.time() - older_s, 0
    for path in folder.iterdir():
        # Its owner may be quicker.
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                # A folder is what a process left that was killed while it made pictures.
                remove = shutil.rmtree if path.is_dir() else Path.unlink
                remove(path)
                swept += 1
    return swept


def probe(blobs: Blobs) -> None:
    """`Blobs.check` by the other methods, the same for every store."""
    key, content = f"health/{uuid4()}", b"pantau"
    try:
        blobs.put(key, content, "9328fee487c14d06e0107564bfb8f303981f175f814555d57b3063c3e4528eb9", "text/plain")
        back = b"".join(blobs.read(key))
        blobs.delete(key)
    except StorageError as error:
        raise BlobsUnhealthy(f"a probe could not be written, read and deleted: {error}") from error
    if back != content:
        raise BlobsUnhealthy("a probe came back with other bytes than were written")
