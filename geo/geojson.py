"""Rows to GeoJSON (RFC 7946), as bytes: the way every list of places leaves the house."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

import orjson

_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC | orjson.OPT_SERIALIZE_NUMPY


def feature_collection(
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    lon: int,
    lat: int,
    id_: int,
    extra: Mapping[str, object],
) -> bytes:
    """A FeatureCollection of points, one per row.

    `lon`, `lat` and `id_` are the positions of those columns; the others become the properties,
    under their names. A row without a place gets `"geometry": null`. `extra` joins the collection's
    own members (`numberReturned`, `links`). Times come out as RFC 3339, UUIDs and StrEnums as text.
    """
    rest = [at for at in range(len(columns)) if at not in (lon, lat, id_)]
    names = [columns[at] for at in rest]
    pick = _picker(rest)
    features = [
        {
            "type": "Feature",
            "id": row[id_],
            "geometry": None
            if row[lon] is None or row[lat] is None
            else {"type": "Point", "coordinates": (row[lon], row[lat])},
            "properties": dict(zip(names, pick(row), strict=True)),
        }
        for row in rows
    ]
    return orjson.dumps({"type": "FeatureCollection", **extra, "features": features}, option=_OPTIONS)


def _picker(at: list[int]) -> Any:
    """A function from a row to its values at these positions: itemgetter, which gives no tuple for fewer than two."""
    if len(at) >= 2:
        return itemgetter(*at)
    return lambda row: tuple(row[position] for position in at)
