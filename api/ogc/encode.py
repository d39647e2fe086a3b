"""Rows of a collection as GeoJSON features: whole columns are turned, then each feature is made once."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import msgspec
import numpy as np
import orjson
import shapely

from api.features import dashed, times
from cases.access import Sight
from cases.features import COLLECTIONS, Collection, Field, readable
from cases.filters.tree import Kind
from geo.crs import Crs
from geo.index import AreaIndex
from storage.features import Features

_ENCODER = msgspec.json.Encoder()

Columns = Mapping[str, Sequence[Any]]


class Feature(msgspec.Struct, gc=False):
    """One feature; `type` stands first where people read along."""

    type: str
    id: str
    geometry: Any
    properties: Any


class Point(msgspec.Struct, tag_field="type", tag="Point", gc=False):
    """A position in the order of the axes that were asked for."""

    coordinates: tuple[float, float]


def collection_body(features: Sequence[Feature], extra: Mapping[str, object]) -> bytes:
    """A FeatureCollection; `extra` joins its members."""
    around = orjson.dumps({"type": "FeatureCollection", **extra})[:-1]
    return b"".join((around, b',"features":', _ENCODER.encode(features), b"}"))


def feature_body(feature: Feature, extra: Mapping[str, object]) -> bytes:
    """One feature; `extra` joins its members."""
    return _ENCODER.encode(feature)[:-1] + b"," + orjson.dumps(extra)[1:]


def features(collection: Collection, found: Features, sight: Sight, crs: Crs, index: AreaIndex) -> list[Feature]:
    """The rows as features, their places in `crs`."""
    if not found.rows:
        return []
    columns: dict[str, Sequence[Any]] = dict(zip(found.columns, zip(*found.rows, strict=True), strict=True))
    columns["area_name"] = _area_names(columns.get("area", ()), index)
    ids = _IDS.get(collection, _plain_ids)(columns)
    if collection is Collection.INCIDENTS:
        photos = [kind == "photo" for kind in columns["kind"]]
        columns["photo"] = [dashed(id_) if own else None for own, id_ in zip(photos, columns["id"], strict=True)]
    fields = readable(collection, sight)
    made = _struct(collection, sight.details)
    values = zip(*(_column(collection, field, columns) for field in fields), strict=True)
    places = _shapes(columns["shape"], crs) if COLLECTIONS[collection].polygons else _points(columns, crs)
    return [Feature("Feature", id_, place, made(*row)) for id_, place, row in zip(ids, places, values, strict=True)]


@lru_cache
def _struct(collection: Collection, details: bool) -> Callable[..., Any]:
    """The properties of a collection as a struct, which is made in half the time of a dictionary."""
    names = [one.name for one in COLLECTIONS[collection].fields if one.told or details]
    return msgspec.defstruct("Properties", [(name, Any) for name in names], gc=False)


def _column(collection: Collection, field: Field, columns: Columns) -> Sequence[Any]:
    column = columns[field.name]
    if field.name in ("thumbnail", "image"):
        return _links(collection, field.name, columns)
    match field.kind:
        case Kind.TIME:
            return times(column)
        case Kind.ID:
            return [None if one is None else dashed(one) for one in column]
        case Kind.BOOLEAN:
            return [None if one is None else bool(one) for one in column]
        case _:
            return column


def _links(collection: Collection, name: str, columns: Columns) -> list[str | None]:
    """Where a picture is, for those that have one."""
    if collection is Collection.SNAPSHOTS:
        return [f"/api/v1/snapshots/{dashed(id_)}/{name}" for id_ in columns["id"]]
    return [
        f"/api/v1/photos/{dashed(id_)}/{name}" if there else None
        for id_, there in zip(columns["id"], columns[name], strict=True)
    ]


def _area_names(codes: Sequence[str | None], index: AreaIndex) -> list[str | None]:
    names = {code: index.name(code) for code in set(codes) if code is not None and code in index}
    return [names.get(code) if code is not None else None for code in codes]


def _plain_ids(columns: Columns) -> list[str]:
    return [dashed(id_) for id_ in columns["id"]]


def _incident_ids(columns: Columns) -> list[str]:
    rows = zip(columns["kind"], columns["reference"], columns["id"], strict=True)
    return [f"{kind}:{reference or dashed(id_)}" for kind, reference, id_ in rows]


_IDS: Final[Mapping[Collection, Callable[[Columns], Sequence[str]]]] = {
    Collection.COMPLAINTS: lambda columns: columns["reference"],
    Collection.AREAS: lambda columns: columns["code"],
    Collection.INCIDENTS: _incident_ids,
}


def _points(columns: Columns, crs: Crs) -> list[Point | None]:
    lon, lat = columns["lon"], columns["lat"]
    if crs is not Crs.CRS84:
        # A place that is missing becomes no number, and stays one.
        first, second = crs.from_lonlat(np.array(lon, dtype=np.float64), np.array(lat, dtype=np.float64))
        rounded = zip(first.round(crs.decimals).tolist(), second.round(crs.decimals).tolist(), strict=True)
        return [None if at is None else Point(place) for at, place in zip(lon, rounded, strict=True)]
    return [None if x is None or y is None else Point((x, y)) for x, y in zip(lon, lat, strict=True)]


def _shapes(shapes: Sequence[bytes], crs: Crs) -> list[msgspec.Raw]:
    """Shapes of the database as GeoJSON, written by shapely."""
    made = crs.shape_from_lonlat(shapely.GeometryCollection(shapely.from_wkb(shapes).tolist()))
    digits = min(crs.decimals, 6)
    rounded = shapely.transform(made, lambda at: at.round(digits))
    return [msgspec.Raw(text.encode()) for text in shapely.to_geojson(shapely.get_parts(rounded)).tolist()]
