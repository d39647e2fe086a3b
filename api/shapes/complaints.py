"""Complaints, as they come and go."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, model_validator

from api.shapes.common import (
    AreaCode,
    AreaName,
    Caption,
    Code,
    In,
    Lat,
    Lon,
    Moment,
    Named,
    Neighbour,
    Out,
    Person,
    Place,
    RadiusM,
    Words,
    check_whole,
)
from api.shapes.photos import LinkAnswer, ReferenceText, Urls
from api.shapes.snapshots import SightingOf
from cases.words import Channel, HistoryKind, Status


class ComplaintIn(In):
    """A new complaint. Its place is a point, an area, or that of its photos."""

    id: UUID | None = Field(None, description="Chosen by the sender (UUID v7): a repeat with it opens nothing new.")
    category: Code
    lon: Lon | None = None
    lat: Lat | None = None
    radius_m: RadiusM | None = None
    area: AreaCode | None = None
    description: Words = ""
    opened_at: Moment | None = Field(None, description="When the problem was first told of; now if left out.")
    photos: list[UUID] = Field(default_factory=list, max_length=50)

    @model_validator(mode="after")
    def _whole_place(self) -> Self:
        check_whole(self.lon, self.lat)
        return self


class MoveIn(In):
    """A complaint's next state. `version` is the one the mover saw: if it moved on since, the answer is 409."""

    to: Status
    note: Caption = ""
    duplicate_of: ReferenceText | None = None
    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None


class ComplaintBrief(Out):
    """A complaint in a list. The public sees no description."""

    reference: str = Field(examples=["K7M4Q-7XP2T"])
    category: str
    agency: str
    status: Status
    description: str
    location: Place | None
    area: Named | None
    opened_at: datetime
    updated_at: datetime
    due_at: datetime
    closed_at: datetime | None
    overdue: bool


class ComplaintsAnswer(Out):
    """One page of complaints; `next` leads to the following one."""

    complaints: list[ComplaintBrief]
    next: str | None


class PhotoOf(Out):
    """A photo on a complaint."""

    id: UUID
    taken_at: datetime | None
    received_at: datetime
    caption: str
    location: Place | None
    urls: Urls
    link: LinkAnswer


class ReportAnswer(Out):
    """One message about a complaint."""

    id: UUID
    channel: Channel
    text: str
    received_at: datetime
    account: Person | None


class HistoryEntry(Out):
    """One thing that happened to a complaint. `account` null is the machine."""

    at: datetime
    kind: HistoryKind
    account: Person | None
    from_: Status | None = Field(alias="from")
    to: Status | None
    note: str
    data: dict[str, Any]


class ComplaintAnswer(Out):
    """A complaint in full. The public sees place, state and times, without texts, people or pictures."""

    reference: str = Field(examples=["K7M4Q-7XP2T"])
    category: str
    category_name: str
    agency: Named
    status: Status
    description: str
    location: Place | None
    area: AreaName | None
    neighbours: list[Neighbour]
    opened_at: datetime
    received_at: datetime
    updated_at: datetime
    due_at: datetime
    closed_at: datetime | None
    overdue: bool
    confidential: bool
    version: int
    duplicate_of: str | None
    photos: list[PhotoOf]
    snapshots: list[SightingOf] = Field(description="Stills of cameras, latest first; of the hourly ones the last few.")
    reports: list[ReportAnswer]
    links: list[LinkAnswer]
    history: list[HistoryEntry]
    moves: list[Status] = Field(description="The states the caller may move it to now.")
