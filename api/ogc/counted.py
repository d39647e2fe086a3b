"""How many features answer: asked of the database once, then remembered for a while where it is an estimate anyway."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from threading import Lock

from cases.access import Sight
from cases.features import Collection
from cases.incidents import Question, Sort
from storage.counts import Matched

KEPT_S = 60.0
"""How old an estimate may be."""

_MOST = 1_000


class Estimates:
    """Safe to share between threads. Only estimates are kept: an exact number is of its moment."""

    def __init__(self) -> None:
        self._kept: OrderedDict[object, tuple[float, Matched]] = OrderedDict()
        self._lock = Lock()

    def of(
        self, collection: Collection, question: Question, sight: Sight, count: Callable[[], Matched | None]
    ) -> Matched | None:
        """The number of a question, whichever page of it was asked for."""
        key = (collection, replace(question, after=None, limit=0, sort=Sort.NEWEST), sight)
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None and kept[0] > time.monotonic():
            return kept[1]
        found = count()
        if found is not None and found.estimated:
            with self._lock:
                self._kept[key] = (time.monotonic() + KEPT_S, found)
                while len(self._kept) > _MOST:
                    self._kept.popitem(last=False)
        return found
