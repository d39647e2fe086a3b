"""What a file is, by its bytes alone: nothing is decoded here, and no name or content type is believed."""

import mmap
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ingest.photos.faults import PhotoFault, PhotoRefused, PictureDamaged, unsupported
from ingest.photos.formats import heif, jpeg, png, trailer, webp
from ingest.photos.formats.structure import Data, Span

MAX_PIXELS = 100_000_000
"""The most pixels a photo may declare, unless the caller says otherwise."""


class MediaType(StrEnum):
    """The formats taken as photos."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    HEIC = "image/heic"


@dataclass(frozen=True)
class Media:
    """A photo's format, its size in pixels as stored and where in the file its EXIF block lies.

    A HEIC's size is after its own rotation; for the others EXIF's orientation may still turn it.
    """

    media_type: MediaType
    width: int
    height: int
    exif: Span | None = None


_OTHERS: dict[bytes, str] = {
    b"GIF8": "a GIF",
    b"BM": "a BMP",
    b"II*\0": "a TIFF or a camera's raw file",
    b"MM\0*": "a TIFF or a camera's raw file",
    b"\0\0\0\x0cjP  ": "a JPEG 2000",
    b"\xff\x4f\xff\x51": "a JPEG 2000",
    b"\0\0\0\x0cJXL ": "a JPEG XL",
    b"\xff\x0a": "a JPEG XL",
    b"8BPS": "a Photoshop file",
    b"%PDF": "a PDF",
    b"\x1a\x45\xdf\xa3": "a video",
    b"<svg": "an SVG",
}
_RIFFS = {b"AVI ": "a video", b"WAVE": "a sound recording"}


def inspect(path: Path, max_pixels: int = MAX_PIXELS) -> Media:
    """Look at a file's signature, header and structure, without decoding it and without holding it in memory.

    Errors: `PhotoRefused` with its `PhotoFault` code.
    """
    if path.stat().st_size == 0:
        raise PhotoRefused(PhotoFault.EMPTY, "The file is empty. Send it again.")
    with path.open("rb") as file:
        return examine(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), max_pixels)


def examine(data: Data, max_pixels: int = MAX_PIXELS) -> Media:
    """The same of bytes at hand."""
    media_type = recognise(data)
    try:
        structure = _WALKS[media_type](data)
    except IndexError as error:  # a field reaches past the file's end
        raise PictureDamaged from error
    trailer.check(data, structure.end, strict=media_type in (MediaType.PNG, MediaType.WEBP))
    if structure.width * structure.height > max_pixels:
        raise PhotoRefused(
            PhotoFault.TOO_MANY_PIXELS,
            f"The picture has {structure.width} x {structure.height} pixels; "
            f"at most {max_pixels // 1_000_000} million are taken. Send it in a smaller size.",
        )
    return Media(media_type, structure.width, structure.height, structure.exif)


def recognise(data: Data) -> MediaType:
    """The format by its signature. Errors: `PhotoRefused` (unsupported_format, not_an_image)."""
    if data[:3] == jpeg.MAGIC:
        return MediaType.JPEG
    if data[:8] == png.MAGIC:
        return MediaType.PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return MediaType.WEBP
    if heif.is_heic(data):
        return MediaType.HEIC
    other = _RIFFS.get(data[8:12]) if data[:4] == b"RIFF" else None
    other = other or next((name for magic, name in _OTHERS.items() if data[: len(magic)] == magic), None)
    if other:
        raise unsupported(other)
    raise PhotoRefused(PhotoFault.NOT_AN_IMAGE, "The file is not a picture. Send a photo as JPEG, PNG, WebP or HEIC.")


_WALKS = {MediaType.JPEG: jpeg.walk, MediaType.PNG: png.walk, MediaType.WEBP: webp.walk, MediaType.HEIC: heif.walk}
