"""Whether this installation is healthy: what `pantau check` prints and the ready door answers."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path

from ingest.parts import Parts
from storage import audit, jobs, migrate

_LEAST_FREE = 1_000_000_000
_CLOCK_MAY_DIFFER = timedelta(seconds=30)
_LATE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `detail` says what is wrong and what to do, or what was found."""

    name: str
    ok: bool
    detail: str


def checks(parts: Parts) -> list[Check]:
    """Looks at database, migrations, blobs, areas, jobs, disk and clock. A check that fails does not hide the others."""
    looks: dict[str, Callable[[Parts], Check]] = {
        "database": _database,
        "migrations": _migrations,
        "blobs": _blobs,
        "areas": _areas,
        "jobs": _jobs,
        "disk": _disk,
        "clock": _clock,
    }
    return [_guarded(name, look, parts) for name, look in looks.items()]


def _guarded(name: str, look: Callable[[Parts], Check], parts: Parts) -> Check:
    try:
        return look(parts)
    except Exception as error:
        return Check(name, False, str(error).splitlines()[0] if str(error) else type(error).__name__)


def _database(parts: Parts) -> Check:
    return Check("database", True, f"{parts.database.dialect} answers, version {parts.database.version()}")


def _migrations(parts: Parts) -> Check:
    if migrate.pending(parts.database):
        return Check("migrations", False, "the tables are older than this Pantau: run `pantau migrate`")
    return Check("migrations", True, f"at {migrate.current(parts.database)}")


def _blobs(parts: Parts) -> Check:
    parts.blobs.check()
    return Check("blobs", True, "written, read back and deleted")


def _areas(parts: Parts) -> Check:
    known = len(parts.areas.index())
    if not known:
        return Check("areas", False, "no areas yet, so no photo can be placed: run `pantau areas import FILE`")
    return Check("areas", True, f"{known} areas")


def _jobs(parts: Parts) -> Check:
    with parts.database.read() as db:
        parked = jobs.parked(db, 5)
        oldest = jobs.oldest_due(db)
    if parked:
        told = "; ".join(f"{job.kind} {job.subject_id}: {job.error or 'no reason kept'}" for job in parked)
        return Check("jobs", False, f"failed too often and wait for a person (`pantau jobs retry`): {told}")
    if oldest is not None and parts.clock() - oldest > _LATE:
        return Check("jobs", False, f"the oldest job waits since {oldest:%Y-%m-%d %H:%M} UTC: is a worker running?")
    return Check("jobs", True, "none parked, none late")


def _disk(parts: Parts) -> Check:
    folders = [Path(parts.blobs.workspace)]
    if parts.database.dialect == "sqlite":
        folders.append(Path(parts.database.place).parent)
    free = min(shutil.disk_usage(folder).free for folder in folders if folder.exists())
    told = f"{free / 1e9:.1f} GB free"
    return Check("disk", free >= _LEAST_FREE, told if free >= _LEAST_FREE else f"only {told}: make room")


def _clock(parts: Parts) -> Check:
    now = parts.clock()
    with parts.database.read() as db:
        newest = audit.newest(db)
    theirs = parts.database.now()
    if theirs is not None and abs(theirs - now) > _CLOCK_MAY_DIFFER:
        return Check("clock", False, f"this clock and the database's differ by {abs(theirs - now)}: set both by NTP")
    if newest is not None and newest - now > _CLOCK_MAY_DIFFER:
        return Check("clock", False, f"something was recorded at {newest:%Y-%m-%d %H:%M} UTC, which is yet to come")
    return Check("clock", True, f"{now.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC")


def healthy(found: list[Check]) -> bool:
    """Whether every check passed."""
    return all(check.ok for check in found)
