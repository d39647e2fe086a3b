"""A keyframe kept as the camera sent it, undecoded, with all that decoding it later needs.

Kept as bytes it is `PKF1`, one byte that names the codec (4 or 5), three zero bytes, then the NAL units in Annex B form
(ITU-T H.264 or H.265): parameter sets first, then the access unit. Whatever follows the first eight bytes is therefore
a file that any video tool opens.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ingest.cameras.faults import corrupt

KEYFRAME_MAX: Final = 8 << 20
"""The largest keyframe in bytes: a 4K camera's are below 2 MB."""

_MAGIC = b"PKF1"
_START = b"\0\0\0\1"


class Codec(StrEnum):
    """Video codecs whose keyframes are understood, by the names that decoders give them."""

    H264 = "h264"
    H265 = "hevc"


_NUMBERS: Final = {Codec.H264: 4, Codec.H265: 5}
_NAMED: Final = {number: codec for codec, number in _NUMBERS.items()}
NEEDED_SETS: Final = {Codec.H264: frozenset({7, 8}), Codec.H265: frozenset({32, 33, 34})}
"""The NAL unit types of SPS and PPS (and VPS), without which nothing decodes."""


Unit = bytes | memoryview


def unit_type(codec: Codec, unit: Unit) -> int:
    """The NAL unit type: 5 bits of one byte in H.264, 6 bits of two in H.265; -1 for an empty unit."""
    if not unit:
        return -1
    return unit[0] & 0x1F if codec is Codec.H264 else unit[0] >> 1 & 0x3F


def begins_keyframe(codec: Codec, unit: Unit) -> bool:
    """Whether the unit is the first slice of a picture that needs no other: IDR in H.264, IRAP in H.265."""
    kind = unit_type(codec, unit)
    if codec is Codec.H264:
        return kind == 5 and len(unit) > 1 and unit[1] & 0x80 != 0  # first_mb_in_slice is 0
    return 16 <= kind <= 21 and len(unit) > 2 and unit[2] & 0x80 != 0  # first_slice_segment_in_pic_flag


@dataclass(frozen=True)
class Keyframe:
    """One coded picture: `annexb` holds parameter sets and slices, each after a start code."""

    codec: Codec
    annexb: bytes

    @classmethod
    def of_units(cls, codec: Codec, sets: Iterable[bytes], units: Iterable[bytes]) -> "Keyframe":
        """Put together parameter sets that came apart (in an SDP) and an access unit, whose own sets win."""
        units = list(units)
        own = {unit_type(codec, unit) for unit in units} & NEEDED_SETS[codec]
        apart = [unit for unit in sets if unit_type(codec, unit) not in own]
        return cls(codec, b"".join(_START + unit for unit in (*apart, *units)))

    def packed(self) -> bytes:
        """As it is kept in a store."""
        return _MAGIC + bytes((_NUMBERS[self.codec], 0, 0, 0)) + self.annexb

    @classmethod
    def unpacked(cls, data: bytes) -> "Keyframe":
        """Read what `packed` gave. Errors: `CameraFault` (corrupt)."""
        if len(data) <= 8 or data[:4] != _MAGIC or data[4] not in _NAMED or data[5:8] != b"\0\0\0":
            raise corrupt("these bytes are no kept keyframe")
        return cls(_NAMED[data[4]], data[8:])
