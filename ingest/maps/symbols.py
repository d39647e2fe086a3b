"""Symbols of incidents on a drawn map: the shape says the state as the colour does, so that grey paper tells it too."""

import math
from typing import Final

from PIL import ImageDraw

from cases.words import IncidentKind, Status
from geo.paper import Crowd
from ingest.maps.inks import GROUPS, INK, INKS, PAPER, Group, letters

_CORNERS: Final[dict[Group, tuple[int, float]]] = {
    # How many corners, and how far the first is turned from the right, in degrees.
    Status.VERIFIED: (4, 0),
    Status.IN_PROGRESS: (3, -90),
    Status.RESOLVED: (4, 45),
    Status.REJECTED: (6, 0),
    Status.DUPLICATE: (5, -90),
    IncidentKind.OUTAGE: (3, 90),
}
_LARGER: Final = {3: 1.3, 4: 1.15}
"""Shapes of few corners look smaller than a disc."""


def symbol(draw: ImageDraw.ImageDraw, x: float, y: float, group: Group, radius: float) -> None:
    """One incident."""
    for by, ink in ((radius * 1.28, PAPER), (radius, INKS[group])):
        if group is IncidentKind.PHOTO:
            box = (x - by, y - by * 0.78, x + by, y + by * 0.78)
            draw.rounded_rectangle(box, by * 0.35, fill=ink)
        elif group in _CORNERS:
            number, turn = _CORNERS[group]
            draw.polygon(_corners(x, y, by * _LARGER.get(number, 1.05), number, turn), fill=ink)
        else:
            draw.ellipse((x - by, y - by, x + by, y + by), fill=ink)
    if group is IncidentKind.PHOTO:
        lens = radius * 0.4
        draw.ellipse((x - lens, y - lens, x + lens, y + lens), fill=PAPER)


def crowd_radius(number: int, radius: float) -> float:
    """How large a crowd is drawn: it grows with its number, slowly."""
    return radius * (1.7 + 0.35 * math.log10(number))


def crowd(draw: ImageDraw.ImageDraw, of: Crowd, radius: float) -> None:
    """A ring with a share for each group, round its number (which `number` writes when the picture has its size)."""
    outer = crowd_radius(of.number, radius)
    draw.ellipse(_around(of, outer * 1.1), fill=PAPER)
    start = -90.0
    for group, count in zip(GROUPS, of.counts, strict=True):
        if count:
            end = start + 360 * count / of.number
            draw.pieslice(_around(of, outer), start, end, fill=INKS[group])
            start = end
    draw.ellipse(_around(of, outer * 0.72), fill=PAPER)


def number(draw: ImageDraw.ImageDraw, of: Crowd, radius: float) -> None:
    """The crowd's number in its middle, as large as fits."""
    text = told(of.number)
    font = letters(radius * (1.15 if len(text) < 3 else 3.0 / len(text)), bold=True)
    draw.text((of.x, of.y), text, INK, font, anchor="mm")


def told(count: int) -> str:
    """A count in at most four signs: 9999, 15k, 2M."""
    if count < 10_000:
        return str(count)
    return f"{count // 1_000}k" if count < 1_000_000 else f"{count // 1_000_000}M"


def _corners(x: float, y: float, radius: float, number: int, turn: float) -> list[tuple[float, float]]:
    angles = [math.radians(turn + 360 * at / number) for at in range(number)]
    return [(x + radius * math.cos(angle), y + radius * math.sin(angle)) for angle in angles]


def _around(of: Crowd, radius: float) -> tuple[float, float, float, float]:
    return of.x - radius, of.y - radius, of.x + radius, of.y + radius
