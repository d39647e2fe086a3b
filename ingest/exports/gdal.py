"""GeoPackage (OGC 12-128) and FlatGeobuf, written by GDAL from a stream of Arrow batches."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
from pyogrio import set_gdal_config_options
from pyogrio.raw import write_arrow

from ingest.exports import arrow
from ingest.exports.table import Columns

LAYER = "incidents"

# Beyond this many bytes the index is built on disk.
set_gdal_config_options({"OGR_GPKG_MAX_RAM_USAGE_RTREE": 10_000_000})


def geopackage(path: Path, pieces: Iterable[Columns], *, placed: bool) -> None:
    """One layer of points with a spatial index."""
    _write(path, pieces, "GPKG", {"GEOMETRY_NAME": "geom", "SPATIAL_INDEX": "YES"})


def flatgeobuf(path: Path, pieces: Iterable[Columns], *, placed: bool) -> None:
    """Points, with a spatial index if all are `placed`: a file with one cannot hold what has no place."""
    _write(path, pieces, "FlatGeobuf", {"SPATIAL_INDEX": "YES" if placed else "NO"})


def _write(path: Path, pieces: Iterable[Columns], driver: str, options: dict[str, str]) -> None:
    failed: list[BaseException] = []

    def told() -> Iterator[pa.RecordBatch]:
        # GDAL would make a message of what the rows' own walk raises.
        try:
            yield from arrow.batches(pieces)
        except BaseException as error:
            failed.append(error)
            raise

    stream = pa.RecordBatchReader.from_batches(arrow.schema(), told())
    try:
        write_arrow(
            stream,
            path,
            layer=LAYER,
            driver=driver,
            geometry_name=arrow.GEOMETRY,
            geometry_type="Point",
            crs="EPSG:4326",
            layer_options=options,
        )
    except Exception:
        if failed:
            raise failed[0] from None
        raise
