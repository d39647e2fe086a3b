"""What changed: one row for each incident that a write touched, kept for hours."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, text
from sqlmodel import Field, SQLModel

from storage.tables.types import code_field, word_field


class ChangeKind(StrEnum):
    """What changed: an incident, or something that decides who sees many."""

    COMPLAINT = "complaint"
    PHOTO = "photo"
    OUTAGE = "outage"
    CAMERA = "camera"
    SHARING = "sharing"
    """Whose a camera is, or with whom it is shared."""
    CATALOGUE = "catalogue"
    """Which agency leads a category."""


class Change(SQLModel, table=True):
    """One incident that was written, by triggers: no writer has to remember it (revision 0009).

    `turn` is the number of the writing transaction on PostgreSQL, 0 on SQLite, whose writers take turns. The columns
    from `reference` on are the incident as it was before, all None where `existed` is false; `happened_at` is what the
    map sorts by. A photo's `agency_code` is that of a complaint that it was tied to.
    """

    __tablename__ = "change"
    __table_args__ = (Index("change_turn", "turn", sqlite_where=text("turn > 0")),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger().with_variant(Integer(), "sqlite"))
    turn: int = Field(default=0, sa_type=BigInteger)
    at: int = Field(sa_type=BigInteger)
    kind: ChangeKind = word_field(ChangeKind)
    subject: UUID | None = None
    existed: bool = False
    reference: str | None = code_field(None, length=16)
    category_code: str | None = code_field(None)
    agency_code: str | None = code_field(None)
    status: str | None = code_field(None)
    confidential: bool | None = None
    area_code: str | None = code_field(None, length=16)
    lon: float | None = None
    lat: float | None = None
    cell: int | None = Field(default=None, sa_type=BigInteger)
    happened_at: int | None = Field(default=None, sa_type=BigInteger)
    due_at: int | None = Field(default=None, sa_type=BigInteger)
    closed_at: int | None = Field(default=None, sa_type=BigInteger)
    account_id: UUID | None = None
    camera_id: UUID | None = None
