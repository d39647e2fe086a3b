"""The ties between photos or snapshots and complaints."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Select, String, and_, cast, func, not_, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.access import Sight
from cases.words import Moment
from storage import visible
from storage.tables import Camera, Complaint, Link, Photo, Snapshot


def get(db: Session, link_id: UUID, sight: Sight) -> tuple[Link, Complaint, Photo | None] | None:
    """A link with both its ends, if both exist for this sight; no photo: it ties a snapshot."""
    shown = and_(col(Photo.id).is_not(None), visible.photos(sight))
    seen = and_(col(Snapshot.id).is_not(None), visible.snapshots(sight))
    asked = (
        select(Link, Complaint, Photo)
        .join(Complaint, col(Complaint.id) == col(Link.complaint_id))
        .outerjoin(Photo, col(Photo.id) == col(Link.photo_id))
        .outerjoin(Snapshot, col(Snapshot.id) == col(Link.snapshot_id))
        .where(col(Link.id) == link_id, visible.complaints(sight), or_(shown, seen))
    )
    found = db.execute(asked).first()
    return None if found is None else (found[0], found[1], found[2])


def of_photo(db: Session, photo_id: UUID) -> list[Link]:
    """Every link of a photo, whoever may see it, in no order."""
    return list(db.scalars(select(Link).where(col(Link.photo_id) == photo_id)))


def of_photos(db: Session, ids: Iterable[UUID], sight: Sight) -> list[tuple[Link, Complaint]]:
    """The links of photos with those of their complaints that exist for this sight, surest first."""
    asked = (
        select(Link, Complaint)
        .join(Complaint, col(Complaint.id) == col(Link.complaint_id))
        .where(col(Link.photo_id).in_(list(ids)), visible.complaints(sight))
        .order_by(col(Link.score).desc(), col(Link.id))
    )
    return [(link, complaint) for link, complaint in db.execute(asked)]


def of_complaint(db: Session, complaint_id: UUID, sight: Sight) -> list[tuple[Link, Photo]]:
    """The links of a complaint with those of their photos that exist for this sight, latest photo first."""
    asked = (
        select(Link, Photo)
        .join(Photo, col(Photo.id) == col(Link.photo_id))
        .where(col(Link.complaint_id) == complaint_id, visible.photos(sight))
        .order_by(col(Photo.occurred_at).desc(), col(Link.id))
    )
    return [(link, photo) for link, photo in db.execute(asked)]


def sightings(
    db: Session, complaint_id: UUID, sight: Sight, *, hours: int | None = None, also: Iterable[UUID] = ()
) -> list[tuple[Link, Snapshot, Camera]]:
    """The links of a complaint with those of their snapshots that exist for this sight, latest first.

    With `hours`, of the hourly stills that nobody has decided on only each camera's last so many, and those in `also`.
    """
    asked = (
        select(Link, Snapshot, Camera)
        .join(Snapshot, col(Snapshot.id) == col(Link.snapshot_id))
        .join(Camera, col(Camera.id) == col(Snapshot.camera_id))
        .where(col(Link.complaint_id) == complaint_id, visible.snapshots(sight))
        .order_by(col(Snapshot.taken_at).desc(), col(Link.id))
    )
    if hours is not None:
        last = col(Link.id).in_(_last_hours(complaint_id, hours))
        asked = asked.where(or_(not_(_UNDECIDED_HOURLY), last, col(Link.snapshot_id).in_(list(also))))
    return [(link, snapshot, camera) for link, snapshot, camera in db.execute(asked)]


def count_sightings(db: Session, complaint_id: UUID, sight: Sight) -> dict[UUID, int]:
    """How many `sightings` there are in all, by camera."""
    asked = (
        select(col(Snapshot.camera_id), func.count())
        .join(Link, col(Link.snapshot_id) == col(Snapshot.id))
        .where(col(Link.complaint_id) == complaint_id, visible.snapshots(sight))
        .group_by(col(Snapshot.camera_id))
    )
    return dict(db.execute(asked).all())


def _last_hours(complaint_id: UUID, hours: int) -> Select[UUID]:
    """The ids of each camera's last so many of these links."""
    latest_first = (col(Snapshot.taken_at).desc(), col(Link.id))
    place = func.row_number().over(partition_by=col(Snapshot.camera_id), order_by=latest_first).label("place")
    ranked = select(col(Link.id), place).join(Snapshot, col(Snapshot.id) == col(Link.snapshot_id))
    ranked = ranked.where(col(Link.complaint_id) == complaint_id, _UNDECIDED_HOURLY)
    found = ranked.subquery()
    return select(found.c.id).where(found.c.place <= hours)


_UNDECIDED_HOURLY = and_(
    col(Link.decided_by).is_(None), cast(col(Link.reasons), String).contains(f'"still_{Moment.HOURLY}"')
)
