"""Outages: cameras that have been silent or blind for longer than they may be. They open and close themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col
from uuid_utils.compat import uuid7

from cases.camera import OutageStep, Standing, outage_step
from cases.words import SightFault, VisitState
from storage.tables import Camera, Outage


@dataclass(frozen=True, slots=True)
class Trouble:
    """How a camera stands after a visit; `since` None: it answers and sees."""

    camera_id: UUID
    state: VisitState | None
    faults: frozenset[SightFault]
    since: datetime | None


def follow(db: Session, troubles: Sequence[Trouble], now: datetime) -> None:
    """Opens the outages that are due after these visits, and closes those that are over."""
    asked = select(Outage).where(
        col(Outage.camera_id).in_([one.camera_id for one in troubles]), col(Outage.ended_at).is_(None)
    )
    standing = {outage.camera_id: outage for outage in db.scalars(asked)}
    opening: list[Trouble] = []
    for one in troubles:
        outage = standing.get(one.camera_id)
        step = outage_step(Standing(one.state, failing_since=one.since), outage is not None, now)
        if step is OutageStep.OPEN:
            opening.append(one)
        elif outage is not None and step is OutageStep.CLOSE:
            outage.ended_at = outage.updated_at = now
        elif outage is not None and (outage.state, outage.faults) != (one.state, sorted(one.faults)):
            assert one.state is not None
            outage.state, outage.faults, outage.updated_at = one.state, sorted(one.faults), now
    if opening:
        _open(db, opening, now)


def open_now(db: Session) -> int:
    """How many cameras are silent or blind."""
    return db.execute(select(func.count()).where(col(Outage.ended_at).is_(None))).scalar_one()


def _open(db: Session, troubles: Sequence[Trouble], now: datetime) -> None:
    asked = select(Camera).where(col(Camera.id).in_([one.camera_id for one in troubles]))
    cameras = {camera.id: camera for camera in db.scalars(asked)}
    for one in troubles:
        camera = cameras[one.camera_id]
        assert one.state is not None
        assert one.since is not None
        db.add(
            Outage(
                id=uuid7(),
                camera_id=camera.id,
                account_id=camera.account_id,
                state=one.state,
                faults=sorted(one.faults),
                began_at=one.since,
                updated_at=now,
                lon=camera.lon,
                lat=camera.lat,
                radius_m=camera.radius_m,
                cell=camera.cell,
                area_code=camera.area_code,
            )
        )
