"""Files of incidents that somebody asked for."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlalchemy.types import JSON
from sqlmodel import Field, SQLModel

from cases.words import ExportFormat, ExportState
from storage.tables.types import json_field, time_field, word_field


class Export(SQLModel, table=True):
    """An export made in the background for one account.

    `asked` is the question and how the file is to read. `scopes` are those of the token that asked, None for a person;
    `seen` is what could be seen when the file was made: whoever sees otherwise by then does not get it; `position` is
    where the log of changes stood then, by which what was hidden or deleted since is known. `key` is where the file is
    kept, empty while there is none.
    """

    __tablename__ = "export"
    __table_args__ = (Index("export_account", "account_id", "created_at"), Index("export_expires", "expires_at"))

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    scopes: list[str] | None = Field(default=None, sa_type=JSON)
    format: ExportFormat = word_field(ExportFormat)
    asked: dict[str, Any] = json_field(dict)
    state: ExportState = word_field(ExportState, ExportState.QUEUED)
    rows_done: int = 0
    rows_about: int | None = None
    error: str = ""
    key: str = ""
    bytes: int = Field(default=0, sa_type=BigInteger)
    sha256: str = ""
    seen: str = ""
    position: str | None = None
    created_at: datetime = time_field()
    finished_at: datetime | None = time_field(None)
    expires_at: datetime = time_field()
