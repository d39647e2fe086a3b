"""What becomes of a still: judged against what the camera usually shows, then kept whole or noted as a heartbeat.

A watcher remembers the last picture of each camera that it visits; what it has to know after a restart is in the
database. A still that it cannot compare with the last one is kept.
"""

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import numpy as np

from cases.snapshots import Kept, keeping
from cases.words import Keeping, SightFault, StillKind
from ingest.cameras import health, measure
from ingest.cameras.baseline import MATURE, Baseline
from ingest.cameras.measure import Grey
from ingest.cameras.pictures import Look
from ingest.cameras.stills import Still
from storage import snapshots
from storage.blobs import Blobs
from storage.ids import uuid_at
from storage.tables import Snapshot
from storage.tables.types import from_micros, micros
from storage.visits import Due

SAVED_EVERY: Final = 30
"""Stills learned from before a camera's baseline is written down again; a young one is after each."""

MOST_REMEMBERED: Final = 2_000
"""Cameras whose last picture is remembered, 140 kB each; of the others it is not known whether they are frozen."""

_LASTING: Final = ("kept_at", "kept_faults", "blind_since", "pause_s")
_MEDIA: Final = {StillKind.JPEG: "image/jpeg", StillKind.KEYFRAME: "application/octet-stream"}


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of a camera since the still of `seen_at`: that still in grey, the one kept last in small, and
    how many stills it has learned since its baseline was written down.
    """

    seen_at: datetime
    baseline: Baseline
    previous: Grey | None = field(default=None, repr=False)
    kept: Grey | None = field(default=None, repr=False)
    unsaved: int = 0
    view_since: datetime | None = None


class Memories:
    """What one process remembers of its cameras; safe to use from many threads."""

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: dict[UUID, Memory] = {}

    def of(self, due: Due) -> Memory | None:
        """What is remembered of a camera; None where somebody else has seen it since, nobody has, or it was turned."""
        found = self._kept.get(due.camera_id)
        known = found is not None and (found.seen_at, found.view_since) == (due.seen_at, due.view_since)
        return found if known else None

    def put(self, camera_id: UUID, memory: Memory) -> None:
        """Remembers. The cameras remembered longest are forgotten first, those that nobody visits here any more."""
        with self._lock:
            self._kept.pop(camera_id, None)
            if len(self._kept) >= self._most:
                del self._kept[next(iter(self._kept))]
            self._kept[camera_id] = memory


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a still showed: the faults that stand, what was measured, whether it is kept; what is to be remembered, and
    what to write down of it (None: nothing yet).
    """

    faults: frozenset[SightFault]
    health: dict[str, Any]
    keeping: Keeping
    memory: Memory
    baseline: dict[str, Any] | None


def recalled(due: Due, baseline: Mapping[str, Any] | None) -> Memory:
    """The memory of a camera that this watcher has not seen last, from what is kept of it."""
    streaks = {SightFault(fault): count for fault, count in due.health.get("streaks", {}).items()}
    learned = replace(Baseline.from_json(baseline), streaks=streaks)
    return Memory(due.seen_at or due.due_at, learned, view_since=due.view_since)


def shown_before(memory: Memory, look: Look) -> Memory:
    """The memory of a camera whose last kept still looks so, for one who has not seen it."""
    grey = _grey(look)
    return replace(memory, previous=grey, kept=measure.small(grey))


def _grey(look: Look) -> Grey:
    return np.frombuffer(look.grey, np.uint8).reshape(measure.HEIGHT, measure.WIDTH)


def judge(due: Due, look: Look, memory: Memory, at: datetime, *, wanted: bool = False) -> Verdict:
    """Whether the still of `at` shows a road, and whether it is kept. `wanted` keeps it whatever it shows."""
    grey = _grey(look)
    found, baseline = health.examine(grey, memory.baseline, memory.previous)
    small = measure.small(grey)
    changed = 1.0 if memory.kept is None else measure.changed(small, memory.kept)
    what = keeping(at, changed, found.faults, _kept(due.health), wanted=wanted)
    told = _told(due, found, baseline, changed)
    kept = memory.kept
    if what is Keeping.SNAPSHOT:
        told |= {"kept_at": micros(at), "kept_faults": sorted(found.faults)}
        kept = small
    save = memory.unsaved + 1 >= SAVED_EVERY or _young(baseline)
    return Verdict(
        found.faults,
        told,
        what,
        Memory(at, baseline, grey, kept, 0 if save else memory.unsaved + 1, due.view_since),
        baseline.as_json() if save else None,
    )


def stored(
    blobs: Blobs, due: Due, still: Still, look: Look, verdict: Verdict, *, taken_at: datetime, now: datetime
) -> Snapshot:
    """The snapshot of a still, whose bytes are durable when this returns; its row is the caller's to write."""
    snapshot = Snapshot(
        id=uuid_at(now),
        camera_id=due.camera_id,
        kind=still.kind,
        sha256=hashlib.sha256(still.content).hexdigest(),
        bytes=len(still.content),
        width=look.width,
        height=look.height,
        taken_at=taken_at,
        received_at=now,
        faults=sorted(verdict.faults),
        expires_at=taken_at + timedelta(days=due.keep_days),
    )
    blobs.put(snapshots.original_key(snapshot.id), still.content, snapshot.sha256, _MEDIA[still.kind])
    return snapshot


def _young(baseline: Baseline) -> bool:
    """Whether one of its references has seen so little that losing it would show."""
    return any(known is not None and known.count <= MATURE for known in (baseline.day, baseline.night))


def _kept(told: Mapping[str, Any]) -> Kept | None:
    if "kept_at" not in told:
        return None
    return Kept(from_micros(told["kept_at"]), frozenset(SightFault(word) for word in told["kept_faults"]))


def _told(due: Due, found: health.Health, baseline: Baseline, changed: float) -> dict[str, Any]:
    """What the table says of the last picture, beside what it said already of other things."""
    measured = {name: round(value, 4) for name, value in asdict(found.measures).items() if value is not None}
    shift = {name: round(value, 2) for name, value in asdict(found.shift).items()} if found.shift else None
    return {
        **{name: due.health[name] for name in _LASTING if name in due.health},
        "measures": measured,
        "shift": shift,
        "changed": round(changed, 4),
        "suspected": sorted(found.suspected),
        "streaks": {fault.value: count for fault, count in baseline.streaks.items()},
    }
