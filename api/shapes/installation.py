"""What this installation is."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from api.shapes.common import Out
from cases.words import JobKind, JobState, Role


class LimitsAnswer(Out):
    """The most that one photo may be."""

    photo_bytes: int
    photo_pixels: int


class DemoAccount(Out):
    """An account that one click signs in to, in a demo only."""

    role: Role
    login: str
    name: str
    agency: str | None


class InstallationAnswer(Out):
    """What a page needs to know before anyone has signed in."""

    name: str
    version: str
    demo: bool
    languages: list[str]
    timezone: str
    centre: tuple[float, float] | None
    bbox: tuple[float, float, float, float] | None
    limits: LimitsAnswer
    demo_accounts: list[DemoAccount]


class HealthAnswer(Out):
    """The process is alive."""

    status: Literal["ok"] = "ok"


class Check(Out):
    """One thing looked at."""

    name: str
    ok: bool


class ReadyAnswer(Out):
    """This process can do its work."""

    status: Literal["ready"] = "ready"
    checks: list[Check]


class JobAnswer(Out):
    """A piece of background work."""

    id: UUID
    kind: JobKind
    subject_id: str
    state: JobState
    attempts: int
    error: str
    run_at: datetime
    created_at: datetime
    finished_at: datetime | None


class JobsAnswer(Out):
    """Jobs in one state, and how many there are in each."""

    jobs: list[JobAnswer]
    counts: dict[JobState, int]
