"""Incidents as GeoJSON: whole columns are turned, not row by row, for a thousand features are the common answer."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from geo.geojson import feature_collection
from geo.index import AreaIndex
from storage.incidents import COLUMNS

_TIMES = ("time", "due_at", "updated_at")
_OUT = (
    "id",
    "kind",
    "reference",
    "photo",
    "category",
    "status",
    "agency",
    "area",
    "area_name",
    "time",
    "due_at",
    "updated_at",
    "overdue",
    "radius_m",
    "title",
    "thumbnail",
    "lon",
    "lat",
)


def incident_features(rows: Sequence[Sequence[Any]], index: AreaIndex, extra: Mapping[str, object]) -> bytes:
    """A FeatureCollection of rows of `storage.incidents.COLUMNS`; `extra` joins its members."""
    columns: dict[str, Sequence[Any]] = dict.fromkeys(COLUMNS, ())
    if rows:
        columns |= zip(COLUMNS, zip(*rows, strict=True), strict=True)
    columns |= {name: _times(columns[name]) for name in _TIMES}
    ids = [_dashed(id_) if kind == "photo" else None for kind, id_ in zip(columns["kind"], columns["id"], strict=True)]
    names = {code: index.name(code) for code in set(columns["area"]) if code is not None and code in index}
    columns |= {
        "photo": ids,
        "thumbnail": [
            f"/api/v1/photos/{photo}/thumbnail" if photo and there else None
            for photo, there in zip(ids, columns["thumbnail"], strict=True)
        ],
        "id": [
            f"photo:{photo}" if photo else f"complaint:{reference}"
            for photo, reference in zip(ids, columns["reference"], strict=True)
        ],
        "area_name": [names.get(code) for code in columns["area"]],
        "overdue": [bool(late) for late in columns["overdue"]],
    }
    return feature_collection(
        _OUT,
        zip(*(columns[name] for name in _OUT), strict=True),
        lon=_OUT.index("lon"),
        lat=_OUT.index("lat"),
        id_=_OUT.index("id"),
        extra=extra,
    )


def _times(micros: Sequence[int | None]) -> list[Any]:
    """Microseconds since 1970 as UTC datetimes without a zone, which GeoJSON's writer takes for UTC."""
    missing = np.iinfo(np.int64).min  # numpy's NaT, which comes out as None
    numbers = np.array([missing if value is None else value for value in micros], dtype=np.int64)
    moments: list[Any] = numbers.view("datetime64[us]").tolist()
    return moments


def _dashed(id_: Any) -> str:
    """A UUID as people write it, from PostgreSQL's object or SQLite's 32 hex digits."""
    text = id_ if isinstance(id_, str) else id_.hex
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
