"""What can be asked of the map: one question, its order, and the place in the list where an answer goes on."""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import orjson
from shapely.geometry.base import BaseGeometry

from cases.filters.tree import Filter
from cases.words import IncidentKind, Status

MOST = 10_000
"""Most incidents in one answer."""


class Sort(StrEnum):
    """The order of a list. Each has an index on both engines."""

    NEWEST = "-time"
    OLDEST = "time"
    DUE = "due"
    UPDATED = "-updated"
    DUE_LAST = "-due"
    UPDATED_FIRST = "updated"

    @property
    def descending(self) -> bool:
        """Whether greater keys come first."""
        return self.value.startswith("-")

    @property
    def by(self) -> str:
        """What is ordered by, whichever way: `time`, `due` or `updated`."""
        return self.value.removeprefix("-")


class Counting(StrEnum):
    """Whether an answer says how many match in all."""

    NONE = "none"
    EXACT = "exact"
    ESTIMATE = "estimate"


@dataclass(frozen=True, slots=True)
class Box:
    """A box in degrees, its edges included."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Circle:
    """Everything within so many metres of a place."""

    lon: float
    lat: float
    radius_m: float


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a list goes on: after the incident with this sort key (an integer) and id."""

    key: int
    id: UUID

    def encode(self) -> str:
        """A short text that survives a URL."""
        return base64.urlsafe_b64encode(orjson.dumps([self.key, self.id.hex])).rstrip(b"=").decode()

    @classmethod
    def decode(cls, text: str) -> "Cursor":
        """The cursor of a text made by `encode`. Raises ValueError for any other."""
        try:
            key, hex_id = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            if not isinstance(key, int) or not -(2**63) <= key < 2**63:
                raise ValueError
            return cls(key, UUID(hex_id))
        except (ValueError, TypeError, AttributeError, binascii.Error):
            raise ValueError("this cursor is not one that Pantau gave out; begin again without it") from None


@dataclass(frozen=True, slots=True)
class Question:
    """Which incidents are wanted. An empty set does not narrow; `area` is a code of any level."""

    area: str | None = None
    box: Box | None = None
    circle: Circle | None = None
    shape: BaseGeometry | None = None
    since: datetime | None = None
    until: datetime | None = None
    categories: frozenset[str] = field(default_factory=frozenset)
    statuses: frozenset[Status] = field(default_factory=frozenset)
    kinds: frozenset[IncidentKind] = field(default_factory=frozenset)
    agency: str | None = None
    overdue: bool | None = None
    text: str = ""
    filter: Filter | None = None
    """Besides, in CQL2. Its tree names only what the asker may read: see `cases.filters`."""
    among: frozenset[UUID] | None = None
    """Only these incidents, whatever their kind."""
    sort: Sort = Sort.NEWEST
    limit: int = 1_000
    after: Cursor | None = None

    @property
    def answering(self) -> tuple[IncidentKind, ...]:
        """The kinds that can answer at all: a photo has no status and no deadline, an outage also no category, agency
        or words.
        """
        wanted: Iterable[IncidentKind] = self.kinds or IncidentKind
        if self.categories or self.agency is not None or self.text:
            wanted = [kind for kind in wanted if kind is not IncidentKind.OUTAGE]
        if self.statuses or self.overdue is not None:
            wanted = (kind for kind in wanted if kind is IncidentKind.COMPLAINT)
        return tuple(sorted(wanted))

    @property
    def place(self) -> Box | Circle | BaseGeometry | None:
        """The narrowest place named: what an index of cells can begin with."""
        return self.circle or self.shape or self.box
