"""The photographers: which photo an officer takes of a trouble, and what the phone knows of its place."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

from pantau.demo import captions
from pantau.demo.acts import SendPhoto
from pantau.demo.days import WIB, hour, weather
from pantau.demo.drawing.light import Weather
from pantau.demo.phone import MAKERS, Fix, Shot
from pantau.demo.places import Gazetteer, Place
from pantau.demo.plane import Point
from pantau.demo.scenes import Scene, Trouble

_ASTRAY: Final[tuple[Point, ...]] = ((112.7521, -7.2575), (106.8272, -6.1754), (0.0, 0.0), (113.21, -8.72))
"""Where phones wrongly believe to be: two other cities, nowhere, and out at sea."""


class Photographers:
    """The officers on their beats."""

    def __init__(self, gazetteer: Gazetteer, seed: int, now: datetime, officers: int) -> None:
        self._gazetteer, self._seed, self._now, self._officers = gazetteer, seed, now, officers

    def beat(self, place: Place, rng: Random) -> int:
        """The officer whose district it is, or anyone in passing."""
        if rng.random() < 0.25:
            return rng.randint(1, self._officers)
        return int(place.village_code.split(".")[2]) % self._officers + 1

    def colleague(self, officer: int) -> int:
        """The next officer."""
        return officer % self._officers + 1

    def opening(self, trouble: Trouble, place: Place, taken: datetime, officer: int, rng: Random) -> SendPhoto:
        """The first photo of a trouble, with a place from the phone, by hand, both at odds, or none."""
        fix, pin = self._position(place, rng)
        # Off the network, photos wait in the phone: some for minutes, some until the evening.
        waited = rng.expovariate(1 / 240) if rng.random() < 0.85 else rng.uniform(3_600, 20_000)
        sent = min(taken + timedelta(seconds=20 + round(waited)), self._now)
        return SendPhoto(
            at=sent.astimezone(UTC),
            officer=officer,
            scene=Scene(trouble, place.setting, weather(taken, trouble, self._seed), hour(taken)),
            seed=rng.randrange(1_000_000),
            shot=Shot(taken.astimezone(WIB), *MAKERS[officer % len(MAKERS)], fix),
            caption=captions.seen(trouble, place.words, rng),
            category=trouble,
            report=True,
            place=(place.lon, place.lat),
            village_code=place.village_code,
            pin=pin,
        )

    def second(self, first: SendPhoto, opened: int, place: Place, taken: datetime, rng: Random) -> SendPhoto:
        """The same trouble by a colleague, a step aside, on a phone that knows its place."""
        officer = self.colleague(first.officer)
        lon, lat = self._gazetteer.beside(place, rng.uniform(3, 20), rng)
        fix = Fix(lon, lat, round(rng.triangular(3, 20, 5), 1), place.bearing)
        return replace(
            first,
            at=max(first.at, taken.astimezone(UTC)) + timedelta(seconds=rng.randrange(15, 90)),
            officer=officer,
            scene=replace(first.scene, view=rng.randint(1, 9), hour=hour(taken)),
            shot=Shot(taken.astimezone(WIB), *MAKERS[officer % len(MAKERS)], fix),
            caption=captions.again(place.words, rng),
            category=first.category if rng.random() < 0.8 else None,
            pin=None,
            about=opened,
        )

    def after(self, first: SendPhoto, opened: int, place: Place, at: datetime, rng: Random) -> SendPhoto:
        """The same view some minutes before `at`, with the trouble gone."""
        taken = (at - timedelta(seconds=rng.randrange(360, 1_500))).astimezone(WIB)
        trouble = first.scene.trouble
        sky = Weather.CLOUDY if trouble is Trouble.FLOODING else weather(taken, trouble, self._seed)
        lon, lat = self._gazetteer.beside(place, rng.uniform(1, 8), rng)
        return replace(
            first,
            at=at - timedelta(seconds=rng.randrange(60, 300)),
            scene=replace(first.scene, solved=True, hour=hour(taken), weather=sky),
            shot=replace(first.shot, taken_at=taken, fix=Fix(lon, lat, 6.0, place.bearing)),
            caption=captions.after(place.words, rng),
            report=False,
            pin=None,
            about=opened,
        )

    def _position(self, place: Place, rng: Random) -> tuple[Fix | None, Point | None]:
        """What the phone's receiver says, and the pin set by hand."""
        bearing = round((place.bearing + rng.choice((0, 180)) + rng.gauss(0, 12)) % 360, 1)
        error = round(rng.triangular(3, 28, 6), 1)
        chance = rng.random()
        if chance < 0.09:
            return None, self._gazetteer.beside(place, 6 * rng.random(), rng)
        if chance < 0.13:
            return None, None
        if chance < 0.20:
            pin = (place.lon, place.lat) if rng.random() < 0.5 else None
            return Fix(*rng.choice(_ASTRAY), error, bearing), pin
        return Fix(*self._gazetteer.beside(place, min(error, 18) * rng.random(), rng), error, bearing), None
