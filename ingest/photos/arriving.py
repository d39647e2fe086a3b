"""A photo as it comes in: what its sender says, and its bytes brought to a file of ours."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from cases.errors import HashMismatch, TooLarge
from cases.words import Channel, LocationSource
from storage.errors import BlobsUnreachable

_PIECE = 1 << 18


class Readable(Protocol):
    """Anything that gives its bytes piece by piece: b"" at the end."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class IncomingPhoto:
    """What the sender says of a photo. Text comes cleaned and bounded by the door.

    `id` names the photo and makes sending it again harmless; `sha256` is in hex; `lon`, `lat` go together;
    `complaint` is the reference of the complaint it is about; `report` asks for a complaint if none fits.
    """

    id: UUID | None = None
    sha256: str | None = None
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    location_source: LocationSource = LocationSource.DEVICE
    taken_at: datetime | None = None
    caption: str = ""
    category: str | None = None
    complaint: str | None = None
    report: bool = False
    channel: Channel = Channel.FIELD


@dataclass(frozen=True, slots=True)
class Arrived:
    """The bytes in a file that lives as long as the `with`, with their hash in hex and their number."""

    path: Path
    sha256: str
    bytes: int


@contextmanager
def arrived(stream: Readable, folder: Path, *, at_most: int, sha256: str | None) -> Iterator[Arrived]:
    """Brings the stream into a file in `folder`, hashing on the way.

    Raises TooLarge as soon as more than `at_most` bytes came, HashMismatch when `sha256` is given and differs,
    BlobsUnreachable when the folder cannot take them.
    """
    with _room(folder):
        handle, name = tempfile.mkstemp(prefix="photo-", dir=folder)
    path = Path(name)
    try:
        digest, count = hashlib.sha256(), 0
        with _room(folder), os.fdopen(handle, "wb") as file:
            while piece := stream.read(_PIECE):
                count += len(piece)
                if count > at_most:
                    raise TooLarge(limit=at_most)
                digest.update(piece)
                file.write(piece)
        if sha256 is not None and sha256.lower() != digest.hexdigest():
            raise HashMismatch
        yield Arrived(path, digest.hexdigest(), count)
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def _room(folder: Path) -> Iterator[None]:
    """A full or broken disk in the words of what is kept: whoever sends is told to come back."""
    try:
        yield
    except OSError as error:
        raise BlobsUnreachable(f"the folder {folder} cannot take a photo: {error.strerror or error}") from error
