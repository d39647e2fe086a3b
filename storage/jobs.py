"""Durable background work as leased rows.

A job is written in the transaction that needs it and finished in the transaction of its effect: what was acknowledged
is done, and done once. A worker that dies lets its lease run out, and another takes the job.
"""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, CursorResult, Update, bindparam, delete, func, select, update
from sqlalchemy.orm import Session
from sqlmodel import col
from uuid_utils.compat import uuid7

from cases.errors import NotFound
from cases.words import JobKind, JobState
from storage.database import Database
from storage.errors import StorageError
from storage.tables import Job, metadata
from storage.tables.types import UtcTime

MAX_ATTEMPTS = 8
"""Claims after which a job is parked: with the waiting between them, about two and a half hours."""

FIRST_WAIT_S = 10.0
LONGEST_WAIT_S = 3600.0

KEPT = timedelta(days=7)
"""How long a job that is done can still be looked up."""

_LONGEST_ERROR = 2_000


class LeaseLost(StorageError):
    """Another worker holds the job by now, or nobody needs it; the transaction must be given up."""


class JobUnknown(NotFound):
    """There is no job of this id, or it does not wait for a person."""

    code = "job_unknown"


def add(
    db: Session,
    kind: JobKind,
    subject_id: str,
    now: datetime,
    *,
    data: dict[str, Any] | None = None,
    delay_s: float = 0,
) -> UUID:
    """Puts a job into the queue, to run `delay_s` from now at the earliest; answers its id."""
    job = Job(
        id=uuid7(),
        kind=kind,
        subject_id=subject_id,
        data=data or {},
        state=JobState.QUEUED,
        run_at=now + timedelta(seconds=delay_s),
        created_at=now,
    )
    db.add(job)
    return job.id


def claim(
    database: Database, worker: str, now: datetime, *, lease_s: float, kinds: Iterable[JobKind] | None = None
) -> Job | None:
    """Takes one due job (of these kinds) for `lease_s`, in its own transaction; None when nothing is due.

    The row that it answers belongs to no session: it says what to do, and is handed back to `extend`, `finish`, `fail`.
    First what a dead worker left, then the longest due. What was claimed too often without ever being finished or
    failed, because it takes its worker down, is parked.
    """
    wanted = list(JobKind) if kinds is None else sorted(set(kinds))
    while True:
        with database.write() as db:
            found = _take(db, worker, now, lease_s, wanted)
            if found is None or found.attempts <= MAX_ATTEMPTS:
                return found
            told = f"its worker ended or hung {MAX_ATTEMPTS} times"
            _change(db, found, state=JobState.PARKED, lease=None, leased_until=None, error=told)


def extend(database: Database, job: Job, now: datetime, *, lease_s: float) -> None:
    """Holds on to a job that takes long, in its own transaction. Raises LeaseLost."""
    with database.write() as db:
        _change(db, job, leased_until=now + timedelta(seconds=lease_s))


def finish(db: Session, job: Job, now: datetime) -> None:
    """Marks a job done, in the transaction that holds its effect. Raises LeaseLost: then that must not happen."""
    _change(db, job, state=JobState.DONE, finished_at=now, lease=None, leased_until=None, error="")


def fail(database: Database, job: Job, error: str, now: datetime) -> JobState:
    """Puts a failed job back to wait, longer each time, or parks it; answers which. Raises LeaseLost."""
    parked = job.attempts >= MAX_ATTEMPTS
    state = JobState.PARKED if parked else JobState.QUEUED
    run_at = now + timedelta(seconds=wait_s(job.attempts, random.random()))  # noqa: S311 (no secret)
    with database.write() as db:
        # The end of a message says more than its beginning.
        _change(db, job, state=state, run_at=run_at, lease=None, leased_until=None, error=error[-_LONGEST_ERROR:])
    return state


def wait_s(attempts: int, chance: float) -> float:
    """Seconds to wait after so many attempts, doubling up to an hour; `chance` (0 to 1) spreads them by half."""
    doubled: float = min(FIRST_WAIT_S * 2 ** (attempts - 1), LONGEST_WAIT_S)
    return doubled * (0.5 + chance)


def retry(db: Session, job_id: UUID, now: datetime) -> Job:
    """Puts a parked job back into the queue as if it were new; its last error stays to be read. Raises JobUnknown."""
    parked = select(Job).where(col(Job.id) == job_id, col(Job.state) == JobState.PARKED)
    job = db.scalar(parked.with_for_update())
    if job is None:
        raise JobUnknown
    job.state, job.attempts, job.run_at = JobState.QUEUED, 0, now
    return job


def parked(db: Session, limit: int) -> list[Job]:
    """Parked jobs, the latest first."""
    return listed(db, JobState.PARKED, limit)


def listed(db: Session, state: JobState, limit: int) -> list[Job]:
    """Jobs of one state, the latest due first."""
    asked = select(Job).where(col(Job.state) == state).order_by(col(Job.run_at).desc(), col(Job.id)).limit(limit)
    return list(db.scalars(asked))


def counts(db: Session) -> dict[JobState, int]:
    """How many jobs are in each state."""
    found = dict.fromkeys(JobState, 0)
    for state, number in db.execute(select(col(Job.state), func.count()).group_by(col(Job.state))):
        found[state] = number
    return found


def oldest_due(db: Session) -> datetime | None:
    """Since when the longest waiting job could have run; None when none waits."""
    return db.scalar(select(func.min(col(Job.run_at))).where(col(Job.state) == JobState.QUEUED))


def prune(db: Session, now: datetime) -> int:
    """Removes the jobs that were done longer than KEPT ago; answers how many."""
    done = db.execute(delete(Job).where(col(Job.finished_at) < now - KEPT, col(Job.state) == JobState.DONE))
    assert isinstance(done, CursorResult)
    return done.rowcount


def _take(db: Session, worker: str, now: datetime, lease_s: float, kinds: list[JobKind]) -> Job | None:
    values = {
        "now": now,
        "kinds": kinds,
        "its_lease": f"{worker}:{uuid4().hex}",
        "until": now + timedelta(seconds=lease_s),
    }
    row = db.execute(_TAKE, values).first()
    return None if row is None else Job(**row._mapping)


def _change(db: Session, job: Job, **values: Any) -> None:
    given = {f"new_{name}": value for name, value in values.items()}
    done = db.execute(_held(*values), {"job_id": job.id, "held_lease": job.lease, **given})
    assert isinstance(done, CursorResult)
    if done.rowcount == 0:
        raise LeaseLost(f"job {job.id} ({job.kind}) is not ours any more")


def _first(*conditions: ColumnElement[bool]) -> ColumnElement[UUID]:
    """The id of the longest due job of these, passing by those that others claim at this moment."""
    asked = select(_job.c.id).where(*conditions, _job.c.kind.in_(bindparam("kinds", expanding=True)))
    asked = asked.order_by(_job.c.run_at, _job.c.id).limit(1).with_for_update(skip_locked=True)
    return asked.scalar_subquery()


_job = metadata.tables["job"]

# Made once, of the bare table: a job is claimed and finished in two statements, each compiled once.
_LEFT = _first(_job.c.state == JobState.RUNNING, _job.c.leased_until < bindparam("now", type_=UtcTime))
_DUE = _first(_job.c.state == JobState.QUEUED, _job.c.run_at <= bindparam("now", type_=UtcTime))
_TAKE = (
    update(_job)
    .where(_job.c.id == func.coalesce(_LEFT, _DUE))
    .values(
        state=JobState.RUNNING,
        lease=bindparam("its_lease"),
        leased_until=bindparam("until"),
        attempts=_job.c.attempts + 1,
    )
    .returning(_job)
)


@cache
def _held(*names: str) -> Update:
    """The change of these columns of a job whose lease is still the one held."""
    held = update(_job).where(_job.c.id == bindparam("job_id"), _job.c.lease == bindparam("held_lease"))
    return held.values({name: bindparam(f"new_{name}") for name in names})
