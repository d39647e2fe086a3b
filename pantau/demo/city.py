"""The demo city: an invented regency by the sea with its districts, villages and roads."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from random import Random
from typing import Any, Final

from pantau.demo.chance import dice
from pantau.demo.coast import Land, draw_land
from pantau.demo.coverage import Village, draw_villages
from pantau.demo.names import REGENCY, common_names, place_names
from pantau.demo.plane import Point, geometry_in_degrees, to_degrees
from pantau.demo.roads import Road, draw_roads

REGENCY_CODE: Final = "99.01"
"""Kemendagri numbers provinces from 11 to 96: this one never meets a real code."""
_TOWN_REACH_M: Final = 4_000.0


class VillageKind(StrEnum):
    """What a village is by law: rural with an elected head, or urban with an appointed one."""

    DESA = "desa"
    KELURAHAN = "kelurahan"


@dataclass(frozen=True)
class City:
    """Everything drawn before anything happens. Positions are lon, lat in degrees."""

    name: str
    areas_geojson: dict[str, Any]
    """A FeatureCollection of villages with kode, nama, jenis, kode_ and nama_kecamatan, kode_ and nama_kabupaten."""
    roads: tuple[Road, ...]
    centre: Point
    """The town square."""


def draw_city(seed: int = 7) -> City:
    """The city of this seed: the same every time, byte for byte."""
    rng = dice("city", seed)
    land = draw_land(rng)
    villages = draw_villages(land, rng)
    districts, features = _features(villages, land, rng)
    roads = draw_roads(land, villages, districts, rng)
    areas = {"type": "FeatureCollection", "features": features}
    return City(f"Kabupaten {REGENCY}", areas, tuple(roads), to_degrees([land.town])[0])


the_city = lru_cache(maxsize=1)(draw_city)
"""The city, drawn once: who lays the ground tells the story on it."""


def _features(villages: list[Village], land: Land, rng: Random) -> tuple[list[str], list[dict[str, Any]]]:
    """District names by number, and a feature per village in the order of the codes."""
    fresh = place_names(rng)
    names = _village_names(villages, rng)
    seats = sorted((village.seat, village.district) for n, village in enumerate(villages) if village.hub == n)
    order = {number: place for place, (_, number) in enumerate(seats, start=1)}
    called = _district_names(villages, names, fresh, rng)
    features = []
    counted: Counter[tuple[int, VillageKind]] = Counter()
    numbered = sorted(
        (order[village.district], village.hub != n, village.seat, n) for n, village in enumerate(villages)
    )
    for *_, n in numbered:
        village = villages[n]
        kind = VillageKind.KELURAHAN if math.dist(village.seat, land.town) < _TOWN_REACH_M else VillageKind.DESA
        counted[village.district, kind] += 1
        district_code = f"{REGENCY_CODE}.{order[village.district]:02}"
        serial = (1000 if kind is VillageKind.KELURAHAN else 2000) + counted[village.district, kind]
        properties = {
            "kode": f"{district_code}.{serial}",
            "nama": names[n],
            "jenis": kind.value,
            "kode_kecamatan": district_code,
            "nama_kecamatan": called[village.district],
            "kode_kabupaten": REGENCY_CODE,
            "nama_kabupaten": f"Kabupaten {REGENCY}",
        }
        features.append({"type": "Feature", "properties": properties, "geometry": geometry_in_degrees(village.shape)})
    return [called[number] for number in range(len(called))], features


def _district_names(villages: list[Village], names: list[str], fresh: Iterator[str], rng: Random) -> dict[int, str]:
    """By district number: often the name of the seat's village, but no two alike; in town the regency's own."""
    called = {villages[0].district: REGENCY}
    for n, village in enumerate(villages):
        if village.hub == n and village.district not in called:
            own = rng.random() < 0.6 and names[n] not in called.values()
            called[village.district] = names[n] if own else next(name for name in fresh if name not in names)
    return called


def _village_names(villages: list[Village], rng: Random) -> list[str]:
    """A name per village, unique in its district; a few names come back in other districts."""
    fresh = place_names(rng)
    members: dict[int, list[int]] = {}
    for n, village in enumerate(villages):
        members.setdefault(village.district, []).append(n)
    names = [next(fresh) for _ in villages]
    for number in sorted(members):
        chosen = rng.sample(members[number], min(len(members[number]) - 1, rng.choice((0, 1, 1, 2))))
        for n, name in zip(chosen, common_names(rng, len(chosen)), strict=True):
            names[n] = name
    return names
