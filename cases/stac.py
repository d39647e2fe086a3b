"""The catalogue of pictures (STAC): what it holds, under which names, and what can be asked of it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from shapely.geometry.base import BaseGeometry

from cases.filters.tree import Kind, Node, Property, Vocabulary
from cases.incidents import Box, Cursor


class Collection(StrEnum):
    """A collection of the catalogue."""

    PHOTOS = "photos"
    SNAPSHOTS = "snapshots"


@dataclass(frozen=True, slots=True)
class Field:
    """What a filter may name: `column` is the house's name for it, `of` the collections whose items have it."""

    name: str
    column: str
    kind: Kind
    title: str
    of: frozenset[Collection] = frozenset(Collection)


GEOMETRY: Final = "geometry"
_PHOTOS, _SNAPSHOTS = frozenset({Collection.PHOTOS}), frozenset({Collection.SNAPSHOTS})

FIELDS: Final = (
    Field("id", "id", Kind.ID, "Id"),
    Field("collection", "collection", Kind.TEXT, "Collection"),
    Field(GEOMETRY, GEOMETRY, Kind.PLACE, "Where it was taken from"),
    Field("datetime", "datetime", Kind.TIME, "When it was taken"),
    Field("published", "received_at", Kind.TIME, "When it was received"),
    Field("updated", "updated_at", Kind.TIME, "When its record last changed", _PHOTOS),
    Field("expires", "expires_at", Kind.TIME, "When it will be deleted", _SNAPSHOTS),
    Field("description", "caption", Kind.TEXT, "What its sender wrote", _PHOTOS),
    Field("view:azimuth", "azimuth", Kind.NUMBER, "Where the camera looked, in degrees clockwise from north"),
    Field("pantau:area", "area", Kind.TEXT, "Code of its administrative area"),
    Field("pantau:radius_m", "radius_m", Kind.NUMBER, "How far its place may be off, in metres"),
    Field("pantau:category", "category", Kind.TEXT, "Code of the category that its sender chose", _PHOTOS),
    Field("pantau:camera", "camera", Kind.ID, "Id of the camera", _SNAPSHOTS),
    Field("pantau:fov_deg", "fov_deg", Kind.NUMBER, "Field of view in degrees", _SNAPSHOTS),
    Field("pantau:range_m", "range_m", Kind.NUMBER, "How far it sees, in metres", _SNAPSHOTS),
    # Clients for pictures of the earth offer these two; no picture of a street has them.
    Field("mission", "mission", Kind.TEXT, "Name of a space mission: no picture here has one"),
    Field("eo:cloud_cover", "cloud_cover", Kind.NUMBER, "Cloud cover in percent: no picture here has it"),
)

VOCABULARY: Final[Vocabulary] = {one.name: Property(one.column, one.kind) for one in FIELDS}


@dataclass(frozen=True, slots=True)
class Sought:
    """Which pictures are wanted: from `since` up to before `until`, in `box` or touching `shape` (of any kind).

    `ids` None narrows nothing, an empty set leaves nothing. The order is by time, then id.
    """

    collections: frozenset[Collection] = field(default_factory=lambda: frozenset(Collection))
    ids: frozenset[UUID] | None = None
    box: Box | None = None
    shape: BaseGeometry | None = None
    since: datetime | None = None
    until: datetime | None = None
    filter: Node | None = None
    newest_first: bool = True
    limit: int = 10
    after: Cursor | None = None

    @property
    def place(self) -> Box | BaseGeometry | None:
        """The place named, None for everywhere."""
        return self.shape if self.shape is not None else self.box
