"""From a photo to what is shown of it: upright previews without metadata, its fingerprint and how dark or flat it is.

The only home of cv2 and pillow-heif for photos. It runs in a decoder's process alone, never in the service's.
"""

from pathlib import Path

import cv2
import numpy as np
import pillow_heif
from numpy.typing import NDArray

from ingest.photos.faults import DecodeTooLarge, PictureDamaged
from ingest.photos.fingerprint import SIDE, fingerprint
from ingest.photos.media import Media, MediaType
from ingest.photos.rendered import SIZES, Rendered

_QUALITY = {1280: 82, 320: 78}
_REDUCED = ((8, cv2.IMREAD_REDUCED_COLOR_8), (4, cv2.IMREAD_REDUCED_COLOR_4), (2, cv2.IMREAD_REDUCED_COLOR_2))
_TURNS = {3: cv2.ROTATE_180, 5: cv2.ROTATE_90_CLOCKWISE, 6: cv2.ROTATE_90_CLOCKWISE}
_TURNS |= {7: cv2.ROTATE_90_COUNTERCLOCKWISE, 8: cv2.ROTATE_90_COUNTERCLOCKWISE}
_MIRRORED = {2: 1, 4: 0, 5: 1, 7: 1}

pillow_heif.options.DECODE_THREADS = 1  # as with cv2, the number of processes says how many cores are used

Pixels = NDArray[np.uint8]


def render(path: Path, media: Media, orientation: int) -> Rendered:
    """Decode a photo at the smallest scale that serves and make everything that is shown of it.

    Errors: `PictureDamaged`, `DecodeTooLarge`.
    """
    try:
        image = upright(_fitted(_decoded(path, media), SIZES[0]), orientation)
        previews = {}
        for side in SIZES:
            image = _fitted(image, side)
            previews[side] = _jpeg(image, _QUALITY[side])
        grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    except (cv2.error, MemoryError) as error:
        raise _fault(error) from error
    small = cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    turned = orientation >= 5
    return Rendered(
        previews=previews,
        fingerprint=fingerprint(np.asarray(small, np.uint8)),
        width=media.height if turned else media.width,
        height=media.width if turned else media.height,
        brightness=round(float(grey.mean()), 1),
        contrast=round(float(grey.std()), 1),
    )


def upright(image: Pixels, orientation: int) -> Pixels:
    """The picture as a viewer sees it, given EXIF's orientation 1 to 8 (Exif 2.32, tag 0x0112)."""
    if orientation in _TURNS:
        image = np.asarray(cv2.rotate(image, _TURNS[orientation]), np.uint8)
    if orientation in _MIRRORED:
        image = np.asarray(cv2.flip(image, _MIRRORED[orientation]), np.uint8)
    return image


def _decoded(path: Path, media: Media) -> Pixels:
    """Pixels in BGR as stored, of shape (height, width, 3); a JPEG's at 1/2, 1/4 or 1/8 where that is enough."""
    if media.media_type is MediaType.HEIC:
        return _decoded_heic(path)
    flags = cv2.IMREAD_COLOR
    if media.media_type is MediaType.JPEG:
        longest = max(media.width, media.height)
        flags = next((flag for scale, flag in _REDUCED if longest // scale >= SIZES[0]), flags)
    image = cv2.imdecode(np.fromfile(path, np.uint8), flags | cv2.IMREAD_IGNORE_ORIENTATION)
    if image is None:
        raise PictureDamaged
    return np.asarray(image, np.uint8)


def _decoded_heic(path: Path) -> Pixels:
    try:
        heif = pillow_heif.open_heif(path, convert_hdr_to_8bit=True, bgr_mode=True)
        pixels = np.asarray(heif)
    except (ValueError, EOFError, SyntaxError, OSError, RuntimeError) as error:
        raise _fault(error) from error
    return np.ascontiguousarray(pixels[:, :, :3])


def _fitted(image: Pixels, side: int) -> Pixels:
    """The picture with its longest side at most `side`, averaged over areas; never enlarged."""
    height, width = image.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return image
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def _jpeg(image: Pixels, quality: int) -> bytes:
    done, encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise PictureDamaged
    return encoded.tobytes()


def _fault(error: Exception) -> DecodeTooLarge | PictureDamaged:
    """Whether a decoder gave up for want of memory or over the bytes."""
    words = str(error).lower()
    starved = isinstance(error, MemoryError) or "memory" in words or "alloc" in words
    return DecodeTooLarge() if starved else PictureDamaged()
