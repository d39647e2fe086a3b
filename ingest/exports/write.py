"""A walk over incidents as bytes of a format: in pieces as they are made, or as a whole file."""

import zipfile
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Final, Protocol, cast

from cases.words import ExportFormat
from ingest.exports import geojson, kml, sheet
from ingest.exports.table import Columns, Reading, pieces, reading
from ingest.exports.wanted import Wanted
from ingest.parts import Parts
from storage.walks import Row


class Writer(Protocol):
    """Writes a whole file; `placed` says that every row has its place."""

    def __call__(self, path: Path, pieces: Iterable[Columns], *, placed: bool) -> None: ...


_WRITERS: Final = {
    ExportFormat.GEOPARQUET: "geoparquet:write",
    ExportFormat.GEOPACKAGE: "gdal:geopackage",
    ExportFormat.FLATGEOBUF: "gdal:flatgeobuf",
}
"""Formats of libraries that take 50 MB each: loaded by whoever makes such a file, not by every server."""


def stream(parts: Parts, wanted: Wanted, walked: Iterable[list[Row]]) -> Iterator[bytes]:
    """The bytes, a piece of the walk at a time. KeyError for a format that does not stream."""
    by_columns = pieces(walked, parts.areas.index())
    match wanted.format:
        case ExportFormat.GEOJSON:
            return geojson.collection(by_columns)
        case ExportFormat.NDJSON:
            return geojson.sequence(by_columns)
        case ExportFormat.CSV:
            read = _reading(parts, wanted) if wanted.language is not None else None
            return sheet.sheet(by_columns, read, excel=wanted.excel)
        case ExportFormat.KML:
            return kml.placemarks(by_columns, _reading(parts, wanted))
    raise KeyError(wanted.format)


def write(parts: Parts, wanted: Wanted, walked: Iterable[list[Row]], path: Path) -> None:
    """The whole file. `path` ends as the format's files do: GDAL goes by that."""
    if wanted.format is ExportFormat.KMZ:
        _write_kmz(path, kml.placemarks(pieces(walked, parts.areas.index()), _reading(parts, wanted)))
    elif wanted.format in _WRITERS:
        module, _, name = _WRITERS[wanted.format].partition(":")
        writer = cast("Writer", getattr(import_module(f"ingest.exports.{module}"), name))
        writer(path, pieces(walked, parts.areas.index()), placed=wanted.question.place is not None)
    else:
        with path.open("wb") as file:
            file.writelines(stream(parts, wanted, walked))


def _reading(parts: Parts, wanted: Wanted) -> Reading:
    return reading(parts.database, wanted.language or "id", parts.zone)


def _write_kmz(path: Path, document: Iterable[bytes]) -> None:
    """A KML in a zip, under the name that readers look for."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as whole,
        whole.open("doc.kml", "w", force_zip64=True) as inner,
    ):
        for piece in document:
            inner.write(piece)
