"""Permits, as they come and go."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from api.shapes.common import (
    AreaCode,
    AreaName,
    Caption,
    In,
    Lat,
    Lon,
    Name,
    Out,
    Person,
    Place,
    RadiusM,
    check_whole,
)
from api.shapes.people import Login
from cases.permit import LONGEST_NUMBER
from cases.plain import plain
from cases.register import MOST_CAMERAS
from cases.words import PermitKind, PermitState, Shortfall

Number = Annotated[
    str, Field(max_length=LONGEST_NUMBER * 2), AfterValidator(plain), Field(examples=["PBG-351021-17082024-01"])
]
Contact = Annotated[str, Field(max_length=200), AfterValidator(plain)]
Address = Annotated[str, Field(max_length=500), AfterValidator(plain)]
CameraCount = Annotated[int, Field(ge=0, le=MOST_CAMERAS)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class PermitIn(In):
    """A permit to be registered. An owner registers their own; those who oversee may name the `owner`'s login."""

    number: Number
    owner_name: Name
    contact: Contact = ""
    address: Address = ""
    issued_on: date | None = Field(None, description="Left out for a PBG, whose number holds the day.")
    cameras_required: CameraCount = 1
    lon: Lon | None = None
    lat: Lat | None = None
    radius_m: RadiusM | None = None
    owner: Login | None = None

    @model_validator(mode="after")
    def _whole_place(self) -> Self:
        check_whole(self.lon, self.lat)
        return self


class PermitChange(In):
    """What to change; a field left out stays. An owner may correct contact and pin. `owner` null takes it from them."""

    number: Number | None = None
    owner_name: Name | None = None
    contact: Contact | None = None
    address: Address | None = None
    issued_on: date | None = None
    cameras_required: CameraCount | None = None
    lon: Lon | None = None
    lat: Lat | None = None
    radius_m: RadiusM | None = None
    owner: Login | None = None
    version: Version | None = Field(None, description="The one you saw: if it changed since, the answer is 409.")

    @model_validator(mode="after")
    def _whole_place(self) -> Self:
        check_whole(self.lon, self.lat)
        return self


class PermitMoveIn(In):
    """A permit's next state. Warnings, freezing and revoking are a person's: no token makes them."""

    to: PermitState
    note: Caption = ""
    version: Version | None = None


class PermitBrief(Out):
    """A permit in a list; `cameras` counts those in service."""

    id: UUID
    number: str = Field(examples=["PBG-351021-17082024-01"])
    kind: PermitKind
    owner_name: str
    address: str
    state: PermitState
    state_since: datetime
    state_due_at: datetime | None = Field(description="When the present warning or freeze falls due.")
    cameras_required: int
    cameras: int
    location: Place | None
    area: AreaName | None


class PermitsAnswer(Out):
    """One page of permits; `next` leads to the following one."""

    permits: list[PermitBrief]
    next: str | None


class PermitEntry(Out):
    """One thing that happened to a permit. `account` null is the machine."""

    at: datetime
    account: Person | None
    from_: PermitState | None = Field(alias="from")
    to: PermitState
    note: str


class FindingAnswer(Out):
    """One thing a permit lacks. `camera` null is what is wrong with the permit as a whole."""

    shortfall: Shortfall
    text: str
    since: datetime
    days: int
    camera: UUID | None


class PermitAnswer(PermitBrief):
    """A permit in full."""

    contact: str
    issued_on: date | None
    account: Person | None
    created_at: datetime
    updated_at: datetime
    version: int
    findings: list[FindingAnswer]
    history: list[PermitEntry]
    moves: list[PermitState] = Field(description="The states the caller may move it to, some only when it is due.")


class RefusedRow(Out):
    """A row of a list that was not taken. `column` empty is the row as a whole."""

    row: int = Field(description="Its number in the file, from 1: what is above the header counts too.")
    column: str
    title: str = Field(description="What the list calls the column; one of its titles where the list has none.")
    code: str
    text: str


class PermitsImported(Out):
    """What came of a list."""

    rows: int
    added: int
    changed: int
    unchanged: int
    refused: list[RefusedRow]
    passed_by: list[str] = Field(description="The titles of columns that mean nothing here, as they are written.")
    dry_run: bool


class LackingPermit(Out):
    """A permit that lacks something."""

    id: UUID
    number: str
    owner_name: str
    address: str
    area: AreaName | None
    state: PermitState
    state_due_at: datetime | None
    cameras_required: int
    cameras: int
    findings: list[FindingAnswer]


class ComplianceAnswer(Out):
    """How the permits asked for are kept. `lacking` counts permits by shortfall; one may count for several."""

    at: datetime
    area: AreaCode | None
    total: int
    kept: int
    lacking: dict[Shortfall, int]
    permits: list[LackingPermit]
    next: str | None
