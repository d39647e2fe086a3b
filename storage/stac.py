"""The catalogue of pictures: photos and snapshots as one list by time, each as far as the asker may see it.

Rows, not objects; every row has at least `id` (UUID) and `datetime`, and the columns of its collection beside them.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from cases.access import Sight
from cases.incidents import Cursor
from cases.stac import Collection, Sought
from storage import stac_photos, stac_snapshots
from storage.tables.types import micros

Found = tuple[Collection, Row[Any]]

_ROWS = {Collection.PHOTOS: stac_photos.rows, Collection.SNAPSHOTS: stac_snapshots.rows}


@dataclass(frozen=True, slots=True)
class Page:
    """Pictures in order, and where the next page begins (None on the last)."""

    found: Sequence[Found]
    next: Cursor | None


def search(db: Session, sought: Sought, sight: Sight) -> Page:
    """The pictures that are sought and that `sight` may see, at most `sought.limit` of them."""
    if sought.ids == frozenset():
        return Page([], None)
    more = replace(sought, limit=sought.limit + 1)  # one more than asked for says whether there is a next page
    lists = [
        [(collection, row) for row in _ROWS[collection](db, more, sight)] for collection in sorted(sought.collections)
    ]
    merged = list(heapq.merge(*lists, key=_place, reverse=sought.newest_first))
    if len(merged) <= sought.limit:
        return Page(merged, None)
    at, last = _place(merged[sought.limit - 1])
    return Page(merged[: sought.limit], Cursor(micros(at), last))


def between(db: Session, collection: Collection, sight: Sight) -> tuple[datetime, datetime] | None:
    """When the first and the last picture of a collection were taken, of those that `sight` may see; None of none."""
    one = Sought(collections=frozenset({collection}), limit=1)
    last = search(db, one, sight).found
    first = search(db, replace(one, newest_first=False), sight).found
    return (first[0][1].datetime, last[0][1].datetime) if first and last else None


def _place(found: Found) -> tuple[datetime, Any]:
    return found[1].datetime, found[1].id
