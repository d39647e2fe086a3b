"""The worker: takes due jobs one by one, keeps its lease while it works, and ends a job together with its effect.

Killed at any moment it loses nothing: its lease runs out, another takes the job, and what was not committed was not
done. Coming back late it changes nothing: its lease is gone, and with it the right to write.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from cases.words import JobKind
from ingest import months, regular, rollups, tidy
from ingest.cameras import evidence
from ingest.exports import make, withdrawing
from ingest.parts import Parts
from ingest.photos import process
from ingest.work import Handler
from storage import jobs
from storage.errors import StorageError
from storage.tables import Job

_log = logging.getLogger("pantau.worker")

HANDLERS: Mapping[JobKind, Handler] = {
    JobKind.PHOTO_PROCESS: process.process,
    JobKind.PHOTO_ERASE: process.erase,
    JobKind.TIDY: tidy.tidy,
    JobKind.EVIDENCE: evidence.gather,
    JobKind.ROLLUPS: rollups.keep,
    JobKind.PARTITIONS: months.keep,
    JobKind.EXPORT: make.make,
    JobKind.EXPORT_SWEEP: withdrawing.sweep,
}

PLANS = {
    JobKind.TIDY: tidy.EVERY,
    JobKind.EVIDENCE: evidence.EVERY,
    JobKind.ROLLUPS: rollups.EVERY,
    JobKind.PARTITIONS: months.EVERY,
    JobKind.EXPORT_SWEEP: withdrawing.EVERY,
}
"""What comes round again, and how often."""

LEASE_S = 60.0
_IDLE_S = 0.5
_TROUBLE_S = 5.0
_PLAN_S = 30.0


class Worker:
    """Does jobs until it is told to stop. Several may run, in one process or in many."""

    def __init__(
        self,
        parts: Parts,
        name: str | None = None,
        *,
        handlers: Mapping[JobKind, Handler] = HANDLERS,
        lease_s: float = LEASE_S,
    ) -> None:
        self._parts = parts
        self.name = name or f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"
        self._handlers = handlers
        self._lease_s = lease_s

    def run(self, stop: threading.Event) -> None:
        """Works until `stop` is set, finishing the job in hand; a database that is gone is waited for."""
        look_at = 0.0
        while not stop.is_set():
            try:
                if time.monotonic() >= look_at:
                    for kind, every in PLANS.items():
                        regular.plan(self._parts, kind, every)
                    look_at = time.monotonic() + _PLAN_S
                while not stop.is_set() and self.run_once():
                    pass
                stop.wait(_IDLE_S)
            except StorageError as error:
                _log.warning("the worker %s waits: %s", self.name, error)
                stop.wait(_TROUBLE_S)
            except Exception:
                # A worker that ended here would be missed by nobody until the jobs pile up.
                _log.exception("the worker %s met a fault of ours and goes on", self.name)
                stop.wait(_TROUBLE_S)

    def run_once(self) -> bool:
        """Does one due job; whether there was one. A job that fails is told of in its row and tried again later."""
        parts = self._parts
        job = jobs.claim(parts.database, self.name, parts.clock(), lease_s=self._lease_s, kinds=tuple(self._handlers))
        if job is None:
            return False
        try:
            with self._kept(job):
                effect = self._handlers[job.kind](parts, job)
                with parts.database.write() as db:
                    now = parts.clock()
                    effect(db, now)
                    jobs.finish(db, job, now)
        except jobs.LeaseLost:
            _log.warning("job %s %s was taken over by another worker", job.kind, job.subject_id)
        except Exception as error:
            _log.warning("job %s %s failed: %s", job.kind, job.subject_id, error, exc_info=True)
            with suppress(jobs.LeaseLost):
                jobs.fail(parts.database, job, f"{type(error).__name__}: {error}", parts.clock())
        return True

    @contextmanager
    def _kept(self, job: Job) -> Iterator[None]:
        """Extends the lease while the job is worked on."""
        done = threading.Event()

        def extend() -> None:
            while not done.wait(self._lease_s / 3):
                try:
                    jobs.extend(self._parts.database, job, self._parts.clock(), lease_s=self._lease_s)
                except jobs.LeaseLost:
                    return
                except StorageError as error:
                    _log.warning("the lease of job %s %s could not be extended: %s", job.kind, job.subject_id, error)

        keeper = threading.Thread(target=extend, name=f"lease of {job.id}", daemon=True)
        keeper.start()
        try:
            yield
        finally:
            done.set()
            keeper.join()
