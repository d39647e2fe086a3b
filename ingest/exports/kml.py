"""KML 2.2 (OGC 12-007) for phones and Google Earth: points with a colour for each state, and what is known of them."""

import re
from collections.abc import Iterable, Iterator
from html import escape as as_html
from typing import Any
from xml.sax.saxutils import escape

from cases.words import IncidentKind, Status
from ingest.exports.table import TIMES, Columns, Reading, moments

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 cannot hold, not even as a reference."""

_COLOURS: dict[Status | IncidentKind, str] = {  # aabbggrr
    Status.RECEIVED: "ff2b7de9",
    Status.VERIFIED: "ff1fb3e6",
    Status.IN_PROGRESS: "ffc8712b",
    Status.RESOLVED: "ff4d9a2e",
    Status.REJECTED: "ff808080",
    Status.DUPLICATE: "ffa9a9a9",
    IncidentKind.PHOTO: "ffb05a8f",
    IncidentKind.OUTAGE: "ff3a3ac8",
}
_TOLD = (
    "category",
    "status",
    "agency",
    "area_name",
    "time",
    "due_at",
    "trouble",
    "faults",
    "ended_at",
    "reference",
    "id",
)
"""What a point tells besides its description, in this order."""

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document>\n'


def placemarks(pieces: Iterable[Columns], reading: Reading) -> Iterator[bytes]:
    """A document of placemarks; incidents of no known place are in it without a point."""
    yield (_HEAD + f"<name>Pantau</name>\n{''.join(map(_style, _COLOURS.items()))}").encode()
    headings = {name: _text(reading.heading(name)) for name in _TOLD}
    for piece in pieces:
        yield "".join(_marks(piece, reading, headings)).encode()
    yield b"</Document>\n</kml>\n"


def _style(of: tuple[Status | IncidentKind, str]) -> str:
    word, colour = of
    # The balloon is told what to show: by itself it would fill in whatever a caption names as $[...].
    return (
        f'<Style id="{word}"><IconStyle><color>{colour}</color><scale>0.9</scale></IconStyle>'
        "<BalloonStyle><text>$[description]</text></BalloonStyle></Style>\n"
    )


def _marks(piece: Columns, reading: Reading, headings: dict[str, str]) -> Iterator[str]:
    names = ("kind", "title", "lon", "lat", *_TOLD)
    values = [moments(piece[name]) if name in TIMES else piece[name] for name in names]
    for kind, title, lon, lat, *told in zip(*values, strict=True):
        known = dict(zip(_TOLD, told, strict=True))
        at, category = known["time"], reading.word("category", known["category"])
        called = " · ".join(str(one) for one in (category or reading.word("kind", kind), known["reference"]) if one)
        yield (
            f"<Placemark><name>{_text(called)}</name>"
            # People read a description as HTML, so what was written is escaped for that first.
            f"<description>{_text(as_html(title or '', quote=False))}</description>"
            f"<TimeStamp><when>{at.isoformat()}Z</when></TimeStamp>"
            f"<styleUrl>#{known['status'] or kind}</styleUrl>"
            f"<ExtendedData>{''.join(_data(known, reading, headings))}</ExtendedData>"
            + ("" if lon is None or lat is None else f"<Point><coordinates>{lon},{lat}</coordinates></Point>")
            + "</Placemark>\n"
        )


def _data(known: dict[str, Any], reading: Reading, headings: dict[str, str]) -> Iterator[str]:
    for name, value in known.items():
        if value is None or value == "":
            continue
        shown = reading.moment(value) if name in TIMES else _text(str(reading.word(name, value)))
        yield f'<Data name="{name}"><displayName>{headings[name]}</displayName><value>{shown}</value></Data>'


def _text(text: str) -> str:
    return escape(_FORBIDDEN.sub("", text))
