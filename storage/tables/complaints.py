"""What is wrong and what became of it: categories, complaints, reports, links, history."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, func
from sqlmodel import Field, SQLModel, col

from cases.words import Channel, HistoryKind, LinkState, LocationSource, Status
from storage.tables.types import code_field, json_field, time_field, word_field


class Category(SQLModel, table=True):
    """What is wrong: who leads, how soon, how near a picture must be to bear on it."""

    __tablename__ = "category"

    code: str = code_field(primary_key=True)
    name_id: str
    name_en: str
    agency_code: str = code_field(to="agency.code")
    deadline_hours: int
    radius_m: float
    related: list[str] = json_field(list)
    confidential: bool = False
    icon: str = ""
    position: int = 0
    active: bool = True


class CategoryMember(SQLModel, table=True):
    """An account of the named team that alone may see a confidential category."""

    __tablename__ = "category_member"

    category_code: str = code_field(to="category.code", primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", primary_key=True)


class Complaint(SQLModel, table=True):
    """A problem followed to its end. `cell` and `area_code` follow from the place; both None when it is unknown.

    `confidential` is the category's flag, kept here so that `visible` needs no join.
    """

    __tablename__ = "complaint"
    __table_args__ = (
        Index("complaint_reference", "reference", unique=True),
        Index("complaint_opened", "opened_at", "id"),
        Index("complaint_updated", "updated_at", "id"),
        Index("complaint_due", "due_at", "id"),
        Index("complaint_cell", "cell", "opened_at", "id"),
        # Holds what a map's tile tells by itself: ten thousand rows scattered in the table take SQLite 20 ms to find.
        Index(
            "complaint_tile",
            *("cell", "opened_at", "id", "confidential", "category_code", "status", "due_at", "closed_at"),
            *("reference", "lon", "lat"),
        ).ddl_if(dialect="sqlite"),
        Index("complaint_area", "area_code", "opened_at", "id"),
        Index("complaint_category", "category_code", "opened_at", "id"),
        Index("complaint_agency", "agency_code", "opened_at", "id"),
        Index("complaint_status", "status", "opened_at", "id"),
        Index("complaint_opened_by", "opened_by", "opened_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    reference: str = code_field(length=16)
    category_code: str = code_field(to="category.code")
    agency_code: str = code_field(to="agency.code")
    status: Status = word_field(Status, Status.RECEIVED)
    description: str = ""
    confidential: bool = False
    lon: float | None = None
    lat: float | None = None
    radius_m: float | None = None
    location_source: LocationSource | None = word_field(LocationSource, None)
    cell: int | None = Field(default=None, sa_type=BigInteger)
    area_code: str | None = code_field(None, length=16)
    opened_at: datetime = time_field()
    received_at: datetime = time_field()
    updated_at: datetime = time_field()
    due_at: datetime = time_field()
    closed_at: datetime | None = time_field(None)
    opened_by: UUID | None = Field(default=None, foreign_key="account.id")
    duplicate_of: UUID | None = Field(default=None, foreign_key="complaint.id")
    version: int = 1


# Open complaints are few among all that ever were: their own index, in the order the map asks for.
Index(
    "complaint_open",
    col(Complaint.opened_at),
    col(Complaint.id),
    sqlite_where=col(Complaint.closed_at).is_(None),
    postgresql_where=col(Complaint.closed_at).is_(None),
)
# A district's complaints in time order; `area_code` itself orders by village first.
Index("complaint_district", func.substr(col(Complaint.area_code), 1, 8), col(Complaint.opened_at), col(Complaint.id))


class Report(SQLModel, table=True):
    """One message by one person through one channel; its photos point to it."""

    __tablename__ = "report"
    __table_args__ = (Index("report_complaint", "complaint_id"), Index("report_received", "received_at"))

    id: UUID = Field(primary_key=True)
    complaint_id: UUID | None = Field(default=None, foreign_key="complaint.id")
    channel: Channel = word_field(Channel)
    account_id: UUID | None = Field(default=None, foreign_key="account.id")
    category_code: str | None = code_field(None, to="category.code")
    text: str = ""
    received_at: datetime = time_field()


class Link(SQLModel, table=True):
    """The tie between a photo or a snapshot (exactly one is set) and a complaint.

    `score` runs 0 to 1; `decided_by` None is the machine.
    """

    __tablename__ = "link"
    __table_args__ = (
        Index("link_pair", "complaint_id", "photo_id", unique=True),
        Index("link_sighting", "complaint_id", "snapshot_id", unique=True),
        Index("link_photo", "photo_id"),
        Index("link_snapshot", "snapshot_id"),
        Index("link_state", "state", "created_at"),
    )

    id: UUID = Field(primary_key=True)
    complaint_id: UUID = Field(foreign_key="complaint.id")
    photo_id: UUID | None = Field(default=None, foreign_key="photo.id")
    snapshot_id: UUID | None = Field(default=None, foreign_key="snapshot.id")
    state: LinkState = word_field(LinkState)
    score: float
    reasons: list[dict[str, Any]] = json_field(list)
    created_at: datetime = time_field()
    decided_at: datetime | None = time_field(None)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id")


class History(SQLModel, table=True):
    """One thing that happened to a complaint: who, when, why. Rows are added and never changed."""

    __tablename__ = "history"
    __table_args__ = (Index("history_complaint", "complaint_id", "id"), Index("history_at", "at"))

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: UUID = Field(foreign_key="complaint.id")
    at: datetime = time_field()
    kind: HistoryKind = word_field(HistoryKind)
    account_id: UUID | None = Field(default=None, foreign_key="account.id")
    from_status: Status | None = word_field(Status, None)
    to_status: Status | None = word_field(Status, None)
    note: str = ""
    data: dict[str, Any] = json_field(dict)
