"""Rows of a tile of which some have no room: those are counted by cell, the others stay one by one."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.tiles import counting
from api.tiles.asked import Wanted
from api.tiles.counting import Counted, Place
from api.tiles.layers import COUNTED, OVERDUE
from geo.cells import cells
from geo.mvt import Ints, Layer
from geo.tiles import cells_of
from storage.tiles import Rows


def parted(wanted: Wanted, rows: Rows, level: int, most: int) -> tuple[Rows, Layer]:
    """The rows of those cells of zoom `level` that hold at most `most`, and the other cells with their counts."""
    codes = cells_of(cells(rows.lon, rows.lat), level)
    _, which, numbers = np.unique(codes, return_inverse=True, return_counts=True)
    alone: NDArray[np.bool_] = numbers[which] <= most
    crowd, among = rows.only(~alone), codes[~alone]
    groups, legend = _groups(crowd)
    found = Counted(among, groups, np.ones(len(among), dtype=np.int64))
    place = Place(wanted.tile, level, *wanted.tile.place(crowd.lon, crowd.lat))
    return rows.only(alone), counting.layer(wanted.names, place, found, legend, _late(crowd, among))


def _groups(rows: Rows) -> tuple[Ints, list[counting.Words]]:
    """Which words each row has, as places in a list of those that there are."""
    known: dict[tuple[Any, ...], int] = {}
    named = [name for name in COUNTED if name in rows.columns]
    words = zip(*(rows.columns[name] for name in named), strict=True) if named else ((),) * len(rows)
    groups = np.array([known.setdefault(one, len(known)) for one in words], dtype=np.int64)
    return groups, [dict(zip(named, one, strict=True)) for one in known]


def _late(rows: Rows, codes: Ints) -> Counted | None:
    if OVERDUE not in rows.columns:
        return None
    late = codes[np.asarray(rows.columns[OVERDUE]) == 1]
    return Counted(late, np.zeros(len(late), dtype=np.int64), np.ones(len(late), dtype=np.int64))
