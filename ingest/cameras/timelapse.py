"""The time-lapse of a complaint: what one camera saw of its place, from before it was opened until it was closed."""

import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from enum import StrEnum
from hashlib import blake2b
from threading import Lock, Semaphore
from typing import Final

from cases.sighting import SnapshotUnknown
from ingest.cameras.stills import Still
from ingest.photos.decoding import Pool
from ingest.photos.faults import PhotoRefused, PictureDamaged
from storage.tables import Snapshot

WIDTH, HEIGHT = 640, 360
MOST: Final = 120
"""Stills in a film: of more, so many are taken evenly."""

PER_S: Final = 4
"""Stills shown in a second."""

BYTES_MAX: Final = 48 << 20
"""Bytes of stills that one film is made of."""

WITHIN_S: Final = 40.0
"""The longest that making a film may take."""

KEPT_BYTES: Final = 32 << 20
"""Of films kept in memory; a player asks for one in many parts."""

_MODULE: Final = "ingest.cameras.filming"
_WAITING_MAX: Final = 4

_log = logging.getLogger("pantau.films")


class FilmBusy(Exception):
    """Too many films are being made at this moment."""


class FilmLate(Exception):
    """Making the film took more time or memory than it may."""


class Form(StrEnum):
    """What a film is kept in."""

    WEBP = "webp"
    MP4 = "mp4"


class Films:
    """Makes films in a process of its own, one at a time; a few may wait. Nothing runs until one is asked for.

    The films asked for last are kept in memory, at most `kept_bytes` of them.
    """

    def __init__(self, *, memory_mb: int = 1024, kept_bytes: int = KEPT_BYTES) -> None:
        self._pool = Pool(_MODULE, 1, memory_mb, 50, 60.0)
        self._waiting, self._turn = Semaphore(_WAITING_MAX), Lock()
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._kept_bytes, self._lock = kept_bytes, Lock()

    def film(self, name: str, form: Form, stills: Callable[[], Sequence[Still]]) -> bytes:
        """The film of these stills in their order; those that do not open are passed by. Not in a loop.

        `name` (an `etag`) stands for it: the stills are asked for only where no film of this name is kept.
        Raises FilmBusy, FilmLate, SnapshotUnknown where nothing of them opens, DecoderBroken.
        """
        if (kept := self._found(name)) is not None:
            return kept
        if not self._waiting.acquire(blocking=False):
            raise FilmBusy
        try:
            with self._turn:
                # Whoever had the turn before may have made this one.
                kept = self._found(name)
                return self._keep(name, self._made(stills(), form)) if kept is None else kept
        finally:
            self._waiting.release()

    def _made(self, stills: Sequence[Still], form: Form) -> bytes:
        request = {
            "form": form,
            "kinds": [one.kind for one in stills],
            "per_s": PER_S,
            "width": WIDTH,
            "height": HEIGHT,
            "timeout_s": WITHIN_S,
        }
        try:
            _, (made,) = self._pool.ask(request, WITHIN_S, tuple(one.content for one in stills))
        except PictureDamaged:
            raise SnapshotUnknown from None
        except PhotoRefused as refusal:
            _log.warning("a film of %d stills was not made: %s", len(stills), refusal.code)
            raise FilmLate from None
        return made

    def _found(self, name: str) -> bytes | None:
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
            return self._kept.get(name)

    def _keep(self, name: str, film: bytes) -> bytes:
        with self._lock:
            self._kept[name] = film
            while sum(map(len, self._kept.values())) > self._kept_bytes:
                self._kept.popitem(last=False)
        return film

    def close(self) -> None:
        """Ends the process."""
        self._pool.close()


def chosen(snapshots: Sequence[Snapshot], most: int = MOST, bytes_max: int = BYTES_MAX) -> list[Snapshot]:
    """At most so many, of no more bytes than that in all: evenly, the first and the last among them."""
    count = len(snapshots)
    for many in range(min(most, count), 1, -1):
        taken = [snapshots[round(at * (count - 1) / (many - 1))] for at in range(many)]
        if sum(snapshot.bytes for snapshot in taken) <= bytes_max:
            return taken
    return list(snapshots[:1])


def etag(snapshots: Sequence[Snapshot], form: Form) -> str:
    """What stands for a film before it is made (with quotes): the same stills make the same film."""
    every = b"".join(snapshot.id.bytes for snapshot in snapshots)
    return f'"{blake2b(every, digest_size=16).hexdigest()}-{form}"'
