"""GeoJSON (RFC 7946) as it is made: one collection, or one feature a line."""

from collections.abc import Iterable, Iterator

import orjson

from ingest.exports.table import PROPERTIES, TIMES, Columns, moments

_AS_WRITTEN = orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC


def collection(pieces: Iterable[Columns]) -> Iterator[bytes]:
    """One FeatureCollection, a feature a line. `numberReturned` stands at its end: a file that broke off is no JSON."""
    yield b'{"type":"FeatureCollection","features":['
    number = 0
    for piece in pieces:
        lines = list(_lines(piece))
        yield (b",\n" if number else b"\n") + b",\n".join(lines)
        number += len(lines)
    yield b'\n],"numberReturned":%d}\n' % number


def sequence(pieces: Iterable[Columns]) -> Iterator[bytes]:
    """One feature a line (newline-delimited GeoJSON)."""
    for piece in pieces:
        yield b"\n".join(_lines(piece)) + b"\n"


def _lines(piece: Columns) -> Iterator[bytes]:
    told = {**piece, "faults": [None if words is None else words.split() for words in piece["faults"]]}
    values = [moments(told[name]) if name in TIMES else told[name] for name in PROPERTIES]
    for id_, lon, lat, *row in zip(piece["id"], piece["lon"], piece["lat"], *values, strict=True):
        yield orjson.dumps(
            {
                "type": "Feature",
                "id": id_,
                "geometry": None if lon is None or lat is None else {"type": "Point", "coordinates": (lon, lat)},
                "properties": dict(zip(PROPERTIES, row, strict=True)),
            },
            option=_AS_WRITTEN,
        )
