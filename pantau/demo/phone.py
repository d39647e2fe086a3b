"""The phone that took a drawn photo, and the EXIF it writes (CIPA DC-008, Exif 2.32)."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.TiffImagePlugin import IFDRational

MAKERS: Final = (
    ("Nusantara", "Garuda A5"),
    ("Nusantara", "Garuda A5s"),
    ("Wayang", "Arjuna 12"),
    ("Wayang", "Bima Lite"),
)
"""Invented makes and models."""


@dataclass(frozen=True)
class Fix:
    """What a phone's receiver says: degrees, the error in metres (68%), the camera's bearing in degrees."""

    lon: float
    lat: float
    error_m: float
    bearing: float


@dataclass(frozen=True)
class Shot:
    """When and with what a photo was taken, and where the phone believed to be."""

    taken_at: datetime
    """Aware; written in its own zone with the offset beside it."""
    make: str
    model: str
    fix: Fix | None = None


def exif(shot: Shot) -> Image.Exif:
    """The tags of a shot. Raises ValueError for a naive time."""
    if shot.taken_at.utcoffset() is None:
        raise ValueError("taken_at needs its offset from UTC")
    tags = Image.Exif()
    stamp = shot.taken_at.strftime("%Y:%m:%d %H:%M:%S")
    zone = shot.taken_at.strftime("%z")
    offset = f"{zone[:3]}:{zone[3:5]}"
    tags[Base.Make], tags[Base.Model], tags[Base.Orientation] = shot.make, shot.model, 1
    tags[Base.DateTime] = stamp
    inner = tags.get_ifd(IFD.Exif)
    inner[Base.DateTimeOriginal] = inner[Base.DateTimeDigitized] = stamp
    inner[Base.OffsetTime] = inner[Base.OffsetTimeOriginal] = offset
    if shot.fix is not None:
        tags.get_ifd(IFD.GPSInfo).update(_position(shot.fix))
    return tags


def _position(fix: Fix) -> dict[int, object]:
    return {
        GPS.GPSVersionID: b"\x02\x03\x00\x00",
        GPS.GPSLatitudeRef: "S" if fix.lat < 0 else "N",
        GPS.GPSLatitude: _sexagesimal(fix.lat),
        GPS.GPSLongitudeRef: "W" if fix.lon < 0 else "E",
        GPS.GPSLongitude: _sexagesimal(fix.lon),
        GPS.GPSImgDirectionRef: "T",
        GPS.GPSImgDirection: _rational(fix.bearing % 360, 100),
        GPS.GPSHPositioningError: _rational(fix.error_m, 100),
    }


def _sexagesimal(degrees: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    """Degrees, minutes and seconds to a ten-thousandth of a second (3 mm)."""
    ticks = round(abs(degrees) * 36_000_000)
    whole, rest = divmod(ticks, 36_000_000)
    minutes, seconds = divmod(rest, 600_000)
    return IFDRational(whole, 1), IFDRational(minutes, 1), IFDRational(seconds, 10_000)


def _rational(value: float, parts: int) -> IFDRational:
    return IFDRational(Fraction(round(value * parts), parts))
