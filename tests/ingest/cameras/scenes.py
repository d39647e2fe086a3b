"""A drawn street as a camera sees it: houses, road, a pole and trees, larger than the picture so that it can turn."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.cameras.measure import HEIGHT, WIDTH, Grey

_EDGE = 200
Field = NDArray[np.float32]


def _drawn(seed: int) -> Field:
    """The street with some ground around it, noon light, no noise."""
    rng = np.random.default_rng(seed)
    wide, tall = WIDTH + 2 * _EDGE, HEIGHT + 2 * _EDGE
    ground = np.full((tall, wide), 120, np.uint8)
    texture = rng.integers(-14, 15, (tall // 6 + 1, wide // 6 + 1)).astype(np.float32)
    for _ in range(40):
        x, y = int(rng.integers(0, wide)), int(rng.integers(0, tall // 2))
        width, height = int(rng.integers(40, 110)), int(rng.integers(50, 120))
        cv2.rectangle(ground, (x, y), (x + width, y + height), int(rng.integers(60, 220)), -1)
        for window in range(x + 8, x + width - 10, 18):
            cv2.rectangle(ground, (window, y + 12), (window + 9, y + 26), int(rng.integers(20, 70)), -1)
    for _ in range(60):
        place = (int(rng.integers(0, wide)), int(rng.integers(tall // 2, tall)))
        cv2.circle(ground, place, int(rng.integers(5, 16)), int(rng.integers(30, 230)), -1)
    for x in range(0, wide, 90):
        cv2.line(ground, (x, tall // 2), (x + 160, tall), 210, 3)
    grown = cv2.resize(texture, (wide, tall), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.GaussianBlur(ground.astype(np.float32) + grown, (0, 0), 0.6), np.float32)


class Street:
    """A camera on a drawn street. Every still has noise of its own."""

    def __init__(self, seed: int = 1, noise: float = 3.0) -> None:
        self._ground = _drawn(seed)
        self._noise = noise
        self.rng = np.random.default_rng(seed + 1000)

    def view(self, right: float = 0, down: float = 0, roll: float = 0, light: float = 1.0) -> Field:
        """What comes through the lens when the content has moved so far (pixels, degrees), in this light."""
        middle = (_EDGE + WIDTH / 2, _EDGE + HEIGHT / 2)
        to = cv2.getRotationMatrix2D(middle, roll, 1.0)
        to[:, 2] += np.array([right - _EDGE, down - _EDGE])
        return np.asarray(cv2.warpAffine(self._ground, to, (WIDTH, HEIGHT)) * light, np.float32)

    def sent(self, view: Field, clock: int | None = None) -> Grey:
        """The still the camera makes of it, with a burnt-in clock if one is given."""
        noisy = view + self._noise * self.rng.standard_normal(view.shape)
        grey = np.clip(noisy, 0, 255).astype(np.uint8)
        return grey if clock is None else stamped(grey, clock)

    def still(self, light: float = 1.0, clock: int | None = None) -> Grey:
        """A sound still."""
        return self.sent(self.view(light=light), clock)


def stamped(grey: Grey, clock: int) -> Grey:
    """The still with a clock and a name burnt in."""
    out = grey.copy()
    cv2.rectangle(out, (4, 4), (190, 24), 0, -1)
    told = f"2026-11-20 12:{clock % 60:02d}:{clock * 7 % 60:02d}"
    cv2.putText(out, told, (8, 19), cv2.FONT_HERSHEY_SIMPLEX, 0.45, 255, 1)
    cv2.putText(out, f"JL MAWAR {clock}", (330, 262), cv2.FONT_HERSHEY_SIMPLEX, 0.45, 255, 1)
    return out


def lorry(view: Field) -> Field:
    """The view with a lorry's flat side before its left half."""
    passed = view.copy()
    cv2.rectangle(passed, (0, 40), (230, 250), 190.0, -1)
    return passed


def covered(view: Field, share: float = 1.0) -> Field:
    """The view behind a bag that leaves only a strip on the right."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    bag = 90 + 25 * np.sin(x / 90) + 15 * np.cos(y / 70)
    return np.where(x < share * WIDTH, bag, view).astype(np.float32)


def blurred(view: Field, sigma: float) -> Field:
    """The view out of focus."""
    return np.asarray(cv2.GaussianBlur(view, (0, 0), sigma), np.float32)
