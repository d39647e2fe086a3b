"""Whether this installation is healthy: what `pantau check` prints and the ready door answers.

Database, migrations and blobs are vital: without them this process can do nothing. The others are a person's business
(a parked job, a full disk) and no reason to take a server out of service.
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.parts import Parts
from storage import areas, audit, cameras, jobs, migrate, partitions
from storage.blobs import Blobs
from storage.database import Database
from storage.rollups import check as rollups

if TYPE_CHECKING:
    from ingest.cameras.secrets import Keys

_LEAST_FREE = 1_000_000_000
_CLOCK_MAY_DIFFER = timedelta(seconds=30)
_LATE = timedelta(minutes=15)
_MANY_CHANGES = 200_000
_TOLD = 5
"""Parked jobs named one by one."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `detail` says what is wrong and what to do, or what was found; never a secret."""

    name: str
    ok: bool
    detail: str
    vital: bool = True
    """Whether this process can do nothing without it."""


class Installation:
    """What is looked at. Database and store are opened when the first check asks, so that neither hides the other."""

    def __init__(
        self,
        database: Callable[[], Database],
        blobs: Callable[[], Blobs],
        clock: Callable[[], datetime],
        keys: "Callable[[], Keys]",
    ) -> None:
        self._open_database, self._open_blobs, self.clock, self.keys = database, blobs, clock, keys

    @classmethod
    def of(cls, parts: Parts) -> "Installation":
        """The installation that these parts work for."""
        return cls(lambda: parts.database, lambda: parts.blobs, parts.clock, lambda: parts.keys)

    @cached_property
    def database(self) -> Database:
        """The database, opened."""
        return self._open_database()

    @cached_property
    def blobs(self) -> Blobs:
        """The store, opened."""
        return self._open_blobs()

    def folders(self) -> list[Path]:
        """The folders of this machine that fill up, of those parts that could be opened."""
        opened = self.__dict__
        found = [self.blobs.workspace] if "blobs" in opened else []
        if "database" in opened and self.database.dialect == "sqlite":
            found.append(Path(self.database.place).parent)
        return found

    def close(self) -> None:
        """Closes the database, for whoever had it opened here."""
        if "database" in self.__dict__:
            self.database.close()


_Look = Callable[[Installation], Check]


def vital(installation: Installation) -> list[Check]:
    """Looks at what this process cannot work without: database, migrations, blobs."""
    return [*_looked(installation, _VITAL), *_replicas(installation)]


def checks(installation: Installation) -> list[Check]:
    """Looks at everything. A check that fails hides only those that cannot be made without it, and says so."""
    return [*_looked(installation, _VITAL | _FURTHER), *_replicas(installation, wait_s=3.0)]


def healthy(found: Sequence[Check]) -> bool:
    """Whether every check passed."""
    return all(check.ok for check in found)


def _looked(installation: Installation, looks: dict[str, tuple[str | None, _Look]]) -> list[Check]:
    found: dict[str, Check] = {}
    for name, (needs, look) in looks.items():
        if needs is not None and not found[needs].ok:
            found[name] = Check(name, False, f"cannot be known: {needs} first")
        else:
            found[name] = _guarded(name, look, installation)
    return list(found.values())


def _guarded(name: str, look: _Look, installation: Installation) -> Check:
    try:
        return look(installation)
    except Exception as error:
        return Check(name, False, str(error).splitlines()[0] if str(error) else type(error).__name__)


def _database(at: Installation) -> Check:
    database = at.database
    return Check("database", True, f"{database.dialect} {database.version()} at {database.place}")


def _migrations(at: Installation) -> Check:
    if migrate.pending(at.database):
        return Check("migrations", False, "the tables are not those of this Pantau: run `pantau migrate`")
    return Check("migrations", True, f"at {migrate.head()}")


def _blobs(at: Installation) -> Check:
    at.blobs.check()
    return Check("blobs", True, "a probe was written, read back and deleted")


def _replicas(at: Installation, wait_s: float = 0.0) -> list[Check]:
    """The replica, if one is set: without it the primary answers, so no server goes out of service."""
    replica = at.__dict__["database"].replica if "database" in at.__dict__ else None
    if replica is None:
        return []
    found = replica.look(wait_s)
    if found.usable:
        return [Check("replica", True, f"{found.place}, {found.lag_s:.1f} s behind", vital=False)]
    return [Check("replica", False, f"{found.place}: {found.why}; the primary answers for it", vital=False)]


def _areas(at: Installation) -> Check:
    with at.database.read() as db:
        known = len(areas.listed(db))
    if not known:
        return Check("areas", False, "no areas yet, so no photo can be placed: run `pantau areas import FILE`")
    return Check("areas", True, f"{known} areas")


def _jobs(at: Installation) -> Check:
    with at.database.read() as db:
        parked = jobs.parked(db, _TOLD + 1)
        oldest = jobs.oldest_due(db)
    if parked:
        told = [f"{job.kind} {job.subject_id}: {job.error or 'no reason kept'}" for job in parked[:_TOLD]]
        more = ["and more (`pantau jobs list`)"] if len(parked) > _TOLD else []
        return Check("jobs", False, f"parked until a person says `pantau jobs retry`: {'; '.join(told + more)}")
    if oldest is not None and at.clock() - oldest > _LATE:
        return Check("jobs", False, f"the oldest job waits since {oldest:%Y-%m-%d %H:%M} UTC: is a worker running?")
    return Check("jobs", True, "none parked, none late")


def _partitions(at: Installation) -> Check:
    if at.database.dialect == "sqlite":
        return Check("partitions", True, "SQLite has none")
    with at.database.read() as db:
        absent = partitions.lacking(db, at.clock())
    if absent:
        return Check("partitions", False, f"{', '.join(absent)} should be there by now: is a worker running?")
    return Check("partitions", True, "this month and the next are there")


def _rollups(at: Installation) -> Check:
    with at.database.read() as db:
        found = rollups.state(db)
    if not found.built:
        return Check("rollups", True, "not counted yet: a worker does it within a minute, rows are counted meanwhile")
    if found.totals:
        told = ", ".join(f"{kept} of {there} {kind}s" for kind, (kept, there) in found.totals.items())
        return Check("rollups", False, f"they count {told}: run `pantau rollups rebuild`")
    if found.waiting > _MANY_CHANGES:
        return Check("rollups", False, f"{found.waiting} changes wait to be folded in: is a worker running?")
    return Check("rollups", True, f"they add up to the rows; {found.waiting} changes wait to be folded in")


def _disk(at: Installation) -> Check:
    folders = at.folders()
    if not folders:
        return Check("disk", False, "cannot be known: database and blobs first")
    tightest = min(folders, key=lambda folder: shutil.disk_usage(folder).free)
    free = shutil.disk_usage(tightest).free
    told = f"{free / 1e9:.1f} GB free in {tightest}"
    return Check("disk", True, told) if free >= _LEAST_FREE else Check("disk", False, f"only {told}: make room")


def _clock(at: Installation) -> Check:
    with at.database.read() as db:
        newest = audit.newest(db)
    theirs, now = at.database.now(), at.clock()
    if theirs is not None and abs(theirs - now) > _CLOCK_MAY_DIFFER:
        return Check("clock", False, f"this clock and the database's differ by {abs(theirs - now)}: set both by NTP")
    if newest is not None and newest - now > _CLOCK_MAY_DIFFER:
        return Check("clock", False, f"something was recorded at {newest:%Y-%m-%d %H:%M} UTC, which is yet to come")
    return Check("clock", True, f"{now.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC")


_VITAL: dict[str, tuple[str | None, _Look]] = {
    "database": (None, _database),
    "migrations": ("database", _migrations),
    "blobs": (None, _blobs),
}


def _keys(at: Installation) -> Check:
    """Without a password in the register no key is asked for: the first start may be still to come."""
    with at.database.read() as db:
        sealed = [camera.secret for page in cameras.sealed(db) for camera in page if camera.secret is not None]
    known = at.keys().knows if sealed else None
    lost = 0 if known is None else sum(not known(secret) for secret in sealed)
    if lost:
        what = "put it back behind the others, or have these passwords written anew"
        return Check("keys", False, f"no key opens the passwords of {lost} cameras: {what}", vital=False)
    return Check("keys", True, f"they open {len(sealed)} passwords of cameras", vital=False)


_FURTHER: dict[str, tuple[str | None, _Look]] = {
    "areas": ("migrations", _areas),
    "jobs": ("migrations", _jobs),
    "partitions": ("migrations", _partitions),
    "rollups": ("migrations", _rollups),
    "keys": ("migrations", _keys),
    "disk": (None, _disk),
    "clock": ("migrations", _clock),
}
