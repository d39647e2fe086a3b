"""A street and its frame: u metres along it, a metres out from the left house fronts, h metres up.

Seen `along` its length or `across` it, the same things stand in the same places.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final

from pantau.demo.drawing.canvas import Canvas, Flat, World
from pantau.demo.drawing.light import Colour, Light, Weather, mix

DRAIN: Final = (0.15, 0.5)
WALK: Final = (0.5, 3.0)
ROAD: Final = (3.0, 9.3)
GUIDE: Final = (2.3, 2.55)
"""The yellow tiles that lead the blind."""
FAR_WALK: Final = (9.4, 11.4)
FAR_FRONT: Final = 11.8
KERB_M: Final = 0.14
ASPHALT: Final = (92, 96, 104)
PAVING: Final = (196, 186, 172)


class Setting(StrEnum):
    """The kind of neighbourhood."""

    TOWN = "town"
    KAMPUNG = "kampung"
    COAST = "coast"
    HILLS = "hills"


@dataclass
class Street:
    """Draws in the street's own frame."""

    canvas: Canvas
    along: bool
    setting: Setting
    weather: Weather
    back: float = 12.6
    """Seen across, how far the eye stands from the fronts."""

    @property
    def rng(self) -> Random:
        """Details are decided here."""
        return self.canvas.rng

    def at(self, u: float, a: float, h: float) -> World:
        """A point of the street in the eye's world."""
        return (a - 4.4, h, u) if self.along else (u, h, self.back - a)

    def spot(self, u: float, a: float) -> Flat:
        """x and z of a point on the ground, for things that face the eye."""
        x, _, z = self.at(u, a, 0)
        return x, z

    def wall(self, a: float, points: Sequence[Flat], colour: Colour) -> None:
        """A shape parallel to the street: points are u, h."""
        self.canvas.polygon([self.at(u, a, h) for u, h in points], colour)

    def panel(self, a: float, corners: tuple[float, float, float, float], colour: Colour) -> None:
        """An upright rectangle parallel to the street: u0, h0, u1, h1."""
        u0, h0, u1, h1 = corners
        self.wall(a, [(u0, h0), (u1, h0), (u1, h1), (u0, h1)], colour)

    def end(self, u: float, points: Sequence[Flat], colour: Colour) -> None:
        """An upright shape across the street: points are a, h."""
        self.canvas.polygon([self.at(u, a, h) for a, h in points], colour)

    def flat(self, points: Sequence[Flat], colour: Colour, h: float = 0.0) -> None:
        """A shape lying on the ground: points are u, a."""
        self.canvas.polygon([self.at(u, a, h) for u, a in points], colour)

    def strip(self, band: Flat, colour: Colour, h: float = 0.0) -> None:
        """The whole street's length between two distances from the fronts."""
        start, stop = self.reach
        self.flat([(start, band[0]), (stop, band[0]), (stop, band[1]), (start, band[1])], colour, h)

    @property
    def reach(self) -> Flat:
        """How much of the street's length is in sight."""
        return (1.3, 75.0) if self.along else (-16.0, 16.0)

    def rough(self, centre: Flat, radii: Flat, colour: Colour, *, ragged: float = 0.12, h: float = 0.0) -> None:
        """A patch on the ground with a wandering edge: centre and half sizes in u, a."""
        self.flat(self.canvas.blot(centre, radii, ragged), colour, h)

    def seen(self, colour: Colour) -> Colour:
        """A colour as a strip of it looks: paled like its middle, so that a patch of it does not stand out."""
        return self.canvas.paled(colour, sum(self.at(u, WALK[1], 0)[2] for u in self.reach) / 2)

    @property
    def walk_spot(self) -> Flat:
        """u, a in the middle of the sidewalk in full view."""
        return (6.4, 1.75) if self.along else (0.3, 1.75)

    @property
    def road_spot(self) -> Flat:
        """u, a on the road in full view."""
        return (5.6, 5.3) if self.along else (0.0, self.back - 5.6)


def pave(street: Street) -> None:
    """Road, kerbs, sidewalk slabs and the line in the middle."""
    wet = 0.28 if street.weather is Weather.RAIN else 0.0
    tarmac = mix(ASPHALT, (64, 78, 98), wet * 1.6)
    tiles = mix(PAVING, (130, 132, 138), wet)
    rural = street.setting in (Setting.HILLS, Setting.KAMPUNG)
    street.strip((-40.0, 0.15), (150, 166, 96) if rural else (168, 160, 144))
    street.strip((FAR_WALK[0], 60.0), (156, 170, 100) if rural else (182, 172, 156))
    street.strip(ROAD, tarmac)
    street.strip(DRAIN, (86, 88, 86))
    street.strip(WALK, tiles, KERB_M)
    if street.along:
        street.strip(FAR_WALK, mix(tiles, (90, 80, 70), 0.08), KERB_M)
    start, stop = street.reach
    seams = [start + (stop - start) * (n / 70) ** (2 if street.along else 1) for n in range(71)]
    for n, u in enumerate(seams):
        street.canvas.line(
            [street.at(u, WALK[0], KERB_M), street.at(u, WALK[1], KERB_M)], 0.02, mix(tiles, (60, 50, 40), 0.25)
        )
        if n + 1 < len(seams):
            colour = (238, 234, 224) if n % 2 else (44, 46, 50)
            street.panel(WALK[1] + 0.02, (u, 0.0, seams[n + 1], KERB_M), colour)
    street.strip(GUIDE, (222, 178, 66), KERB_M)
    dash = start
    while dash < min(stop, 45):
        street.flat([(dash, 6.12), (dash + 1.8, 6.12), (dash + 1.8, 6.28), (dash, 6.28)], (232, 230, 220))
        dash += 3.6
    for _ in range(5):
        u, a = street.rng.uniform(*street.reach) * 0.4, street.rng.uniform(3.6, 8.6)
        street.rough(
            (u, a),
            (street.rng.uniform(0.6, 1.6), street.rng.uniform(0.2, 0.5)),
            mix(street.seen(tarmac), (60, 62, 70), 0.12),
        )
    if wet:
        for _ in range(7):
            u, a = street.rng.uniform(*street.reach) * 0.5, street.rng.uniform(3.6, 8.8)
            street.rough(
                (u, a), (street.rng.uniform(0.5, 1.5), street.rng.uniform(0.2, 0.5)), mix(tarmac, (200, 214, 228), 0.4)
            )


def sky(canvas: Canvas, light: Light, weather: Weather, setting: Setting) -> None:
    """Sky, sun or stars, clouds, and what stands on the horizon."""
    x, horizon = canvas.vanish
    width = 1600.0
    bands = 48
    for n in range(bands):
        top = horizon * n / bands
        canvas.stripe(0, top, width, horizon / bands + 2, mix(light.zenith, light.horizon, (n / bands) ** 1.3))
    canvas.stripe(0, horizon, width, 1200 - horizon, light.horizon)
    rng = canvas.rng
    clouds = {Weather.CLEAR: 2, Weather.CLOUDY: 6, Weather.OVERCAST: 5, Weather.RAIN: 6}[weather]
    bright = light.dark < 0.6
    if bright and weather in (Weather.CLEAR, Weather.CLOUDY):
        sun = (rng.uniform(200, 1400), rng.uniform(60, horizon * 0.45))
        canvas.spot(sun, 66, mix(light.horizon, (255, 244, 204), 0.5))
        canvas.spot(sun, 46, (255, 246, 214))
    elif not bright:
        for _ in range(40):
            canvas.spot((rng.uniform(0, width), rng.uniform(0, horizon * 0.8)), rng.uniform(0.8, 2.2), (255, 255, 240))
    for _ in range(clouds):
        cx, cy = rng.uniform(0, width), rng.uniform(40, horizon * 0.6)
        tone = mix(light.horizon, (255, 255, 255), 0.62 if bright else 0.06)
        tone = mix(tone, (96, 102, 112), 0.35) if weather is Weather.RAIN else tone
        for _ in range(6):
            canvas.spot((cx + rng.uniform(-110, 110), cy + rng.uniform(-16, 16)), rng.uniform(28, 62), tone, 0.55)
    _horizon(canvas, light, setting, x)


def _horizon(canvas: Canvas, light: Light, setting: Setting, x: float) -> None:
    rng = canvas.rng
    base = canvas.vanish[1]
    if setting is Setting.COAST:
        canvas.stripe(0, base - 34, 1600, 60, mix((70, 140, 170), light.horizon, 0.3))
        canvas.stripe(0, base - 34, 1600, 4, mix((240, 250, 250), light.horizon, 0.4))
    peak = 190 if setting is Setting.HILLS else 110
    for share in (0.72, 0.5):
        ridge = [(0.0, base)]
        for n in range(17):
            ridge.append((n * 100.0, base - peak * share * rng.uniform(0.35, 1.0) * (1.25 - abs(n - x / 100) / 20)))
        canvas.shape([*ridge, (1600.0, base)], mix((72, 112, 110), light.horizon, share))
