"""Stills that do not come by the round: sent by the camera itself, or looked for by somebody now.

They go the round's way, lease and all, so that a camera's state has one writer at any moment.
"""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from ingest.cameras import evidence, journal
from ingest.cameras.capture import LONGEST_S, Capture
from ingest.cameras.keep import Memories
from ingest.cameras.reach import Visitor
from ingest.cameras.stills import Still
from ingest.parts import Parts
from storage import snapshots, visits
from storage.visits import Due, Outcome

_LEASE_S: Final = LONGEST_S + 10
_AGAIN_S: Final = 0.25
_MOST_PUSHING: Final = 500


class CameraBusy(Exception):
    """Somebody visits the camera at this moment, and did so for as long as could be waited."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Takes stills for one process: it remembers the last pictures of the cameras that push to it."""

    parts: Parts
    visitor: Visitor
    memories: Memories

    @classmethod
    def of(cls, parts: Parts, visitor: Visitor) -> "Arrivals":
        """One for these parts; the visitor is the caller's to open and close."""
        return cls(parts, visitor, Memories(_MOST_PUSHING))

    async def take(
        self, camera_id: UUID, still: Still, taken_at: datetime, *, wanted: bool = False, within_s: float = 5.0
    ) -> Outcome | None:
        """Takes a still that was sent: judged, kept or noted, durable when this returns. None for a camera in no round.

        Raises CameraBusy, StorageError, DecoderBroken.
        """
        capture = Capture(self.parts, self.visitor, memories=self.memories)
        taken = await self._alone(camera_id, lambda due: capture.arrived(due, still, taken_at, wanted=wanted), within_s)
        if taken is not None:
            await asyncio.to_thread(evidence.followed, self.parts, [taken])
        return taken

    async def look(self, camera_id: UUID, *, within_s: float = 5.0) -> Outcome | None:
        """Visits a camera now and keeps what it shows; raises as `take`. None for a camera in no round.

        What complaints wait for of it is the caller's to link (`evidence.followed`), who knows for which it looked.
        """
        capture = Capture(self.parts, self.visitor, memories=self.memories)
        return await self._alone(camera_id, lambda due: capture.visit(due, wanted=True), within_s)

    async def _alone(
        self, camera_id: UUID, work: Callable[[Due], Awaitable[Outcome]], within_s: float
    ) -> Outcome | None:
        until = asyncio.get_running_loop().time() + within_s
        while True:
            there, due = await asyncio.to_thread(self._claimed, camera_id)
            if due is not None or not there:
                break
            if asyncio.get_running_loop().time() > until:
                raise CameraBusy
            await asyncio.sleep(_AGAIN_S)
        if due is None:
            return None
        try:
            outcome = await work(due)
        except BaseException:
            await asyncio.to_thread(self._give_back, due)
            raise
        if await asyncio.to_thread(self._finish, outcome):
            raise CameraBusy
        return outcome

    def _claimed(self, camera_id: UUID) -> tuple[bool, Due | None]:
        """Whether the camera is in the round, and its lease if that could be had."""
        with self.parts.database.write() as db:
            due = visits.claim_one(db, camera_id, _name(), self.parts.clock(), lease_s=_LEASE_S)
            return due is not None or visits.scheduled(db, camera_id), due

    def _give_back(self, due: Due) -> None:
        with self.parts.database.write() as db:
            visits.give_back(db, [due], due.due_at)

    def _finish(self, outcome: Outcome) -> bool:
        """Writes it down; whether the lease was lost, and all was for nothing."""
        with self.parts.database.write() as db:
            lost = visits.finish(db, [outcome], _name(), self.parts.clock())
        if not lost:
            journal.note([outcome])
        elif outcome.snapshot is not None:
            self.parts.blobs.delete_all(snapshots.prefix(outcome.snapshot.id))
        return bool(lost)


def _name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:arrivals"
