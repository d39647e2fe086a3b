"""What a decoded photo yields. Apart from the decoding itself, so that the service need not load its libraries."""

from dataclasses import dataclass
from typing import Final

SIZES: Final = (1280, 320)
"""The longest sides of the previews in pixels, each made from the one before."""


@dataclass(frozen=True)
class Rendered:
    """What is shown and told of a photo.

    `previews` by longest side in pixels, JPEG bytes, upright, without metadata, never larger than the photo;
    `fingerprint` a signed 64-bit perceptual hash (see `ingest.photos.fingerprint`) or `None` if the picture is too
    flat; `width`, `height` of the whole photo upright; `brightness` and `contrast` mean and deviation in grey levels
    0 to 255; `incomplete` says that pixels were lost on the way and the decoder filled in for them.
    """

    previews: dict[int, bytes]
    fingerprint: int | None
    width: int
    height: int
    brightness: float
    contrast: float
    incomplete: bool = False
