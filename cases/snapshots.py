"""What is kept of what cameras show, for how long, and who may see it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from cases.access import Principal
from cases.words import Keeping, Role, Sharing, SightFault

CHANGED_SHARE = 0.02
"""A still differs if this share of its picture does: a car at the far kerb, not a leaf."""

AT_LEAST_EVERY = timedelta(hours=1)
"""An unchanging street is still kept so often, as proof that it did not change."""

KEPT_DAYS = 30
LINKED_DAYS = 365
_RANK = {sharing: rank for rank, sharing in enumerate(Sharing)}


@dataclass(frozen=True, slots=True)
class Kept:
    """The camera's snapshot kept last."""

    at: datetime
    faults: frozenset[SightFault] = frozenset()


def keeping(
    at: datetime, changed: float, faults: frozenset[SightFault], last: Kept | None, *, wanted: bool = False
) -> Keeping:
    """Whether the still of `at` is kept or leaves only a heartbeat.

    Kept is one that differs (`changed`, the share of the picture unlike the one kept last), is `wanted` (as evidence,
    or by someone who looks now), finds other faults than the last, or is the first within an hour.
    """
    if last is None or wanted or faults != last.faults or changed >= CHANGED_SHARE:
        return Keeping.SNAPSHOT
    return Keeping.SNAPSHOT if at - last.at >= AT_LEAST_EVERY else Keeping.HEARTBEAT


@dataclass(frozen=True, slots=True)
class Tied:
    """A complaint that a snapshot is linked to (proposed or confirmed, not rejected); `closed_at` None while open."""

    category: str
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Retention:
    """How many days snapshots are kept: `days` of this camera; once linked, those of the complaint's category (else
    `linked_days`) from its closing on.
    """

    days: int = KEPT_DAYS
    linked_days: int = LINKED_DAYS
    by_category: Mapping[str, int] = field(default_factory=dict)

    def of_camera(self, days: int) -> "Retention":
        """The same for a camera of other days."""
        return replace(self, days=days)

    def expires_at(self, taken_at: datetime, ties: Iterable[Tied] = ()) -> datetime | None:
        """When a snapshot may be deleted, None while a complaint it is linked to is open.

        A link only ever lengthens.
        """
        latest = taken_at + timedelta(days=self.days)
        for tie in ties:
            if tie.closed_at is None:
                return None
            days = self.by_category.get(tie.category, self.linked_days)
            latest = max(latest, tie.closed_at + timedelta(days=days))
        return latest

    def expired(self, taken_at: datetime, ties: Iterable[Tied], now: datetime) -> bool:
        """Whether it may be deleted now."""
        end = self.expires_at(taken_at, ties)
        return end is not None and now >= end


@dataclass(frozen=True, slots=True)
class Shared:
    """Whose camera it is and what its owner grants: by agency code, and `otherwise` to agencies not named."""

    owner_id: UUID | None
    otherwise: Sharing = Sharing.NOTHING
    agencies: Mapping[str, Sharing] = field(default_factory=dict)

    def to(self, principal: Principal) -> Sharing:
        """What this principal may see of the camera.

        Its owner and those who oversee the city see all; the public and other owners nothing; officers and agencies
        what their agency is granted. What the account's role or token may not see at all is the doors' to refuse.
        """
        role = principal.role
        if role in (Role.COMMAND, Role.ADMINISTRATOR):
            return Sharing.LIVE
        if principal.account_id is not None and principal.account_id == self.owner_id:
            return Sharing.LIVE
        if role not in (Role.AGENCY, Role.OFFICER):
            return Sharing.NOTHING
        return self.agencies.get(principal.agency_code or "", self.otherwise)


def includes(granted: Sharing, asked: Sharing) -> bool:
    """Whether what is granted covers what is asked: who may see live stills may see stored ones."""
    return _RANK[granted] >= _RANK[asked]
