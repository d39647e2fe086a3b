"""Cameras, as they come and go. What is written of user and password never comes back."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, SecretStr

from api.shapes.common import AreaName, Code, In, Lat, Lon, Moment, Name, Named, Out, Person, Place, RadiusM
from api.shapes.people import Login
from api.shapes.permits import Number, Version
from cases.camera import LONGEST_INTERVAL_S, SHORTEST_INTERVAL_S
from cases.plain import plain
from cases.words import CameraDoor, Sharing, SightFault, VisitState
from geo.view import MOST_RANGE_M

MOST_KEEP_DAYS = 3_650

Bearing = Annotated[float, Field(ge=-360, le=720, allow_inf_nan=False, examples=[90.0])]
Fov = Annotated[float, Field(gt=0, le=360, allow_inf_nan=False, examples=[90.0])]
RangeM = Annotated[float, Field(gt=0, le=MOST_RANGE_M, allow_inf_nan=False, examples=[40.0])]
HeightM = Annotated[float, Field(ge=0, le=500, allow_inf_nan=False)]
Interval = Annotated[int, Field(ge=SHORTEST_INTERVAL_S, le=LONGEST_INTERVAL_S)]
KeepDays = Annotated[int, Field(ge=1, le=MOST_KEEP_DAYS)]
Fingerprint = Annotated[str, Field(pattern=r"^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$")]
UrlText = Annotated[SecretStr, Field(max_length=2_048)]
"""An address as people paste it may hold a password: it is never repeated."""
Secret = Annotated[SecretStr, Field(max_length=256)]


class ReachIn(In):
    """How a camera is reached. User and password may stand in the address as well; both are sealed and never shown."""

    url: UrlText = Field(
        SecretStr(""), description="rtsp, rtsps, http or https.", examples=["rtsp://camera.example:554/stream2"]
    )
    door: CameraDoor | None = Field(None, description="Left out, the address decides. `push` has no address.")
    user: Secret | None = None
    password: Secret | None = None
    certificate: Fingerprint | None = Field(
        None, description="SHA-256 in hex of the certificate the camera shows, where nobody signed it."
    )


class TryIn(In):
    """A way to be tried before it is kept; `owner` is the login of whose the camera will be, for those who oversee."""

    reach: ReachIn
    owner: Login | None = None
    camera: UUID | None = Field(
        None, description="The camera that would be reached so: user and password left out stay, if its host stays."
    )


class CameraIn(In):
    """A camera to be registered. `permit` is a number or id; `agency` the office whose it is, instead of an owner."""

    id: UUID | None = Field(None, description="Chosen by the sender (UUID v7): a repeat with it registers nothing new.")
    name: Name
    reach: ReachIn
    lon: Lon
    lat: Lat
    radius_m: RadiusM = 5.0
    bearing_deg: Bearing = Field(0.0, description="Of the picture's middle, clockwise from north.")
    fov_deg: Fov = Field(90.0, description="Horizontal field of view.")
    range_m: RangeM = Field(40.0, description="How far it shows a parked car.")
    height_m: HeightM | None = None
    permit: Number | None = None
    owner: Login | None = None
    agency: Code | None = None
    interval_s: Interval = 60
    keep_days: KeepDays = 30
    sharing: Sharing = Sharing.LIVE
    shared_with: Annotated[list[Code], Field(max_length=100)] | None = Field(
        None, description="The agencies it is shared with; null means all."
    )


class CameraChange(In):
    """What to change; a field left out stays, and so do user and password where only the other one is written.

    A new address on another host needs both again.
    """

    name: Name | None = None
    reach: ReachIn | None = None
    lon: Lon | None = None
    lat: Lat | None = None
    radius_m: RadiusM | None = None
    bearing_deg: Bearing | None = None
    fov_deg: Fov | None = None
    range_m: RangeM | None = None
    height_m: HeightM | None = None
    view_since: Moment | None = Field(None, description="Since when it sees this ground, if not from now on.")
    permit: Number | None = None
    interval_s: Interval | None = None
    keep_days: KeepDays | None = None
    sharing: Sharing | None = None
    shared_with: Annotated[list[Code], Field(max_length=100)] | None = None
    version: Version | None = Field(None, description="The one you saw: if it changed since, the answer is 409.")


class ReachAnswer(Out):
    """How a camera is reached, for those who may change it. `has_password` is all that is said of the password."""

    door: CameraDoor
    url: str = Field(examples=["rtsp://camera.example:554/stream2"])
    has_password: bool
    has_push_token: bool
    certificate: str | None


class ViewAnswer(Out):
    """The ground a camera sees; `ground` is its sector as a GeoJSON geometry. `since` null: it always saw it."""

    since: datetime | None
    bearing_deg: float
    fov_deg: float
    range_m: float
    height_m: float | None
    ground: dict[str, Any]


class StandingAnswer(Out):
    """How a camera fares. `state` null is a camera that was not visited yet; `seen_at` is its last picture."""

    state: VisitState | None
    text: str
    since: datetime | None
    visited_at: datetime | None
    seen_at: datetime | None
    failures: int
    faults: list[SightFault]


class CameraBrief(Out):
    """A camera in a list."""

    id: UUID
    number: int
    name: str
    permit: str | None = Field(description="Its permit's number.")
    agency: str | None
    location: Place
    area: AreaName | None
    view: ViewAnswer
    standing: StandingAnswer
    active: bool
    live: bool = Field(description="Whether the caller may see what it shows now, besides what is kept.")
    may_change: bool


class CamerasAnswer(Out):
    """One page of cameras; `next` leads to the following one."""

    cameras: list[CameraBrief]
    next: str | None


class CameraAnswer(CameraBrief):
    """A camera in full. `reach` is null for those who may not change it."""

    owner: Person | None
    reach: ReachAnswer | None
    interval_s: int
    keep_days: int
    sharing: Sharing
    shared_with: list[Named] | None
    sign: str | None = Field(description="Where the photo of the notice on site is.")
    created_at: datetime
    updated_at: datetime
    version: int


class CameraEntry(Out):
    """A change of a camera's state or faults."""

    at: datetime
    state: VisitState
    text: str
    faults: list[SightFault]


class CameraHistoryAnswer(Out):
    """What happened to a camera, latest first."""

    history: list[CameraEntry]


class TriedAnswer(Out):
    """What came of trying a camera: `told` in words, `picture` a JPEG in base64 if there was one."""

    state: VisitState
    ok: bool
    told: list[str]
    way: str | None = Field(examples=["rtsp_tcp"])
    by_onvif: bool
    took_s: float
    bytes: int
    clock_offset_s: float | None
    picture: str | None
    picture_type: Literal["image/jpeg"] | None


class PushTokenAnswer(Out):
    """The token of a camera that pushes its own stills, shown this once."""

    token: str
    send_to: str = Field(examples=["/api/v1/cameras/0192f0e4-0000-7000-8000-000000000000/snapshots"])


Cidr = Annotated[str, Field(max_length=64), AfterValidator(plain), Field(examples=["192.168.7.0/24"])]


class NetworksIn(In):
    """The private networks that an owner's cameras may have addresses in; those left out are no longer allowed."""

    networks: Annotated[list[Cidr], Field(max_length=50)]


class NetworkAnswer(Out):
    """A private network that is allowed for one owner's cameras."""

    cidr: str
    allowed_at: datetime
    allowed_by: Person | None


class NetworksAnswer(Out):
    """All of an owner's networks."""

    networks: list[NetworkAnswer]
