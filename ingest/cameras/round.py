"""The round: a watcher claims the cameras that are due, visits them, and writes down what came of it in batches.

Several times a second it makes one transaction: the visits that ended are written, what cannot be visited now is given
back, and what is due is claimed. A watcher that dies loses the visits under way; their leases run out within a minute,
and others make them.
"""

import asyncio
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
import uvloop
from sqlalchemy.orm import Session

from cases.words import VisitState
from ingest.cameras import evidence, journal, retention
from ingest.cameras.capture import LONGEST_S, Capture
from ingest.cameras.lanes import AT_ONCE, Lanes
from ingest.cameras.reach import Visitor
from ingest.parts import Parts
from storage import facts, snapshots, visits
from storage.errors import StorageError
from storage.visits import Due, Outcome

_log = logging.getLogger("pantau.watcher")

LEASE_S: Final = 45.0
WATCHER_FACT: Final = "watcher:"
"""Before a watcher's name: the key of the fact in which it counts."""

_TURN_S: Final = 0.5
_TROUBLE_S: Final = 5.0
_SIGN_S: Final = 2.0
_GONE_AFTER: Final = timedelta(seconds=10)
"""A watcher signs every two seconds with what it counted; one that has not for so long is not waited for."""

_ADOPT_S: Final = 30.0
_MAKE_ROOM_S: Final = 300.0
_LATER: Final = timedelta(seconds=10)
_DRAIN_S: Final = 5.0
_OUTCOMES_AT_ONCE: Final = 256


@dataclass
class Counts:
    """What a watcher did since it began, as its fact says it: visits by how they ended, how late they began."""

    began_at: str
    visits: dict[str, int] = field(default_factory=dict)
    late: int = 0
    lag_s: float = 0.0
    faults_of_ours: int = 0
    lost: int = 0

    def begun(self, due: Due, now: datetime) -> None:
        """Counts how late a visit began."""
        self.lag_s = round(self.lag_s + max(0.0, (now - due.due_at).total_seconds()), 3)
        self.late += now - due.due_at > visits.LATE_AFTER


class Round:
    """Watches until it is told to stop. Any number may run, in one process or in many, on one fleet.

    `at_once` is the most visits at once.
    """

    def __init__(self, parts: Parts, name: str | None = None, *, at_once: int = AT_ONCE) -> None:
        self._parts = parts
        self.name = name or f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"
        self._lanes = Lanes(LONGEST_S, at_once=at_once)
        self._ended: list[Outcome] = []
        self._unmade: list[Due] = []
        self._visits: set[asyncio.Task[None]] = set()
        self.counts = Counts(parts.clock().isoformat())
        self._sign_at = 0.0
        self._others: Set[str] = frozenset()

    def run(self, stop: threading.Event) -> None:
        """Watches until `stop` is set, and lets the visits under way end for some seconds."""
        # Opening pictures, keeping bytes and resolving names each hold a thread while they wait.
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="watch")
            runner.get_loop().set_default_executor(threads)
            runner.run(self._watch(stop))

    async def _watch(self, stop: threading.Event) -> None:
        async with Visitor(self._parts.pictures) as visitor:
            capture = Capture(self._parts, visitor)
            beside = [
                asyncio.create_task(self._now_and_then(self._adopt, _ADOPT_S)),
                asyncio.create_task(self._now_and_then(lambda: retention.make_room(self._parts), _MAKE_ROOM_S)),
            ]
            try:
                while not stop.is_set():
                    began = time.monotonic()
                    patience_s = await self._guarded_turn(capture)
                    await asyncio.sleep(max(0.0, patience_s - (time.monotonic() - began)))
            finally:
                for task in beside:
                    task.cancel()
                await self._leave(capture)

    async def _guarded_turn(self, capture: Capture) -> float:
        """One turn; how many seconds until the next."""
        try:
            await self._turn(capture)
        except StorageError as error:
            _log.warning("the watcher %s waits: %s", self.name, error)
            return _TROUBLE_S
        except Exception:
            # A watcher that ended here would be missed by nobody until the owners ask; and what cannot be written down
            # now never can: those cameras are visited again when their leases end.
            self._ended.clear()
            self._unmade.clear()
            _log.exception("the watcher %s met a fault of ours and goes on", self.name)
            return _TROUBLE_S
        return _TURN_S

    async def _turn(self, capture: Capture) -> None:
        now = self._parts.clock()
        self._unmade += self._lanes.stale(now)
        ended, unmade = self._ended[:_OUTCOMES_AT_ONCE], self._unmade[:]
        room = self._lanes.room
        lost, claimed = await asyncio.to_thread(self._exchange, ended, unmade, room, capture)
        del self._ended[: len(ended)]
        del self._unmade[: len(unmade)]
        self._unmade += self._lanes.add(claimed)
        await asyncio.to_thread(self._settle, ended, lost)
        self._begin(capture)

    def _exchange(
        self, ended: list[Outcome], unmade: list[Due], room: int, capture: Capture, wait: timedelta = _LATER
    ) -> tuple[list[Outcome], list[Due]]:
        """In a thread: the one transaction of a turn, and one before it where something is given back."""
        if unmade:
            with self._parts.database.write() as db:
                visits.give_back(db, unmade, self._parts.clock() + wait)
        with self._parts.database.write() as db:
            now = self._parts.clock()
            lost = visits.finish(db, ended, self.name, now)
            if time.monotonic() >= self._sign_at:
                self._sign_at = time.monotonic() + _SIGN_S
                self._write_counts(db, capture, now)
                live = facts.beginning(db, WATCHER_FACT, now - _GONE_AFTER)
                self._others = live.keys() - {self.name}
            claimed = []
            if room:
                claimed = visits.claim(db, self.name, now, at_most=room, lease_s=LEASE_S, others=self._others)
        self._count(ended, lost)
        return lost, claimed

    def _count(self, ended: list[Outcome], lost: list[Outcome]) -> None:
        for one in ended:
            word = (one.standing.state or VisitState.OK).value
            self.counts.visits[word] = self.counts.visits.get(word, 0) + 1
        self.counts.lost += len(lost)

    def _write_counts(self, db: Session, capture: Capture, now: datetime) -> None:
        told: dict[str, Any] = asdict(self.counts) | asdict(capture.done)
        facts.put(db, f"{WATCHER_FACT}{self.name}", orjson.dumps(told).decode(), now)

    def _settle(self, ended: list[Outcome], lost: list[Outcome]) -> None:
        """In a thread: deletes the bytes of visits that do not count, and links what was wanted."""
        for one in lost:
            _log.warning(
                "camera %s was visited in vain: another took it over, or it was changed",
                one.due.camera_id,
                extra={"camera": str(one.due.camera_id)},
            )
            if one.snapshot is not None:
                self._parts.blobs.delete_all(snapshots.prefix(one.snapshot.id))
        gone = {one.due.camera_id for one in lost}
        written = [one for one in ended if one.due.camera_id not in gone]
        journal.note(written)
        evidence.followed(self._parts, written)

    def _begin(self, capture: Capture) -> None:
        """Begins as many visits as there is room for."""
        now = self._parts.clock()
        while (due := self._lanes.begin(now)) is not None:
            self.counts.begun(due, now)
            task = asyncio.create_task(self._visit(capture, due), name=f"visit to {due.camera_id}")
            self._visits.add(task)
            task.add_done_callback(self._visits.discard)

    async def _visit(self, capture: Capture, due: Due) -> None:
        try:
            self._ended.append(await capture.visit(due))
        except asyncio.CancelledError:
            self._unmade.append(due)
            raise
        except Exception as error:
            # The camera has done nothing wrong: it is given back as it stood.
            self.counts.faults_of_ours += 1
            said = {"camera": str(due.camera_id)}
            _log.warning("camera %s could not be visited: %s", due.camera_id, error, exc_info=True, extra=said)
            self._unmade.append(due)
        finally:
            self._lanes.end(due)
            self._begin(capture)

    async def _leave(self, capture: Capture) -> None:
        """Lets visits end, gives back those that do not, and writes down the rest."""
        # Nothing waits any more, so no visit that ends begins another.
        self._unmade += self._lanes.clear()
        self._sign_at = 0.0
        if self._visits:
            _, slow = await asyncio.wait(self._visits, timeout=_DRAIN_S)
            for task in slow:
                task.cancel()
            await asyncio.gather(*slow, return_exceptions=True)
        try:
            lost, _ = await asyncio.to_thread(self._exchange, self._ended, self._unmade, 0, capture, timedelta())
            await asyncio.to_thread(self._settle, self._ended, lost)
        except Exception as error:
            _log.warning("the watcher %s leaves visits unwritten; they are made again: %s", self.name, error)

    async def _now_and_then(self, work: Callable[[], object], every_s: float) -> None:
        while True:
            try:
                await asyncio.to_thread(work)
            except Exception:
                _log.warning("the watcher %s could not keep house", self.name, exc_info=True)
            await asyncio.sleep(every_s)

    def _adopt(self) -> None:
        """Takes in cameras that nobody scheduled."""
        with self._parts.database.write() as db:
            visits.adopt(db, self._parts.clock())
