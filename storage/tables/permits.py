"""Building permits, which oblige their owners to cameras, and what became of that duty."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Date, Index, text
from sqlmodel import Field, SQLModel

from cases.permit import LONGEST_KEY
from cases.words import LocationSource, PermitKind, PermitState
from storage.tables.types import code_field, code_type, time_field, word_field


class Permit(SQLModel, table=True):
    """A building permit (IMB, PBG). `account_id` is the owner's once they have signed in with it.

    `number_key` is the one form of all writings of the number (`cases.permit.number_key`), not unique: a register from
    before it was compared may hold one permit twice. `state_due_at` is when the present step (a warning, a freeze)
    falls due: `cases.permit.falls_due`.
    """

    __tablename__ = "permit"
    __table_args__ = (
        Index("permit_number", "number", unique=True),
        Index("permit_number_key", "number_key"),
        Index("permit_area", "area_code", "state"),
        Index("permit_account", "account_id"),
        Index("permit_cell", "cell"),
    )

    id: UUID = Field(primary_key=True)
    number: str = code_field(length=64)
    number_key: str = Field("", sa_type=code_type(LONGEST_KEY), sa_column_kwargs={"server_default": text("''")})
    kind: PermitKind = word_field(PermitKind)
    account_id: UUID | None = Field(default=None, foreign_key="account.id")
    owner_name: str
    contact: str = ""
    address: str = ""
    issued_on: date | None = Field(default=None, sa_type=Date)
    cameras_required: int = 1
    state: PermitState = word_field(PermitState, PermitState.PENDING)
    state_since: datetime = time_field()
    state_due_at: datetime | None = time_field(None)
    lon: float | None = None
    lat: float | None = None
    radius_m: float | None = None
    location_source: LocationSource | None = word_field(LocationSource, None)
    cell: int | None = Field(default=None, sa_type=BigInteger)
    area_code: str | None = code_field(None, length=16)
    created_at: datetime = time_field()
    updated_at: datetime = time_field()
    version: int = 1


class PermitHistory(SQLModel, table=True):
    """One thing that happened to a permit: who moved it, when, why. Rows are added and never changed."""

    __tablename__ = "permit_history"
    __table_args__ = (Index("permit_history_permit", "permit_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    permit_id: UUID = Field(foreign_key="permit.id")
    at: datetime = time_field()
    account_id: UUID | None = Field(default=None, foreign_key="account.id")
    from_state: PermitState | None = word_field(PermitState, None)
    to_state: PermitState = word_field(PermitState)
    note: str = ""
