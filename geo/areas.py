"""Administrative areas and their codes: a code says its level and where it stands in the tree.

Two ways of writing are known, and a code is kept as its source gives it:

- Kemendagri, with dots: `35.10` regency, `35.10.21` district, `35.10.21.1002` village
  (Kepmendagri 300.2.2-2138/2025; the last part begins with 1 for a kelurahan, 2 for a desa);
- BPS, digits only: `3510` regency, `3510210` district, `3510210002` village.

The numbers of one are not those of the other: only a table of both can translate them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from shapely import MultiPolygon, Polygon

_CODE = re.compile(
    r"(?P<dotted>[0-9][0-9]\.[0-9][0-9](?:\.[0-9][0-9](?:\.[0-9]{4})?)?)|(?P<digits>[0-9]{4}(?:[0-9]{3}){0,2})"
)
_DOTTED_LENGTHS = (5, 8, 13)
_DIGITS_LENGTHS = (4, 7, 10)


class Level(StrEnum):
    """How deep in the tree an area stands."""

    REGENCY = "regency"
    DISTRICT = "district"
    VILLAGE = "village"


LEVELS = tuple(Level)


class CodeInvalid(ValueError):
    """A text that is no area's code."""


class AreaUnknown(LookupError):
    """A code that no known area carries."""


@dataclass(frozen=True, slots=True)
class Area:
    """An administrative area with its ground.

    `geometry` is valid and in degrees (lon, lat); `label` (lon, lat) lies inside it, away from its
    borders; `area_m2` is true on the ellipsoid; `bbox` is west, south, east, north. `parent` is the
    code one level up, None for a regency; `kind` is what it is called there (desa, kelurahan).
    """

    code: str
    name: str
    level: Level
    parent: str | None
    kind: str | None
    geometry: Polygon | MultiPolygon
    label: tuple[float, float]
    area_m2: float
    bbox: tuple[float, float, float, float]


def level_of(code: str) -> Level:
    """The level a code stands on. CodeInvalid if it is no area's code."""
    return LEVELS[_lengths(code).index(len(code))]


def parent_code(code: str) -> str | None:
    """The code one level up: `35.10.21` for `35.10.21.1002`, None for a regency. CodeInvalid for no area's code."""
    lengths = _lengths(code)
    depth = lengths.index(len(code))
    return code[: lengths[depth - 1]] if depth else None


def path(code: str) -> tuple[str, ...]:
    """The codes from the regency down to this one, itself included. CodeInvalid if it is no area's code."""
    return tuple(code[:length] for length in _lengths(code) if length <= len(code))


def is_within(code: str, ancestor: str) -> bool:
    """Whether an area is the other one or lies below it. CodeInvalid if `code` is no area's code."""
    return ancestor in path(code)


def span(code: str) -> tuple[str, str]:
    """The range of codes, its end excluded, that holds this one and all below it, ordered by bytes."""
    return code, code + ("/" if "." in code else ":")  # what comes right after a dot, and after the digits


def kind_of(code: str) -> str | None:
    """What a village is called, by the first digit of its own part of a dotted code; None where the code is silent."""
    if level_of(code) is not Level.VILLAGE or "." not in code:
        return None
    return {"1": "kelurahan", "2": "desa", "3": "desa adat"}.get(code[9])


def _lengths(code: str) -> tuple[int, int, int]:
    found = _CODE.fullmatch(code)
    if not found:
        raise CodeInvalid(f"{code!r} is no area's code: write it like 35.10.21.1002 (Kemendagri) or 3510210002 (BPS)")
    return _DOTTED_LENGTHS if found["dotted"] else _DIGITS_LENGTHS
