"""Which complaints a photo bears on: pure scoring by distance, category and time.

A tie is *confirmed* by the machine only for one clear winner; everything doubtful is *proposed* for a person.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cases.words import LinkState, LocationSource
from geo.distance import distance_m

LEAST_REACH_M = 50.0
MOST_REACH_M = 500.0
BEFORE = timedelta(hours=24)
AFTER = timedelta(days=7)

CONFIRM_SCORE = 0.5
"""A same-category photo anywhere within reach earns this; a related one only in the nearer two thirds."""

CLEAR_LEAD = 0.15
"""How far the winner must be ahead of the next for the machine to decide."""

MOST_TIES = 5
"""A person chooses among a few: in a crowded street the rest is noise."""

_SAME, _RELATED, _NONE = 1.0, 0.75, 0.45
_EDGE = 0.5
_CLOSED = 0.8


@dataclass(frozen=True, slots=True)
class Subject:
    """The photo. `related` are the categories near its own; `disputed` means its locations disagree."""

    lon: float
    lat: float
    radius_m: float
    source: LocationSource
    occurred_at: datetime
    category: str | None = None
    related: frozenset[str] = frozenset()
    confidential: bool = False
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Open:
    """A complaint that is open or was until lately. `reach_m` is its category's matching radius."""

    id: UUID
    lon: float
    lat: float
    radius_m: float
    source: LocationSource
    category: str
    opened_at: datetime
    closed_at: datetime | None = None
    related: frozenset[str] = frozenset()
    reach_m: float = LEAST_REACH_M
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for (or qualifies) a tie: a code of `cases.texts.marks` and its number, if it has one."""

    code: str
    value: float | None = None

    def as_json(self) -> dict[str, Any]:
        """As kept in the table and shown."""
        return {"code": self.code} if self.value is None else {"code": self.code, "value": self.value}


@dataclass(frozen=True, slots=True)
class Tie:
    """That the photo bears on a complaint, how surely (0 to 1) and why."""

    complaint_id: UUID
    state: LinkState
    score: float
    reasons: tuple[Reason, ...]


def match(photo: Subject, complaints: Iterable[Open]) -> list[Tie]:
    """The ties of a photo, best first, at most five; the order in which complaints are given does not matter.

    Nothing ties by machine that is known only by its area, and nothing confidential. A photo without a category may
    show anything at that spot, and one whose locations disagree may be elsewhere: both are proposed, never confirmed.
    """
    if photo.confidential or photo.source is LocationSource.AREA:
        return []
    found = [scored for complaint in complaints if (scored := _scored(photo, complaint)) is not None]
    found.sort(key=lambda one: (-one.score, one.complaint_id))
    if not found:
        return []
    rivals = sum(other.score > found[0].score - CLEAR_LEAD for other in found[1:])
    doubts: list[Reason] = []
    if rivals:
        doubts.append(Reason("rivals", rivals))
    if photo.disputed:
        doubts.append(Reason("place_disputed"))
    sure = not doubts and photo.category is not None and found[0].score >= CONFIRM_SCORE
    winner = Tie(
        found[0].complaint_id,
        LinkState.CONFIRMED if sure else LinkState.PROPOSED,
        found[0].score,
        found[0].reasons + tuple(doubts),
    )
    return [winner, *found[1:MOST_TIES]]


def reach_m(photo: Subject, complaint: Open) -> float:
    """How far apart the two may lie: the category's radius or both radii together, from 50 m up to 500 m."""
    return min(max(LEAST_REACH_M, complaint.reach_m, photo.radius_m + complaint.radius_m), MOST_REACH_M)


def _scored(photo: Subject, complaint: Open) -> Tie | None:
    """What this pair earns by itself, or None if it does not tie at all."""
    if complaint.confidential or complaint.source is LocationSource.AREA:
        return None
    reach = reach_m(photo, complaint)
    apart = distance_m(photo.lon, photo.lat, complaint.lon, complaint.lat)
    kind = _kinship(photo, complaint)
    when = _when(photo.occurred_at, complaint)
    if apart > reach or kind is None or when is None:
        return None
    nearness = _EDGE + (1 - _EDGE) * (1 - apart / reach)
    score = nearness * kind[1] * when[1]
    return Tie(complaint.id, LinkState.PROPOSED, score, (Reason("distance", round(apart)), kind[0], when[0]))


def _kinship(photo: Subject, complaint: Open) -> tuple[Reason, float] | None:
    """Same, related (named by either side) or no category on the photo; otherwise they show different things."""
    if photo.category is None:
        return Reason("category_none"), _NONE
    if photo.category == complaint.category:
        return Reason("category_same"), _SAME
    if complaint.category in photo.related or photo.category in complaint.related:
        return Reason("category_related"), _RELATED
    return None


def _when(at: datetime, complaint: Open) -> tuple[Reason, float] | None:
    """From 24 hours before the opening to 7 days after the closing; after the closing it earns a little less."""
    if at < complaint.opened_at:
        early = complaint.opened_at - at
        hours = round(early / timedelta(hours=1), 1)
        return (Reason("time_before", hours), 1.0) if early <= BEFORE else None
    if complaint.closed_at is None or at <= complaint.closed_at:
        return Reason("time_open"), 1.0
    late = at - complaint.closed_at
    return (Reason("time_after", round(late / timedelta(days=1), 1)), _CLOSED) if late <= AFTER else None
