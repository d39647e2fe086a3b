"""Who draws maps: one thread of its own, a short queue before it, and the pictures drawn last."""

import asyncio
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from api.problems import Problem
from ingest.maps.drawing import draw
from ingest.maps.sheet import Sheet

MOST_WAITING = 8
"""Maps asked for and not drawn yet; each takes some tens of milliseconds."""

MOST_KEPT = 64
"""Pictures kept, of some 100 kB each."""


class Desk:
    """Draws each sheet once as long as it is remembered. To be used on one event loop."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="maps")
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()
        self._waiting = 0

    async def picture(self, sheet: Sheet) -> bytes:
        """The sheet as PNG. Problem 503 when too many wait already."""
        with self._lock:
            drawn = self._kept.get(sheet.digest)
        if drawn is not None:
            return drawn
        if self._waiting >= MOST_WAITING:
            raise Problem(503, "busy_drawing", headers={"retry-after": "2"})
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._draw, sheet)
        finally:
            self._waiting -= 1

    def _draw(self, sheet: Sheet) -> bytes:
        drawn = draw(sheet)
        with self._lock:
            self._kept[sheet.digest] = drawn
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return drawn
