"""A decoded picture in grey and as JPEG, made of its planes where they allow it.

Video and JPEG both keep brightness apart from two colours of half its size each way. Most cameras' pictures become JPEG
without a detour over red, green and blue, therefore: their levels are spread from video's range to JPEG's, no more.
"""

from typing import Any, Final

import cv2
import numpy as np
import simplejpeg
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from numpy.typing import NDArray

from ingest.cameras.stills import GREY_SIZE
from ingest.photos.faults import PictureDamaged

_QUALITY: Final = 85
_LUMA_APART: Final = frozenset({"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "nv12"})
_AS_IN_JPEG: Final = frozenset({"yuv420p", "yuvj420p"})
_COLOURS_AS_IN_JPEG: Final = frozenset({2, 5, 6})
"""ITU-T H.273's matrices that are JPEG's (T.871): BT.601 of both lines; and unspecified, which is taken for it."""

_FULL_RANGE: Final = 2  # AVCOL_RANGE_JPEG
_BLACK: Final = 16
_LUMA_LEVELS, _COLOUR_LEVELS = 219, 224
"""How many levels above `_BLACK` video has (BT.601), where JPEG has 255 above 0."""

_GREYED: Final = 0.5
"""What is added to spread colours, so that 128, which is no colour, stays what it is."""


def grey_of(frame: VideoFrame) -> NDArray[Any]:
    """A decoded picture in grey, `GREY_SIZE`, its levels spread from 0 to 255 as a JPEG's are.

    Most cameras send 8-bit luma apart from the colours: it is made small before anything else is done to it.
    """
    if frame.format.name not in _LUMA_APART:
        return shrunk(frame.to_ndarray(format="gray", threads=1))
    small = shrunk(_levels(frame.planes[0]))
    return small if _full_range(frame) else _spread(small, _LUMA_LEVELS)


def shrunk(grey: NDArray[Any]) -> NDArray[Any]:
    """A grey picture, `GREY_SIZE`."""
    if grey.shape == GREY_SIZE[::-1]:
        return grey
    return np.asarray(cv2.resize(grey, GREY_SIZE, interpolation=cv2.INTER_AREA))


def jpeg_of_frame(frame: VideoFrame) -> bytes:
    """A decoded picture as JPEG, in all its pixels. Errors: `PictureDamaged`, for one larger than any JPEG."""
    if not _as_in_jpeg(frame):
        return jpeg_of(bgr_of(frame))
    luma, *colours = (_levels(plane) for plane in frame.planes)
    if not _full_range(frame):
        luma = _spread(luma, _LUMA_LEVELS)
        colours = [_spread(colour, _COLOUR_LEVELS, _GREYED) for colour in colours]
    try:
        return bytes(simplejpeg.encode_jpeg_yuv_planes(luma, *colours, quality=_QUALITY, fastdct=False))
    except ValueError:
        raise PictureDamaged from None


def jpeg_of(image: NDArray[Any]) -> bytes:
    """A BGR picture as JPEG, in all its pixels. Errors: `PictureDamaged`, for one larger than any JPEG."""
    written, encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    if not written:
        raise PictureDamaged
    return encoded.tobytes()


def bgr_of(frame: VideoFrame) -> NDArray[Any]:
    """A decoded picture in blue, green and red. On one thread: a still is too small for more to pay."""
    return frame.to_ndarray(format="bgr24", threads=1)


def _as_in_jpeg(frame: VideoFrame) -> bool:
    """Whether the planes are a JPEG's; of odd sides, which no common camera sends, the encoder would read beyond."""
    even = frame.width % 2 == frame.height % 2 == 0
    return even and frame.format.name in _AS_IN_JPEG and frame.colorspace in _COLOURS_AS_IN_JPEG


def _levels(plane: VideoPlane) -> NDArray[Any]:
    """A plane of bytes, row by row, without copying it."""
    return np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]


def _full_range(frame: VideoFrame) -> bool:
    return frame.format.name.startswith("yuvj") or frame.color_range == _FULL_RANGE


def _spread(levels: NDArray[Any], above: int, added: float = 0.0) -> NDArray[Any]:
    """Levels of video, so many above `_BLACK`, spread as far as JPEG's."""
    from_zero = cv2.subtract(levels, _BLACK)  # type: ignore[call-overload]
    return np.asarray(cv2.convertScaleAbs(from_zero, alpha=255 / above, beta=added))
