"""The inks and letters of drawn maps: those of the pages by day (web/src/style/tokens.css, web/src/map/palette.ts)."""

from functools import lru_cache
from importlib.resources import files
from typing import Final

from PIL import ImageFont

from cases.words import IncidentKind, Status

Ink = tuple[int, int, int]
Letters = ImageFont.FreeTypeFont
Group = Status | IncidentKind
"""What a symbol stands for: the state of a complaint, or the kind of what has none."""

PAPER: Final[Ink] = (255, 254, 251)
BEYOND: Final[Ink] = (221, 231, 232)
LAND: Final[Ink] = (250, 248, 240)
LAND_OTHER: Final[Ink] = (241, 237, 223)
NEIGHBOUR: Final[Ink] = (231, 230, 222)
BORDER: Final[Ink] = (96, 125, 117)
BORDER_WITHIN: Final[Ink] = (196, 192, 174)
INK: Final[Ink] = (20, 32, 30)
INK_QUIET: Final[Ink] = (93, 103, 95)
LABEL: Final[Ink] = (44, 74, 71)
LINE: Final[Ink] = (222, 218, 208)

INKS: Final[dict[Group, Ink]] = {
    Status.RECEIVED: (166, 75, 0),
    Status.VERIFIED: (28, 91, 184),
    Status.IN_PROGRESS: (112, 56, 168),
    Status.RESOLVED: (28, 116, 57),
    Status.REJECTED: (91, 103, 100),
    Status.DUPLICATE: (95, 86, 128),
    IncidentKind.PHOTO: (61, 90, 102),
    IncidentKind.OUTAGE: (179, 38, 30),
}
GROUPS: Final = tuple(INKS)


@lru_cache(maxsize=32)
def letters(px: float, *, bold: bool = False) -> Letters:
    """The typeface of letters and maps (Bitstream Vera, free, which reportlab brings along) in this size."""
    return ImageFont.truetype(str(files("reportlab") / "fonts" / ("VeraBd.ttf" if bold else "Vera.ttf")), px)
