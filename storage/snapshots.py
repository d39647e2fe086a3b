"""Kept stills of cameras: where their bytes are, how long they stay, and which go first when there is no room."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, delete, exists, func, select, type_coerce, update
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.snapshots import Retention, Tied
from cases.words import LinkState
from storage.tables import Camera, Complaint, Heartbeat, Link, Snapshot

PREFIX = "snapshots/"
_DAY_US = 86_400_000_000


def prefix(snapshot_id: UUID) -> str:
    """Under which all blobs of a snapshot are kept: deleting it deletes them all."""
    return f"{PREFIX}{snapshot_id}/"


def original_key(snapshot_id: UUID) -> str:
    """Where the still is kept as it came: a JPEG or a packed keyframe, as `Snapshot.kind` says."""
    return f"{prefix(snapshot_id)}original"


def jpeg_key(snapshot_id: UUID) -> str:
    """Where the JPEG of a keyframe is kept once somebody has looked at it."""
    return f"{prefix(snapshot_id)}picture.jpg"


def thumbnail_key(snapshot_id: UUID) -> str:
    """Where the small JPEG is kept once somebody has looked at it."""
    return f"{prefix(snapshot_id)}thumbnail.jpg"


def living(db: Session, ids: Iterable[UUID]) -> set[UUID]:
    """Which of these are snapshots that are still kept."""
    return set(db.scalars(select(col(Snapshot.id)).where(col(Snapshot.id).in_(list(ids)))))


@dataclass(frozen=True, slots=True)
class Usage:
    """How many snapshots are kept and how many bytes they take, with what was made of them."""

    count: int
    bytes: int


def usage(db: Session) -> Usage:
    """What all snapshots take."""
    count, size = db.execute(select(func.count(), func.coalesce(func.sum(_taken()), 0))).one()
    return Usage(count, int(size))


def grow(db: Session, snapshot_id: UUID, key: str, size: int) -> bool:
    """Notes how many bytes of a picture made of a snapshot are kept under `key` (`jpeg_key`, `thumbnail_key`), once or
    again; whether the snapshot is still kept.
    """
    column = Snapshot.thumbnail_bytes if key == thumbnail_key(snapshot_id) else Snapshot.picture_bytes
    noted = update(Snapshot).where(col(Snapshot.id) == snapshot_id).values({col(column): size})
    return db.scalar(noted.returning(col(Snapshot.id))) is not None


def expire(db: Session, retention: Retention, now: datetime, *, at_most: int = 500) -> tuple[list[UUID], int]:
    """Deletes the rows of snapshots whose time is over; answers their ids, whose bytes are the caller's to delete, and
    how many were looked at: less than `at_most` means that there are no more.

    Each is judged by its links as they are now; one that a complaint needs is given its new end instead.
    """
    return _judge(db, retention, now, col(Snapshot.expires_at) <= now, at_most)


def release(db: Session, retention: Retention, now: datetime, *, at_most: int = 10_000) -> list[UUID]:
    """Judges anew the snapshots that no end was known of: a complaint that needed them has closed. Answers as
    `expire` those that go at once.
    """
    is_open = exists().where(
        col(Link.snapshot_id) == col(Snapshot.id), _holds(), col(Link.complaint_id) == col(Complaint.id), _is_open()
    )
    return _judge(db, retention, now, col(Snapshot.expires_at).is_(None) & ~is_open, at_most)[0]


def keep_for(db: Session, camera_id: UUID, days: int) -> None:
    """Gives a camera's snapshots that were to stay longer the end of so many days. `expire` looks, when it comes, at
    what complaints need of them.
    """
    end = type_coerce(col(Snapshot.taken_at), BigInteger) + days * _DAY_US
    later = type_coerce(col(Snapshot.expires_at), BigInteger) > end
    db.execute(update(Snapshot).where(col(Snapshot.camera_id) == camera_id, later).values(expires_at=end))


def judge_anew(db: Session, now: datetime) -> None:
    """Ends now those snapshots that a complaint needed until later, for `expire` to look at what is needed of them."""
    linked = exists().where(col(Link.snapshot_id) == col(Snapshot.id), _holds())
    db.execute(update(Snapshot).where(col(Snapshot.expires_at) > now, linked).values(expires_at=now))


def thin(db: Session, size: int, *, at_most: int = 500) -> tuple[list[UUID], int]:
    """Deletes the rows of the oldest snapshots that no complaint is linked to, until they make `size` bytes of room;
    answers their ids and how many bytes they were.
    """
    held = exists().where(col(Link.snapshot_id) == col(Snapshot.id), _holds())
    asked = select(col(Snapshot.id), _taken()).where(~held)
    asked = asked.order_by(col(Snapshot.taken_at), col(Snapshot.id)).limit(at_most).with_for_update()
    gone: list[UUID] = []
    freed = 0
    for snapshot_id, took in db.execute(asked).all():
        if freed >= size:
            break
        gone.append(snapshot_id)
        freed += took
    _delete(db, gone)
    return gone, freed


def prune_heartbeats(db: Session, now: datetime) -> None:
    """Removes the heartbeats that are older than their camera's snapshots may get."""
    for number, days in db.execute(select(col(Camera.number), col(Camera.keep_days))).all():
        before = now - timedelta(days=days)
        db.execute(delete(Heartbeat).where(col(Heartbeat.camera_number) == number, col(Heartbeat.at) < before))


def _judge(
    db: Session, retention: Retention, now: datetime, which: ColumnElement[bool], at_most: int
) -> tuple[list[UUID], int]:
    asked = select(col(Snapshot.id), col(Snapshot.taken_at), col(Camera.keep_days))
    asked = asked.join(Camera, col(Camera.id) == col(Snapshot.camera_id)).where(which)
    # Locked: a link that is being made to one of these waits, and finds it gone or kept.
    asked = asked.order_by(col(Snapshot.expires_at)).limit(at_most).with_for_update(of=Snapshot)
    rows = db.execute(asked).all()
    ties = _ties(db, [row[0] for row in rows])
    gone: list[UUID] = []
    for snapshot_id, taken_at, days in rows:
        end = retention.of_camera(days).expires_at(taken_at, ties.get(snapshot_id, ()))
        if end is not None and end <= now:
            gone.append(snapshot_id)
        else:
            db.execute(update(Snapshot).where(col(Snapshot.id) == snapshot_id).values(expires_at=end))
    _delete(db, gone)
    return gone, len(rows)


def _ties(db: Session, ids: list[UUID]) -> dict[UUID, list[Tied]]:
    asked = select(col(Link.snapshot_id), col(Complaint.category_code), col(Complaint.closed_at))
    asked = asked.join(Complaint, col(Complaint.id) == col(Link.complaint_id))
    found: dict[UUID, list[Tied]] = {}
    for snapshot_id, category, closed_at in db.execute(asked.where(col(Link.snapshot_id).in_(ids), _holds())):
        assert snapshot_id is not None
        found.setdefault(snapshot_id, []).append(Tied(category, closed_at))
    return found


def _taken() -> ColumnElement[int]:
    picture, thumbnail = (func.coalesce(col(one), 0) for one in (Snapshot.picture_bytes, Snapshot.thumbnail_bytes))
    return col(Snapshot.bytes) + picture + thumbnail


def _delete(db: Session, ids: list[UUID]) -> None:
    # What is left of their links was rejected.
    db.execute(delete(Link).where(col(Link.snapshot_id).in_(ids)))
    db.execute(delete(Snapshot).where(col(Snapshot.id).in_(ids)))


def _holds() -> ColumnElement[bool]:
    return col(Link.state) != LinkState.REJECTED


def _is_open() -> ColumnElement[bool]:
    return col(Complaint.closed_at).is_(None)
