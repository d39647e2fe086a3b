"""Whether a still shows the usual view from elsewhere, and how far: phase correlation, and ORB where that is unsure."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from ingest.cameras.measure import MAP_HEIGHT, MAP_WIDTH, SCALE, WIDTH, Grey, Map

_ENOUGH_OVERLAP = 0.3
_MATCHES = 0.4
_BETTER = 0.1
_ENLARGE = 3
_FEATURES = 300
_CLEARLY_BEST = 0.8
_INLIERS = 14
_WINDOW = cv2.createHanningWindow((MAP_WIDTH, MAP_HEIGHT), cv2.CV_32F)


@dataclass(frozen=True, slots=True)
class Shift:
    """How the picture's content has moved, in pixels of the 480-wide still, and turned (degrees) and grown (ratio)."""

    right_px: float
    down_px: float
    rolled_deg: float = 0.0
    zoomed: float = 1.0

    @property
    def far_px(self) -> float:
        """How far the corners of the picture have moved at most: one number for aim, roll and zoom together."""
        half = WIDTH / 2
        rolled = half * abs(math.radians(self.rolled_deg))
        return math.hypot(self.right_px, self.down_px) + rolled + half * abs(self.zoomed - 1)

    def turned_deg(self, fov_deg: float) -> float:
        """Degrees that the camera has turned, for a lens of this horizontal field of view."""
        half = math.radians(min(fov_deg, 170.0)) / 2
        return math.degrees(math.atan(math.hypot(self.right_px, self.down_px) / (WIDTH / 2) * math.tan(half)))


def agreement(one: Map, other: Map) -> float:
    """How alike two maps of structure are: their correlation, -1 to 1; 0 where one is empty."""
    norm = float(np.sqrt(np.vdot(one, one) * np.vdot(other, other)))
    return float(np.vdot(one, other)) / norm if norm > 0 else 0.0


def find(now: Map, usual: Map) -> Shift | None:
    """The shift under which what is seen now is the usual view; None if there is none that convinces."""
    return _slid(now, usual) or _matched(now, usual)


def _slid(now: Map, usual: Map) -> Shift | None:
    """A plain sliding of the picture, believed if the parts that overlap then agree, and better than they did."""
    (right, down), _ = cv2.phaseCorrelate(usual, now, _WINDOW)
    x, y = round(right), round(down)
    width, height = MAP_WIDTH - abs(x), MAP_HEIGHT - abs(y)
    if width <= 0 or height <= 0 or width * height < _ENOUGH_OVERLAP * MAP_WIDTH * MAP_HEIGHT:
        return None
    seen = now[max(y, 0) : max(y, 0) + height, max(x, 0) : max(x, 0) + width]
    known = usual[max(-y, 0) : max(-y, 0) + height, max(-x, 0) : max(-x, 0) + width]
    enough = max(_MATCHES, agreement(now, usual) + _BETTER)
    return Shift(right * SCALE, down * SCALE) if agreement(seen, known) >= enough else None


def _matched(now: Map, usual: Map) -> Shift | None:
    """A turn or zoom as well, by corners that both pictures have (ORB, Rublee 2011), agreed on by enough of them."""
    orb = cv2.ORB.create(_FEATURES, 1.2, 4, fastThreshold=8)
    corners_now, marks_now = orb.detectAndCompute(_enlarged(now), None)
    corners_usual, marks_usual = orb.detectAndCompute(_enlarged(usual), None)
    if marks_now is None or marks_usual is None or min(len(corners_now), len(corners_usual)) < _INLIERS:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(marks_usual, marks_now, 2)
    good = [best for best, *rest in pairs if rest and best.distance < _CLEARLY_BEST * rest[0].distance]
    if len(good) < _INLIERS:
        return None
    before = np.array([corners_usual[match.queryIdx].pt for match in good], np.float32)
    after = np.array([corners_now[match.trainIdx].pt for match in good], np.float32)
    found, inliers = cv2.estimateAffinePartial2D(before, after, ransacReprojThreshold=4.0)
    if found is None or int(inliers.sum()) < _INLIERS:
        return None
    turn = np.array(found, np.float64)
    turn[:, 2] /= _ENLARGE
    turned = np.asarray(cv2.warpAffine(usual, turn, (MAP_WIDTH, MAP_HEIGHT)), np.float32)
    if agreement(now, turned) < agreement(now, usual) + _BETTER:
        return None
    middle = np.array([MAP_WIDTH, MAP_HEIGHT]) / 2
    right, down = (turn[:, :2] @ middle + turn[:, 2] - middle) * SCALE
    zoomed = math.hypot(turn[0, 0], turn[1, 0])
    return Shift(float(right), float(down), math.degrees(math.atan2(turn[1, 0], turn[0, 0])), zoomed)


def _enlarged(structure: Map) -> Grey:
    levels = np.clip(structure * 42 + 128, 0, 255).astype(np.uint8)
    size = (MAP_WIDTH * _ENLARGE, MAP_HEIGHT * _ENLARGE)
    return np.asarray(cv2.resize(levels, size, interpolation=cv2.INTER_CUBIC), np.uint8)
