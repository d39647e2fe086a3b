"""Drawn photos: a trouble in a street, or the same street after it was put right."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pantau.demo.chance import dice
from pantau.demo.drawing.canvas import Canvas
from pantau.demo.drawing.finish import develop, jpeg
from pantau.demo.drawing.high_troubles import (
    bridge_damage,
    building_violation,
    disaster,
    harassment,
    illegal_banner,
    illegal_levy,
    road_marking,
    streetlight,
    traffic_light,
)
from pantau.demo.drawing.houses import line_street, poles
from pantau.demo.drawing.light import Weather, light_at
from pantau.demo.drawing.road_troubles import (
    fallen_tree,
    flooding,
    illegal_parking,
    pothole,
    public_order,
    road_damage,
    stray_animal,
    water_leak,
)
from pantau.demo.drawing.street import Setting, Street, pave, sky
from pantau.demo.drawing.walk_troubles import (
    drain_blocked,
    illegal_dumping,
    public_facility,
    rubbish,
    sidewalk_damage,
    sidewalk_parking,
    sidewalk_vendor,
)
from pantau.demo.phone import Shot, exif


class Trouble(StrEnum):
    """What can be drawn, by the code of its category in the catalogue."""

    SIDEWALK_PARKING = "sidewalk_parking"
    ILLEGAL_PARKING = "illegal_parking"
    SIDEWALK_VENDOR = "sidewalk_vendor"
    SIDEWALK_DAMAGE = "sidewalk_damage"
    RUBBISH = "rubbish"
    ILLEGAL_DUMPING = "illegal_dumping"
    POTHOLE = "pothole"
    ROAD_DAMAGE = "road_damage"
    ROAD_MARKING = "road_marking"
    TRAFFIC_LIGHT = "traffic_light"
    STREETLIGHT = "streetlight"
    FLOODING = "flooding"
    DRAIN_BLOCKED = "drain_blocked"
    FALLEN_TREE = "fallen_tree"
    ILLEGAL_BANNER = "illegal_banner"
    WATER_LEAK = "water_leak"
    BRIDGE_DAMAGE = "bridge_damage"
    PUBLIC_FACILITY = "public_facility"
    BUILDING_VIOLATION = "building_violation"
    STRAY_ANIMAL = "stray_animal"
    PUBLIC_ORDER = "public_order"
    DISASTER = "disaster"
    ILLEGAL_LEVY = "illegal_levy"
    HARASSMENT = "harassment"


_PAINTERS: Final[dict[Trouble, Callable[[Street, bool], None]]] = {
    Trouble.SIDEWALK_PARKING: sidewalk_parking,
    Trouble.ILLEGAL_PARKING: illegal_parking,
    Trouble.SIDEWALK_VENDOR: sidewalk_vendor,
    Trouble.SIDEWALK_DAMAGE: sidewalk_damage,
    Trouble.RUBBISH: rubbish,
    Trouble.ILLEGAL_DUMPING: illegal_dumping,
    Trouble.POTHOLE: pothole,
    Trouble.ROAD_DAMAGE: road_damage,
    Trouble.ROAD_MARKING: road_marking,
    Trouble.TRAFFIC_LIGHT: traffic_light,
    Trouble.STREETLIGHT: streetlight,
    Trouble.FLOODING: flooding,
    Trouble.DRAIN_BLOCKED: drain_blocked,
    Trouble.FALLEN_TREE: fallen_tree,
    Trouble.ILLEGAL_BANNER: illegal_banner,
    Trouble.WATER_LEAK: water_leak,
    Trouble.BRIDGE_DAMAGE: bridge_damage,
    Trouble.PUBLIC_FACILITY: public_facility,
    Trouble.BUILDING_VIOLATION: building_violation,
    Trouble.STRAY_ANIMAL: stray_animal,
    Trouble.PUBLIC_ORDER: public_order,
    Trouble.DISASTER: disaster,
    Trouble.ILLEGAL_LEVY: illegal_levy,
    Trouble.HARASSMENT: harassment,
}


_LOW: Final = frozenset({Trouble.DRAIN_BLOCKED, Trouble.SIDEWALK_DAMAGE, Trouble.FLOODING})
"""Flat on the ground: legible only along the street."""
_ROADSIDE_M: Final = 9.0
_ROADSIDE: Final = frozenset(
    {
        Trouble.SIDEWALK_PARKING,
        Trouble.SIDEWALK_VENDOR,
        Trouble.RUBBISH,
        Trouble.ILLEGAL_DUMPING,
        Trouble.ILLEGAL_BANNER,
        Trouble.PUBLIC_FACILITY,
        Trouble.BUILDING_VIOLATION,
        Trouble.HARASSMENT,
    }
)
"""Across the street one steps closer to these."""


@dataclass(frozen=True)
class Scene:
    """What a photo shows. The same seed with other light, state or view is the same street again."""

    trouble: Trouble
    setting: Setting
    weather: Weather
    hour: float
    """Of the day in local time, 0 to 24: decides the light."""
    solved: bool = False
    view: int = 0
    """0 is the first photographer's view; others stand a step aside."""


def draw_photo(scene: Scene, seed: int, shot: Shot | None = None) -> bytes:
    """The scene as a JPEG of 1600 x 1200, with the EXIF of `shot` or none. Same arguments, same bytes."""
    plan = dice(seed, "plan")
    along, mirrored = plan.random() < 0.5 or scene.trouble in _LOW, plan.random() < 0.5
    light = light_at(scene.hour, scene.weather)
    vanish = (plan.uniform(780, 900), plan.uniform(470, 520)) if along else (800.0, plan.uniform(630, 670))
    aside = dice(seed, "view", scene.view)
    step = (aside.uniform(-70, 70), aside.uniform(-30, 30)) if scene.view else (0.0, 0.0)
    canvas = Canvas(aside, light.haze, (vanish[0] + step[0], vanish[1] + step[1]), mirrored and along)
    street = Street(canvas, along, scene.setting, scene.weather)
    if scene.trouble in _ROADSIDE:
        street.back = _ROADSIDE_M

    canvas.rng = dice(seed, "sky", scene.weather, int(scene.hour))
    sky(canvas, light, scene.weather, scene.setting)
    canvas.rng = dice(seed, "road")
    pave(street)
    canvas.rng = dice(seed, "houses")
    line_street(street, light)
    poles(street)
    canvas.rng = dice(seed, "trouble")
    _PAINTERS[scene.trouble](street, scene.solved)
    canvas.rng = dice(seed, "rain", scene.view)
    return jpeg(develop(canvas, light, scene.weather, seed + scene.view), exif(shot) if shot else None)
