"""A picture's perceptual hash: near-duplicates differ in few of its 64 bits.

The sign pattern of the lowest frequencies of a 32 x 32 grey picture (discrete cosine transform), without the mean, so
that re-encoding, scaling and brightness hardly move it. Hashes are signed 64-bit integers, as databases keep them.

Near ones are found by index: a hash is cut into four bands of 16 bits, and of two hashes at most `NEAR` = 7 bits apart
at least one band differs in at most one bit (otherwise four bands would differ in eight). Looking up the 17 `probes` of
each band therefore finds every near one; `hamming` then drops the others.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

SIDE: Final = 32
"""Rows and columns of the grey picture that is hashed."""

NEAR: Final = 7
"""At most so many differing bits make a near-duplicate: the most that the bands' probes find without fail."""

_BANDS, _BAND_BITS = 4, 16
_MASK = (1 << 64) - 1
_FLAT = 2.0
"""Below this deviation in grey levels a picture is too flat to be told from another: night, a covered lens."""


def _cosines() -> NDArray[np.float64]:
    """The orthonormal DCT-II matrix."""
    k, n = np.mgrid[0:SIDE, 0:SIDE]
    matrix = np.sqrt(2 / SIDE) * np.cos(np.pi * k * (2 * n + 1) / (2 * SIDE))
    matrix[0] /= np.sqrt(2)
    return np.asarray(matrix, np.float64)


def _lowest() -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the 64 lowest frequencies but the mean, diagonal by diagonal."""
    order = sorted((r + c, r, c) for r in range(SIDE) for c in range(SIDE))[1:65]
    return np.array([r for _, r, _ in order]), np.array([c for _, _, c in order])


_DCT, _LOWEST = _cosines(), _lowest()


def fingerprint(grey: NDArray[np.uint8]) -> int | None:
    """The hash of a grey picture of shape (32, 32), signed 64 bit; `None` if it is too flat to tell."""
    levels = grey.astype(np.float64)
    if levels.std() < _FLAT:
        return None
    low = (_DCT @ levels @ _DCT.T)[_LOWEST]
    bits = int.from_bytes(np.packbits(low > np.median(low)).tobytes(), "big")
    return bits - (1 << 64) if bits >> 63 else bits


def hamming(a: int, b: int) -> int:
    """The number of bits in which two hashes differ, 0 to 64."""
    return ((a ^ b) & _MASK).bit_count()


def bands(value: int) -> tuple[int, int, int, int]:
    """The four 16-bit bands of a hash, 0 to 65535 each, highest bits first: what a database indexes."""
    parts = [(value & _MASK) >> shift & 0xFFFF for shift in (48, 32, 16, 0)]
    return parts[0], parts[1], parts[2], parts[3]


def probes(value: int) -> tuple[tuple[int, ...], ...]:
    """For each of the four bands the 17 values within one bit: every hash at most `NEAR` away has one of them there."""
    return tuple((band, *(band ^ (1 << bit) for bit in range(_BAND_BITS))) for band in bands(value))
