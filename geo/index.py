"""Which area a place is in, and which others are so near that it may be in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.areas import Area, AreaUnknown, path
from geo.distance import Floats, box_around, local_m
from geo.table import OUTSIDE, CellTable, Ints, segments


@dataclass(frozen=True, slots=True)
class Near:
    """An area close to a place: metres to its border, 0 where the place lies in it too (overlapping areas)."""

    code: str
    distance_m: float


class AreaIndex:
    """The areas of a city, ready for questions. Built once, never changed, shared by threads.

    Places are looked up among the finest areas known: the villages, and a district only where it
    has none. A place on a shared border belongs to exactly one: the area with the lower code.
    """

    def __init__(self, areas: Iterable[Area]) -> None:
        """Build from areas of any levels."""
        self._areas = {area.code: area for area in areas}
        parents = {area.parent for area in self._areas.values()}
        parents |= {above for code in parents if code for above in path(code)}
        leaves = sorted(code for code in self._areas if code not in parents)
        self.codes: NDArray[np.object_] = np.array([*leaves, None], dtype=object)
        """Codes by the positions `many` gives. The last is None, which is where -1 points."""
        polygons = np.array([self._areas[code].geometry for code in leaves], dtype=object)
        self._table = CellTable(polygons)
        self._owners, x0, y0, x1, y1 = segments(polygons)
        self._from, self._to = (x0, y0), (x1, y1)
        ends = np.stack([np.column_stack(self._from), np.column_stack(self._to)], axis=1)
        self._sides = shapely.STRtree(np.asarray(shapely.linestrings(ends), dtype=object))

    def __len__(self) -> int:
        """How many areas of all levels are known."""
        return len(self._areas)

    def __contains__(self, code: str) -> bool:
        """Whether an area of this code is known, at any level."""
        return code in self._areas

    @property
    def areas(self) -> Sequence[Area]:
        """All areas known, of every level, by code."""
        return [self._areas[code] for code in sorted(self._areas)]

    def at(self, lon: float, lat: float) -> str | None:
        """The code of the village (or finest area) a place is in, or None outside all."""
        code: str | None = self.codes[self._table.many([lon], [lat])[0]]
        return code

    def many(self, lons: ArrayLike, lats: ArrayLike) -> Ints:
        """For each place the position in `codes` of the area it is in, -1 outside all: `codes[many(...)]` are codes."""
        return self._table.many(lons, lats)

    def near(self, lon: float, lat: float, radius_m: float) -> list[Near]:
        """The other areas within `radius_m` of a place, nearest first.

        For a place inside an area these are the neighbours it may really be in; for a place outside
        all, the areas it may belong to.
        """
        holding = self._table.all_at(lon, lat)
        distances = dict.fromkeys(holding, 0.0)
        around = self._sides.query(shapely.box(*box_around(lon, lat, radius_m)))
        owners, metres = self._owners[around], self._distances(lon, lat, around)
        for owner in np.unique(owners[metres <= radius_m]):
            distances.setdefault(int(owner), float(metres[owners == owner].min()))
        home = holding[0] if holding else OUTSIDE
        found = [Near(self.codes[at], distance) for at, distance in distances.items() if at != home]
        return sorted(found, key=lambda near: (near.distance_m, near.code))

    def _distances(self, lon: float, lat: float, sides: NDArray[np.intp]) -> Floats:
        """Metres from a place to each of these sides of polygons."""
        x0, y0 = local_m(lon, lat, *(axis[sides] for axis in self._from))
        x1, y1 = local_m(lon, lat, *(axis[sides] for axis in self._to))
        dx, dy = x1 - x0, y1 - y0
        length = dx * dx + dy * dy
        along = np.clip(-(x0 * dx + y0 * dy) / np.where(length == 0, 1, length), 0, 1)
        return np.asarray(np.hypot(x0 + along * dx, y0 + along * dy), dtype=np.float64)

    def area(self, code: str) -> Area:
        """The area with this code. AreaUnknown if there is none."""
        try:
            return self._areas[code]
        except KeyError:
            raise AreaUnknown(f"there is no area {code!r}") from None

    def name(self, code: str) -> str:
        """An area's name. AreaUnknown if there is none with this code."""
        return self.area(code).name

    def path(self, code: str) -> tuple[str, ...]:
        """The names from the regency down to this area. AreaUnknown if there is none with this code."""
        return tuple(self._areas[above].name for above in path(self.area(code).code) if above in self._areas)
