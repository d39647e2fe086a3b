"""The structure of a PNG (W3C PNG, third edition): its chunks from IHDR to IEND, and their checksums."""

import zlib

from ingest.photos.faults import damaged, truncated
from ingest.photos.formats.structure import Data, Span, Structure, exif_span

_CHUNKS_MAX = 100_000  # 8 kB each in the largest photos; millions of empty ones would only burn time
MAGIC = b"\x89PNG\r\n\x1a\n"


def walk(data: Data) -> Structure:
    """Walk a PNG's chunks up to IEND.

    Errors: `PhotoRefused` (truncated, damaged).
    """
    size: tuple[int, int] | None = None
    exif: Span | None = None
    pixels = 0
    at = len(MAGIC)
    for _ in range(_CHUNKS_MAX):
        kind, body, end = _chunk(data, at)
        if size is None:
            if kind != b"IHDR" or body.length != 13:
                raise damaged("PNG")
            size = _number(data, body.at), _number(data, body.at + 4)
        elif kind == b"IDAT":
            pixels += body.length
        elif kind == b"eXIf" and exif is None:
            exif = exif_span(data, body.at, body.length)
        elif kind == b"IEND":
            if not (pixels and all(size)):
                raise damaged("PNG")
            return Structure(*size, exif, end)
        at = end
    raise damaged("PNG")


def _chunk(data: Data, at: int) -> tuple[bytes, Span, int]:
    """The chunk at `at`: its kind, its body, and where the next begins."""
    length, kind = _number(data, at), data[at + 4 : at + 8]
    end = at + 12 + length
    if end > len(data):
        raise truncated("PNG")
    if not kind.isalpha():
        raise damaged("PNG")
    critical = kind[:1].isupper()
    if critical and zlib.crc32(memoryview(data)[at + 4 : end - 4]) != _number(data, end - 4):
        raise damaged("PNG")
    return kind, Span(at + 8, length), end


def _number(data: Data, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big")
