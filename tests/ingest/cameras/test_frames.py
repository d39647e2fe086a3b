"""A decoded picture keeps its colours and its brightness on the way to JPEG and to grey, however its camera codes them.

What each should look like is said by FFmpeg's own conversion, by way of red, green and blue.
"""

import cv2
import numpy as np
import pytest
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace
from numpy.typing import NDArray

from ingest.cameras import frames
from ingest.photos.faults import PictureDamaged
from tests.servers import clips

pytestmark = pytest.mark.unit

BT709, UNSPECIFIED, BT601, SMPTE170M = 1, 2, 5, 6
"""Matrices by their numbers in ITU-T H.273; what says nothing is BT.601."""

FORMATS = ["yuv420p", "yuvj420p", "yuv422p", "yuv444p", "yuv420p10le", "nv12", "gray"]


def scene(width: int, height: int) -> NDArray[np.uint8]:
    """The scene, and beside it all that is darkest, brightest and most colourful."""
    image = cv2.resize(clips.scene(0), (width, height))
    bars = [(0, 0, 0), (255, 255, 255), (255, 0, 0), (0, 255, 0), (0, 0, 255), (0, 255, 255)]
    for at, bar in enumerate(bars):
        image[: height // 3, at * width // 6 : (at + 1) * width // 6] = bar
    return np.asarray(cv2.GaussianBlur(image, (0, 0), 2), np.uint8)


def framed(name: str, matrix: int, width: int = 642, height: int = 362) -> VideoFrame:
    """The scene as a decoder gives it: in this format, its colours by this matrix and said to be."""
    coded = Colorspace.ITU709 if matrix == BT709 else Colorspace.ITU601
    frame = VideoFrame.from_ndarray(scene(width, height), format="bgr24").reformat(format=name, dst_colorspace=coded)
    frame.colorspace = matrix
    return frame


def shown(jpeg: bytes) -> NDArray[np.int16]:
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    return np.asarray(image, np.int16)


def apart(one: NDArray[np.int16], other: NDArray[np.int16]) -> float:
    """The mean difference of each colour by itself, in levels, the largest: a tint shows in it, fine grain does not."""
    smooth = [cv2.GaussianBlur(image.astype(np.float32), (0, 0), 4) for image in (one, other)]
    return float(np.abs(smooth[0] - smooth[1]).mean((0, 1)).max())


@pytest.mark.parametrize("matrix", [BT709, UNSPECIFIED, BT601, SMPTE170M])
@pytest.mark.parametrize("name", FORMATS)
def test_a_jpeg_has_the_colours_of_the_picture(name: str, matrix: int) -> None:
    frame = framed(name, matrix)
    expected = scene(642, 362) if name != "gray" else cv2.cvtColor(frame.to_ndarray(), cv2.COLOR_GRAY2BGR)
    image = shown(frames.jpeg_of_frame(frame))
    assert image.shape == (362, 642, 3)
    assert apart(image, np.asarray(expected, np.int16)) < 2.5


@pytest.mark.parametrize("size", [(642, 362), (1280, 720)])
def test_its_own_planes_keep_a_picture_nearer_to_the_scene_than_the_detour(size: tuple[int, int]) -> None:
    frame, seen = framed("yuv420p", BT601, *size), scene(*size).astype(np.int16)
    own, detour = shown(frames.jpeg_of_frame(frame)), shown(frames.jpeg_of(frames.bgr_of(frame)))
    assert np.abs(own - seen).mean() < np.abs(detour - seen).mean()


@pytest.mark.parametrize("name", ["yuv420p", "yuv422p", "nv12"])
def test_a_picture_of_full_range_is_not_spread_again(name: str) -> None:
    wide = VideoFrame.from_ndarray(scene(642, 362), format="bgr24").reformat(
        format=name, dst_colorspace=Colorspace.ITU601, dst_color_range=ColorRange.JPEG
    )
    wide.color_range = ColorRange.JPEG.value
    assert apart(shown(frames.jpeg_of_frame(wide)), scene(642, 362).astype(np.int16)) < 2.5
    grey = cv2.resize(cv2.cvtColor(scene(642, 362), cv2.COLOR_BGR2GRAY), (480, 270), interpolation=cv2.INTER_AREA)
    assert np.abs(frames.grey_of(wide).astype(int) - grey.astype(int)).mean() < 2


@pytest.mark.parametrize("name", FORMATS)
def test_grey_is_as_bright_as_the_picture(name: str) -> None:
    grey = cv2.resize(cv2.cvtColor(scene(642, 362), cv2.COLOR_BGR2GRAY), (480, 270), interpolation=cv2.INTER_AREA)
    assert np.abs(frames.grey_of(framed(name, BT601)).astype(int) - grey.astype(int)).mean() < 2


@pytest.mark.parametrize(
    ("width", "height"), [(2, 2), (3, 5), (16, 16), (34, 18), (641, 361), (641, 362), (642, 361), (1280, 720)]
)
@pytest.mark.parametrize("name", ["yuv420p", "yuvj420p"])
def test_every_size_keeps_its_pixels_and_no_others(name: str, width: int, height: int) -> None:
    frame = framed(name, BT601, width, height)
    first, again = frames.jpeg_of_frame(frame), frames.jpeg_of_frame(frame)
    assert first == again
    image = shown(first)
    assert image.shape == (height, width, 3)
    assert apart(image, shown(frames.jpeg_of(frames.bgr_of(frame)))) < 4


def test_what_is_darker_than_black_is_black_and_brighter_than_white_white() -> None:
    frame = VideoFrame(64, 64, "yuv420p")
    for plane, level in zip(frame.planes, (0, 128, 128), strict=True):
        plane.update(bytes([level]) * plane.buffer_size)
    assert shown(frames.jpeg_of_frame(frame)).max() <= 1
    frame.planes[0].update(bytes([255]) * frame.planes[0].buffer_size)
    assert shown(frames.jpeg_of_frame(frame)).min() >= 254
    assert frames.grey_of(frame).min() == 255


@pytest.mark.parametrize("name", ["yuv420p", "yuv444p"])
def test_a_picture_larger_than_any_jpeg_is_the_cameras_fault_and_not_ours(name: str) -> None:
    with pytest.raises(PictureDamaged):
        frames.jpeg_of_frame(VideoFrame(70_000, 16, name))
