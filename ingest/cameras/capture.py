"""One visit, from a camera that is due to what is written down of it."""

import asyncio
import random
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from cases.camera import Standing, next_visit, revisit, visited
from cases.sighting import SnapshotUnknown
from cases.words import CameraDoor, Keeping, SightFault, VisitState
from ingest.cameras import developed, keep
from ingest.cameras.faults import CameraFault
from ingest.cameras.keep import Memories
from ingest.cameras.pictures import Look
from ingest.cameras.reach import Reach, Visit, Visitor, Want, Way
from ingest.cameras.secrets import KeyUnknown
from ingest.cameras.stills import Still
from ingest.cameras.urls import Credentials
from ingest.cameras.ways import guard_with
from ingest.parts import Parts
from storage import stills, visits
from storage.tables.types import from_micros, micros
from storage.visits import Due, Outcome

LONGEST_S: Final = 19.0
"""A visit's deadline where the camera's pause between keyframes is not known: two of eight seconds, and three."""

SHORTEST_S: Final = 7.0
"""No visit is given up before: a camera far away takes some seconds to speak at all."""

MOST_LOOKING: Final = 24
"""Stills that wait to be opened. One more is not looked at: it is noted that the camera answered."""

_FORGETS: Final = 0.98
_MISSED: Final = 3
"""So many stills that did not come, and a camera that sends its own has fallen silent."""

_LEAST_PATIENCE: Final = timedelta(minutes=2)
_DOORS: Final = {
    Way.HTTP_JPEG: CameraDoor.HTTP,
    Way.MJPEG: CameraDoor.MJPEG,
    Way.HLS: CameraDoor.HLS,
    Way.RTSP_TCP: CameraDoor.RTSP,
    Way.RTSP_UDP: CameraDoor.RTSP,
    Way.PYAV: CameraDoor.RTSP,
    Way.CV2: CameraDoor.RTSP,
}


@dataclass
class Done:
    """What a watcher's visits came to, counted since it began."""

    received: int = 0
    kept: int = 0
    kept_bytes: int = 0
    looked: int = 0
    not_looked: int = 0


class Capture:
    """Visits cameras and judges what they show; `done` counts."""

    def __init__(
        self,
        parts: Parts,
        visitor: Visitor,
        *,
        memories: Memories | None = None,
        looking: int = MOST_LOOKING,
    ) -> None:
        self._parts, self._visitor = parts, visitor
        self._memories = memories or Memories()
        self._most_looking, self._looking = looking, 0
        self.done = Done()

    async def visit(self, due: Due, *, wanted: bool = False) -> Outcome:
        """Visits a camera that was claimed. `wanted` keeps the still whatever it shows.

        What the camera does is in the outcome; what raises is a fault of ours: StorageError, DecoderBroken.
        """
        if due.door is CameraDoor.PUSH:
            return self._awaited(due)
        try:
            reach = Reach(due.url, due.door, self._credentials(due), due.certificate)
        except KeyUnknown as error:
            return self._silent(due, VisitState.PASSWORD_REFUSED, str(error))
        guard = guard_with(self._parts, due.networks)
        visit = await self._visitor.visit(reach, deadline_s=deadline_s(due), guard=guard, want=Want.KEYFRAME)
        self.done.received += visit.received
        if visit.still is None:
            return self._silent(due, visit.state, visit.detail)
        now = self._parts.clock()
        return await self._taken(due, visit.still, now, _door(visit), _pause(due, visit), wanted=wanted)

    async def arrived(self, due: Due, still: Still, taken_at: datetime, *, wanted: bool = False) -> Outcome:
        """Takes a still that the camera sent by itself; raises as `visit` does."""
        self.done.received += len(still.content)
        return await self._taken(due, still, taken_at, CameraDoor.PUSH, {}, wanted=wanted)

    def _credentials(self, due: Due) -> Credentials | None:
        """Raises KeyUnknown where the kept password cannot be opened."""
        return None if due.secret is None else self._parts.keys.open(due.camera_id, due.secret)

    async def _taken(
        self, due: Due, still: Still, taken_at: datetime, door: CameraDoor, more: Mapping[str, Any], *, wanted: bool
    ) -> Outcome:
        memory = self._memories.of(due)
        wanted = wanted or due.wanted_since is not None
        if self._looking >= self._most_looking and not wanted:
            self.done.not_looked += 1
            outcome = self._outcome(due, VisitState.OK, due.faults, due.health)
        else:
            self._looking += 1
            try:
                if memory is None and door is CameraDoor.PUSH:
                    memory = await self._told_by_store(due)
                look = await self._visitor.pictures.look(still)
                outcome, memory = await asyncio.to_thread(
                    self._judged, due, still, look, memory=memory, taken_at=taken_at, wanted=wanted
                )
            except CameraFault as fault:
                return self._silent(due, fault.state, str(fault))
            finally:
                self._looking -= 1
            self.done.looked += 1
        if outcome.snapshot is not None:
            self.done.kept += 1
            self.done.kept_bytes += outcome.snapshot.bytes
        sent_at = taken_at if door is CameraDoor.PUSH else None
        outcome = replace(outcome, health={**outcome.health, **more}, reached_by=door, taken_at=sent_at)
        if memory is not None and outcome.seen_at is not None:
            self._memories.put(due.camera_id, replace(memory, seen_at=outcome.seen_at))
        return outcome

    async def _told_by_store(self, due: Due) -> keep.Memory | None:
        """What a camera that sends by itself showed last: any process may have taken that. None if nothing is kept."""
        kept = await asyncio.to_thread(self._kept_last, due.camera_id)
        if kept is None:
            return None
        with suppress(CameraFault):
            look = await self._visitor.pictures.look(kept)
            return keep.shown_before(await asyncio.to_thread(self._recalled, due), look)
        return None

    def _kept_last(self, camera_id: UUID) -> Still | None:
        with self._parts.database.read() as db:
            snapshot = stills.latest(db, camera_id)
        with suppress(SnapshotUnknown):
            return None if snapshot is None else developed.still(self._parts, snapshot)
        return None

    def _recalled(self, due: Due) -> keep.Memory:
        with self._parts.database.read() as db:
            return keep.recalled(due, visits.baselines(db, [due.camera_id]).get(due.camera_id))

    def _judged(
        self, due: Due, still: Still, look: Look, *, memory: keep.Memory | None, taken_at: datetime, wanted: bool
    ) -> tuple[Outcome, keep.Memory]:
        """In a thread: comparing costs milliseconds, and durable bytes a turn of the disk."""
        verdict = keep.judge(due, look, memory or self._recalled(due), taken_at, wanted=wanted)
        snapshot = None
        if verdict.keeping is Keeping.SNAPSHOT:
            now = self._parts.clock()
            snapshot = keep.stored(self._parts.blobs, due, still, look, verdict, taken_at=taken_at, now=now)
        outcome = self._outcome(due, VisitState.OK, verdict.faults, verdict.health)
        return replace(outcome, baseline=verdict.baseline, snapshot=snapshot), verdict.memory

    def _awaited(self, due: Due) -> Outcome:
        """Looks whether a camera that sends its own stills still does."""
        patience = max(_LEAST_PATIENCE, timedelta(seconds=_MISSED * due.interval_s))
        now = self._parts.clock()
        # By when it was heard of: what it sends may have waited for its line, and show what was long ago.
        heard_at = None if due.standing.state is VisitState.STALLED else due.visited_at
        if heard_at is not None and now - heard_at < patience:
            next_at = next_visit(due.camera_id, due.interval_s, now)
            trouble = _trouble(due.standing, due.health)
            return Outcome(due, heard_at, due.standing, next_at, False, due.faults, due.health, trouble)
        return self._silent(due, VisitState.STALLED, "no still has come")

    def _silent(self, due: Due, state: VisitState, detail: str) -> Outcome:
        return self._outcome(due, state, due.faults, due.health, detail=detail)

    def _outcome(
        self,
        due: Due,
        state: VisitState,
        faults: frozenset[SightFault],
        health: Mapping[str, Any],
        *,
        detail: str = "",
        reached_by: CameraDoor | None = None,
    ) -> Outcome:
        now, seen = self._parts.clock(), state is VisitState.OK
        standing = visited(due.standing, state, now)
        told = {name: value for name, value in health.items() if name != "blind_since"}
        if faults:
            told["blind_since"] = health.get("blind_since", micros(now))
        chance = random.random()  # noqa: S311 (no secret)
        return Outcome(
            due=due,
            at=now,
            standing=standing,
            next_at=revisit(due.camera_id, due.interval_s, standing, now, chance),
            seen=seen,
            faults=faults,
            health=told,
            trouble_since=_trouble(standing, told),
            detail=detail,
            reached_by=reached_by,
        )


def deadline_s(due: Due) -> float:
    """How long a visit may take: two pauses between keyframes, and three seconds. A camera in trouble gets the longest:
    its pause may be what has changed.
    """
    pause_s = due.health.get("pause_s")
    if pause_s is None or due.standing.failures:
        return LONGEST_S
    return float(min(max(2 * pause_s + 3, SHORTEST_S), LONGEST_S))


def _pause(due: Due, visit: Visit) -> dict[str, float]:
    """The longest that the camera lately took to give a keyframe: about its pause between two."""
    return {"pause_s": round(max(visit.took_s, due.health.get("pause_s", 0.0) * _FORGETS), 2)}


def _door(visit: Visit) -> CameraDoor:
    assert visit.way is not None
    return CameraDoor.ONVIF if visit.by_onvif else _DOORS[visit.way]


def _trouble(standing: Standing, health: Mapping[str, Any]) -> datetime | None:
    """Since when the camera has been silent or blind, None if it is neither."""
    blind = health.get("blind_since")
    return min(filter(None, (standing.failing_since, None if blind is None else from_micros(blind))), default=None)
