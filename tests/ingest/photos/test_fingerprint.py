"""Near-duplicates are near, others far, and the bands find every near one."""

import io
from itertools import combinations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance

from ingest.photos.fingerprint import NEAR, SIDE, bands, fingerprint, hamming, probes
from tests.ingest.photos import samples

pytestmark = pytest.mark.unit

SCENES = [samples.scene((640, 480), seed, grain=6.0) for seed in range(60)]
HASHES = st.integers(-(2**63), 2**63 - 1)


def hashed(image: Image.Image) -> int:
    grey = np.asarray(image.convert("L"))
    small = cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    value = fingerprint(np.asarray(small, np.uint8))
    assert value is not None
    return value


def forwarded(image: Image.Image) -> Image.Image:
    """As a messenger passes a photo on: smaller and compressed hard."""
    smaller = image.resize((image.width * 2 // 3, image.height * 2 // 3))
    return Image.open(io.BytesIO(samples.encoded(smaller, "JPEG", quality=45)))


def cropped(image: Image.Image) -> Image.Image:
    dx, dy = image.width // 100, image.height // 100
    return image.crop((dx, dy, image.width - dx, image.height - dy))


def darker(image: Image.Image) -> Image.Image:
    return ImageEnhance.Brightness(image).enhance(0.75)


def stronger(image: Image.Image) -> Image.Image:
    return ImageEnhance.Contrast(image).enhance(1.25)


@pytest.mark.parametrize("change", [forwarded, cropped, darker, stronger])
def test_the_same_scene_stays_near(change: object) -> None:
    assert callable(change)
    apart = [hamming(hashed(image), hashed(change(image))) for image in SCENES]

    assert sum(distance <= NEAR for distance in apart) >= 0.97 * len(SCENES)


def test_other_scenes_are_far() -> None:
    apart = [hamming(a, b) for a, b in combinations([hashed(image) for image in SCENES], 2)]

    assert min(apart) > 2 * NEAR


def test_a_flat_picture_has_no_fingerprint() -> None:
    assert fingerprint(np.full((SIDE, SIDE), 17, np.uint8)) is None


def test_hashes_are_signed_64_bit() -> None:
    values = [hashed(image) for image in SCENES]

    assert min(values) < 0 < max(values)
    assert all(-(2**63) <= value < 2**63 for value in values)


@given(HASHES, HASHES)
def test_distance_is_symmetric_and_within_64(a: int, b: int) -> None:
    assert hamming(a, b) == hamming(b, a) <= 64
    assert (hamming(a, b) == 0) == (a == b)


@given(HASHES, st.sets(st.integers(0, 63), max_size=NEAR))
def test_the_probes_find_every_near_one(value: int, flipped: set[int]) -> None:
    other = value
    for bit in flipped:
        other ^= -(1 << 63) if bit == 63 else 1 << bit

    assert hamming(value, other) == len(flipped)
    assert any(band in asked for band, asked in zip(bands(other), probes(value), strict=True))


@given(HASHES)
def test_bands_are_the_hash_in_four_parts(value: int) -> None:
    a, b, c, d = bands(value)

    assert (a << 48 | b << 32 | c << 16 | d) == value % 2**64
    assert [len(set(asked)) for asked in probes(value)] == [17] * 4
