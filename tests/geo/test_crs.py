"""The reference systems are held against PROJ."""

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import Crs

pytestmark = pytest.mark.unit

ALL = list(Crs)


def proj(crs: Crs) -> pyproj.Transformer:
    code = crs.rsplit("/", 1)[1]
    name = "OGC:CRS84" if crs is Crs.CRS84 else f"EPSG:{code}"
    # The authority's own order of axes, which is what the URI promises.
    return pyproj.Transformer.from_crs("OGC:CRS84", name)


@pytest.mark.parametrize("crs", ALL)
def test_it_agrees_with_proj_to_a_tenth_of_a_millimetre(crs: Crs) -> None:
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(108, 120, 500), rng.uniform(-11, 6, 500)
    first, second = crs.from_lonlat(lon, lat)
    expected = proj(crs).transform(lon, lat)
    tolerance = 1e-4 if crs.decimals == 3 else 1e-12
    np.testing.assert_allclose((first, second), expected, rtol=0, atol=tolerance)
    np.testing.assert_allclose(crs.to_lonlat(first, second), (lon, lat), rtol=0, atol=1e-10)


def test_the_axes_stand_in_the_order_of_the_authority() -> None:
    lon, lat = np.array([114.37]), np.array([-8.22])
    assert [float(axis[0]) for axis in Crs.CRS84.from_lonlat(lon, lat)] == [114.37, -8.22]
    assert [float(axis[0]) for axis in Crs.WGS84.from_lonlat(lon, lat)] == [-8.22, 114.37]


@given(lon=st.floats(-180, 180), lat=st.floats(-89, 89), crs=st.sampled_from(ALL))
def test_no_place_on_earth_breaks_it(lon: float, lat: float, crs: Crs) -> None:
    first, second = crs.from_lonlat(np.array([lon]), np.array([lat]))
    assert first.shape == second.shape == (1,)
    back = crs.to_lonlat(np.array([1e9]), np.array([lat]))
    assert back[0].shape == (1,)


@given(
    lon=st.floats(111, 117),
    lat=st.floats(-11, 0),
    crs=st.sampled_from(ALL),
)
def test_a_shape_comes_back_as_it_went(lon: float, lat: float, crs: Crs) -> None:
    shape = shapely.box(lon, lat, lon + 0.01, lat + 0.01)
    there = crs.shape_from_lonlat(shape)
    back = crs.shape_to_lonlat(there)
    assert shapely.hausdorff_distance(shape, back) < 1e-9
