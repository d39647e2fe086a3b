"""Where something is, when several things say so: what to trust, and when to ask a person."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cases.errors import PlaceInvalid
from cases.words import LocationSource
from geo.distance import distance_m

DEFAULT_RADIUS_M: dict[LocationSource, float] = {
    LocationSource.PIN: 10,
    LocationSource.EXIF: 25,
    LocationSource.DEVICE: 50,
    LocationSource.MESSAGE: 30,
    LocationSource.PLUS_CODE: 14,
    LocationSource.MAP_LINK: 50,
    LocationSource.FACILITY: 100,
    LocationSource.STREET: 300,
    LocationSource.AREA: 5000,
}
"""How far off each source usually is when it does not say so itself (an area's own shape says so)."""

ROUGH_M = 500.0
"""Beyond this a location says which part of town, not which spot: it never ties, and any finer source is preferred."""

_SMALLEST_M = 1.0
_LARGEST_M = 100_000.0
_TRUST = {source: rank for rank, source in enumerate(LocationSource)}
_NULL_ISLAND_DEG = 1e-4


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing that says where it is. Degrees WGS84; `radius_m` holds the true place in about two cases of three."""

    lon: float
    lat: float
    radius_m: float
    source: LocationSource
    note: str = ""

    @property
    def good(self) -> bool:
        """Whether it names a spot rather than a part of town."""
        return self.source is not LocationSource.AREA and self.radius_m <= ROUGH_M

    def as_json(self) -> dict[str, Any]:
        """As kept in the table."""
        return {"lon": self.lon, "lat": self.lat, "radius_m": self.radius_m, "source": self.source, "note": self.note}

    @staticmethod
    def from_json(kept: dict[str, Any]) -> "Candidate":
        """From the table; the values were checked on their way in."""
        return Candidate(kept["lon"], kept["lat"], kept["radius_m"], LocationSource(kept["source"]), kept["note"])


def candidate(
    lon: float, lat: float, source: LocationSource, radius_m: float | None = None, note: str = ""
) -> Candidate:
    """A checked candidate; a missing, zero or senseless `radius_m` becomes the source's default.

    Raises PlaceInvalid for a place off the earth, for what is not a number, and for 0, 0, which is what a phone
    writes that knows nothing.
    """
    on_earth = -180 <= lon <= 180 and -90 <= lat <= 90
    if not on_earth or (abs(lon) < _NULL_ISLAND_DEG and abs(lat) < _NULL_ISLAND_DEG):
        raise PlaceInvalid(lon=lon, lat=lat)
    if radius_m is None or not math.isfinite(radius_m) or radius_m <= 0:
        radius_m = DEFAULT_RADIUS_M[source]
    return Candidate(lon, lat, min(max(radius_m, _SMALLEST_M), _LARGEST_M), source, note)


def best(candidates: Iterable[Candidate]) -> Candidate | None:
    """The one to use: a pin before all, then what names a spot before what is rough, then by trust, then the finer."""
    return min(candidates, key=_rank, default=None)


def _rank(given: Candidate) -> tuple[bool, int, float, float, float]:
    rough = not given.good and given.source is not LocationSource.PIN
    return rough, _TRUST[given.source], given.radius_m, given.lon, given.lat


def disagree(a: Candidate, b: Candidate) -> bool:
    """Whether two good locations lie farther apart than their radii together."""
    return a.good and b.good and distance_m(a.lon, a.lat, b.lon, b.lat) > a.radius_m + b.radius_m


def disputed(candidates: Iterable[Candidate]) -> bool:
    """Whether a person must decide: the best disagrees with another. A pin is a person's decision and settles it."""
    every = list(candidates)
    chosen = best(every)
    if chosen is None or chosen.source is LocationSource.PIN:
        return False
    return any(disagree(chosen, other) for other in every)
