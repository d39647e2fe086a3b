"""Pieces of an export as Arrow batches, which GeoParquet, GeoPackage and FlatGeobuf are written from."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from ingest.exports.table import PROPERTIES, TIMES, Columns

GEOMETRY = "geometry"

_TIME = pa.timestamp("us", "UTC")
_TYPES = {"overdue": pa.bool_(), "radius_m": pa.float64()} | dict.fromkeys(TIMES, _TIME)
_COLUMNS = pa.schema([("id", pa.string()), *((name, _TYPES.get(name, pa.string())) for name in PROPERTIES)])


def schema(*more: pa.Field) -> pa.Schema:
    """The columns of every batch: those of the API's features, then points as WKB, null where the place is unknown."""
    return pa.schema([*_COLUMNS, pa.field(GEOMETRY, pa.binary()), *more])


def batches(pieces: Iterable[Columns]) -> Iterator[pa.RecordBatch]:
    """Each piece as one batch."""
    for piece in pieces:
        arrays = [_array(piece[field.name], field.type) for field in _COLUMNS]
        yield pa.record_batch([*arrays, pa.array(_points(piece), pa.binary())], schema=schema())


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    if kind == _TIME:
        return pa.array(values, pa.int64()).cast(_TIME)
    return pa.array(values, kind)


def _points(piece: Columns) -> list[bytes | None]:
    lon, lat = (np.array(piece[name], dtype=float) for name in ("lon", "lat"))  # None becomes NaN
    points = np.asarray(shapely.points(lon, lat))
    points[np.isnan(lon) | np.isnan(lat)] = None
    found: list[bytes | None] = np.asarray(shapely.to_wkb(points)).tolist()
    return found
