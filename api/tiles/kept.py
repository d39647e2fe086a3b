"""Finished tiles, kept as long as nothing that they could show has changed."""

import asyncio
import gzip
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextvars import Context
from dataclasses import dataclass
from typing import Final

import xxhash
from starlette.concurrency import run_in_threadpool

from api.tiles.areas import AreaShapes
from storage.areas import AreaBook
from storage.changes import Changes

MOST_BYTES: Final = 64_000_000
"""Of tiles kept in memory, each with what it takes besides; the ones not asked for longest go first."""

_ASIDE = 2_000
_GZIP_LEVEL = 1
_WORTH = 600
"""Bytes from which compressing saves a packet."""


@dataclass(slots=True)
class Kept:
    """A tile as it was at a version of what is kept. `packed` in gzip, once that was asked for."""

    version: object
    body: bytes
    etag: str
    packed: bytes | None = None

    @property
    def size(self) -> int:
        """Bytes in memory."""
        return len(self.body) + len(self.packed or b"") + _ASIDE


class Tiles:
    """One per app, for its event loop alone."""

    def __init__(self, book: AreaBook, changes: Changes, at_most: int = MOST_BYTES) -> None:
        self.areas = AreaShapes(book)
        self._changes = changes
        self._at_most = at_most
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._making: dict[tuple[Hashable, object], asyncio.Task[Kept]] = {}
        self._bytes = 0

    async def tile(self, wanted: Hashable, draw: Callable[[], bytes], *, of_areas: bool) -> Kept:
        """The tile, as new as the version of what it shows; drawn in a thread, once for all who wait for it.

        Whoever asks for equal things sees the same: who may see what must be part of `wanted`.
        """
        # Looked at before anything is read: what changes while the tile is drawn makes it old.
        version = await (run_in_threadpool(self.areas.version) if of_areas else self._changed())
        kept = self._kept.get(wanted)
        if kept is not None and kept.version == version:
            self._kept.move_to_end(wanted)
            return kept
        making = self._making.get((wanted, version))
        if making is None:
            # In a context of its own, so that no replica answers: a tile kept under this version has to be of it.
            making = asyncio.create_task(self._make(wanted, version, draw), context=Context())
            self._making[wanted, version] = making
        # Whoever goes away takes nobody else's tile along.
        return await asyncio.shield(making)

    async def packed(self, wanted: Hashable, kept: Kept) -> bytes | None:
        """The tile in gzip, None where that is not worth it."""
        if kept.packed is not None or len(kept.body) < _WORTH:
            return kept.packed
        packed = await run_in_threadpool(_gzipped, kept.body)
        if kept.packed is None:
            kept.packed = packed
            if self._kept.get(wanted) is kept:
                self._bytes += len(packed)
                self._drop()
        return packed

    async def _changed(self) -> int:
        return await run_in_threadpool(self._changes.version) if self._changes.asks else self._changes.version()

    async def _make(self, wanted: Hashable, version: object, draw: Callable[[], bytes]) -> Kept:
        try:
            body = await run_in_threadpool(draw)
            kept = Kept(version, body, f'W/"{xxhash.xxh3_128_hexdigest(body)}"')
            self._keep(wanted, kept)
            return kept
        finally:
            del self._making[wanted, version]

    def _keep(self, wanted: Hashable, kept: Kept) -> None:
        before = self._kept.pop(wanted, None)
        if before is not None:
            self._bytes -= before.size
            if before.etag == kept.etag:
                kept.packed = before.packed
        self._kept[wanted] = kept
        self._bytes += kept.size
        self._drop()

    def _drop(self) -> None:
        while self._bytes > self._at_most:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= dropped.size


def _gzipped(body: bytes) -> bytes:
    return gzip.compress(body, _GZIP_LEVEL, mtime=0)
