"""What a photo's EXIF (Exif 2.32, JEITA CP-3451) says about where and when it was taken.

EXIF is written by anybody: every number is checked for range, every string cleaned, and whatever cannot be read is
left out with a warning. The caller has already found where the block lies (`media.inspect`).
"""

import io
import logging
import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Any

import exifread

from cases.times import in_utc
from ingest.photos.formats.structure import Span

logging.getLogger("exifread").setLevel(logging.CRITICAL + 1)  # its remarks on hostile input are ours to judge

_TEXT_MAX = 64
_ACCURACY_MAX_M = 100_000
_ALTITUDE_M = (-500.0, 9_000.0)
_NULL_ISLAND = 1e-4
_EARLIEST = datetime.fromisoformat("1990-01-01")
_TIMES = (
    ("EXIF DateTimeOriginal", "EXIF OffsetTimeOriginal"),
    ("EXIF DateTimeDigitized", "EXIF OffsetTimeDigitized"),
)
_ACCURACY = ("GPS GPSHPositioningError", "GPS Tag 0x001F")


class ExifWarning(StrEnum):
    """What was there and could not be used."""

    UNREADABLE = "exif_unreadable"
    POSITION = "exif_position_unusable"
    TIME = "exif_time_unusable"


class North(StrEnum):
    """What a direction is counted from."""

    TRUE = "true"
    MAGNETIC = "magnetic"


@dataclass(frozen=True)
class Exif:
    """What was found; `None` where EXIF is silent or makes no sense.

    `lon`, `lat` in WGS84 degrees, both or neither; `accuracy_m` the receiver's horizontal error; `direction_deg` 0 up
    to 360, clockwise from `direction_from`; `taken_at_local` by the device's clock without zone, `offset` its distance
    from UTC where written; `gps_at` by the satellites (aware UTC); `orientation` 1 to 8.
    """

    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    altitude_m: float | None = None
    direction_deg: float | None = None
    direction_from: North | None = None
    taken_at_local: datetime | None = None
    offset: timedelta | None = None
    gps_at: datetime | None = None
    orientation: int = 1
    make: str | None = None
    model: str | None = None
    software: str | None = None
    warnings: tuple[ExifWarning, ...] = ()


_Tags = Mapping[str, Any]


def read(path: Path, span: Span | None) -> Exif:
    """Read the EXIF block that `span` names. Never raises over what the block holds: see `Exif.warnings`."""
    if span is None:
        return Exif()
    with path.open("rb") as file:
        file.seek(span.at)
        block = file.read(span.length)
    try:
        # Without details: following a MakerNote's declared length can take for ever.
        tags: _Tags = exifread.process_file(io.BytesIO(block), details=False, extract_thumbnail=False)
    except Exception:  # exifread has no common base for what hostile bytes make it raise
        return Exif(warnings=(ExifWarning.UNREADABLE,))
    return _understood(tags)


def taken_at(exif: Exif, zone: tzinfo) -> datetime | None:
    """When the photo was taken, aware UTC: by its own offset, else in `zone` (that of the place), else by GPS time.

    None for a time that falls off the calendar in UTC.
    """
    if exif.taken_at_local is None:
        return exif.gps_at
    own = timezone(exif.offset) if exif.offset is not None else zone
    return in_utc(exif.taken_at_local.replace(tzinfo=own))


def _understood(tags: _Tags) -> Exif:
    position = _position(tags)
    local, offset = _local_time(tags)
    warnings = []
    if position is None and "GPS GPSLatitude" in tags:
        warnings.append(ExifWarning.POSITION)
    if local is None and any(name in tags for name, _ in _TIMES):
        warnings.append(ExifWarning.TIME)
    direction = _within(tags, "GPS GPSImgDirection", 0, 360)
    return Exif(
        lon=position[0] if position else None,
        lat=position[1] if position else None,
        accuracy_m=next((m for name in _ACCURACY if (m := _within(tags, name, 0, _ACCURACY_MAX_M))), None),
        altitude_m=_altitude(tags),
        direction_deg=None if direction is None else direction % 360,
        direction_from=None if direction is None else _north(tags),
        taken_at_local=local,
        offset=offset,
        gps_at=_gps_time(tags),
        orientation=int(_within(tags, "Image Orientation", 1, 8) or 1),
        make=_text(tags, "Image Make"),
        model=_text(tags, "Image Model"),
        software=_text(tags, "Image Software"),
        warnings=tuple(warnings),
    )


def _position(tags: _Tags) -> tuple[float, float] | None:
    lon = _angle(tags, "GPS GPSLongitude", "EW", 180)
    lat = _angle(tags, "GPS GPSLatitude", "NS", 90)
    if lon is None or lat is None or (abs(lon) < _NULL_ISLAND and abs(lat) < _NULL_ISLAND):
        return None
    return lon, lat


def _angle(tags: _Tags, name: str, refs: str, most: float) -> float | None:
    """Degrees from degrees, minutes and seconds; `refs` are the positive and the negative reference letter."""
    parts = _numbers(tags, name)
    ref = (_text(tags, name + "Ref") or "").upper()[:1]
    if not 1 <= len(parts) <= 3 or not ref or ref not in refs:
        return None
    degrees, minutes, seconds = (*parts, 0.0, 0.0)[:3]
    value = degrees + minutes / 60 + seconds / 3600
    if not (degrees >= 0 and 0 <= minutes <= 60 and 0 <= seconds <= 60 and value <= most):  # false for NaN too
        return None
    return -value if ref == refs[1] else value


def _altitude(tags: _Tags) -> float | None:
    height = _within(tags, "GPS GPSAltitude", 0, _ALTITUDE_M[1])
    if height is None or _numbers(tags, "GPS GPSAltitudeRef") != [1.0]:
        return height
    return -height if -height >= _ALTITUDE_M[0] else None


def _north(tags: _Tags) -> North:
    return North.MAGNETIC if _text(tags, "GPS GPSImgDirectionRef") == "M" else North.TRUE


def _local_time(tags: _Tags) -> tuple[datetime | None, timedelta | None]:
    for name, offset_name in _TIMES:
        written = (_text(tags, name) or "")[:19]
        try:
            local = datetime.strptime(written, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - the zone comes apart from it
        except ValueError:
            continue
        if local >= _EARLIEST:
            return local, _offset(_text(tags, offset_name))
    return None, None


def _offset(written: str | None) -> timedelta | None:
    try:
        return datetime.strptime(written or "", "%z").utcoffset()
    except ValueError:
        return None


def _gps_time(tags: _Tags) -> datetime | None:
    clock = _numbers(tags, "GPS GPSTimeStamp")
    try:
        day = datetime.strptime(_text(tags, "GPS GPSDate") or "", "%Y:%m:%d").replace(tzinfo=UTC)
        hours, minutes, seconds = clock
        if not (0 <= hours < 24 and 0 <= minutes < 60 and 0 <= seconds <= 60):
            return None
    except ValueError:
        return None
    return day + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _within(tags: _Tags, name: str, least: float, most: float) -> float | None:
    """The tag's only number if it lies within the bounds."""
    numbers = _numbers(tags, name)
    return numbers[0] if len(numbers) == 1 and least <= numbers[0] <= most else None


def _numbers(tags: _Tags, name: str) -> list[float]:
    values = getattr(tags.get(name), "values", None)
    return [_float(value) for value in values] if isinstance(values, list | bytes) else []


def _float(value: object) -> float:
    """NaN, which no range holds, for a zero denominator and for what is no number."""
    if isinstance(value, tuple):  # how exifread gives floats
        value = value[0]
    if isinstance(value, Fraction):
        return value.numerator / value.denominator if value.denominator else math.nan
    return float(value) if isinstance(value, int | float) else math.nan


def _text(tags: _Tags, name: str) -> str | None:
    """The tag's text fit to show: one line, no control, bidi or markup characters, at most 64 characters."""
    values = getattr(tags.get(name), "values", None)
    if isinstance(values, bytes):
        values = values.decode("utf-8", "replace")
    if not isinstance(values, str):
        return None
    kept = "".join(c for c in values[: 4 * _TEXT_MAX] if unicodedata.category(c)[0] != "C" and c not in "<>\ufffd")
    return " ".join(kept.split())[:_TEXT_MAX] or None
