"""What goes on a drawn map: the area and its parts, what is asked of them, in words of the reader's language."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from cases.access import Sight
from cases.dates import spoken
from cases.incidents import Question
from cases.sentences import sentence
from cases.words import IncidentKind, Status
from geo.areas import Area, path
from geo.cells import ZOOM
from geo.index import AreaIndex
from geo.paper import Frame, Paper, middles
from ingest.maps.inks import GROUPS, Group
from ingest.maps.sheet import Ground, Marks, Sheet
from ingest.parts import Parts
from storage import counts
from storage.rollups.cells import Group as Counted
from storage.rollups.cells import cells

_EVERYWHERE: Final = (0, (1 << 2 * ZOOM) - 1)
_APART_PX: Final = 2.0
"""What lies closer together than this is one place."""

_MOST_NEIGHBOURS: Final = 60


@dataclass(frozen=True, slots=True)
class Format:
    """How a map is wanted: pixels, how many of them stand for one, whose city, in which language."""

    width: int
    height: int
    scale: int
    city: str
    language: str


def lay(parts: Parts, code: str, question: Question, sight: Sight, wanted: Format) -> Sheet:
    """The sheet of an area with the incidents that answer the question and exist for `sight`.

    Every incident is on it: with a place as a mark, without one as a number in words. AreaUnknown for no such area.
    """
    index, now = parts.areas.index(), parts.clock()
    area = index.area(code)
    paper = Paper.fitting(area.bbox, Frame(0, 0, wanted.width * wanted.scale, wanted.height * wanted.scale))
    question = replace(question, area=code)
    marks, number = _marks(parts, question, sight, now, paper.cell_level(_APART_PX))
    ground = _Ground(index, area, paper)
    return Sheet(
        title=area.name,
        lines=tuple(_lines(parts, index, area, question, wanted.language)) + tuple(_numbers(number, marks, wanted)),
        area=ground.whole,
        parts=ground.parts,
        neighbours=ground.neighbours,
        marks=marks,
        legend={group: f"{_word(group, wanted.language)} {count}" for group, count in marks.by_group.items()},
        foot=f"Pantau · {wanted.city}" if wanted.city != "Pantau" else "Pantau",
        north="N" if wanted.language == "en" else "U",
        width=wanted.width,
        height=wanted.height,
        scale=wanted.scale,
    )


class _Ground:
    """The area's shapes, with no more corners than can be seen."""

    def __init__(self, index: AreaIndex, area: Area, paper: Paper) -> None:
        self._fine = 0.4 / paper.px_per_m / 111_000
        self.whole = self._ground(area)
        finer = [one for one in index.areas if one.code != area.code and area.code in path(one.code)]
        steps = min((len(path(one.code)) for one in finer), default=0)
        self.parts = tuple(self._ground(one) for one in finer if len(path(one.code)) == steps)
        west, south, east, north = area.bbox
        wide, high = east - west, north - south
        near = shapely.box(west - wide, south - high, east + wide, north + high)
        beside = [one for one in index.areas if one.level is area.level and one.code != area.code]
        met = [one for one in beside if shapely.intersects(near, shapely.box(*one.bbox))]
        self.neighbours = tuple(self._simple(one.geometry) for one in met[:_MOST_NEIGHBOURS])

    def _ground(self, area: Area) -> Ground:
        return Ground(area.name, self._simple(area.geometry), area.label)

    def _simple(self, shape: BaseGeometry) -> BaseGeometry:
        return shapely.simplify(shape, self._fine)


def _marks(parts: Parts, question: Question, sight: Sight, now: datetime, level: int) -> tuple[Marks, int]:
    """The marks, and how many incidents there are in all."""
    with parts.database.read() as db:
        found = cells(db, question, sight, now, level=level, run=_EVERYWHERE)
        number = counts.count(db, question, sight, now).number
    lons, lats = middles(found.cells, level)
    which = np.array([GROUPS.index(_group(one)) for one in found.legend] or [0], dtype=np.int64)
    return Marks(lons, lats, which[found.groups], found.counts.astype(np.int64)), number


def _group(counted: Counted) -> Group:
    if counted.kind is not IncidentKind.COMPLAINT:
        return counted.kind
    return Status.RECEIVED if counted.status is None else counted.status


def _word(group: Group, language: str) -> str:
    return sentence(f"status.{group}" if isinstance(group, Status) else f"map.{group}", language)


def _lines(parts: Parts, index: AreaIndex, area: Area, question: Question, language: str) -> list[str]:
    above = [index.name(code) for code in reversed(path(area.code)[:-1]) if code in index]
    since, until = question.since, question.until

    def day(moment: datetime) -> str:
        return spoken(moment.astimezone(parts.zone).date(), language)

    if since is None and until is None:
        when = sentence("map.on", language, day=day(parts.clock()))
    else:
        # `until` is the first moment that is not meant any more.
        told = {name: day(at) for name, at in (("since", since), ("until", until and until - _TICK)) if at is not None}
        when = sentence("map.between" if len(told) == 2 else f"map.{next(iter(told))}", language, **told)
    return [", ".join(above), when] if above else [when]


_TICK: Final = timedelta(microseconds=1)


def _numbers(number: int, marks: Marks, wanted: Format) -> list[str]:
    if not number:
        return [sentence("map.nothing", wanted.language)]
    placed = int(marks.counts.sum())
    told = [sentence("map.incidents", wanted.language, number=placed)]
    if number > placed:
        told.append(sentence("map.unplaced", wanted.language, number=number - placed))
    return told
