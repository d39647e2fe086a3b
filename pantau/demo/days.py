"""The calendar of the story: working hours at UTC+7, the weather of each day, what goes wrong when and where."""

from datetime import UTC, datetime, timedelta, timezone
from random import Random
from typing import Final

from pantau.demo.chance import dice
from pantau.demo.drawing.light import Weather
from pantau.demo.drawing.street import Setting
from pantau.demo.scenes import Trouble

WIB: Final = timezone(timedelta(hours=7), "WIB")
AFTER_DARK: Final = frozenset({Trouble.STREETLIGHT, Trouble.HARASSMENT})

_COMMON: Final[dict[Trouble, int]] = {
    Trouble.RUBBISH: 10,
    Trouble.POTHOLE: 10,
    Trouble.ROAD_DAMAGE: 5,
    Trouble.STREETLIGHT: 6,
    Trouble.DRAIN_BLOCKED: 5,
    Trouble.FLOODING: 4,
    Trouble.FALLEN_TREE: 4,
    Trouble.ILLEGAL_DUMPING: 4,
    Trouble.WATER_LEAK: 3,
    Trouble.ROAD_MARKING: 2,
    Trouble.STRAY_ANIMAL: 2,
    Trouble.BRIDGE_DAMAGE: 1,
    Trouble.PUBLIC_ORDER: 1,
    Trouble.BUILDING_VIOLATION: 1,
    Trouble.ILLEGAL_LEVY: 1,
    Trouble.HARASSMENT: 1,
}
_LOCAL: Final[dict[Setting, dict[Trouble, int]]] = {
    Setting.TOWN: {
        Trouble.SIDEWALK_PARKING: 22,
        Trouble.ILLEGAL_PARKING: 10,
        Trouble.SIDEWALK_VENDOR: 10,
        Trouble.SIDEWALK_DAMAGE: 7,
        Trouble.ILLEGAL_BANNER: 7,
        Trouble.TRAFFIC_LIGHT: 3,
        Trouble.PUBLIC_FACILITY: 3,
    },
    Setting.KAMPUNG: {Trouble.POTHOLE: 8, Trouble.ILLEGAL_BANNER: 3, Trouble.STRAY_ANIMAL: 3},
    Setting.COAST: {Trouble.FLOODING: 5, Trouble.ILLEGAL_DUMPING: 5, Trouble.BUILDING_VIOLATION: 3},
    Setting.HILLS: {Trouble.DISASTER: 6, Trouble.FALLEN_TREE: 6, Trouble.BRIDGE_DAMAGE: 4, Trouble.ROAD_DAMAGE: 6},
}


def trouble_at(setting: Setting, rng: Random) -> Trouble:
    """What goes wrong in such a place."""
    weights = {**_COMMON}
    for trouble, weight in _LOCAL[setting].items():
        weights[trouble] = weights.get(trouble, 0) + weight
    return rng.choices(list(weights), list(weights.values()))[0]


def moment(start: datetime, end: datetime, trouble: Trouble, rng: Random) -> datetime:
    """A time between two others at an hour at which officers are out: 6 to 17, or 18:30 to 21 for what needs the dark.

    Where no such hour is left before `end`, the last quarter of an hour before it.
    """
    first, last = (18.5, 21.0) if trouble in AFTER_DARK else (6.0, 17.3)
    for _ in range(40):
        day = (start + (end - start) * rng.random()).astimezone(WIB).replace(hour=0, minute=0, second=0, microsecond=0)
        found = day + timedelta(seconds=round(3_600 * rng.triangular(first, last, first + (last - first) * 0.3)))
        if start <= found <= end:
            return found
    return (end - timedelta(seconds=rng.randrange(60, 900))).astimezone(WIB).replace(microsecond=0)


def working_hour(at: datetime, dark: bool, rng: Random) -> datetime:
    """This time, or the next at which people are at work: 7:30 to 16:30, or 18:45 to 20:45 for what needs the dark."""
    first, last = (18.75, 20.75) if dark else (7.5, 16.5)
    local = at.astimezone(WIB).replace(microsecond=0)
    if first <= local.hour + local.minute / 60 <= last:
        return local.astimezone(UTC)
    day = local + timedelta(days=1) if local.hour + local.minute / 60 > last else local
    start = day.replace(hour=0, minute=0, second=0) + timedelta(hours=first)
    return (start + timedelta(seconds=rng.randrange(5_400))).astimezone(UTC)


def weather(at: datetime, trouble: Trouble, seed: int) -> Weather:
    """The weather of a day's morning or afternoon; floods come with rain."""
    if trouble is Trouble.FLOODING:
        return Weather.RAIN
    local = at.astimezone(WIB)
    skies = (Weather.CLEAR, Weather.CLEAR, Weather.CLOUDY, Weather.CLOUDY, Weather.OVERCAST, Weather.RAIN)
    return dice(seed, local.date(), local.hour // 12).choice(skies)


def hour(at: datetime) -> float:
    """The local hour of the day, 0 to 24."""
    local = at.astimezone(WIB)
    return local.hour + local.minute / 60
