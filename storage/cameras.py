"""Cameras in the register, and how they fare."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.access import Sight
from cases.incidents import Box
from cases.words import VisitState
from geo.areas import span
from storage import secrets, visible
from storage.spatial import Places
from storage.tables import Camera, CameraHistory, CameraVisit

PUSH_PREFIX = "pantau_kamera_"
"""What every push token begins with, so that scanners for leaked secrets can know it."""

_FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cameras are asked for; what is None narrows nothing. `state` asks for how the last visit ended."""

    area: str | None = None
    box: Box | None = None
    permit_id: UUID | None = None
    account_id: UUID | None = None
    state: VisitState | None = None
    retired: bool = False
    """Those out of service, instead of those in it."""

    def clauses(self) -> list[ColumnElement[bool]]:
        """As SQL over the camera and its visit."""
        found: list[ColumnElement[bool]] = [col(Camera.active).is_not(self.retired)]
        if self.area is not None:
            first, end = span(self.area)
            found += [col(Camera.area_code) >= first, col(Camera.area_code) < end]
        if self.box is not None:
            found.append(Places(Camera).in_box(self.box))
        if self.permit_id is not None:
            found.append(col(Camera.permit_id) == self.permit_id)
        if self.account_id is not None:
            found.append(col(Camera.account_id) == self.account_id)
        if self.state is not None:
            found.append(col(CameraVisit.state) == self.state)
        return found


def get(db: Session, camera_id: UUID, sight: Sight) -> Camera | None:
    """The camera, if it exists for this sight."""
    return db.scalar(select(Camera).where(col(Camera.id) == camera_id, visible.cameras(sight)))


def some(db: Session, ids: Iterable[UUID], sight: Sight) -> dict[UUID, Camera]:
    """Those of the cameras that exist for this sight, by id."""
    asked = select(Camera).where(col(Camera.id).in_(list(ids)), visible.cameras(sight))
    return {camera.id: camera for camera in db.scalars(asked)}


def by_number(db: Session, number: int, sight: Sight) -> Camera | None:
    """The camera of this number, if it exists for this sight."""
    return db.scalar(select(Camera).where(col(Camera.number) == number, visible.cameras(sight)))


def by_push(db: Session, secret: str) -> Camera | None:
    """The camera in service whose push token this is."""
    return db.scalar(select(Camera).where(col(Camera.push_hash) == secrets.digest(secret), col(Camera.active)))


def next_number(db: Session) -> int:
    """The number of the next camera; call `storage.permits.take_turns` first."""
    return (db.scalar(select(func.max(col(Camera.number)))) or 0) + 1


def new_push_token(camera: Camera) -> str:
    """A new push token in place of the one before; it is kept nowhere."""
    secret = PUSH_PREFIX + secrets.new_secret()
    camera.push_hash = secrets.digest(secret)
    return secret


Found = tuple[Camera, CameraVisit | None]
"""A camera with where it stands in the round; None for one out of service."""


def listed(db: Session, wanted: Wanted, sight: Sight, *, after: int = 0, limit: int = 100) -> Sequence[Found]:
    """Cameras by number, those beyond `after`, at most `limit`."""
    asked = (
        select(Camera, CameraVisit)
        .outerjoin(CameraVisit, col(CameraVisit.camera_id) == col(Camera.id))
        .where(visible.cameras(sight), col(Camera.number) > after, *wanted.clauses())
        .order_by(col(Camera.number))
        .limit(limit)
    )
    return [(camera, visit) for camera, visit in db.execute(asked)]


def visit_of(db: Session, camera_id: UUID) -> CameraVisit | None:
    """Where the camera stands in the round."""
    return db.get(CameraVisit, camera_id)


def of_permits(db: Session, permit_ids: Iterable[UUID]) -> dict[UUID, list[Found]]:
    """The cameras in service of these permits, by permit, each list by number; whoever may see them."""
    wanted = list(permit_ids)
    found: dict[UUID, list[Found]] = {}
    for start in range(0, len(wanted), 500):
        asked = (
            select(Camera, CameraVisit)
            .outerjoin(CameraVisit, col(CameraVisit.camera_id) == col(Camera.id))
            .where(col(Camera.permit_id).in_(wanted[start : start + 500]), col(Camera.active))
            .order_by(col(Camera.number))
        )
        for camera, visit in db.execute(asked):
            assert camera.permit_id is not None
            found.setdefault(camera.permit_id, []).append((camera, visit))
    return found


def retired_of_permits(db: Session, permit_ids: Iterable[UUID]) -> dict[UUID, list[Camera]]:
    """The cameras out of service of these permits, by permit; whoever may see them."""
    wanted = list(permit_ids)
    found: dict[UUID, list[Camera]] = {}
    for start in range(0, len(wanted), 500):
        asked = select(Camera).where(
            col(Camera.permit_id).in_(wanted[start : start + 500]), col(Camera.active).is_(False)
        )
        for camera in db.scalars(asked):
            assert camera.permit_id is not None
            found.setdefault(camera.permit_id, []).append(camera)
    return found


def history(db: Session, camera_id: UUID, *, limit: int = 200) -> list[CameraHistory]:
    """The changes of a camera's state and faults, latest first."""
    asked = select(CameraHistory).where(col(CameraHistory.camera_id) == camera_id)
    return list(db.scalars(asked.order_by(col(CameraHistory.at).desc(), col(CameraHistory.id).desc()).limit(limit)))


def histories(db: Session, camera_ids: Iterable[UUID]) -> dict[UUID, list[CameraHistory]]:
    """The same of several cameras, in full."""
    wanted = list(camera_ids)
    found: dict[UUID, list[CameraHistory]] = {}
    for start in range(0, len(wanted), 500):
        asked = (
            select(CameraHistory)
            .where(col(CameraHistory.camera_id).in_(wanted[start : start + 500]))
            .order_by(col(CameraHistory.camera_id), col(CameraHistory.at).desc(), col(CameraHistory.id).desc())
        )
        for entry in db.scalars(asked):
            found.setdefault(entry.camera_id, []).append(entry)
    return found


def sealed(db: Session) -> Iterator[list[Camera]]:
    """Every camera that has a sealed secret, some hundreds at a time, whoever may see it."""
    after = _FIRST
    while True:
        asked = select(Camera).where(col(Camera.secret).is_not(None), col(Camera.id) > after)
        page = list(db.scalars(asked.order_by(col(Camera.id)).limit(500)))
        if not page:
            return
        yield page
        after = page[-1].id


def state_counts(db: Session) -> dict[VisitState | None, int]:
    """How many cameras in service stand in each state; None before the first visit."""
    asked = (
        select(col(CameraVisit.state), func.count().label("n"))
        .select_from(Camera)
        .outerjoin(CameraVisit, col(CameraVisit.camera_id) == col(Camera.id))
        .where(col(Camera.active))
        .group_by(col(CameraVisit.state))
    )
    return {row.state: row.n for row in db.execute(asked)}
