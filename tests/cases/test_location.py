"""Which location is believed, and when a person is asked."""

import math
from itertools import permutations

import pytest

from cases.errors import PlaceInvalid
from cases.location import DEFAULT_RADIUS_M, Candidate, best, candidate, disagree, disputed
from cases.words import LocationSource
from geo.distance import offset

pytestmark = pytest.mark.unit

LON, LAT = 114.3691, -8.2192


def near(east_m: float, source: LocationSource, radius_m: float | None = None) -> Candidate:
    return candidate(*offset(LON, LAT, east_m, 0), source, radius_m)


@pytest.mark.parametrize(
    ("lon", "lat"), [(0, 0), (0.00001, -0.00001), (180.1, 0), (10, 90.1), (math.nan, 1), (1, math.inf)]
)
def test_no_place_at_all(lon: float, lat: float) -> None:
    with pytest.raises(PlaceInvalid):
        candidate(lon, lat, LocationSource.EXIF)


@pytest.mark.parametrize("radius_m", [None, 0.0, -3.0, math.nan, math.inf])
def test_a_senseless_radius_becomes_the_default(radius_m: float | None) -> None:
    assert candidate(LON, LAT, LocationSource.EXIF, radius_m).radius_m == 25
    assert set(DEFAULT_RADIUS_M) == set(LocationSource)


def test_the_equator_is_a_place() -> None:
    assert candidate(109.33, 0.0, LocationSource.PIN).lat == 0


def test_trust_goes_by_source_then_radius() -> None:
    pin, exif, device = (near(0, source) for source in (LocationSource.PIN, LocationSource.EXIF, LocationSource.DEVICE))
    finer = near(5, LocationSource.EXIF, 5)
    for some in permutations([device, exif, pin, finer]):
        assert best(some) == pin
    for some in permutations([device, exif, finer]):
        assert best(some) == finer
    assert best([]) is None


def test_a_spot_beats_a_rough_guess_of_a_better_source() -> None:
    rough, device = near(0, LocationSource.EXIF, 5_000), near(900, LocationSource.DEVICE, 12)
    assert best([rough, device]) == device
    assert best([rough]) == rough


def test_disagreement_is_beyond_both_radii() -> None:
    exif = near(0, LocationSource.EXIF, 25)
    assert not disagree(exif, near(74, LocationSource.DEVICE, 50))
    assert disagree(exif, near(76, LocationSource.DEVICE, 50))
    assert not disagree(exif, near(9_000, LocationSource.AREA, 100))


def test_a_pin_settles_it() -> None:
    exif, device = near(0, LocationSource.EXIF), near(4_000, LocationSource.DEVICE)
    assert disputed([exif, device])
    assert not disputed([exif, device, near(0, LocationSource.PIN)])
    assert not disputed([exif])
    assert not disputed([])


def test_kept_and_read_back() -> None:
    given = candidate(LON, LAT, LocationSource.DEVICE, 12, "browser")
    assert Candidate.from_json(given.as_json()) == given
