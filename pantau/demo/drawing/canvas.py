"""A picture of a world in metres: x to the right, y up, z away from the eye."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from pantau.demo.drawing.light import Colour, mix

SIZE: Final = (1600, 1200)
OVERSAMPLING: Final = 2
EYE_M: Final = 1.55
FOCAL: Final = 1250.0
"""Pixels per metre at one metre: a horizontal view of about 65 degrees, as phones have."""
NEAR_M: Final = 1.2

World = tuple[float, float, float]
Flat = tuple[float, float]


@dataclass(frozen=True)
class Lamp:
    """Light to be added at the end, if nothing was drawn over its source."""

    centre: Flat
    radius: float
    """In pixels of the finished picture, like the centre."""
    colour: Colour
    source: Colour


@dataclass
class Canvas:
    """Draws flat shapes in perspective from a height of `eye_m` metres.

    `rng` decides details; `lamps` collects light to be added at the end.
    """

    rng: Random
    haze: Colour
    vanish: Flat = (800.0, 500.0)
    mirrored: bool = False
    eye_m: float = EYE_M
    image: Image.Image = field(init=False)
    lamps: list[Lamp] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.image = Image.new("RGB", (SIZE[0] * OVERSAMPLING, SIZE[1] * OVERSAMPLING), self.haze)
        self._draw = ImageDraw.Draw(self.image, "RGB")

    def pixel(self, x: float, y: float, z: float) -> Flat:
        """Where a point of the world falls in the oversampled picture."""
        z = max(z, NEAR_M)
        side = -x if self.mirrored else x
        return (
            OVERSAMPLING * (self.vanish[0] + FOCAL * side / z),
            OVERSAMPLING * (self.vanish[1] + FOCAL * (self.eye_m - y) / z),
        )

    def polygon(self, points: Sequence[World], colour: Colour) -> None:
        """Any flat shape; it pales with its distance."""
        far = sum(z for _, _, z in points) / len(points)
        self._draw.polygon([self.pixel(*point) for point in points], fill=self.paled(colour, far))

    def paled(self, colour: Colour, z: float) -> Colour:
        """A colour seen through the air."""
        return mix(colour, self.haze, min(0.75, max(0.0, (z - 9) / 90)))

    def ground(self, points: Sequence[Flat], colour: Colour, height: float = 0.0) -> None:
        """A shape lying flat: points are x, z."""
        self.polygon([(x, height, z) for x, z in points], colour)

    def face(self, z: float, points: Sequence[Flat], colour: Colour) -> None:
        """A shape facing the eye: points are x, y."""
        self.polygon([(x, y, z) for x, y in points], colour)

    def side(self, x: float, points: Sequence[Flat], colour: Colour) -> None:
        """A shape along the line of sight: points are z, y."""
        self.polygon([(x, y, z) for z, y in points], colour)

    def box(self, z: float, corners: tuple[float, float, float, float], colour: Colour) -> None:
        """An upright rectangle facing the eye: x0, y0, x1, y1."""
        x0, y0, x1, y1 = corners
        self.face(z, [(x0, y0), (x1, y0), (x1, y1), (x0, y1)], colour)

    def disc(self, z: float, centre: Flat, radius: float, colour: Colour, squash: float = 1.0) -> None:
        """A round thing facing the eye."""
        x, y = self.pixel(*centre, z)
        r = OVERSAMPLING * FOCAL * radius / max(z, NEAR_M)
        self._draw.ellipse((x - r, y - r * squash, x + r, y + r * squash), fill=self.paled(colour, z))

    def puddle(self, centre: Flat, radii: Flat, colour: Colour, *, ragged: float = 0.0, height: float = 0.0) -> None:
        """A rounded patch lying flat: centre x, z and half sizes; ragged 0 is an ellipse."""
        self.ground(self.blot(centre, radii, ragged), colour, height)

    def blot(self, centre: Flat, radii: Flat, ragged: float) -> list[Flat]:
        """An ellipse whose edge wanders by up to `ragged` of its radius."""
        turns = 26
        return [
            (
                centre[0] + radii[0] * math.cos(math.tau * n / turns) * stretch,
                centre[1] + radii[1] * math.sin(math.tau * n / turns) * stretch,
            )
            for n, stretch in ((n, 1 + self.rng.uniform(-ragged, ragged)) for n in range(turns))
        ]

    def line(self, points: Sequence[World], thickness: float, colour: Colour) -> None:
        """A line of a thickness in metres, at its middle's distance."""
        far = sum(z for _, _, z in points) / len(points)
        width = max(2, round(OVERSAMPLING * FOCAL * thickness / max(far, NEAR_M)))
        self._draw.line([self.pixel(*point) for point in points], self.paled(colour, far), width, joint="curve")

    def text(self, z: float, centre: Flat, size_m: Flat, words: str, colour: Colour) -> None:
        """Words facing the eye, never mirrored. `size_m`: letters' height, and the width that they must fit into."""
        height, room = size_m
        size = OVERSAMPLING * FOCAL * min(height, room / (0.82 * len(words))) / z
        if size >= 8:
            font = ImageFont.load_default(size * 1.3)
            self._draw.text(self.pixel(*centre, z), words, self.paled(colour, z), font, anchor="mm")

    def shape(self, points: Sequence[Flat], colour: Colour) -> None:
        """A shape in pixels of the finished picture, for what has no distance."""
        self._draw.polygon([(x * OVERSAMPLING, y * OVERSAMPLING) for x, y in points], fill=colour)

    def stripe(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """A rectangle in pixels of the finished picture."""
        self.shape([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], colour)

    def spot(self, centre: Flat, radius: float, colour: Colour, squash: float = 1.0) -> None:
        """A disc in pixels of the finished picture."""
        x, y, r = centre[0] * OVERSAMPLING, centre[1] * OVERSAMPLING, radius * OVERSAMPLING
        self._draw.ellipse((x - r, y - r * squash, x + r, y + r * squash), fill=colour)

    def lamp(self, at: World, radius: float, colour: Colour) -> None:
        """Light around what has just been drawn at this point: radius in metres."""
        x, y = self.pixel(*at)
        if self._sees(x, y):
            reach = FOCAL * radius / max(at[2], NEAR_M)
            self.lamps.append(Lamp((x / OVERSAMPLING, y / OVERSAMPLING), reach, colour, self._at(x, y)))

    def shining(self) -> list[Lamp]:
        """The lamps whose source is still in sight."""
        return [
            lamp
            for lamp in self.lamps
            if self._at(lamp.centre[0] * OVERSAMPLING, lamp.centre[1] * OVERSAMPLING) == lamp.source
        ]

    def _sees(self, x: float, y: float) -> bool:
        return 0 <= x < self.image.width and 0 <= y < self.image.height

    def _at(self, x: float, y: float) -> Colour:
        found = self.image.getpixel((int(x), int(y)))
        assert isinstance(found, tuple)  # an RGB picture
        return found[0], found[1], found[2]

    def leaves(self, z: float, centre: Flat, radius: float, colour: Colour) -> None:
        """A crown of overlapping discs, darker below, lighter above."""
        for n in range(16):
            turn = n * 2.4
            reach = radius * 0.72 * math.sqrt((n + 0.5) / 16)
            x, y = centre[0] + reach * math.cos(turn), centre[1] + reach * 0.75 * math.sin(turn)
            lift = (y - centre[1]) / radius
            shade = (
                mix(colour, (12, 40, 30), 0.35 - 0.3 * lift)
                if lift < 0.3
                else mix(colour, (235, 240, 150), 0.22 * lift)
            )
            self.disc(z, (x, y), radius * self.rng.uniform(0.32, 0.46), shade)
