"""Whether a permit's cameras are there, speak and see: findings from facts, and what the machine makes of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from cases.permit import MACHINE, permit_moves
from cases.words import PermitState, Shortfall, SightFault


@dataclass(frozen=True, slots=True)
class Rule:
    """How long something may be amiss before it counts. A night, a power cut or a rainy day is no breach."""

    silent: timedelta = timedelta(days=3)
    blind: timedelta = timedelta(days=3)
    grace: timedelta = timedelta(days=30)
    """For a new permit's owner to install what is required."""


@dataclass(frozen=True, slots=True)
class CameraFacts:
    """A camera as its visits found it: the last picture (None if there was none), its faults and since when."""

    id: UUID
    registered_at: datetime
    last_seen_at: datetime | None = None
    faults: Mapping[SightFault, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Retired:
    """A camera that was in service from `registered_at` to `retired_at`."""

    registered_at: datetime
    retired_at: datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a permit lacks and since when. `camera_id` is None for what is wrong with the permit as a whole."""

    shortfall: Shortfall
    since: datetime
    camera_id: UUID | None = None

    def days(self, now: datetime) -> int:
        """Whole days that it has lasted."""
        return max(0, (now - self.since).days)


def findings(
    required: int,
    registered_at: datetime,
    cameras: Iterable[CameraFacts],
    now: datetime,
    rule: Rule | None = None,
    *,
    retired: Iterable[Retired] = (),
) -> list[Finding]:
    """What a permit lacks now, the permit's own first, then camera by camera in the order given.

    `required` cameras since `registered_at`; `retired` are those it had. A silent camera is only silent: what it last
    showed is no news.
    """
    rule = rule or Rule()
    every = list(cameras)
    found: list[Finding] = []
    if len(every) < required:
        since = _too_few_since(required, registered_at, every, retired)
        found.append(Finding(Shortfall.TOO_FEW if every else Shortfall.NO_CAMERA, since))
    for camera in every:
        heard = camera.last_seen_at or camera.registered_at
        if now - heard > rule.silent:
            found.append(Finding(Shortfall.SILENT, heard, camera.id))
            continue
        found += [
            Finding(Shortfall(fault.value), camera.faults[fault], camera.id)
            for fault in SightFault
            if fault in camera.faults and now - camera.faults[fault] > rule.blind
        ]
    return found


def _too_few_since(
    required: int, registered_at: datetime, cameras: Sequence[CameraFacts], retired: Iterable[Retired]
) -> datetime:
    """Since when there have been fewer cameras than required: back through the changes until there were enough."""
    past = [(camera.registered_at, 1) for camera in cameras]
    for gone in retired:
        past += [(gone.registered_at, 1), (gone.retired_at, -1)]
    count = len(cameras)
    for at, change in sorted(past, reverse=True):
        count -= change
        if count >= required:
            return max(at, registered_at)
    return registered_at


def judged(
    state: PermitState,
    found: Iterable[Finding],
    registered_at: datetime,
    now: datetime,
    rule: Rule | None = None,
    *,
    shown: bool = True,
) -> PermitState:
    """The state the machine gives a permit: never more than compliant or not, and nothing once a person has warned.

    `shown`: as many cameras as are required have shown a picture. Before that nobody knows whether they see anything.
    """
    lacking = any(True for _ in found)
    if not lacking and not shown:
        return state
    if state is PermitState.PENDING and lacking and now - registered_at <= (rule or Rule()).grace:
        return state
    to = PermitState.NON_COMPLIANT if lacking else PermitState.COMPLIANT
    return to if to in permit_moves(state, MACHINE) else state
