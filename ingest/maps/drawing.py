"""A map drawn as PNG: the area with its parts, incidents as symbols or counts, legend, scale and north."""

import io
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from PIL import Image, ImageDraw
from shapely.geometry.base import BaseGeometry

from geo.paper import Crowd, Frame, Paper, crowds
from ingest.maps import inks, symbols
from ingest.maps.inks import GROUPS, letters
from ingest.maps.sheet import Ground, Sheet

_FINER: Final = 2
"""Shapes are drawn so many times larger and then made smaller: their edges are smooth."""

_HEAD, _FOOT, _EDGE = 66, 54, 14
_RADIUS: Final = 6.5
_CROWD: Final = 38
_SYMBOLS: Final = 3
"""So many on one spot are still drawn as symbols side by side."""


def draw(sheet: Sheet) -> bytes:
    """The sheet as PNG. Takes some tens of milliseconds of a core and about 30 bytes a pixel."""
    return _Drawing(sheet).png()


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "_Box") -> bool:
        apart = self.right <= other.left or other.right <= self.left
        return not (apart or self.bottom <= other.top or other.bottom <= self.top)


class _Drawing:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.unit = sheet, sheet.scale
        self.size = sheet.width * self.unit, sheet.height * self.unit
        edge, head, foot = (self.unit * one for one in (_EDGE, _HEAD, _FOOT))
        frame = Frame(edge, head, self.size[0] - 2 * edge, self.size[1] - head - foot)
        self.frame = frame
        inner = Frame(frame.left + edge, frame.top + edge, frame.width - 2 * edge, frame.height - 2 * edge)
        west, south, east, north = shapely.total_bounds([one.shape for one in (sheet.area, *sheet.parts)]).tolist()
        self.paper = Paper.fitting((west, south, east, north), inner)
        marks = sheet.marks
        x, y = self.paper.pixels(marks.lons, marks.lats)
        # What lies beyond (a place that was corrected, borders that moved) is shown at the edge rather than not.
        x = np.clip(x, inner.left, inner.left + inner.width)
        y = np.clip(y, inner.top, inner.top + inner.height)
        self.crowds = crowds(x, y, marks.groups, marks.counts, of=len(GROUPS), px=_CROWD * self.unit)

    def png(self) -> bytes:
        image = self._shapes()
        pen = ImageDraw.Draw(image)
        for crowd in self.crowds:
            if crowd.number > _SYMBOLS:
                symbols.number(pen, crowd, _RADIUS * self.unit)
        self._labels(pen)
        self._head(pen)
        self._legend(pen)
        self._bar(pen)
        self._north(pen)
        held = io.BytesIO()
        image.save(held, "PNG", compress_level=6)
        return held.getvalue()

    def _shapes(self) -> Image.Image:
        large = Image.new("RGB", (self.size[0] * _FINER, self.size[1] * _FINER), inks.PAPER)
        pen = ImageDraw.Draw(large)
        frame = [_FINER * one for one in self._frame()]
        pen.rectangle(frame, fill=inks.BEYOND)
        for shape in self.sheet.neighbours:
            self._fill(pen, shape, inks.NEIGHBOUR)
            self._border(pen, shape, inks.PAPER, 1.0)
        self._fill(pen, self.sheet.area.shape, inks.LAND)
        for at, part in enumerate(self.sheet.parts):
            self._fill(pen, part.shape, inks.LAND_OTHER if at % 2 else inks.LAND)
        for part in self.sheet.parts:
            self._border(pen, part.shape, inks.BORDER_WITHIN, 0.8)
        self._border(pen, self.sheet.area.shape, inks.BORDER, 2.0)
        self._marks(pen)
        self._mask(pen, frame)
        return large.resize(self.size, Image.Resampling.BOX)

    def _marks(self, pen: ImageDraw.ImageDraw) -> None:
        radius = _RADIUS * self.unit * _FINER
        for crowd in self.crowds:
            large = Crowd(crowd.x * _FINER, crowd.y * _FINER, crowd.counts)
            if crowd.number > _SYMBOLS:
                symbols.crowd(pen, large, radius)
                continue
            groups = [GROUPS[at] for at, count in enumerate(crowd.counts) for _ in range(count)]
            for at, group in enumerate(groups):
                aside = (at - (len(groups) - 1) / 2) * radius * 1.7
                symbols.symbol(pen, large.x + aside, large.y, group, radius)

    def _mask(self, pen: ImageDraw.ImageDraw, frame: list[float]) -> None:
        """What reaches beyond the frame goes, and the frame gets its line."""
        wide, high = self.size[0] * _FINER, self.size[1] * _FINER
        left, top, right, bottom = frame
        for box in ((0, 0, wide, top), (0, bottom, wide, high), (0, 0, left, high), (right, 0, wide, high)):
            pen.rectangle(box, fill=inks.PAPER)
        pen.rectangle(frame, outline=inks.LINE, width=self.unit * _FINER)

    def _labels(self, pen: ImageDraw.ImageDraw) -> None:
        """The names of the parts that have room, the largest first; none over another or over a crowd."""
        taken = [self._box_of(crowd) for crowd in self.crowds]
        for part in sorted(self.sheet.parts, key=lambda one: -one.shape.area):
            font = letters((11.5 if len(self.sheet.parts) <= 40 else 9.5) * self.unit)
            (x,), (y,) = self.paper.pixels([part.label[0]], [part.label[1]])
            for aside in (0, -1.4, 1.4):
                at = (x, y + aside * font.size)
                box = _Box(*pen.textbbox(at, part.name, font, anchor="mm"))
                if box.right - box.left <= self._room(part) and self._is_free(box, taken):
                    taken.append(box)
                    halo = max(2, round(1.6 * self.unit))
                    pen.text(at, part.name, inks.LABEL, font, anchor="mm", stroke_width=halo, stroke_fill=inks.LAND)
                    break

    def _is_free(self, box: _Box, taken: list[_Box]) -> bool:
        left, top, right, bottom = self._frame()
        inside = box.left >= left and box.right <= right and box.top >= top and box.bottom <= bottom
        return inside and not any(box.meets(other) for other in taken)

    def _room(self, part: Ground) -> float:
        """The pixels that a name may be long: somewhat more than its area is wide."""
        west, _, east, _ = part.shape.bounds
        (left, right), _ = self.paper.pixels([west, east], [part.label[1]] * 2)
        return float(right - left) * 1.15

    def _box_of(self, crowd: Crowd) -> _Box:
        radius = _RADIUS * self.unit
        by = symbols.crowd_radius(crowd.number, radius) if crowd.number > _SYMBOLS else radius * crowd.number
        return _Box(crowd.x - by, crowd.y - by, crowd.x + by, crowd.y + by)

    def _head(self, pen: ImageDraw.ImageDraw) -> None:
        left, most = _EDGE * self.unit, self.size[0] - 2 * _EDGE * self.unit
        title = letters(20 * self.unit, bold=True)
        pen.text((left, 10 * self.unit), _cut(pen, self.sheet.title, title, most), inks.INK, title)
        below = letters(12 * self.unit)
        line = "   ·   ".join(self.sheet.lines)
        pen.text((left, 39 * self.unit), _cut(pen, line, below, most), inks.INK_QUIET, below)

    def _legend(self, pen: ImageDraw.ImageDraw) -> None:
        unit, font = self.unit, letters(11 * self.unit)
        x, y = float(_EDGE * unit), float(self.size[1] - (_FOOT - 16) * unit)
        for group, text in self.sheet.legend.items():
            wide = 22 * unit + pen.textlength(text, font) + 16 * unit
            if x + wide > self.size[0]:
                x, y = float(_EDGE * unit), y + 19 * unit
            symbols.symbol(pen, x + 8 * unit, y, group, 5.5 * unit)
            pen.text((x + 20 * unit, y), text, inks.INK, font, anchor="lm")
            x += wide
        foot = letters(9.5 * unit)
        at = (self.size[0] - _EDGE * unit, self.size[1] - 6 * unit)
        if x + pen.textlength(self.sheet.foot, foot) < at[0] or y < at[1] - 16 * unit:
            pen.text(at, self.sheet.foot, inks.INK_QUIET, foot, anchor="rb")

    def _bar(self, pen: ImageDraw.ImageDraw) -> None:
        unit = self.unit
        metres, long = self.paper.bar(min(130 * unit, self.frame.width / 3))
        text = f"{metres // 1000} km" if metres >= 1000 else f"{metres} m"
        left = self.frame.left + 12 * unit
        bottom = self.frame.top + self.frame.height - 12 * unit
        for width, ink in ((5 * unit, inks.PAPER), (2 * unit, inks.INK)):
            points = [
                (left, bottom - 6 * unit),
                (left, bottom),
                (left + long, bottom),
                (left + long, bottom - 6 * unit),
            ]
            pen.line(points, fill=ink, width=width)
        middle = (left + long / 2, bottom - 5 * unit)
        pen.text(middle, text, inks.INK, letters(10 * unit), anchor="mb", stroke_width=2 * unit, stroke_fill=inks.PAPER)

    def _north(self, pen: ImageDraw.ImageDraw) -> None:
        unit = self.unit
        x = self.frame.left + self.frame.width - 20 * unit
        y = self.frame.top + 18 * unit
        tip, foot, side = (x, y - 10 * unit), (x, y + 6 * unit), 7 * unit
        pen.polygon([tip, (x + side, y + 10 * unit), foot, (x - side, y + 10 * unit)], fill=inks.PAPER)
        pen.polygon([tip, (x + side, y + 10 * unit), foot], fill=inks.INK)
        pen.line([tip, (x - side, y + 10 * unit), foot, tip], fill=inks.INK, width=max(1, unit))
        font = letters(10 * unit, bold=True)
        pen.text(
            (x, y + 13 * unit),
            self.sheet.north,
            inks.INK,
            font,
            anchor="mt",
            stroke_width=2 * unit,
            stroke_fill=inks.PAPER,
        )

    def _frame(self) -> tuple[float, float, float, float]:
        frame = self.frame
        return frame.left, frame.top, frame.left + frame.width, frame.top + frame.height

    def _fill(self, pen: ImageDraw.ImageDraw, shape: BaseGeometry, ink: inks.Ink) -> None:
        for polygon in shapely.get_parts([shape]):
            pen.polygon(self._ring(polygon.exterior), fill=ink)
            for hole in polygon.interiors:
                pen.polygon(self._ring(hole), fill=inks.BEYOND)

    def _border(self, pen: ImageDraw.ImageDraw, shape: BaseGeometry, ink: inks.Ink, width: float) -> None:
        for ring in shapely.get_rings(shape):
            points = self._ring(ring)
            pen.line([*points, points[0]], fill=ink, width=round(width * self.unit * _FINER), joint="curve")

    def _ring(self, ring: BaseGeometry) -> list[tuple[float, float]]:
        places = shapely.get_coordinates(ring)
        x, y = self.paper.pixels(places[:, 0], places[:, 1])
        return [(float(at_x), float(at_y)) for at_x, at_y in zip(x * _FINER, y * _FINER, strict=True)]


def _cut(pen: ImageDraw.ImageDraw, text: str, font: inks.Letters, most: float) -> str:
    """The text, or as much of its beginning as fits."""
    if pen.textlength(text, font) <= most:
        return text
    while text and pen.textlength(f"{text}…", font) > most:
        text = text[:-1]
    return f"{text.rstrip()}…"
