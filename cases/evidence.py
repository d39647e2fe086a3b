"""Which snapshots bear witness to a complaint: the nearest before and after it, then one an hour by day till it closes.

Every choice is the first of its kind, so that a still once chosen stays chosen however many follow: the worker asks
`moment_of` as stills arrive, and gets in the end what `chosen` finds among all of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from uuid import UUID

from cases.words import Moment

NEAREST = timedelta(days=1)
"""Farther than this from a complaint's opening a still is not near it: before, or once it is closed."""

DAY_BEGINS, DAY_ENDS = 6, 18
"""The hours of daylight near the equator, by the place's clock: the first included, the last not."""


@dataclass(frozen=True, slots=True)
class Still:
    """A snapshot that could bear witness: of a camera that sees the place, and in which it saw."""

    id: UUID
    camera_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """The time of a complaint: `closed_at` None while open, `zone` the clock of its place (`geo.zones`)."""

    opened_at: datetime
    closed_at: datetime | None
    zone: tzinfo

    def hour_of(self, at: datetime) -> datetime | None:
        """The hour of daylight `at` falls in, by its beginning on the place's clock; None by night."""
        local = at.astimezone(self.zone)
        return local.replace(minute=0, second=0, microsecond=0) if DAY_BEGINS <= local.hour < DAY_ENDS else None


@dataclass(frozen=True, slots=True)
class Witness:
    """A snapshot chosen, and the moment it shows."""

    still: Still
    moment: Moment


def moment_of(at: datetime, span: Span, last: datetime | None) -> Moment | None:
    """What a still taken at `at`, after the complaint, is wanted for; None if it is not.

    `last` is the time of the camera's still chosen last among those after the complaint, None if there is none yet.
    The first is wanted at any hour while the complaint is open, or within a day of its opening; the others while it
    is open.
    """
    if at < span.opened_at:
        return None
    is_open = span.closed_at is None or at <= span.closed_at
    if last is None:
        return Moment.AFTER if is_open or at - span.opened_at <= NEAREST else None
    hour = span.hour_of(at)
    return Moment.HOURLY if is_open and hour is not None and hour > last.astimezone(span.zone) else None


def chosen(stills: Iterable[Still], span: Span) -> list[Witness]:
    """The snapshots that bear witness, camera by camera, in the order of time; of those at one moment the lowest id."""
    by_camera: dict[UUID, list[Still]] = {}
    for still in sorted(stills, key=lambda one: (one.camera_id, one.at, one.id)):
        by_camera.setdefault(still.camera_id, []).append(still)
    return [witness for every in by_camera.values() for witness in _of_one(every, span)]


def _of_one(stills: list[Still], span: Span) -> list[Witness]:
    """The witnesses among one camera's stills, which come in order."""
    found: list[Witness] = []
    last: datetime | None = None
    for still in stills:
        if (moment := moment_of(still.at, span, last)) is not None:
            found.append(Witness(still, moment))
            last = still.at
    near = [still for still in stills if span.opened_at - NEAREST <= still.at < span.opened_at]
    before = [Witness(still, Moment.BEFORE) for still in near if still.at == near[-1].at]
    return before[:1] + found
