"""What can be read off one grey still of 480 x 270, or two, before anything is known of the camera."""

import cv2
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 480, 270
"""Columns and rows of the grey still that is examined."""

MARGIN = 30
"""Rows left out above and below: there stand the clock and the name that cameras burn in."""

MAP_WIDTH, MAP_HEIGHT = 128, 56
SCALE = WIDTH / MAP_WIDTH
"""Pixels of the still to one of its map of structure."""

Grey = NDArray[np.uint8]
Map = NDArray[np.float32]

_TILES = (7, 12)  # rows, columns
_STRUCTURE_SIGMA = 4.0
_NOISE_LEVELS = 3.0  # structure fainter than this many grey levels fades from the map instead of being blown up
_STRONGEST = 0.95
_BRIGHTEST = 0.99
_DIFFERENT_LEVELS = 18.0
_SECOND_DIFFERENCE = np.array([1, -2, 1], np.int16)  # across and down, Immerkaer 1996: blind to edges
_NOISE_GAINED = 6  # what that makes of a noise of one grey level
_MEDIAN_TO_SIGMA = 1.4826
# What noise of one grey level adds to the strongest gradients at half size.
_NOISE_GAIN = 0.52


def middle(grey: Grey) -> Grey:
    """The still without its margins, shape (210, 480). A view, not a copy."""
    return grey[MARGIN : HEIGHT - MARGIN]


def shrunk(grey: Grey) -> Map:
    """The middle averaged down to the size of the map: noise fades, structure stays. float32, shape (56, 128)."""
    return _averaged(grey, MAP_WIDTH)


def small(grey: Grey) -> Grey:
    """What is remembered of a still of 480 x 270 to tell later what has changed: its middle, shape (56, 128)."""
    return np.rint(shrunk(middle(grey))).astype(np.uint8)


def _averaged(levels: Grey | Map, width: int) -> Map:
    """Averaged down to so many columns."""
    size = (width, round(width * levels.shape[0] / levels.shape[1]))
    return np.asarray(cv2.resize(levels, size, interpolation=cv2.INTER_AREA), np.float32)


def structure(small: Map) -> Map:
    """Where the small still is lighter or darker than its surroundings, in units of what is usual around there.

    Light, fog and gain hardly change it. float32 from -3 to 3, shape (56, 128).
    """
    apart = small - cv2.GaussianBlur(small, (0, 0), _STRUCTURE_SIGMA)
    usual = cv2.GaussianBlur(apart * apart, (0, 0), 2 * _STRUCTURE_SIGMA)
    return np.clip(apart / (np.sqrt(usual) + _NOISE_LEVELS), -3, 3).astype(np.float32)


def brightest(small: Map) -> float:
    """The grey level that all but one in a hundred stay below."""
    levels = small.ravel()
    at = int(_BRIGHTEST * levels.size)
    return float(np.partition(levels, at)[at])


def noise(grey: Grey) -> float:
    """The sensor's noise in grey levels, from what neither edges nor slopes explain."""
    rest = cv2.sepFilter2D(grey[::2], cv2.CV_16S, _SECOND_DIFFERENCE, _SECOND_DIFFERENCE)
    return _median(np.abs(rest[:, ::2]).ravel()) / _NOISE_GAINED * _MEDIAN_TO_SIGMA


def _median(whole: NDArray[np.int16]) -> float:
    """The median of whole numbers from 0, by counting them: a fifth of the time that sorting them takes."""
    upto = np.cumsum(np.bincount(whole))
    low, high = np.searchsorted(upto, ((whole.size - 1) // 2 + 1, whole.size // 2 + 1))
    return float(low + high) / 2


def sharpness(grey: Grey, small: Map) -> float:
    """How much steeper the strongest edges are seen close than seen from afar, noise taken off; 0 with no edges.

    A quotient of two scales: darkness and fog weaken both alike, a lens out of focus only the finer.
    """
    fine, coarse = _steepest(_averaged(grey, WIDTH // 2)), _steepest(_averaged(small, MAP_WIDTH // 2))
    clean = max(0.0, fine**2 - (_NOISE_GAIN * noise(grey)) ** 2) ** 0.5
    return clean / coarse if coarse > 0 else 0.0


def _steepest(levels: Map) -> float:
    """The mean of the steepest twentieth of gradients, in grey levels a pixel."""
    across = cv2.Sobel(levels, cv2.CV_32F, 1, 0, scale=1 / 8)
    down = cv2.Sobel(levels, cv2.CV_32F, 0, 1, scale=1 / 8)
    steep = cv2.magnitude(across, down).ravel()
    first = int(_STRONGEST * steep.size)
    return float(np.partition(steep, first)[first:].mean())


def difference(grey: Grey, previous: Grey) -> float:
    """How many grey levels two stills differ where most of the picture differs less: the busiest sixth is left out.

    There run a burnt-in clock and a name, which tick on over a picture that stands still.
    """
    apart = cv2.absdiff(grey, previous)
    tiles = cv2.resize(apart.astype(np.float32), _TILES[::-1], interpolation=cv2.INTER_AREA).ravel()
    return float(np.sort(tiles)[: tiles.size * 5 // 6][-1])


def changed(now: Grey, then: Grey) -> float:
    """The share (0 to 1) of the picture, margins aside, that shows another thing than the still kept last; a change of
    light in all of it is none. Both as `small` makes them.
    """
    now, then = now.astype(np.float32), then.astype(np.float32)
    apart = np.abs((now - np.median(now)) - (then - np.median(then)))
    return float((apart > _DIFFERENT_LEVELS).mean())
