"""The process in which cameras' pictures are opened: `python -m ingest.cameras.opener`, kept by `pictures.Pictures`.

Bounded in memory and time like the photos' (`ingest.photos.decoder`), since cameras are no more to be trusted.
"""

import io
import os
from collections.abc import Callable
from typing import Any, BinaryIO, Final

import av
import cv2
import numpy as np
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from ingest.cameras.faults import CameraFault
from ingest.cameras.frames import bgr_of, grey_of, jpeg_of, jpeg_of_frame, shrunk
from ingest.cameras.keyframes import KEYFRAME_MAX, Codec, Keyframe
from ingest.cameras.stills import GREY_SIZE, PIXELS_MAX, jpeg_size
from ingest.photos import decoder, wire
from ingest.photos.faults import PictureDamaged

_STRICT: Final = {"err_detect": "explode", "max_pixels": str(PIXELS_MAX)}
_BEHIND: Final = bytes(4096)
"""Zeros that may follow the last unit (H.265, B.2.1). The decoder reads on beyond a cut: over zeros it notices most,
over whatever lay in memory before fewer, and not the same ones each time.
"""
_TO_ANNEXB: Final = {Codec.H264: "h264_mp4toannexb", Codec.H265: "hevc_mp4toannexb"}
_REDUCED: Final = (
    (8, cv2.IMREAD_REDUCED_GRAYSCALE_8),
    (4, cv2.IMREAD_REDUCED_GRAYSCALE_4),
    (2, cv2.IMREAD_REDUCED_GRAYSCALE_2),
    (1, cv2.IMREAD_GRAYSCALE),
)
_REDUCED_COLOR: Final = (
    (8, cv2.IMREAD_REDUCED_COLOR_8),
    (4, cv2.IMREAD_REDUCED_COLOR_4),
    (2, cv2.IMREAD_REDUCED_COLOR_2),
)
_FFMPEG: Final = {"rtsp_transport": "tcp", "allowed_media_types": "video", "protocol_whitelist": "rtsp,rtp,tcp,udp"}
_QUICK: Final = {"probesize": "32768", "analyzeduration": "1"}


def decoded(keyframe: Keyframe) -> VideoFrame:
    """The picture of a keyframe. Errors: `PictureDamaged` for one that is not whole.

    FFmpeg notices every cut in H.264 and most in H.265; losses on the way are noticed by `nal.Assembler` already.
    """
    codec = av.CodecContext.create(keyframe.codec, "r")
    codec.options = _STRICT
    codec.thread_count = 1
    try:
        frames = [*codec.decode(av.Packet(keyframe.annexb + _BEHIND)), *codec.decode(None)]  # type: ignore[attr-defined]
    except FFmpegError:
        raise PictureDamaged from None
    return _whole(frames[0] if frames else None)


def _whole(frame: object) -> VideoFrame:
    if not isinstance(frame, VideoFrame) or frame.is_corrupt:
        raise PictureDamaged
    return frame


def grey_of_jpeg(content: bytes, width: int, height: int) -> NDArray[Any]:
    """A JPEG of so many pixels in grey, decoded at the smallest scale that is no smaller than `GREY_SIZE`."""
    room = min(width / GREY_SIZE[0], height / GREY_SIZE[1])
    flag = next((flag for by, flag in _REDUCED if room >= by), cv2.IMREAD_GRAYSCALE)
    image = cv2.imdecode(np.frombuffer(content, np.uint8), flag | cv2.IMREAD_IGNORE_ORIENTATION)
    if image is None:
        raise PictureDamaged
    return np.asarray(image)


def _size(content: bytes) -> tuple[int, int]:
    try:
        return jpeg_size(content)
    except CameraFault:
        raise PictureDamaged from None


def small(content: bytes, keyframe: Keyframe | None, width: int) -> NDArray[Any]:
    """A still in colour (BGR), made smaller to this width if it is wider; a JPEG is decoded at a scale near it."""
    if keyframe is not None:
        image: NDArray[Any] | None = bgr_of(decoded(keyframe))
    else:
        own, _ = _size(content)
        flag = next((flag for by, flag in _REDUCED_COLOR if own >= by * width), cv2.IMREAD_COLOR)
        image = cv2.imdecode(np.frombuffer(content, np.uint8), flag)
    if image is None:
        raise PictureDamaged
    height, wide = image.shape[:2]
    if wide <= width:
        return image
    return np.asarray(cv2.resize(image, (width, max(1, round(height * width / wide))), interpolation=cv2.INTER_AREA))


def keyframe_of_segment(content: bytes, container: str) -> Keyframe:
    """The first keyframe of a piece of MPEG-TS ("mpegts") or fragmented MP4 ("mp4")."""
    try:
        with av.open(io.BytesIO(content), mode="r", format=container) as opened:
            video: VideoStream = opened.streams.video[0]
            codec = Codec(video.codec_context.name)
            convert = av.BitStreamFilterContext(_TO_ANNEXB[codec], video)
            for packet in opened.demux(video):
                if packet.is_keyframe and not packet.is_corrupt and 0 < packet.size <= KEYFRAME_MAX:
                    return Keyframe(codec, b"".join(bytes(made) for made in convert.filter(packet)))
    except (FFmpegError, IndexError, ValueError):
        pass
    raise PictureDamaged


def _by_pyav(address: str, within_s: float) -> NDArray[Any]:
    options = {**_FFMPEG, **_QUICK, "timeout": str(int(within_s * 1e6))}
    with av.open(address, format="rtsp", options=options, timeout=within_s) as opened:
        video = opened.streams.video[0]
        video.codec_context.options = _STRICT
        video.codec_context.thread_count = 1
        video.codec_context.skip_frame = "NONKEY"
        for frame in opened.decode(video):
            if not frame.is_corrupt:
                return bgr_of(frame)
    raise PictureDamaged


def _by_cv2(address: str, within_s: float) -> NDArray[Any]:
    os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = "|".join(f"{name};{value}" for name, value in _FFMPEG.items())
    within = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, int(within_s * 500), cv2.CAP_PROP_READ_TIMEOUT_MSEC, int(within_s * 500)]
    capture = cv2.VideoCapture(address, cv2.CAP_FFMPEG, within)
    try:
        read, image = capture.read()
    finally:
        capture.release()
    if not read:
        raise PictureDamaged
    return np.asarray(image)


_READERS: Final[dict[str, Callable[[str, float], NDArray[Any]]]] = {"pyav": _by_pyav, "cv2": _by_cv2}


def _answer(request: wire.Message, given: list[bytes], printed: BinaryIO) -> decoder.Answer:
    if request["do"] == "read":
        try:
            return {}, (jpeg_of(_READERS[request["reader"]](request["address"], request["timeout_s"])),)
        except Exception:  # whatever a strange stream makes of them; their texts hold the whole address
            raise PictureDamaged from None
    if request["do"] == "segment":
        return {}, (keyframe_of_segment(given[0], request["container"]).packed(),)
    keyframe = Keyframe.unpacked(given[0]) if request["kind"] == "keyframe" else None
    if request["do"] == "jpeg":
        assert keyframe is not None
        return {}, (jpeg_of_frame(decoded(keyframe)),)
    if request["do"] == "small":
        return {}, (jpeg_of(small(given[0], keyframe, request["width"])),)
    if keyframe is not None:
        frame = decoded(keyframe)
        return {"width": frame.width, "height": frame.height}, (grey_of(frame).tobytes(),)
    width, height = _size(given[0])
    grey = shrunk(grey_of_jpeg(given[0], width, height))
    if decoder.lost_pixels(printed):
        raise PictureDamaged
    return {"width": width, "height": height}, (grey.tobytes(),)


def main() -> None:
    """Serve until the input closes."""
    cv2.setNumThreads(1)
    av.logging.set_level(av.logging.PANIC)
    decoder.serve(_answer)


if __name__ == "__main__":
    main()
