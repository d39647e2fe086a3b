"""Incidents as GeoJSON (RFC 7946): whole columns are turned, then each feature is written out once.

A thousand features are the common answer, so this is the hottest loop of the house: one literal per feature, and
nothing in it that a column could have done before.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import orjson

from geo.index import AreaIndex
from storage.incidents import COLUMNS

_MISSING = np.iinfo(np.int64).min
"""What numpy takes for no time (NaT), which comes out as None."""


def incident_features(rows: Sequence[Sequence[Any]], index: AreaIndex, extra: Mapping[str, object]) -> bytes:
    """A FeatureCollection of rows of `storage.incidents.COLUMNS`; `extra` joins its members.

    An incident without a place has a null geometry. Times are RFC 3339 in UTC.
    """
    named = dict(zip(COLUMNS, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(COLUMNS, ())
    return orjson.dumps(
        {"type": "FeatureCollection", **extra, "features": _features(named, index)},
        option=orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC,
    )


def _features(column: Mapping[str, Sequence[Any]], index: AreaIndex) -> list[dict[str, Any]]:
    names = {code: index.name(code) for code in set(column["area"]) if code is not None and code in index}
    kinds = column["kind"]
    ids = [
        reference if kind == "complaint" else _dashed(id_)
        for kind, id_, reference in zip(kinds, column["id"], column["reference"], strict=True)
    ]
    photos = [id_ if kind == "photo" else None for kind, id_ in zip(kinds, ids, strict=True)]
    cameras = [None if camera is None else _dashed(camera) for camera in column["camera"]]
    plain = ("kind", "reference", "category", "status", "agency", "area", "overdue", "radius_m", "title", "thumbnail")
    return [
        {
            "type": "Feature",
            "id": f"{kind}:{id_}",
            "geometry": None if lon is None or lat is None else {"type": "Point", "coordinates": (lon, lat)},
            "properties": {
                "kind": kind,
                "reference": reference,
                "photo": photo,
                "category": category,
                "status": status,
                "agency": agency,
                "area": area,
                "area_name": names.get(area),
                "time": time,
                "due_at": due_at,
                "updated_at": updated_at,
                "overdue": bool(overdue),
                "radius_m": radius_m,
                "title": title,
                "thumbnail": f"/api/v1/photos/{photo}/thumbnail" if photo and thumbnail else None,
                "camera": camera,
                "trouble": trouble,
                "ended_at": ended_at,
            },
        }
        for id_, photo, camera, time, due_at, updated_at, ended_at, lon, lat, trouble,
            kind, reference, category, status, agency, area, overdue, radius_m, title, thumbnail
        in zip(ids, photos, cameras, *(_times(column[name]) for name in ("time", "due_at", "updated_at", "ended_at")),
               *(column[name] for name in ("lon", "lat", "trouble", *plain)), strict=True)
    ]  # fmt: skip


def _times(micros: Iterable[int | None]) -> list[Any]:
    """Microseconds since 1970 as UTC datetimes without a zone, which orjson is told to take for UTC."""
    numbers = np.array([_MISSING if value is None else value for value in micros], dtype=np.int64)
    moments: list[Any] = numbers.view("datetime64[us]").tolist()
    return moments


def _dashed(id_: Any) -> str:
    """A UUID as people write it, from PostgreSQL's object or SQLite's 32 hex digits."""
    text = id_ if isinstance(id_, str) else id_.hex
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
