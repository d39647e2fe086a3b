"""The structure of a JPEG (ITU-T T.81, annex B): its markers from SOI to EOI."""

import re
from dataclasses import dataclass, field

from ingest.photos.faults import damaged, truncated, unsupported
from ingest.photos.formats.structure import Data, Span, Structure, exif_span

MAGIC = b"\xff\xd8\xff"

# A marker is 0xFF and a code; 0xFF00 is a stuffed byte, 0xFFFF fill and D0-D7 restarts within a scan.
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_RESTART = re.compile(rb"\xff[\xd0-\xd7]")
_SOF_DECODED = {0xC0, 0xC1, 0xC2}
_SOF_OTHERS = {0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_MARKERS_MAX = 10_000  # photos have dozens; millions of empty segments would only burn time
_EOI, _SOS, _DRI, _APP1, _TEM = 0xD9, 0xDA, 0xDD, 0xE1, 0x01
_SEGMENTS = {0xC4, 0xCC, 0xDB, 0xDC, _DRI, 0xDE, 0xDF, 0xFE, *range(0xE0, 0xF0)}


@dataclass(frozen=True)
class _Frame:
    width: int
    height: int
    components: int
    units: int
    """Minimum coded units in an interleaved scan, between which restart markers are counted."""


@dataclass
class _Walk:
    """What has been met on the way through the markers."""

    frame: _Frame | None = None
    exif: Span | None = None
    interval: int = 0
    scans: list[tuple[int, int]] = field(default_factory=list)
    """For each scan its number of components and where its coded data begins."""


def walk(data: Data) -> Structure:
    """Walk a JPEG's markers up to the end of its first picture.

    Errors: `PhotoRefused` (truncated, damaged, unsupported_format).
    """
    seen = _Walk()
    return _finished(data, seen, _walked(data, seen, to_frame=False))


def size(data: Data) -> tuple[int, int]:
    """Width and height in pixels by the frame's header alone, of a JPEG that may be cut short behind it.

    Errors: `PhotoRefused` (truncated, damaged, unsupported_format).
    """
    seen = _Walk()
    _walked(data, seen, to_frame=True)
    if seen.frame is None:
        raise damaged("JPEG")
    return seen.frame.width, seen.frame.height


def _walked(data: Data, seen: _Walk, *, to_frame: bool) -> int:
    """Notes what stands before the end of the picture, or up to its frame's header; returns where that ends."""
    at = 2
    for _ in range(_MARKERS_MAX):
        found = _MARKER.search(data, at)
        if found is None:
            raise truncated("JPEG")
        code, at = data[found.start() + 1], found.end()
        if code == _EOI:
            return at
        if code != _TEM:
            at = _segment(data, seen, code, at)
        if to_frame and (seen.frame is not None or seen.scans):
            return at
    raise damaged("JPEG")


def _segment(data: Data, seen: _Walk, code: int, at: int) -> int:
    """Note what the segment behind marker `code` says; returns where the next marker may be."""
    if code in _SOF_OTHERS:
        raise unsupported("a JPEG of a rare kind (lossless, hierarchical or arithmetic)")
    if code not in _SEGMENTS | _SOF_DECODED | {_SOS}:
        raise damaged("JPEG")
    length = int.from_bytes(data[at : at + 2], "big")
    end = at + length
    if end > len(data):
        raise truncated("JPEG")
    if length < 2:
        raise damaged("JPEG")
    body = data[at + 2 : min(end, at + 64)]
    if code in _SOF_DECODED:
        seen.frame = _frame(body, seen)
    elif code == _SOS:
        seen.scans.append((body[0] if body else 0, end))
    elif code == _DRI and len(body) == 2:
        seen.interval = int.from_bytes(body, "big")
    elif code == _APP1 and seen.exif is None and body.startswith(b"Exif\0\0"):
        seen.exif = exif_span(data, at + 2, length - 2)
    return end


def _frame(body: bytes, seen: _Walk) -> _Frame:
    if seen.frame or len(body) < 9 or len(body) < 6 + 3 * body[5]:
        raise damaged("JPEG")
    if body[0] != 8:
        raise unsupported("a JPEG with more than 8 bits per colour")
    height, width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
    sampling = body[7 : 6 + 3 * body[5] : 3]
    across = 8 * max(factor >> 4 for factor in sampling)
    down = 8 * max(factor & 15 for factor in sampling)
    if not (width and height and across and down):
        raise damaged("JPEG")
    if body[5] == 1:  # a scan of one component is not interleaved, whatever its factors say
        across = down = 8
    return _Frame(width, height, body[5], -(-width // across) * -(-height // down))


def _finished(data: Data, seen: _Walk, end: int) -> Structure:
    frame = seen.frame
    if frame is None or not seen.scans:
        raise damaged("JPEG")
    components, begin = seen.scans[0]
    if seen.interval and len(seen.scans) == 1 and components == frame.components:
        # Decoders fill lost stretches with grey and say nothing; the restart markers tell how much is there.
        expected = -(-frame.units // seen.interval) - 1
        if sum(1 for _ in _RESTART.finditer(data, begin, end)) < expected:
            raise damaged("JPEG")
    return Structure(frame.width, frame.height, seen.exif, end)
