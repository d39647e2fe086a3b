"""Rows as GeoJSON: checked by reading the bytes back."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from enum import StrEnum

import pytest

from geo.geojson import feature_collection

pytestmark = pytest.mark.unit

WHEN = dt.datetime(2026, 11, 2, 3, 4, 5, tzinfo=dt.UTC)


class State(StrEnum):
    OPEN = "open"


def test_rows_become_features_with_their_columns_as_properties() -> None:
    key = uuid.uuid4()
    columns = ("state", "id", "lat", "lon", "at", "caption", "count")
    rows = [
        (State.OPEN, key, -8.2, 114.3, WHEN, 'Trotoar "rusak" \x00 </script> é', 3),
        ("open", 7, -8.0, 114.0, None, None, 0),
    ]
    made = json.loads(feature_collection(columns, rows, lon=3, lat=2, id_=1, extra={"numberReturned": 2, "links": []}))
    assert made["type"] == "FeatureCollection"
    assert (made["numberReturned"], made["links"]) == (2, [])
    first, second = made["features"]
    assert first == {
        "type": "Feature",
        "id": str(key),
        "geometry": {"type": "Point", "coordinates": [114.3, -8.2]},
        "properties": {
            "state": "open",
            "at": "2026-11-02T03:04:05Z",
            "caption": 'Trotoar "rusak" \x00 </script> é',
            "count": 3,
        },
    }
    assert second["id"] == 7
    assert second["properties"]["at"] is None


@pytest.mark.parametrize("place", [(None, None), (114.3, None), (None, -8.2)])
def test_a_row_without_a_place_has_no_geometry(place: tuple[float | None, float | None]) -> None:
    made = json.loads(feature_collection(["id", "lon", "lat"], [(1, *place)], lon=1, lat=2, id_=0, extra={}))
    assert made["features"] == [{"type": "Feature", "id": 1, "geometry": None, "properties": {}}]


def test_a_time_without_a_zone_is_utc_as_everywhere_in_the_house() -> None:
    row = (1, 2, 3, dt.datetime(2026, 11, 2, 3, 4, 5))  # noqa: DTZ001 (as SQLite gives it)
    made = json.loads(feature_collection(["id", "lon", "lat", "at"], [row], lon=1, lat=2, id_=0, extra={}))
    assert made["features"][0]["properties"] == {"at": "2026-11-02T03:04:05Z"}


def test_one_property_and_no_rows_are_fine() -> None:
    made = json.loads(feature_collection(["id", "lon", "lat", "a"], [(1, 2, 3, "b")], lon=1, lat=2, id_=0, extra={}))
    assert made["features"][0]["properties"] == {"a": "b"}
    assert json.loads(feature_collection(["id", "lon", "lat"], [], lon=1, lat=2, id_=0, extra={}))["features"] == []


def test_a_row_of_another_length_is_an_error_and_not_a_wrong_answer() -> None:
    with pytest.raises((ValueError, IndexError)):
        feature_collection(["id", "lon", "lat", "a", "b"], [(1, 2, 3, "b")], lon=1, lat=2, id_=0, extra={})
