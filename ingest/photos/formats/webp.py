"""The structure of a WebP (RFC 9649): the chunks in its RIFF container."""

from ingest.photos.faults import damaged, truncated, unsupported
from ingest.photos.formats.structure import Data, Span, Structure, exif_span

_ANIMATED = 0x02


def walk(data: Data) -> Structure:
    """Walk a WebP's chunks.

    Errors: `PhotoRefused` (truncated, damaged, unsupported_format for a moving picture).
    """
    end = 8 + _number(data, 4)
    if end > len(data):
        raise truncated("WebP")
    canvas: tuple[int, int] | None = None
    picture: tuple[int, int] | None = None
    exif: Span | None = None
    at = 12
    while at < end:
        kind, length = data[at : at + 4], _number(data, at + 4)
        body = at + 8
        if body + length > end:
            raise damaged("WebP")
        if kind == b"VP8X":
            canvas = _canvas(data, body)
        elif kind in (b"VP8 ", b"VP8L"):
            picture = picture or (_lossy if kind == b"VP8 " else _lossless)(data, body)
        elif kind == b"EXIF" and exif is None:
            exif = exif_span(data, body, length)
        at = body + length + (length & 1)
    if picture is None or (canvas or picture) != picture or not all(picture):
        raise damaged("WebP")
    return Structure(*picture, exif, end)


def _canvas(data: Data, at: int) -> tuple[int, int]:
    if data[at] & _ANIMATED:
        raise unsupported("a moving picture")
    return 1 + int.from_bytes(data[at + 4 : at + 7], "little"), 1 + int.from_bytes(data[at + 7 : at + 10], "little")


def _lossy(data: Data, at: int) -> tuple[int, int]:
    """Size in a VP8 key frame (RFC 6386, 9.1): 14 bits each behind the start code."""
    if data[at + 3 : at + 6] != b"\x9d\x01\x2a":
        raise damaged("WebP")
    width, height = int.from_bytes(data[at + 6 : at + 8], "little"), int.from_bytes(data[at + 8 : at + 10], "little")
    return width & 0x3FFF, height & 0x3FFF


def _lossless(data: Data, at: int) -> tuple[int, int]:
    """Size in a VP8L bitstream (RFC 9649, 3.4): 14 bits each behind the signature byte."""
    if data[at] != 0x2F:
        raise damaged("WebP")
    bits = int.from_bytes(data[at + 1 : at + 5], "little")
    return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)


def _number(data: Data, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")
