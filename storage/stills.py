"""Snapshots as people ask for them. Every question takes their sight."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.access import Sight
from cases.snapshots import Shared
from cases.words import Sharing
from storage import visible
from storage.ids import lowest
from storage.tables import Camera, Snapshot

_CLOCKS = timedelta(hours=1)
"""How far the clocks of two machines of ours may be apart."""

_NO_SOONER = datetime(1970, 1, 2, tzinfo=UTC)
"""Ids tell of times since 1970 only."""


def get(db: Session, snapshot_id: UUID, sight: Sight) -> Snapshot | None:
    """The snapshot, if it exists for this sight."""
    return db.scalar(select(Snapshot).where(col(Snapshot.id) == snapshot_id, visible.snapshots(sight)))


def some(db: Session, ids: Iterable[UUID], sight: Sight) -> dict[UUID, Snapshot]:
    """Those of the snapshots that exist for this sight, by id."""
    asked = select(Snapshot).where(col(Snapshot.id).in_(list(ids)), visible.snapshots(sight))
    return {snapshot.id: snapshot for snapshot in db.scalars(asked)}


def of_camera(
    db: Session,
    camera_id: UUID,
    sight: Sight,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int,
) -> list[Snapshot]:
    """A camera's snapshots from `since` up to before `until`, latest first; `after` is where the page before ended."""
    asked = select(Snapshot).where(col(Snapshot.camera_id) == camera_id, visible.snapshots(sight))
    if since is not None:
        asked = asked.where(col(Snapshot.taken_at) >= since, received_since(since))
    if until is not None:
        asked = asked.where(col(Snapshot.taken_at) < until)
    if after is not None:
        at, last = after
        same = and_(col(Snapshot.taken_at) == at, col(Snapshot.id) < last)
        asked = asked.where(col(Snapshot.taken_at) <= at, or_(col(Snapshot.taken_at) < at, same))
    return list(db.scalars(asked.order_by(col(Snapshot.taken_at).desc(), col(Snapshot.id).desc()).limit(limit)))


def received_since(moment: datetime) -> ColumnElement[bool]:
    """What every snapshot taken then or later meets: it was received no earlier (give or take a clock), which its id
    tells. Spares PostgreSQL the months before it.
    """
    return col(Snapshot.id) >= lowest(max(moment, _NO_SOONER) - _CLOCKS)


def latest(db: Session, camera_id: UUID) -> Snapshot | None:
    """What a camera showed last, whoever may see it."""
    return next(iter(last(db, camera_id, 1)), None)


def last(db: Session, camera_id: UUID, limit: int) -> list[Snapshot]:
    """So many stills of what a camera showed last, latest first, whoever may see them."""
    asked = select(Snapshot).where(col(Snapshot.camera_id) == camera_id)
    return list(db.scalars(asked.order_by(col(Snapshot.taken_at).desc(), col(Snapshot.id).desc()).limit(limit)))


def taken_at(db: Session, camera_id: UUID, at: datetime, sha256: str) -> Snapshot | None:
    """The camera's snapshot of exactly this moment and these bytes: clocks of whole seconds say one time of several."""
    asked = select(Snapshot).where(col(Snapshot.camera_id) == camera_id, col(Snapshot.taken_at) == at)
    return db.scalar(asked.where(col(Snapshot.sha256) == sha256).limit(1))


def shared(camera: Camera) -> Shared:
    """Whose the camera is, and what its owner grants to whom; to the office that runs it, all."""
    named = dict.fromkeys(camera.shared_with or (), camera.sharing)
    if camera.agency_code is not None:
        named[camera.agency_code] = Sharing.LIVE
    otherwise = camera.sharing if camera.shared_with is None else Sharing.NOTHING
    return Shared(camera.account_id, otherwise, named)
