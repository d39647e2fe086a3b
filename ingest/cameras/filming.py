"""The process in which stills become a film: `python -m ingest.cameras.filming`, kept by `timelapse.Films`.

Bounded in memory and time like the others (`ingest.photos.decoder`).
"""

import io
from fractions import Fraction
from typing import Any, BinaryIO, Final

import av
import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray
from PIL import Image

from ingest.cameras.faults import CameraFault
from ingest.cameras.keyframes import Keyframe
from ingest.cameras.opener import small
from ingest.photos import decoder, wire
from ingest.photos.faults import PhotoRefused, PictureDamaged

_CODED: Final = {"crf": "28", "preset": "veryfast", "x264-params": "threads=1"}
_FRAGMENTED: Final = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
_WEBP_QUALITY: Final = 60


def framed(still: bytes, kind: str, width: int, height: int) -> NDArray[Any]:
    """A still fitted into the film's picture (BGR), on black where its shape is another."""
    image = small(still, Keyframe.unpacked(still) if kind == "keyframe" else None, width)
    share = min(width / image.shape[1], height / image.shape[0], 1.0)
    size = max(1, round(image.shape[1] * share)), max(1, round(image.shape[0] * share))
    fitted = cv2.resize(image, size, interpolation=cv2.INTER_AREA) if share < 1 else image
    frame = np.zeros((height, width, 3), np.uint8)
    left, top = (width - fitted.shape[1]) // 2, (height - fitted.shape[0]) // 2
    frame[top : top + fitted.shape[0], left : left + fitted.shape[1]] = fitted
    return frame


def mp4(frames: list[NDArray[Any]], per_s: int) -> bytes:
    """H.264 in MP4 that begins to play before it has come in full."""
    height, width = frames[0].shape[:2]
    held = io.BytesIO()
    with av.open(held, "w", format="mp4", options=_FRAGMENTED) as film:
        video: VideoStream = film.add_stream("libx264", rate=per_s, options=_CODED)
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        video.time_base = Fraction(1, per_s)
        for frame in frames:
            film.mux(video.encode(VideoFrame.from_ndarray(frame, format="bgr24")))
        film.mux(video.encode(None))
    return held.getvalue()


def webp(frames: list[NDArray[Any]], per_s: int) -> bytes:
    """An animated WebP that repeats for ever."""
    first, *others = [Image.fromarray(np.ascontiguousarray(frame[:, :, ::-1])) for frame in frames]
    held = io.BytesIO()
    options = {"duration": 1000 // per_s, "loop": 0, "quality": _WEBP_QUALITY, "method": 0}
    first.save(held, "WEBP", save_all=True, append_images=others, **options)
    return held.getvalue()


def _answer(request: wire.Message, given: list[bytes], printed: BinaryIO) -> decoder.Answer:
    frames = []
    for still, kind in zip(given, request["kinds"], strict=True):
        try:
            frames.append(framed(still, kind, request["width"], request["height"]))
        except (PhotoRefused, CameraFault):  # one that does not open is passed by
            continue
    if not frames:
        raise PictureDamaged
    made = mp4(frames, request["per_s"]) if request["form"] == "mp4" else webp(frames, request["per_s"])
    return {"frames": len(frames)}, (made,)


def main() -> None:
    """Serve until the input closes."""
    cv2.setNumThreads(1)
    av.logging.set_level(av.logging.PANIC)
    decoder.serve(_answer)


if __name__ == "__main__":
    main()
