"""Questions about photos. Every one that answers a person takes their sight."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.access import Sight
from cases.incidents import Circle
from cases.words import LinkState
from storage import visible
from storage.spatial import Places, bounds
from storage.tables import Link, Photo, PhotoBand

PREFIX = "photos/"


def prefix(photo_id: UUID) -> str:
    """Under which all blobs of a photo are kept: erasing it erases them all."""
    return f"{PREFIX}{photo_id}/"


def original_key(photo_id: UUID) -> str:
    """Where the bytes are kept as they came."""
    return f"{prefix(photo_id)}original"


def preview_key(photo_id: UUID, side: int) -> str:
    """Where the preview whose longest side has so many pixels is kept."""
    return f"{prefix(photo_id)}preview-{side}.jpg"


def get(db: Session, photo_id: UUID, sight: Sight) -> Photo | None:
    """The photo, if it exists for this sight."""
    return db.scalar(select(Photo).where(col(Photo.id) == photo_id, visible.photos(sight)))


def some(db: Session, ids: Iterable[UUID], sight: Sight) -> dict[UUID, Photo]:
    """Those of the photos that exist for this sight, by id."""
    asked = select(Photo).where(col(Photo.id).in_(list(ids)), visible.photos(sight))
    return {photo.id: photo for photo in db.scalars(asked)}


def living(db: Session, ids: Iterable[UUID]) -> set[UUID]:
    """Which of these are photos that have not been erased."""
    return set(db.scalars(select(col(Photo.id)).where(col(Photo.id).in_(list(ids)), col(Photo.deleted_at).is_(None))))


def same_bytes(db: Session, photo: Photo, sight: Sight, *, at_most: int = 20) -> list[UUID]:
    """Other photos with exactly these bytes, earliest first."""
    if not photo.sha256:
        return []
    asked = (
        select(col(Photo.id))
        .where(col(Photo.sha256) == photo.sha256, col(Photo.id) != photo.id, visible.photos(sight))
        .order_by(col(Photo.received_at), col(Photo.id))
        .limit(at_most)
    )
    return list(db.scalars(asked))


def like(
    db: Session, photo: Photo, probes: Sequence[Sequence[int]], near: Callable[[int], bool], sight: Sight
) -> dict[UUID, int]:
    """Other photos whose fingerprint is `near`, among those that share a band with one of the probes of its position:
    fingerprints by id.

    Each probe is an index hit. One in a thousand photos shares a band by chance, so the newest 20,000 of those are
    compared, and the newest 500 that are near are asked for.
    """
    hits = or_(
        *(
            and_(col(PhotoBand.position) == position, col(PhotoBand.band).in_(values))
            for position, values in enumerate(probes)
        )
    )
    found = select(col(PhotoBand.photo_id)).where(hits).distinct().subquery()
    asked = (
        select(col(Photo.id), col(Photo.fingerprint))
        .join(found, found.c.photo_id == col(Photo.id))
        .where(col(Photo.id) != photo.id)
        .order_by(col(Photo.received_at).desc(), col(Photo.id))
        .limit(20_000)
    )
    alike = {other: value for other, value in db.execute(asked) if value is not None and near(value)}
    seen = some(db, list(alike)[:500], sight)
    return {other: value for other, value in alike.items() if other in seen}


def set_fingerprint(db: Session, photo: Photo, fingerprint: int | None, bands: Sequence[int]) -> None:
    """Keeps the fingerprint with its bands, in place of what there was."""
    db.execute(delete(PhotoBand).where(col(PhotoBand.photo_id) == photo.id))
    photo.fingerprint = fingerprint
    if fingerprint is not None:
        db.add_all(PhotoBand(photo_id=photo.id, position=at, band=band) for at, band in enumerate(bands))


def waiting_around(db: Session, around: Circle, since: datetime, until: datetime, *, at_most: int = 200) -> list[Photo]:
    """Photos within the circle and the times that no complaint holds yet, nearest in time to the end first."""
    held = select(col(Link.id)).where(col(Link.photo_id) == col(Photo.id), col(Link.state) == LinkState.CONFIRMED)
    asked = (
        select(Photo)
        .where(
            Places(Photo).in_cells(*bounds(around)),
            Places(Photo).in_circle(around),
            col(Photo.occurred_at).between(since, until),
            col(Photo.deleted_at).is_(None),
            col(Photo.confidential).is_(False),
            ~held.exists(),
        )
        # SQLite would rather go through all photos of these times.
        .with_hint(Photo, "INDEXED BY photo_cell", "sqlite")
        .order_by(col(Photo.occurred_at).desc(), col(Photo.id))
        .limit(at_most)
    )
    return list(db.scalars(asked))


def confirmed_on(db: Session, complaint_id: UUID) -> list[Photo]:
    """The photos that a complaint holds for sure, whoever may see them."""
    asked = (
        select(Photo)
        .join(Link, col(Link.photo_id) == col(Photo.id))
        .where(
            col(Link.complaint_id) == complaint_id,
            col(Link.state) == LinkState.CONFIRMED,
            col(Photo.deleted_at).is_(None),
        )
        .order_by(col(Photo.id))
    )
    return list(db.scalars(asked))
