"""What a demo camera sees: its own street from a pole, by the light of the hour, with the traffic of the moment."""

import io
import math
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Final

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from pantau.demo.cameras.posts import Fare, Post
from pantau.demo.chance import dice
from pantau.demo.days import hour, weather
from pantau.demo.drawing.canvas import OVERSAMPLING, Canvas
from pantau.demo.drawing.finish import develop
from pantau.demo.drawing.houses import line_street, poles
from pantau.demo.drawing.light import light_at
from pantau.demo.drawing.street import KERB_M, ROAD, WALK, Street, pave, sky
from pantau.demo.drawing.vehicles import car, motorcycle, person
from pantau.demo.drawing.walk_troubles import rubbish, sidewalk_parking, sidewalk_vendor
from pantau.demo.mark import SEED
from pantau.demo.scenes import Trouble

SIZE: Final = (1280, 960)
_POLE_M: Final = 3.4
_VANISH: Final = (820.0, 330.0)
_BLACK: Final = 0.03
_BLUR: Final = 14
"""Pixels of the picture that is drawn."""
_GRAIN: Final = 2
"""Times that of a phone: with less, a street without traffic is as still as a frozen one."""
_BEYOND_M: Final = 13.0
"""Where the troubles of the sidewalk end."""
_TURN: Final = (-330.0, 70.0)
"""How far a knock has turned a camera, in pixels of the picture that is drawn."""


def picture(post: Post, now: datetime) -> bytes:
    """The JPEG (1280 x 960) that this camera shows at `now` (aware, local time), whatever is wrong with its network."""
    frozen = now.replace(hour=9, minute=12, second=30, microsecond=0) - timedelta(days=now.day)
    moment = frozen if post.fare is Fare.FROZEN else now
    image = _street(post, moment).resize(SIZE, Image.Resampling.BILINEAR)
    if post.fare is Fare.DARK:
        image = image.point([round(level * _BLACK) for level in range(256)] * 3)
    _stamp(image, f"KAMERA {post.number:02}   {moment:%Y-%m-%d %H:%M:%S}")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def _street(post: Post, now: datetime) -> Image.Image:
    """The street at 1600 x 1200: houses and trees are the camera's own, the sky the hour's, traffic the moment's."""
    air = weather(now, Trouble.SIDEWALK_PARKING, SEED)
    light = light_at(hour(now), air)
    x, y = _VANISH
    turn = _TURN if post.fare is Fare.TURNED else (0.0, 0.0)
    canvas = Canvas(dice(post.seed, "view"), light.haze, (x + turn[0], y + turn[1]), eye_m=_POLE_M)
    street = Street(canvas, along=True, setting=post.setting, weather=air)
    canvas.rng = dice(post.seed, "sky", f"{now:%Y-%m-%d %H}")
    sky(canvas, light, air, post.setting)
    canvas.rng = dice(post.seed, "road")
    pave(street)
    canvas.rng = dice(post.seed, "houses")
    line_street(street, light)
    poles(street)
    canvas.rng = dice(post.seed, "traffic", f"{now:%Y-%m-%d %H:%M:%S}")
    near = _far_traffic(street, now)
    canvas.rng = dice(post.seed, "sidewalk", now.date(), now.hour // 3)
    _sidewalk(street, canvas.rng)
    for put in near:
        put()
    if post.fare is Fare.BLURRED:
        # Before the grain, which is the sensor's, not the lens's: a picture without any would be a frozen one.
        canvas.image = canvas.image.filter(ImageFilter.GaussianBlur(_BLUR * OVERSAMPLING))
    return develop(canvas, light, air, post.seed + int(now.timestamp()), grain=_GRAIN)


def _sidewalk(street: Street, rng: Random) -> None:
    """For some hours now and then, what complaints are about."""
    chance = rng.random()
    if chance < 0.14:
        sidewalk_parking(street, False)
    elif chance < 0.22:
        rubbish(street, False)
    elif chance < 0.28:
        sidewalk_vendor(street, False)


def _far_traffic(street: Street, now: datetime) -> list[Callable[[], None]]:
    """Draws what moves beyond the troubles of the sidewalk, the farthest first; what is nearer is to be drawn after.

    Cars, motorcycles and people, more of them around seven and five.
    """
    rng, at = street.rng, hour(now)
    rush = math.exp(-((at - 7.2) ** 2) / 3) + math.exp(-((at - 17.2) ** 2) / 4)
    busy = 0.15 + (0.45 + rush if 5 < at < 22 else 0.1)
    things: list[tuple[float, Callable[[], None]]] = []
    for u in _apart(rng, 1.7 * busy, (11, 46), 7):
        things.append((u, partial(car, street, (u, ROAD[0] + rng.choice((0.7, 3.9))))))
    for u in _apart(rng, 3.0 * busy, (8, 34), 2.6):
        a = rng.uniform(ROAD[0] + 0.5, ROAD[1] - 0.6)
        things.append((u, partial(motorcycle, street, (u, a), flip=a > sum(ROAD) / 2)))
    for u in _apart(rng, 2.2 * busy, (_BEYOND_M, 30), 1.2):
        a = rng.uniform(WALK[0] + 0.5, WALK[1] - 0.3)
        things.append((u, partial(person, street, (u, a), KERB_M, headscarf=rng.random() < 0.5)))
    things.sort(key=lambda thing: -thing[0])
    for u, put in things:
        if u >= _BEYOND_M:
            put()
    return [put for u, put in things if u < _BEYOND_M]


def _apart(rng: Random, mean: float, between: tuple[float, float], least: float) -> list[float]:
    """Places along the street, `least` metres apart: a number of them as of things that come one by one (Poisson)."""
    found: list[float] = []
    left = mean
    while (left := left - rng.expovariate(1)) > 0:
        u = rng.uniform(*between)
        if all(abs(u - other) >= least for other in found):
            found.append(u)
    return found


def _stamp(image: Image.Image, words: str) -> None:
    """The camera's name and clock, as they are burnt in."""
    font = ImageFont.load_default(26)
    ImageDraw.Draw(image).text((24, 18), words, (245, 245, 240), font, stroke_width=2, stroke_fill=(20, 20, 20))
