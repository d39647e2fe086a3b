"""Cameras' stills: in lists, in a complaint's strip, and as they come when somebody looks."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.shapes.common import In, Out
from api.shapes.common import Moment as When
from api.shapes.photos import LinkAnswer
from cases.words import Moment, SightFault, VisitState


class SnapshotsAsked(In):
    """Which of a camera's stills are wanted."""

    since: When | None = None
    until: When | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100
    cursor: Annotated[str, Field(max_length=100)] | None = Field(None, description="The `next` of the page before.")


class SnapshotUrls(Out):
    """Where the pictures are; a thumbnail is at most 320 pixels wide."""

    thumbnail: str
    image: str


class SnapshotAnswer(Out):
    """A kept still. `faults` say what kept the camera from seeing its road then."""

    id: UUID
    camera: UUID
    taken_at: datetime
    received_at: datetime
    width: int
    height: int
    faults: list[SightFault]
    urls: SnapshotUrls


class SnapshotsAnswer(Out):
    """One page of a camera's stills, latest first; `next` is the `cursor` of the following one."""

    snapshots: list[SnapshotAnswer]
    next: str | None


class CameraShown(Out):
    """A camera beside what it showed, as far as the caller may see it: null where only the still is shared."""

    id: UUID
    number: int
    name: str
    lon: float
    lat: float
    bearing_deg: float
    fov_deg: float
    range_m: float


class SightingOf(SnapshotAnswer):
    """A still on a complaint: its camera, the moment it shows, and the tie, null where nobody has proposed one."""

    shown_by: CameraShown | None = Field(description="Null where the caller may see the still, but not the camera.")
    moment: Moment | None
    link: LinkAnswer | None


class StripAsked(In):
    """How much of what cameras showed is wanted."""

    hours: Annotated[int, Field(ge=0, le=10_000)] = Field(
        24, description="Of each camera's hourly stills that nobody has decided on the last so many."
    )


class Strip(Out):
    """What one camera showed of a place, in the order of time. `score` (0 to 1) says how well it sees it."""

    camera: CameraShown | None
    score: float = Field(examples=[0.83])
    distance_m: float = Field(examples=[17.0])
    live: bool = Field(description="Whether the caller may look through it now.")
    snapshots: list[SightingOf]
    left_out: int = Field(description="Hourly stills before these: ask with more `hours`.", examples=[0])


class StripAnswer(Out):
    """What the cameras that see a complaint's place showed of it before and after, the best camera first."""

    reference: str = Field(examples=["K7M4Q-7XP2T"])
    opened_at: datetime
    cameras: list[Strip]


class FilmAsked(In):
    """Of which camera's stills a complaint's film is made."""

    camera: UUID | None = Field(None, description="Its id; the one that sees the place best if left out.")


class Looked(Out):
    """One line of `look`: what came of the visit to one camera. `text` says it in the language of the request."""

    camera: CameraShown
    state: VisitState
    text: str
    took_s: float
    snapshot: SnapshotAnswer | None
    link: UUID | None = Field(
        description="The tie that was proposed; null without a still, or for a confidential complaint."
    )


class LookedAll(Out):
    """The last line of `look`: how many cameras were asked, how many showed something."""

    asked: int
    seen: int


class PushedAnswer(Out):
    """What became of a still that a camera sent: kept, or noted because nothing had changed."""

    kept: bool
    snapshot: UUID | None
    taken_at: datetime
