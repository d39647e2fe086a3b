"""What a visit brings home: a JPEG, or a keyframe that nobody has decoded yet."""

from dataclasses import dataclass
from typing import Final

from cases.words import StillKind
from ingest.cameras.faults import corrupt
from ingest.cameras.keyframes import Keyframe
from ingest.photos.faults import PhotoRefused
from ingest.photos.formats import jpeg

JPEG_MAX: Final = 16 << 20
"""The largest JPEG in bytes that is taken from a camera."""

PIXELS_MAX: Final = 40_000_000
"""The most pixels that a camera's picture may have."""

GREY_SIZE: Final = (480, 270)
"""Width and height in pixels of the small grey picture that health is judged on."""


@dataclass(frozen=True)
class Still:
    """A still as kept: a JPEG file, or a packed `Keyframe`."""

    kind: StillKind
    content: bytes

    @classmethod
    def of_keyframe(cls, keyframe: Keyframe) -> "Still":
        """A still that is decoded on first look."""
        return cls(StillKind.KEYFRAME, keyframe.packed())

    @classmethod
    def of_jpeg(cls, content: bytes) -> "Still":
        """A JPEG whose structure is whole; whatever follows its end is cut off.

        Errors: `CameraFault` (corrupt) for one that is cut short, too large or no JPEG.
        """
        return cls(StillKind.JPEG, content[: _jpeg_end(content)])


def jpeg_size(content: bytes) -> tuple[int, int]:
    """Width and height in pixels of a JPEG that may be cut short. Errors: `CameraFault` (corrupt)."""
    if content[:3] != jpeg.MAGIC:
        raise corrupt("what came is no JPEG")
    try:
        return _bounded(*jpeg.size(content))
    except (PhotoRefused, IndexError):
        raise corrupt("the JPEG is not whole") from None


def _jpeg_end(content: bytes) -> int:
    """Where a whole JPEG ends. Errors: `CameraFault` (corrupt)."""
    if content[:3] != jpeg.MAGIC:
        raise corrupt("what came is no JPEG")
    try:
        structure = jpeg.walk(content)
    except (PhotoRefused, IndexError):
        raise corrupt("the JPEG is not whole") from None
    _bounded(structure.width, structure.height)
    return structure.end


def _bounded(width: int, height: int) -> tuple[int, int]:
    if width * height > PIXELS_MAX:
        raise corrupt("the JPEG has too many pixels")
    return width, height
