"""What a drawn map shows, all of it: the same sheet is always the same picture."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from geo.paper import Floats, Ints
from ingest.maps.inks import GROUPS, Group


@dataclass(frozen=True, slots=True)
class Ground:
    """An area to draw: its outline, and where its name goes."""

    name: str
    shape: BaseGeometry
    label: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Marks:
    """Incidents by place: `counts[i]` of `GROUPS[groups[i]]` at `lons[i]`, `lats[i]`."""

    lons: Floats
    lats: Floats
    groups: Ints
    counts: Ints

    @property
    def by_group(self) -> Mapping[Group, int]:
        """How many of each group, those that there are."""
        sums = [int(self.counts[self.groups == at].sum()) for at in range(len(GROUPS))]
        return {group: number for group, number in zip(GROUPS, sums, strict=True) if number}


@dataclass(frozen=True)
class Sheet:
    """One picture: `title` and `lines` above it, the `area` with the `parts` of it and its `neighbours`, the marks.

    `legend` says each group in words, `foot` who drew it, `north` is the letter at the arrow. `width` and `height` are
    in pixels, each of which is `scale` pixels wide in the picture (2 for fine screens and for paper).
    """

    title: str
    lines: tuple[str, ...]
    area: Ground
    parts: tuple[Ground, ...]
    neighbours: tuple[BaseGeometry, ...]
    marks: Marks
    legend: Mapping[Group, str]
    foot: str
    north: str
    width: int
    height: int
    scale: int = 1

    @cached_property
    def digest(self) -> str:
        """A name for what is drawn: another wherever anything on the picture would differ."""
        said = [
            self.title,
            self.lines,
            list(self.legend.items()),
            self.foot,
            self.north,
            self.width,
            self.height,
            self.scale,
        ]
        grounds = [(one.name, shapely.to_wkb(one.shape).hex(), one.label) for one in (self.area, *self.parts)]
        found = hashlib.sha256(orjson.dumps([said, grounds, [shapely.to_wkb(one).hex() for one in self.neighbours]]))
        for column in (self.marks.lons, self.marks.lats, self.marks.groups, self.marks.counts):
            found.update(column.tobytes())
        return found.hexdigest()[:32]
