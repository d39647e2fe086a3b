"""Incidents as GeoJSON (RFC 7946): whole columns are turned, then each feature is made once and written out.

A thousand features are the common answer, so this is the hottest loop of the house: one object per feature, and nothing
in it that a column could have done before. Structs are made in half the time of dictionaries.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
import orjson

from geo.index import AreaIndex
from storage.incidents import COLUMNS

_MISSING = np.iinfo(np.int64).min
"""What numpy takes for no time (NaT), which comes out as null."""

_ENCODER = msgspec.json.Encoder()


class _Point(msgspec.Struct, tag_field="type", tag="Point", gc=False):
    coordinates: tuple[float, float]


class _Properties(msgspec.Struct, gc=False):
    """`api.shapes.incidents` says what each is; the values come from the database and are not looked at again."""

    kind: str
    reference: str | None
    photo: str | None
    category: str | None
    status: str | None
    agency: str | None
    area: str | None
    area_name: str | None
    time: str
    due_at: str | None
    updated_at: str
    overdue: bool
    radius_m: float | None
    title: str
    thumbnail: str | None = None
    camera: str | None = None
    trouble: str | None = None
    faults: msgspec.Raw | None = None
    ended_at: str | None = None


class _Feature(msgspec.Struct, tag_field="type", tag="Feature", gc=False):
    id: str
    geometry: _Point | None
    properties: _Properties


def incident_features(rows: Sequence[Sequence[Any]], index: AreaIndex, extra: Mapping[str, object]) -> bytes:
    """A FeatureCollection of rows of `storage.incidents.COLUMNS`; `extra` joins its members.

    An incident without a place has a null geometry. Times are RFC 3339 in UTC.
    """
    around = orjson.dumps({"type": "FeatureCollection", **extra})[:-1]
    return b"".join((around, b',"features":', _ENCODER.encode(_features(_columns(rows), index)), b"}"))


def each_feature(rows: Sequence[Sequence[Any]], index: AreaIndex) -> list[bytes]:
    """Each of the rows as a Feature by itself, as it stands in `incident_features`."""
    return [_ENCODER.encode(feature) for feature in _features(_columns(rows), index)]


def _columns(rows: Sequence[Sequence[Any]]) -> dict[str, Sequence[Any]]:
    return dict(zip(COLUMNS, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(COLUMNS, ())


def _features(column: Mapping[str, Sequence[Any]], index: AreaIndex) -> list[_Feature]:
    """Every row as a complaint, which nearly all are; the others are put right after."""
    names = {code: index.name(code) for code in set(column["area"]) if code is not None and code in index}
    plain = ("reference", "category", "status", "agency", "area", "overdue", "radius_m", "title", "lon", "lat")
    features = [
        _Feature(
            f"complaint:{reference}",
            None if lon is None or lat is None else _Point((lon, lat)),
            _Properties("complaint", reference, None, category, status, agency, area, names.get(area), time, due_at,
                        updated_at, bool(overdue), radius_m, title),
        )
        for time, due_at, updated_at, reference, category, status, agency, area, overdue, radius_m, title, lon, lat
        in zip(*(times(column[name]) for name in ("time", "due_at", "updated_at")),
               *(column[name] for name in plain), strict=True)
    ]  # fmt: skip
    kinds = column["kind"]
    if kinds.count("complaint") < len(kinds):
        _others(features, column)
    return features


def _others(features: Sequence[_Feature], column: Mapping[str, Sequence[Any]]) -> None:
    ended = times(column["ended_at"])
    for at, kind in enumerate(column["kind"]):
        if kind == "complaint":
            continue
        id_ = dashed(column["id"][at])
        own = features[at].properties
        own.kind, features[at].id = kind, f"{kind}:{id_}"
        if kind == "photo":
            own.photo = id_
            own.thumbnail = f"/api/v1/photos/{id_}/thumbnail" if column["thumbnail"][at] else None
        else:
            own.camera, own.trouble, own.ended_at = dashed(column["camera"][at]), column["trouble"][at], ended[at]
            own.faults = msgspec.Raw(column["faults"][at].encode())


def times(micros: Iterable[int | None]) -> list[Any]:
    """Microseconds since 1970 as RFC 3339 in UTC: a whole column at once, which is how it costs least."""
    numbers = np.array([_MISSING if value is None else value for value in micros], dtype=np.int64)
    moments = numbers.view("datetime64[us]").tolist()
    texts: list[Any] = orjson.loads(orjson.dumps(moments, option=orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC))
    return texts


def dashed(id_: Any) -> str:
    """A UUID as people write it, from PostgreSQL's object or SQLite's 32 hex digits."""
    text = id_ if isinstance(id_, str) else id_.hex
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
