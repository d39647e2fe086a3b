"""Cameras, how they fare, what they saw."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from cases.words import CameraDoor, LocationSource, Sharing, StillKind, VisitState
from storage.tables.types import UtcTime, code_field, json_field, time_field, word_field


class Camera(SQLModel, table=True):
    """A registered camera: where it stands, which ground it sees, how it is reached.

    `url` holds no user and no password: these are in `secret`, encrypted with the installation's key. `certificate` is
    the SHA-256 in hex of the one that it shows, where nobody signed that. `number` is a small number for rows of which
    there are very many. `sharing` is what the agencies in `shared_with` may see; None
    means all agencies.
    """

    __tablename__ = "camera"
    __table_args__ = (
        Index("camera_number", "number", unique=True),
        Index("camera_account", "account_id"),
        Index("camera_permit", "permit_id"),
        Index("camera_cell", "cell"),
        Index("camera_area", "area_code"),
        Index("camera_push", "push_hash", unique=True),
    )

    id: UUID = Field(primary_key=True)
    number: int
    account_id: UUID = Field(foreign_key="account.id")
    permit_id: UUID | None = Field(default=None, foreign_key="permit.id")
    agency_code: str | None = code_field(None, to="agency.code")
    name: str
    door: CameraDoor = word_field(CameraDoor)
    url: str = ""
    secret: bytes | None = Field(default=None, sa_type=LargeBinary)
    certificate: str | None = code_field(None, length=64)
    push_hash: str | None = code_field(None, length=64)
    interval_s: int = 60
    keep_days: int = 30
    sharing: Sharing = word_field(Sharing, Sharing.LIVE)
    shared_with: list[str] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    sign_key: str | None = None
    bearing_deg: float = 0.0
    fov_deg: float = 90.0
    range_m: float = 40.0
    height_m: float | None = None
    view_since: datetime | None = time_field(None)
    lon: float
    lat: float
    radius_m: float = 5.0
    location_source: LocationSource = word_field(LocationSource, LocationSource.PIN)
    cell: int = Field(sa_type=BigInteger)
    area_code: str | None = code_field(None, length=16)
    active: bool = True
    created_at: datetime = time_field()
    updated_at: datetime = time_field()
    version: int = 1


class CameraView(SQLModel, table=True):
    """The ground that a camera saw from `since` (None: from the beginning) until it was turned or moved at `until`."""

    __tablename__ = "camera_view"
    __table_args__ = (Index("camera_view_camera", "camera_id", "until"), Index("camera_view_cell", "cell"))

    id: int | None = Field(default=None, primary_key=True)
    camera_id: UUID = Field(foreign_key="camera.id")
    since: datetime | None = time_field(None)
    until: datetime = time_field()
    bearing_deg: float
    fov_deg: float
    range_m: float
    lon: float
    lat: float
    cell: int = Field(sa_type=BigInteger)


class CameraVisit(SQLModel, table=True):
    """Where a camera stands in the round: one small row that the scheduler writes at every visit.

    `lease` names the visit under way, `watcher` who made the last one and is first to make the next. `health` is what
    the last picture showed. `wanted_since`: a complaint opened then waits for the next still, whatever it shows.
    """

    __tablename__ = "camera_visit"
    __table_args__ = (Index("camera_visit_due", "due_at"), Index("camera_visit_state", "state"))

    camera_id: UUID = Field(foreign_key="camera.id", primary_key=True)
    due_at: datetime = time_field()
    lease: str | None = None
    leased_until: datetime | None = time_field(None)
    watcher: str | None = None
    state: VisitState | None = word_field(VisitState, None)
    since: datetime | None = time_field(None)
    failing_since: datetime | None = time_field(None)
    failures: int = 0
    detail: str = ""
    visited_at: datetime | None = time_field(None)
    seen_at: datetime | None = time_field(None)
    reached_by: CameraDoor | None = word_field(CameraDoor, None)
    faults: list[str] = json_field(list)
    health: dict[str, Any] = json_field(dict)
    wanted_since: datetime | None = time_field(None)


class CameraBaseline(SQLModel, table=True):
    """What a camera looks like by day and by night: some 15 kB, apart from the row that every visit writes."""

    __tablename__ = "camera_baseline"

    camera_id: UUID = Field(foreign_key="camera.id", primary_key=True)
    baseline: dict[str, Any] = json_field(dict)


class CameraHistory(SQLModel, table=True):
    """A change of a camera's state or of its faults. Rows are added and never changed."""

    __tablename__ = "camera_history"
    __table_args__ = (Index("camera_history_camera", "camera_id", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    camera_id: UUID = Field(foreign_key="camera.id")
    at: datetime = time_field()
    state: VisitState = word_field(VisitState)
    faults: list[str] = json_field(list)
    detail: str = ""


class Outage(SQLModel, table=True):
    """A camera that was silent or blind for longer than it may be; the place is the camera's. An incident."""

    __tablename__ = "outage"
    __table_args__ = (
        Index("outage_began", "began_at", "id"),
        Index("outage_updated", "updated_at", "id"),
        Index("outage_cell", "cell", "began_at", "id"),
        Index("outage_area", "area_code", "began_at", "id"),
        Index("outage_camera", "camera_id", "began_at"),
        # A camera has one at most that lasts.
        Index(
            "outage_open",
            "camera_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: UUID = Field(primary_key=True)
    camera_id: UUID = Field(foreign_key="camera.id")
    account_id: UUID = Field(foreign_key="account.id")
    state: VisitState = word_field(VisitState)
    faults: list[str] = json_field(list)
    began_at: datetime = time_field()
    ended_at: datetime | None = time_field(None)
    updated_at: datetime = time_field()
    lon: float
    lat: float
    radius_m: float
    cell: int = Field(sa_type=BigInteger)
    area_code: str | None = code_field(None, length=16)


class Snapshot(SQLModel, table=True):
    """A kept still from a camera; its bytes are under `snapshots/<id>`.

    `id` is a UUIDv7 of `received_at`: PostgreSQL finds the month by it. `expires_at` None means as long as a complaint
    needs it. `bytes` are those it came with; `picture_bytes` and `thumbnail_bytes` what was made of it, None before
    somebody looked.
    """

    __tablename__ = "snapshot"
    __table_args__ = (
        Index("snapshot_camera", "camera_id", "taken_at", "id"),
        Index("snapshot_taken", "taken_at", "id"),
        Index("snapshot_expires", "expires_at"),
        Index("snapshot_sha256", "sha256"),
    )

    id: UUID = Field(primary_key=True)
    camera_id: UUID = Field(foreign_key="camera.id")
    kind: StillKind = word_field(StillKind)
    sha256: str = code_field(length=64)
    bytes: int = Field(sa_type=BigInteger)
    picture_bytes: int | None = Field(default=None, sa_type=BigInteger)
    thumbnail_bytes: int | None = Field(default=None, sa_type=BigInteger)
    width: int
    height: int
    taken_at: datetime = time_field()
    received_at: datetime = time_field()
    faults: list[str] = json_field(list)
    expires_at: datetime | None = time_field(None)


class Heartbeat(SQLModel, table=True):
    """A visit whose still did not differ from the one kept before: a few bytes."""

    __tablename__ = "heartbeat"
    __table_args__ = {"sqlite_with_rowid": False}

    camera_number: int = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcTime, primary_key=True)


class OwnerNetwork(SQLModel, table=True):
    """A private network that an administrator allows for one owner's cameras, as a CIDR such as 192.168.7.0/24."""

    __tablename__ = "owner_network"

    account_id: UUID = Field(foreign_key="account.id", primary_key=True)
    cidr: str = code_field(length=64, primary_key=True)
    allowed_by: UUID | None = Field(default=None, foreign_key="account.id")
    allowed_at: datetime = time_field()
