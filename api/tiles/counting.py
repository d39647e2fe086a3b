"""Counts in cells, as a layer of a tile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.tiles.layers import CELLS, COUNTED, OVERDUE
from geo import mvt
from geo.mvt import EXTENT, Drawn, Ints, Layer, Property
from geo.tiles import Tile

Words = Mapping[str, str | None]
"""What things that are counted together have in common, by the names in COUNTED."""


@dataclass(frozen=True, slots=True)
class Counted:
    """`counts[i]` things in `cells[i]`, of the group `groups[i]` in a legend."""

    cells: Ints
    groups: Ints
    counts: Ints

    def coarser(self, levels: int) -> "Counted":
        """The same by cells of so many zooms less."""
        return Counted(self.cells >> 2 * levels, self.groups, self.counts)


@dataclass(frozen=True, slots=True)
class Place:
    """Where things are that are counted: a tile, the zoom of its cells, and the units of each thing in the tile."""

    tile: Tile
    level: int
    across: Ints
    down: Ints


def layer(
    names: Sequence[str], place: Place, found: Counted, legend: Sequence[Words], late: Counted | None = None
) -> Layer:
    """Cells with their counts: in all, and by each word of each property in COUNTED among `names`. The counts of one
    property add up to the count in all; what has none is counted by `no_` and the property. `late` are those of them
    that are overdue.
    """
    places, at = np.unique(found.cells, return_inverse=True)
    columns = {"count": np.ones(len(legend), dtype=np.bool_)}
    for name in COUNTED:
        if name in names:
            words = [group.get(name) for group in legend]
            for word in sorted(set(words), key=lambda one: (one is None, one or "")):
                key = f"no_{name}" if word is None else f"{name}_{word}"
                columns[key] = np.array([one == word for one in words], dtype=np.bool_)
    sums = {name: _summed(at, found, of, len(places)) for name, of in columns.items()}
    if late is not None:
        every = np.ones(1, dtype=np.bool_)
        sums[OVERDUE] = _summed(np.searchsorted(places, late.cells), late, every, len(places))
    return Layer(CELLS, _amid(place, places, at, found.counts), _counts(sums), ids=places)


def _amid(place: Place, places: Ints, at: NDArray[np.intp], numbers: Ints) -> Drawn:
    """A point for each cell amid what it counts, but so far from its edge that circles beside each other have room."""
    free = EXTENT / (1 << (place.level - place.tile.z)) / 4
    number = np.bincount(at, numbers, len(places))
    middles = place.tile.middles(places, place.level)
    means = [
        np.clip(np.bincount(at, units * numbers, len(places)) / number, middle - free, middle + free)
        for units, middle in zip((place.across, place.down), middles, strict=True)
    ]
    return mvt.points(*(np.rint(mean).astype(np.int64) for mean in means))


def _summed(at: NDArray[np.intp], found: Counted, of: NDArray[np.bool_], length: int) -> Ints:
    sums = np.zeros(length, dtype=np.int64)
    chosen = of[found.groups]
    np.add.at(sums, at[chosen], found.counts[chosen])
    return sums


def _counts(sums: Mapping[str, Ints]) -> list[Property]:
    """Counts as properties that share their values; nothing is said where there is none."""
    distinct = np.unique(np.concatenate(list(sums.values())))
    values = mvt.integer_values(distinct)
    return [
        Property(name, values, np.where(column > 0, np.searchsorted(distinct, column), -1))
        for name, column in sums.items()
    ]
