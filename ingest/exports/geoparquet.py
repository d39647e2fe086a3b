"""GeoParquet 1.1 (geoparquet.org): points as WKB with their boxes beside them, so that a reader skips what is far."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely

from ingest.exports import arrow
from ingest.exports.table import Columns

GROUP = 50_000
"""Rows of one group: what a reader takes or skips as a whole."""

_CORNERS = ("xmin", "ymin", "xmax", "ymax")
_BBOX = pa.field("bbox", pa.struct([(corner, pa.float64()) for corner in _CORNERS]))


def write(path: Path, pieces: Iterable[Columns], *, placed: bool) -> None:
    """Writes all pieces to the file."""
    box: list[float] = []
    with pq.ParquetWriter(path, arrow.schema(_BBOX), compression="zstd") as writer:
        held: list[pa.RecordBatch] = []
        for batch in arrow.batches(pieces):
            boxed, own = _boxed(batch)
            box = _around(box, own)
            held.append(boxed)
            if sum(one.num_rows for one in held) >= GROUP:
                writer.write_table(pa.Table.from_batches(held))
                held = []
        if held:
            writer.write_table(pa.Table.from_batches(held))
        writer.add_key_value_metadata({"geo": orjson.dumps(_described(box)).decode()})


def _boxed(batch: pa.RecordBatch) -> tuple[pa.RecordBatch, list[float]]:
    """The batch with each point's box, and the box of them all."""
    points = shapely.from_wkb(batch.column(arrow.GEOMETRY).to_numpy(zero_copy_only=False))
    both = (shapely.get_x(points), shapely.get_y(points))
    lon, lat = (pa.array(values, pa.float64(), from_pandas=True) for values in both)
    boxes = pa.StructArray.from_arrays([lon, lat, lon, lat], _CORNERS, mask=pc.is_null(lon))
    whole = [pc.min(lon), pc.min(lat), pc.max(lon), pc.max(lat)]
    own = [] if whole[0].as_py() is None else [side.as_py() for side in whole]
    return pa.record_batch([*batch.columns, boxes], schema=arrow.schema(_BBOX)), own


def _around(box: list[float], other: list[float]) -> list[float]:
    if not box or not other:
        return box or other
    return [min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3])]


def _described(box: list[float]) -> dict[str, Any]:
    """The file's `geo` metadata. Without a `crs` coordinates are OGC:CRS84, longitude first."""
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": ["Point"],
        "covering": {"bbox": {corner: ["bbox", corner] for corner in _CORNERS}},
    }
    if box:
        column["bbox"] = box
    return {"version": "1.1.0", "primary_column": arrow.GEOMETRY, "columns": {arrow.GEOMETRY: column}}
