"""What a file is told to be, and why others are refused."""

import io
import zipfile
from pathlib import Path

import pytest

from ingest.photos.faults import PhotoFault, PhotoRefused
from ingest.photos.media import MediaType, inspect
from tests.ingest.photos import samples

pytestmark = pytest.mark.unit

MAKERS = {
    MediaType.JPEG: samples.jpeg,
    MediaType.PNG: samples.png,
    MediaType.WEBP: samples.webp,
    MediaType.HEIC: samples.heic,
}


def held(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "photo"
    path.write_bytes(content)
    return path


def refusal(tmp_path: Path, content: bytes) -> PhotoFault:
    with pytest.raises(PhotoRefused) as caught:
        inspect(held(tmp_path, content))
    assert str(caught.value).endswith(".")
    return caught.value.code


@pytest.mark.parametrize("media_type", MAKERS)
def test_a_photo_is_known_by_its_bytes(media_type: MediaType, tmp_path: Path) -> None:
    media = inspect(held(tmp_path, MAKERS[media_type]((640, 360), lon=114.37, lat=-8.22)))

    assert (media.media_type, media.width, media.height) == (media_type, 640, 360)
    assert media.exif is not None


def test_other_kinds_of_jpeg_and_webp_are_taken(tmp_path: Path) -> None:
    grey = samples.encoded(samples.scene((300, 200)).convert("L"), "JPEG")
    cmyk = samples.encoded(samples.scene((300, 200)).convert("CMYK"), "JPEG")
    restarts = samples.encoded(samples.scene((300, 200)), "JPEG", restart_marker_blocks=3)
    for content in (samples.jpeg((300, 200), progressive=True), samples.webp((300, 200), lossless=True), grey, cmyk):
        assert inspect(held(tmp_path, content)).width == 300
    assert inspect(held(tmp_path, restarts)).height == 200


@pytest.mark.parametrize("media_type", MAKERS)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_file_cut_short_is_refused(media_type: MediaType, share: float, tmp_path: Path) -> None:
    code = refusal(tmp_path, samples.truncated(MAKERS[media_type](), share))

    assert code in (PhotoFault.TRUNCATED, PhotoFault.DAMAGED)


@pytest.mark.parametrize("media_type", MAKERS)
def test_no_cut_and_no_flipped_byte_escapes_as_another_error(media_type: MediaType, tmp_path: Path) -> None:
    whole = MAKERS[media_type]((32, 24), lon=114.37, lat=-8.22)
    for at in range(0, len(whole), max(1, len(whole) // 150)):
        for content in (whole[:at], whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]):
            try:
                inspect(held(tmp_path, content))
            except PhotoRefused as refused:
                assert refused.code in PhotoFault


def test_a_jpeg_with_a_stretch_missing_is_refused_although_it_ends_well(tmp_path: Path) -> None:
    whole = samples.encoded(samples.scene((640, 480)), "JPEG", restart_marker_blocks=4)
    middle = len(whole) // 2

    assert refusal(tmp_path, whole[:middle] + whole[middle + 2000 :]) is PhotoFault.DAMAGED


def test_millions_of_empty_parts_are_not_walked(tmp_path: Path) -> None:
    plain = samples.jpeg((8, 8))

    assert refusal(tmp_path, plain[:2] + b"\xff\xfe\0\2" * 2_000_000 + plain[2:]) is PhotoFault.DAMAGED


def test_a_png_with_a_flipped_bit_is_refused(tmp_path: Path) -> None:
    whole = bytearray(samples.png())
    whole[len(whole) // 2] ^= 1

    assert refusal(tmp_path, bytes(whole)) is PhotoFault.DAMAGED


@pytest.mark.parametrize(
    "content",
    [samples.motion_photo(), samples.samsung(), samples.multi_picture(), samples.jpeg() + bytes(4096)],
    ids=["motion photo", "Samsung's blocks", "multi-picture", "padding"],
)
def test_what_phones_append_is_taken(content: bytes, tmp_path: Path) -> None:
    assert inspect(held(tmp_path, content)).width == 800


def zipped(prefix: bytes) -> bytes:
    target = io.BytesIO(prefix)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("run.js", "alert(1)")
    return target.getvalue()


@pytest.mark.parametrize("media_type", MAKERS)
@pytest.mark.parametrize(
    "tail",
    [
        zipped(b""),
        b"\0\0\0\0" + zipped(b""),
        b"%PDF-1.7\n1 0 obj",
        b"<!DOCTYPE html><p>hello",
        b"\n\n<SCRIPT>alert(1)</SCRIPT>",
        b"<?php system($_GET[0]);",
        b"#!/bin/sh\nreboot\n",
        b"\x7fELF\2\1\1",
        b"GIF89a\1\0\1\0",
        samples.png((8, 8)),
    ],
    ids=["zip", "padded zip", "pdf", "html", "script", "php", "shell", "program", "gif", "png"],
)
def test_two_formats_in_one_file_are_refused(media_type: MediaType, tail: bytes, tmp_path: Path) -> None:
    assert refusal(tmp_path, MAKERS[media_type]() + tail) is PhotoFault.MIXED_FORMATS


def test_an_archive_or_document_hidden_within_the_picture_is_refused(tmp_path: Path) -> None:
    plain = samples.jpeg((64, 48))
    for hidden in (zipped(b""), b"%PDF-1.4 hidden"):
        comment = b"\xff\xfe" + (len(hidden) + 2).to_bytes(2, "big") + hidden
        assert refusal(tmp_path, plain[:2] + comment + plain[2:]) is PhotoFault.MIXED_FORMATS


def test_unknown_data_behind_a_png_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, samples.png() + b"who knows") is PhotoFault.MIXED_FORMATS


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", PhotoFault.EMPTY),
        (b"\xff", PhotoFault.NOT_AN_IMAGE),
        (b"Selamat pagi, ini laporan saya", PhotoFault.NOT_AN_IMAGE),
        (zipped(b""), PhotoFault.NOT_AN_IMAGE),
        (samples.encoded(samples.scene((16, 16)), "GIF"), PhotoFault.UNSUPPORTED_FORMAT),
        (samples.encoded(samples.scene((16, 16)), "BMP"), PhotoFault.UNSUPPORTED_FORMAT),
        (samples.encoded(samples.scene((16, 16)), "TIFF"), PhotoFault.UNSUPPORTED_FORMAT),
        (samples.encoded(samples.scene((16, 16)), "AVIF"), PhotoFault.UNSUPPORTED_FORMAT),
        (samples.encoded(samples.scene((16, 16)), "WEBP", save_all=True, append_images=[samples.scene((16, 16), 1)]),
         PhotoFault.UNSUPPORTED_FORMAT),
        (samples.jpeg2000_bomb(), PhotoFault.UNSUPPORTED_FORMAT),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", PhotoFault.UNSUPPORTED_FORMAT),
        (b"%PDF-1.7", PhotoFault.UNSUPPORTED_FORMAT),
    ],
    ids=["empty", "byte", "text", "zip", "gif", "bmp", "tiff", "avif", "animation", "jpeg 2000", "mp4", "pdf"],
)  # fmt: skip
def test_what_is_no_photo_is_named(content: bytes, code: PhotoFault, tmp_path: Path) -> None:
    assert refusal(tmp_path, content) is code


def test_pixels_are_bounded_by_the_header(tmp_path: Path) -> None:
    assert refusal(tmp_path, samples.png_bomb(20_000, 5_001)) is PhotoFault.TOO_MANY_PIXELS
    assert inspect(held(tmp_path, samples.jpeg((400, 300))), max_pixels=120_000).width == 400
    with pytest.raises(PhotoRefused, match="400 x 300"):
        inspect(held(tmp_path, samples.jpeg((400, 300))), max_pixels=119_999)
