"""What the ties between complaints and cameras ask of the tables: who sees what, and which stills there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.evidence import Still
from cases.sighting import MOST_RANGES, counts
from cases.words import LinkState, LocationSource, Status
from geo.distance import box_around
from geo.view import Seen, sees
from storage import views
from storage.spatial import Places
from storage.tables import Camera, Complaint, Link, Snapshot


@dataclass(frozen=True, slots=True)
class Seeing:
    """A camera, and how a place lies in its view."""

    camera: Camera
    seen: Seen


def seeing(db: Session, lon: float, lat: float, radius_m: float) -> list[Seeing]:
    """The cameras that see a place now, best first, whoever may see them."""
    found = [Seeing(one.camera, one.now) for one in views.watching(db, lon, lat, radius_m) if one.now is not None]
    return sorted(found, key=lambda one: (-one.seen.score, one.camera.id))


def seen_by(db: Session, camera: Camera) -> list[tuple[Complaint, Seen]]:
    """The open complaints that a camera sees and that the machine may tie, best first."""
    around = box_around(camera.lon, camera.lat, camera.range_m * MOST_RANGES)
    asked = (
        select(Complaint)
        .where(Places(Complaint).in_cells(*around), *_TIED_BY_MACHINE, col(Complaint.closed_at).is_(None))
        .with_hint(Complaint, "INDEXED BY complaint_cell", "sqlite")
    )
    view, found = views.view_of(camera), []
    for complaint in db.scalars(asked):
        assert complaint.lon is not None
        assert complaint.lat is not None
        assert complaint.radius_m is not None
        seen = sees(view, complaint.lon, complaint.lat, complaint.radius_m)
        if counts(seen):
            found.append((complaint, seen))
    return sorted(found, key=lambda one: (-one[1].score, one[0].id))


def tied_by_machine(complaint: Complaint) -> bool:
    """Whether cameras' stills are linked to it without a person: it has a place, and is not confidential."""
    placed = complaint.lon is not None and complaint.lat is not None and complaint.radius_m is not None
    refused = complaint.status in (Status.REJECTED, Status.DUPLICATE)
    vague = complaint.location_source is LocationSource.AREA
    return placed and not (refused or vague or complaint.confidential)


def gathering(db: Session, closed_since: datetime, after: UUID | None, *, at_most: int = 100) -> list[Complaint]:
    """The complaints for which stills are gathered, by id from `after` on: open, or closed only lately."""
    asked = select(Complaint).where(
        *_TIED_BY_MACHINE, or_(col(Complaint.closed_at).is_(None), col(Complaint.closed_at) >= closed_since)
    )
    if after is not None:
        asked = asked.where(col(Complaint.id) > after)
    return list(db.scalars(asked.order_by(col(Complaint.id)).limit(at_most)))


def stills(db: Session, camera_id: UUID, since: datetime, until: datetime) -> list[Still]:
    """The camera's stills of these times in which it saw, in order."""
    asked = (
        select(col(Snapshot.id), col(Snapshot.taken_at), col(Snapshot.faults))
        .where(col(Snapshot.camera_id) == camera_id, col(Snapshot.taken_at).between(since, until))
        .order_by(col(Snapshot.taken_at), col(Snapshot.id))
    )
    return [Still(snapshot_id, camera_id, at) for snapshot_id, at, faults in db.execute(asked) if not faults]


def linked(db: Session, complaint_id: UUID) -> dict[UUID, list[Still]]:
    """The stills linked to a complaint in which a camera saw, by camera and in order, whatever people think of them."""
    asked = (
        select(col(Snapshot.id), col(Snapshot.camera_id), col(Snapshot.taken_at), col(Snapshot.faults))
        .join(Link, col(Link.snapshot_id) == col(Snapshot.id))
        .where(col(Link.complaint_id) == complaint_id)
        .order_by(col(Snapshot.taken_at), col(Snapshot.id))
    )
    found: dict[UUID, list[Still]] = {}
    for snapshot_id, camera_id, at, faults in db.execute(asked):
        if not faults:
            found.setdefault(camera_id, []).append(Still(snapshot_id, camera_id, at))
    return found


def hold(db: Session, ids: Iterable[UUID], *, forever: bool) -> set[UUID]:
    """Keeps these snapshots from expiring, and answers those that are still there: retention waits, or was first.

    With `forever` until a complaint that needs them closes.
    """
    asked = select(col(Snapshot.id)).where(col(Snapshot.id).in_(list(ids))).with_for_update()
    found = set(db.scalars(asked))
    if found and forever:
        db.execute(update(Snapshot).where(col(Snapshot.id).in_(found)).values(expires_at=None))
    return found


def nearest(
    db: Session, camera_id: UUID, at: datetime, *, before: int, after: int, since: datetime, until: datetime
) -> Sequence[UUID]:
    """The ids of the camera's last snapshots from `since` to before `at`, and of its first from then to `until`."""
    asked = select(col(Snapshot.id)).where(col(Snapshot.camera_id) == camera_id)
    earlier = asked.where(col(Snapshot.taken_at) < at, col(Snapshot.taken_at) >= since)
    earlier = earlier.order_by(col(Snapshot.taken_at).desc(), col(Snapshot.id).desc()).limit(before)
    later = asked.where(col(Snapshot.taken_at).between(at, until))
    later = later.order_by(col(Snapshot.taken_at), col(Snapshot.id)).limit(after)
    return [*db.scalars(earlier), *db.scalars(later)]


def link_of(db: Session, complaint_id: UUID, snapshot_id: UUID) -> Link | None:
    """The tie between the two, whatever people think of it; None if there is none."""
    return db.scalar(select(Link).where(col(Link.complaint_id) == complaint_id, col(Link.snapshot_id) == snapshot_id))


def confirmed_on(db: Session, complaint_id: UUID) -> list[Snapshot]:
    """The snapshots that people confirmed as evidence of a complaint, whoever may see them."""
    asked = (
        select(Snapshot)
        .join(Link, col(Link.snapshot_id) == col(Snapshot.id))
        .where(col(Link.complaint_id) == complaint_id, col(Link.state) == LinkState.CONFIRMED)
        .order_by(col(Snapshot.id))
    )
    return list(db.scalars(asked))


_TIED_BY_MACHINE = (
    col(Complaint.lon).is_not(None),
    col(Complaint.radius_m).is_not(None),
    col(Complaint.confidential).is_(False),
    col(Complaint.location_source) != LocationSource.AREA,
    # What was refused is not evidence of anything, and a duplicate is looked after by its original.
    col(Complaint.status).not_in([Status.REJECTED, Status.DUPLICATE]),
)
