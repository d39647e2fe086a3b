"""From locations found to a place in the city: point, radius, source, cell, area."""

from collections.abc import Sequence
from dataclasses import dataclass

from cases.errors import AreaUnknown
from cases.location import ROUGH_M, Candidate, best, candidate, disputed
from cases.words import LocationSource
from geo.areas import AreaUnknown as NoSuchArea
from geo.cells import cell
from geo.distance import distance_m
from geo.index import AreaIndex, Near
from storage.tables import Complaint, Permit, Photo

WARNINGS = frozenset({"no_location", "outside_city", "near_border", "locations_disagree", "location_rough"})
"""The warnings that follow from the place alone: they are worked out anew when it changes."""


@dataclass(frozen=True, slots=True)
class Place:
    """What was chosen, the area it lies in, and the codes of what was odd."""

    chosen: Candidate | None
    area_code: str | None
    warnings: tuple[str, ...] = ()

    def put_on(self, row: Photo | Complaint | Permit) -> None:
        """Writes the place into a row, or takes it away."""
        chosen = self.chosen
        row.lon = chosen.lon if chosen else None
        row.lat = chosen.lat if chosen else None
        row.radius_m = chosen.radius_m if chosen else None
        row.location_source = chosen.source if chosen else None
        row.cell = cell(chosen.lon, chosen.lat) if chosen else None
        row.area_code = self.area_code


NOWHERE = Place(None, None, ("no_location",))


def placed(index: AreaIndex, candidates: Sequence[Candidate]) -> Place:
    """The best of the candidates with its area. A place outside the city is kept and marked."""
    chosen = best(candidates)
    if chosen is None:
        return NOWHERE
    area_code = index.at(chosen.lon, chosen.lat)
    warnings = []
    if area_code is None and len(index):
        warnings.append("outside_city")
    if area_code is not None and chosen.good and neighbours(index, chosen.lon, chosen.lat, chosen.radius_m):
        warnings.append("near_border")
    if not chosen.good:
        warnings.append("location_rough")
    if disputed(candidates):
        warnings.append("locations_disagree")
    return Place(chosen, area_code, tuple(warnings))


def somewhere_in(index: AreaIndex, code: str) -> Place:
    """An area as a place: its label's point, with a radius that reaches its farthest corner.

    Raises AreaUnknown.
    """
    try:
        area = index.area(code)
    except NoSuchArea:
        raise AreaUnknown(area=code) from None
    lon, lat = area.label
    west, south, east, north = area.bbox
    reach = max(distance_m(lon, lat, x, y) for x in (west, east) for y in (south, north))
    return Place(candidate(lon, lat, LocationSource.AREA, reach, area.name), code)


def neighbours(index: AreaIndex, lon: float, lat: float, radius_m: float) -> list[Near]:
    """The other areas the place may lie in, nearest first; of a rough place only those close by."""
    return index.near(lon, lat, min(radius_m, ROUGH_M))
