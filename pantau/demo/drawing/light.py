"""Weather and hour: the colours of the sky, of the air and of everything under it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

Colour = tuple[int, int, int]


class Weather(StrEnum):
    """What the sky does."""

    CLEAR = "clear"
    CLOUDY = "cloudy"
    OVERCAST = "overcast"
    RAIN = "rain"


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """`share` of b in a."""
    return (
        round(a[0] + (b[0] - a[0]) * share),
        round(a[1] + (b[1] - a[1]) * share),
        round(a[2] + (b[2] - a[2]) * share),
    )


@dataclass(frozen=True)
class Light:
    """How a scene is lit. `tint` multiplies every channel; `dark` is 0 by day and 1 at night."""

    zenith: Colour
    horizon: Colour
    tint: tuple[float, float, float]
    dark: float

    @property
    def haze(self) -> Colour:
        """The colour of far things before the tint."""
        return mix(self.horizon, (190, 200, 205), 0.3)


# hour: sky above, sky at the horizon, tint, darkness
_HOURS: Final[tuple[tuple[float, Colour, Colour, tuple[float, float, float], float], ...]] = (
    (0.0, (16, 22, 48), (34, 42, 74), (0.44, 0.47, 0.68), 1.0),
    (5.0, (34, 44, 84), (140, 112, 120), (0.50, 0.48, 0.60), 0.7),
    (6.2, (110, 156, 204), (250, 212, 168), (1.02, 0.93, 0.84), 0.0),
    (9.0, (92, 166, 222), (206, 230, 238), (1.0, 1.0, 0.98), 0.0),
    (15.0, (84, 158, 216), (208, 228, 232), (1.02, 1.0, 0.95), 0.0),
    (17.0, (108, 142, 190), (252, 204, 142), (1.05, 0.90, 0.74), 0.0),
    (18.0, (60, 58, 104), (240, 140, 98), (0.80, 0.66, 0.68), 0.45),
    (19.0, (18, 24, 52), (44, 46, 80), (0.46, 0.48, 0.68), 1.0),
    (24.0, (16, 22, 48), (34, 42, 74), (0.44, 0.47, 0.68), 1.0),
)

_GREY: Final = {Weather.CLEAR: 0.0, Weather.CLOUDY: 0.15, Weather.OVERCAST: 0.7, Weather.RAIN: 0.85}


def light_at(hour: float, weather: Weather) -> Light:
    """The light of an hour of the day, 0 to 24, near the equator."""
    after = next(n for n, row in enumerate(_HOURS) if row[0] >= hour)
    first, last = _HOURS[max(0, after - 1)], _HOURS[after]
    share = (hour - first[0]) / (last[0] - first[0]) if last is not first else 0.0
    zenith, horizon = mix(first[1], last[1], share), mix(first[2], last[2], share)
    red, green, blue = (a + (b - a) * share for a, b in zip(first[3], last[3], strict=True))
    dark = first[4] + (last[4] - first[4]) * share
    grey = _GREY[weather]
    cover: Colour = mix((176, 184, 190), (26, 30, 42), dark)
    dim = 1 - 0.16 * grey
    mean = (red + green + blue) / 3
    flat = [(channel + (mean - channel) * grey * 0.6) * dim for channel in (red, green, blue)]
    tint = (flat[0], flat[1], flat[2])
    return Light(mix(zenith, mix(cover, (0, 0, 0), 0.12), grey), mix(horizon, cover, grey), tint, dark)
