"""Permits and their history."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.access import Sight
from cases.permit import PermitNumber, number_key
from cases.words import PermitState
from geo.areas import span
from storage import visible
from storage.tables import Account, Camera, Permit, PermitHistory

_LOCK = 0x50455230
"""One number for PostgreSQL's advisory lock: transactions that register take turns."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which permits are asked for; what is None narrows nothing.

    `q` is a piece of number (in any writing), owner or address.
    """

    area: str | None = None
    state: PermitState | None = None
    q: str = ""

    def clauses(self) -> list[ColumnElement[bool]]:
        """As SQL."""
        found: list[ColumnElement[bool]] = []
        if self.area is not None:
            first, end = span(self.area)
            found += [col(Permit.area_code) >= first, col(Permit.area_code) < end]
        if self.state is not None:
            found.append(col(Permit.state) == self.state)
        if self.q:
            texts = (col(Permit.number), col(Permit.owner_name), col(Permit.address))
            pieces = [func.lower(text).contains(self.q.lower(), autoescape=True) for text in texts]
            pieces.append(col(Permit.number_key).contains(number_key(self.q), autoescape=True))
            found.append(or_(*pieces))
        return found


def take_turns(db: Session) -> None:
    """Waits until no other transaction is registering a permit or camera; SQLite's writers take turns anyway."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def get(db: Session, permit_id: UUID, sight: Sight) -> Permit | None:
    """The permit of this id, if it exists for this sight."""
    return db.scalar(select(Permit).where(col(Permit.id) == permit_id, visible.permits(sight)))


def by_number(db: Session, number: PermitNumber, sight: Sight) -> Permit | None:
    """The permit of this number, in any writing, if it exists for this sight."""
    found = db.scalars(select(Permit).where(col(Permit.number_key) == number.key, visible.permits(sight)))
    return meant(found.all(), number)


def meant(alike: Sequence[Permit], number: PermitNumber) -> Permit | None:
    """Which of the permits that this may be the number of: the one written so, or else the one registered first."""
    return min(alike, key=lambda permit: (permit.number != number.text, permit.created_at, permit.number), default=None)


def of_numbers(db: Session, wanted: Iterable[PermitNumber]) -> dict[str, list[Permit]]:
    """Those of these permits that there are, by the keys of their numbers, whoever may see them."""
    keys = [number.key for number in wanted]
    found: dict[str, list[Permit]] = {}
    for start in range(0, len(keys), 500):
        for permit in db.scalars(select(Permit).where(col(Permit.number_key).in_(keys[start : start + 500]))):
            found.setdefault(permit.number_key, []).append(permit)
    return found


def numbers(db: Session, ids: Iterable[UUID], sight: Sight) -> dict[UUID, str]:
    """The numbers of those of these permits that exist for this sight, by id."""
    asked = select(col(Permit.id), col(Permit.number)).where(col(Permit.id).in_(list(ids)), visible.permits(sight))
    return {row.id: row.number for row in db.execute(asked)}


def listed(db: Session, wanted: Wanted, sight: Sight, *, after: str = "", limit: int = 100) -> Sequence[Permit]:
    """Permits by number, those beyond `after`, at most `limit`."""
    asked = select(Permit).where(visible.permits(sight), col(Permit.number) > after, *wanted.clauses())
    return list(db.scalars(asked.order_by(col(Permit.number)).limit(limit)))


def every(db: Session, wanted: Wanted, sight: Sight) -> Iterator[Permit]:
    """All of them by number, read a thousand at a time."""
    after = ""
    while page := listed(db, wanted, sight, after=after, limit=1_000):
        yield from page
        after = page[-1].number


def camera_counts(db: Session, permit_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many cameras in service each of these permits has; those without any are left out."""
    wanted = list(permit_ids)
    found: dict[UUID, int] = {}
    for start in range(0, len(wanted), 500):
        asked = (
            select(col(Camera.permit_id), func.count())
            .where(and_(col(Camera.permit_id).in_(wanted[start : start + 500]), col(Camera.active)))
            .group_by(col(Camera.permit_id))
        )
        found |= {permit_id: count for permit_id, count in db.execute(asked) if permit_id is not None}
    return found


def moved(
    db: Session, permit: Permit, before: PermitState | None, now: datetime, *, by: UUID | None, note: str = ""
) -> None:
    """Writes into the history that the permit is now in its state; `by` None is the machine or the command line."""
    db.add(
        PermitHistory(permit_id=permit.id, at=now, account_id=by, from_state=before, to_state=permit.state, note=note)
    )


def begin(db: Session, made: Sequence[Permit], now: datetime, *, by: UUID | None) -> None:
    """Writes new permits, all at once, and the first entry of each one's history."""
    db.add_all(made)
    db.flush()
    for permit in made:
        moved(db, permit, None, now, by=by)
    db.flush()


def history(db: Session, permit_id: UUID) -> list[tuple[PermitHistory, str | None]]:
    """What happened to a permit, oldest first, each with the name of the account that did it."""
    asked = (
        select(PermitHistory, col(Account.name))
        .outerjoin(Account, col(Account.id) == col(PermitHistory.account_id))
        .where(col(PermitHistory.permit_id) == permit_id)
        .order_by(col(PermitHistory.id))
    )
    return [(entry, name) for entry, name in db.execute(asked)]
