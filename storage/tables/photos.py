"""Stills taken by people, and the bands by which near-duplicates are found."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, func
from sqlmodel import Field, SQLModel, col

from cases.words import LocationSource, ProcessingState
from storage.tables.types import code_field, json_field, time_field, word_field


class Photo(SQLModel, table=True):
    """A still taken by a person. A committed row implies durable bytes under `photos/<id>/original`.

    `occurred_at` is `taken_at` where that is believable, else `received_at`: what the map sorts by.
    `candidates` keeps every location found, with its source. `deleted_at` marks a tombstone: the bytes are gone.
    """

    __tablename__ = "photo"
    __table_args__ = (
        Index("photo_occurred", "occurred_at", "id"),
        Index("photo_updated", "updated_at", "id"),
        Index("photo_cell", "cell", "occurred_at", "id"),
        Index("photo_area", "area_code", "occurred_at", "id"),
        Index("photo_category", "category_code", "occurred_at", "id"),
        Index("photo_account", "account_id", "occurred_at"),
        Index("photo_sha256", "sha256"),
        Index("photo_report", "report_id"),
    )

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    report_id: UUID | None = Field(default=None, foreign_key="report.id")
    category_code: str | None = code_field(None, to="category.code")
    caption: str = ""
    confidential: bool = False
    sha256: str = code_field(length=64)
    bytes: int = Field(sa_type=BigInteger)
    media_type: str
    width: int
    height: int
    orientation: int = 1
    taken_at: datetime | None = time_field(None)
    received_at: datetime = time_field()
    occurred_at: datetime = time_field()
    lon: float | None = None
    lat: float | None = None
    radius_m: float | None = None
    location_source: LocationSource | None = word_field(LocationSource, None)
    cell: int | None = Field(default=None, sa_type=BigInteger)
    area_code: str | None = code_field(None, length=16)
    direction_deg: float | None = None
    candidates: list[dict[str, Any]] = json_field(list)
    device: dict[str, Any] = json_field(dict)
    warnings: list[str] = json_field(list)
    processing: ProcessingState = word_field(ProcessingState, ProcessingState.PENDING)
    fingerprint: int | None = Field(default=None, sa_type=BigInteger)
    updated_at: datetime = time_field()
    deleted_at: datetime | None = time_field(None)


# A district's photos in time order; `area_code` itself orders by village first.
Index("photo_district", func.substr(col(Photo.area_code), 1, 8), col(Photo.occurred_at), col(Photo.id))


class PhotoBand(SQLModel, table=True):
    """One band of a photo's fingerprint: two near-duplicates share at least one (position, band)."""

    __tablename__ = "photo_band"
    __table_args__ = (Index("photo_band_value", "position", "band"),)

    photo_id: UUID = Field(foreign_key="photo.id", primary_key=True)
    position: int = Field(primary_key=True)
    band: int
