"""Durable background work as rows."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from cases.words import JobKind, JobState
from storage.tables.types import json_field, time_field, word_field


class Job(SQLModel, table=True):
    """A piece of work, written in the transaction that needs it and claimed with a lease.

    `lease` names the claim: only its holder may finish the job, so a worker that comes back late changes nothing.
    """

    __tablename__ = "job"
    __table_args__ = (Index("job_due", "state", "run_at"), Index("job_finished", "finished_at"))

    id: UUID = Field(primary_key=True)
    kind: JobKind = word_field(JobKind)
    subject_id: str = ""
    data: dict[str, Any] = json_field(dict)
    state: JobState = word_field(JobState, JobState.QUEUED)
    attempts: int = 0
    run_at: datetime = time_field()
    lease: str | None = None
    leased_until: datetime | None = time_field(None)
    error: str = ""
    created_at: datetime = time_field()
    finished_at: datetime | None = time_field(None)
