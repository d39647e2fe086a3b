"""Short videos and stills of a made scene, encoded here: what the test cameras send."""

import io
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

import av
import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

_ENCODERS: Final = {"h264": "libx264", "hevc": "libx265"}
_QUICK: Final = {
    "h264": {"preset": "ultrafast", "tune": "zerolatency", "x264-params": "scenecut=0:threads=1"},
    "hevc": {
        "preset": "ultrafast",
        "tune": "zerolatency",
        "x265-params": "scenecut=0:pools=1:frame-threads=1:log-level=0",
    },
}


def scene(number: int, width: int = 640, height: int = 360) -> NDArray[Any]:
    """One picture (BGR): a grey ramp under grain that is the same for the same number, and a bright box that moves."""
    grain = np.random.default_rng(number).integers(0, 24, (height, width, 3))
    image = (np.linspace(40, 180, width).astype(np.uint8)[None, :, None] + grain).astype(np.uint8)
    left = 20 + 8 * number % (width - 120)
    cv2.rectangle(image, (left, height // 3), (left + 80, height // 3 + 60), (250, 250, 250), -1)
    return image


@lru_cache(maxsize=8)
def jpeg(width: int = 640, height: int = 360, number: int = 0) -> bytes:
    """The scene as a JPEG file."""
    return bytes(cv2.imencode(".jpg", scene(number, width, height))[1])


@lru_cache(maxsize=8)
def pictures(
    codec: str, width: int = 640, height: int = 360, gop: int = 5, count: int = 15
) -> tuple[tuple[bytes, ...], ...]:
    """Coded pictures in order, each its NAL units without start codes; every `gop`-th is a keyframe with its sets."""
    encoder: Any = av.CodecContext.create(_ENCODERS[codec], "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base, encoder.framerate, encoder.gop_size = Fraction(1, 10), Fraction(10), gop
    encoder.thread_count, encoder.options = 1, _QUICK[codec]
    packets = []
    for number in range(count):
        frame = VideoFrame.from_ndarray(scene(number, width, height), format="bgr24")
        frame.pts = number
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    return tuple(tuple(units(bytes(packet))) for packet in packets)


def units(annexb: bytes) -> list[bytes]:
    """The NAL units of a byte stream in Annex B form."""
    return [unit.rstrip(b"\0") for unit in annexb.split(b"\0\0\1")[1:]]


@lru_cache(maxsize=8)
def segment(container: str, codec: str = "h264") -> bytes:
    """A second of video as a file: container "mpegts" or "mp4" (fragmented)."""
    held = io.BytesIO()
    options = {"movflags": "frag_keyframe+empty_moov+default_base_moof"} if container == "mp4" else {}
    with av.open(held, "w", format=container, options=options) as file:
        video: VideoStream = file.add_stream(_ENCODERS[codec], rate=10, options=_QUICK[codec])  # type: ignore[assignment]
        video.width, video.height, video.pix_fmt, video.gop_size = 640, 360, "yuv420p", 5
        for number in range(10):
            file.mux(video.encode(VideoFrame.from_ndarray(scene(number), format="bgr24")))
        file.mux(video.encode(None))
    return held.getvalue()
