"""What walking through a picture's containers yields, and how its bytes are held meanwhile."""

from dataclasses import dataclass
from mmap import mmap
from typing import TypeAlias

Data: TypeAlias = mmap | bytes
"""A whole file, mapped: parts are read when they are asked for, so memory stays small whatever the size."""

_EXIF_MAX = 1 << 20
_EXIF_PREFIX = b"Exif\0\0"


@dataclass(frozen=True)
class Span:
    """A run of bytes in a file."""

    at: int
    length: int


@dataclass(frozen=True)
class Structure:
    """What a format's walk found: size in pixels as stored (HEIC: as its own rotation shows it), EXIF, and the end.

    `exif` spans the TIFF block itself, without prefix. `end` is the first byte behind the picture.
    """

    width: int
    height: int
    exif: Span | None
    end: int


def exif_span(data: Data, at: int, length: int) -> Span | None:
    """The TIFF block in an EXIF payload of `length` bytes at `at`; `None` if it is not one or larger than 1 MiB."""
    if data[at : at + len(_EXIF_PREFIX)] == _EXIF_PREFIX:
        at, length = at + len(_EXIF_PREFIX), length - len(_EXIF_PREFIX)
    is_tiff = data[at : at + 4] in (b"II*\0", b"MM\0*")
    return Span(at, length) if is_tiff and 8 <= length <= _EXIF_MAX else None
