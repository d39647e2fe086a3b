"""From flat shapes to a photo: light, glow, rain, grain, JPEG."""

import io
import math
from functools import cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from pantau.demo.drawing.canvas import OVERSAMPLING, SIZE, Canvas, Lamp
from pantau.demo.drawing.light import Light, Weather

_TILE = 256


def develop(canvas: Canvas, light: Light, weather: Weather, seed: int, *, grain: int = 1) -> Image.Image:
    """The finished picture at 1600 x 1200, lit, wet and grainy as the scene asks: `grain` times a phone's."""
    small = canvas.image.reduce(OVERSAMPLING)
    if weather is Weather.RAIN:
        _rain(small, canvas)
    shade = [min(255, round(value * gain)) for gain in light.tint for value in range(256)]
    small = small.point(shade)
    pixels = np.asarray(small, dtype=np.int16) + grain * _grain(seed)
    for lamp in canvas.shining():
        _glow(pixels, lamp, light.dark)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def jpeg(image: Image.Image, exif: Image.Exif | None) -> bytes:
    """The picture as a phone stores it."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85, exif=exif if exif is not None else b"")
    return out.getvalue()


def _rain(image: Image.Image, canvas: Canvas) -> None:
    """Slanting streaks over everything."""
    draw = ImageDraw.Draw(image, "RGBA")
    rng = canvas.rng
    for _ in range(420):
        x, y, long = rng.uniform(-50, SIZE[0]), rng.uniform(-40, SIZE[1]), rng.uniform(14, 52)
        draw.line((x, y, x + long * 0.22, y + long), (230, 238, 246, rng.randrange(50, 130)), rng.choice((1, 1, 2)))


@cache
def _noise() -> npt.NDArray[np.int16]:
    """Fixed sensor noise of one tile, about two grey levels."""
    return np.random.default_rng(20).normal(0, 1.9, (_TILE * 2, _TILE * 2, 1)).round().astype(np.int16)


def _grain(seed: int) -> npt.NDArray[np.int16]:
    """Noise for a whole picture: the tile shifted by the seed and repeated."""
    shifted = np.roll(_noise(), (seed * 37 % 511, seed * 91 % 509), axis=(0, 1))
    repeats = (math.ceil(SIZE[1] / shifted.shape[0]), math.ceil(SIZE[0] / shifted.shape[1]), 1)
    return np.tile(shifted, repeats)[: SIZE[1], : SIZE[0]]


def _glow(pixels: npt.NDArray[np.int16], lamp: Lamp, dark: float) -> None:
    """Light added around a point, fading towards its radius; in place."""
    (x, y), radius = lamp.centre, lamp.radius
    left, right = max(0, int(x - radius)), min(SIZE[0], int(x + radius) + 1)
    top, bottom = max(0, int(y - radius)), min(SIZE[1], int(y + radius) + 1)
    if left >= right or top >= bottom:
        return
    across = (np.arange(left, right, dtype=np.float32) - x) / radius
    down = (np.arange(top, bottom, dtype=np.float32) - y) / radius
    power = np.clip(1 - np.sqrt(across[None, :] ** 2 + down[:, None] ** 2), 0, 1) ** 2
    strength = power[:, :, None] * np.asarray(lamp.colour, dtype=np.float32) * (0.25 + 0.55 * dark)
    pixels[top:bottom, left:right] += strength.astype(np.int16)
