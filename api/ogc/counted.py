"""How many features answer: asked of the database once, then remembered: an estimate for a while, an exact number until
anything changes.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock

from cases.access import Sight
from cases.features import COLLECTIONS, Collection
from cases.incidents import Question, Sort
from storage.changes import Changes
from storage.counts import Matched

KEPT_S = 60.0
"""How old a number may be at most."""

_MOST = 1_000


class Estimates:
    """Safe to share between threads."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._kept: OrderedDict[object, _Kept] = OrderedDict()
        self._lock = Lock()

    def of(
        self, collection: Collection, question: Question, sight: Sight, count: Callable[[], Matched | None]
    ) -> Matched | None:
        """The number of a question, whichever page of it was asked for."""
        asked = replace(question, after=None, limit=0, sort=Sort.NEWEST)
        key, version = (collection, asked, sight), self._changes.version()
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None and kept.holds(version):
            return kept.found
        found = count()
        if found is not None and (found.estimated or _of_rows_alone(collection, question)):
            with self._lock:
                self._kept[key] = _Kept(found, version, time.monotonic() + KEPT_S)
                while len(self._kept) > _MOST:
                    self._kept.popitem(last=False)
        return found


@dataclass(frozen=True, slots=True)
class _Kept:
    found: Matched
    version: int
    until: float

    def holds(self, version: int) -> bool:
        """Whether it may still be told."""
        return (self.found.estimated or self.version == version) and self.until > time.monotonic()


def _of_rows_alone(collection: Collection, question: Question) -> bool:
    """Whether a number changes with the rows that are watched and not with the hour: what is overdue does."""
    return bool(COLLECTIONS[collection].kinds) and question.overdue is None and question.filter is None
