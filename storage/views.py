"""What cameras see and saw: the view of the register now, and those before it, each in its time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.sighting import MOST_RANGES, counts
from geo.cells import cell
from geo.distance import box_around
from geo.view import Seen, View, sees
from storage.spatial import Places
from storage.tables import Camera, CameraView

Row = TypeVar("Row", Camera, CameraView)


@dataclass(frozen=True, slots=True)
class Period:
    """How a place lies in a view from `since` (None: the beginning) to before `until` (None: it still holds)."""

    since: datetime | None
    until: datetime | None
    seen: Seen

    def holds(self, at: datetime) -> bool:
        """Whether a still taken then shows this view."""
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Watching:
    """A camera, and the times in which it sees a place, the present first."""

    camera: Camera
    periods: tuple[Period, ...]

    def at(self, moment: datetime) -> Seen | None:
        """How the place lies in the view of that moment; None if the camera looked elsewhere."""
        return next((period.seen for period in self.periods if period.holds(moment)), None)

    @property
    def now(self) -> Seen | None:
        """How the place lies in the present view, None if it is not seen any more."""
        return next((period.seen for period in self.periods if period.until is None), None)


def view_of(row: Camera | CameraView) -> View:
    """The ground that is seen."""
    return View(row.lon, row.lat, row.bearing_deg, row.fov_deg, row.range_m)


def watching(db: Session, lon: float, lat: float, radius_m: float, *, at_most: int = 64) -> list[Watching]:
    """The cameras in service that see a place or once saw it, best first, whoever may see them."""
    found: dict[UUID, list[Period]] = {}
    cameras: dict[UUID, Camera] = {}
    for camera in _around(db, Camera, lon, lat, radius_m):
        seen = sees(view_of(camera), lon, lat, radius_m)
        if camera.active and counts(seen):
            cameras[camera.id] = camera
            found.setdefault(camera.id, []).append(Period(camera.view_since, None, seen))
    for row in _around(db, CameraView, lon, lat, radius_m):
        seen = sees(view_of(row), lon, lat, radius_m)
        if counts(seen):
            found.setdefault(row.camera_id, []).append(Period(row.since, row.until, seen))
    if lacking := found.keys() - cameras.keys():
        asked = select(Camera).where(col(Camera.id).in_(lacking), col(Camera.active))
        cameras |= {camera.id: camera for camera in db.scalars(asked)}
    made = [Watching(camera, tuple(found[id_])) for id_, camera in cameras.items()]
    return sorted(made, key=lambda one: (-max(period.seen.score for period in one.periods), one.camera.id))[:at_most]


def _around(db: Session, kind: type[Row], lon: float, lat: float, radius_m: float) -> Iterator[Row]:
    """Those rows whose ground may hold the place."""
    longest = db.scalar(select(func.max(col(kind.range_m))))
    if longest is None:
        return
    around = box_around(lon, lat, min(longest + radius_m, longest * MOST_RANGES))
    asked = select(kind).where(Places(kind).in_cells(*around))
    yield from db.scalars(asked.with_hint(kind, f"INDEXED BY {kind.__tablename__}_cell", "sqlite"))


def turned(db: Session, camera: Camera, before: View, since: datetime) -> None:
    """Notes that a camera, which saw `before`, has had the view in its row since that moment.

    What was noted of later times was wrong and goes.
    """
    held_since = camera.view_since
    db.execute(delete(CameraView).where(_of(camera), col(CameraView.since) >= since))
    db.execute(update(CameraView).where(_of(camera), col(CameraView.until) > since).values(until=since))
    if since > (held_since or camera.created_at):
        db.add(
            CameraView(
                camera_id=camera.id,
                since=held_since,
                until=since,
                bearing_deg=before.bearing_deg,
                fov_deg=before.fov_deg,
                range_m=before.range_m,
                lon=before.lon,
                lat=before.lat,
                cell=cell(before.lon, before.lat),
            )
        )
    camera.view_since = since


def _of(camera: Camera) -> ColumnElement[bool]:
    return col(CameraView.camera_id) == camera.id
