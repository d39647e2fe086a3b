"""Photos and links."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.shapes.common import (
    AreaName,
    Candidate,
    Caption,
    Code,
    Described,
    In,
    Moment,
    Neighbour,
    Out,
    Person,
    Place,
    Placed,
    Reason,
)
from cases.words import LinkState, ProcessingState, Status

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-fA-F]{64}$")]
ReferenceText = Annotated[str, Field(max_length=40, examples=["K7M4Q-7XP2T"])]


class PhotoForm(Placed):
    """What comes with a photo's file."""

    id: UUID | None = Field(None, description="Chosen by the sender (UUID v7): a repeat with it is answered, not kept.")
    sha256: Sha256 | None = Field(None, description="Of the file, in hex; a file that differs is refused.")
    location_source: Literal["pin", "device"] | None = Field(None, description="`device` unless said otherwise.")
    taken_at: Moment | None = None
    caption: Caption = ""
    category: Code | None = None
    complaint: ReferenceText | None = Field(None, description="The complaint that this photo is about.")
    report: bool = Field(False, description="Open a complaint of this category if none fits.")


class PhotoChange(Placed):
    """A corrected pin, caption or category; a field left out stays as it is."""

    caption: Caption | None = None
    category: Code | None = None


class ComplaintOf(Out):
    """The complaint a photo is confirmed on."""

    reference: str
    category: str
    status: Status


class LinkAnswer(Out):
    """The tie between a picture and a complaint. `decided_by` null with a `decided_at` is the machine."""

    id: UUID
    complaint: str = Field(examples=["K7M4Q-7XP2T"])
    complaint_category: str
    complaint_status: Status
    photo: UUID | None = Field(description="The photo, or null for the still of a camera.")
    snapshot: UUID | None = Field(description="The still of a camera, or null for a photo.")
    state: LinkState
    score: float = Field(examples=[0.83])
    reasons: list[Reason]
    created_at: datetime
    decided_at: datetime | None
    decided_by: Person | None


class Duplicate(Out):
    """Another photo of the same thing; `distance` counts differing bits of 64 in how they look."""

    id: UUID
    exact: bool
    distance: int | None


class Urls(Out):
    """Where the pictures are. Previews follow a moment after the photo."""

    thumbnail: str
    preview: str
    original: str


class PhotoAnswer(Out):
    """A photo and what became of it."""

    id: UUID
    sha256: str
    bytes: int
    media_type: str
    width: int
    height: int
    taken_at: datetime | None
    received_at: datetime
    location: Place | None
    candidates: list[Candidate]
    area: AreaName | None
    neighbours: list[Neighbour]
    caption: str
    category: str | None
    direction_deg: float | None
    device: dict[str, str | None]
    processing: ProcessingState
    account: Person | None
    complaint: ComplaintOf | None
    links: list[LinkAnswer]
    duplicates: list[Duplicate]
    warnings: list[Described]
    urls: Urls


class DecisionIn(In):
    """Why a link is confirmed or rejected."""

    note: Caption = ""
