"""Questions about complaints, and what tying asks of them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.access import Sight
from cases.matching import AFTER, BEFORE, MOST_REACH_M, Open
from cases.words import LinkState, LocationSource, Status
from geo.distance import box_around
from storage import visible
from storage.spatial import Places
from storage.tables import Account, Category, Complaint, Link, Photo, Report, Snapshot

_TYING_LOCK = 0x50414E54
"""One number for PostgreSQL's advisory lock: transactions that tie take turns."""


def get(db: Session, reference: str, sight: Sight) -> Complaint | None:
    """The complaint with this reference (as `cases.reference.parse` gives it), if it exists for this sight."""
    return db.scalar(select(Complaint).where(col(Complaint.reference) == reference, visible.complaints(sight)))


def taken(db: Session, reference: str) -> bool:
    """Whether any complaint has this reference, whoever may see it."""
    return db.scalar(select(col(Complaint.id)).where(col(Complaint.reference) == reference)) is not None


def some(db: Session, ids: Iterable[UUID], sight: Sight) -> dict[UUID, Complaint]:
    """Those of the complaints that exist for this sight, by id."""
    asked = select(Complaint).where(col(Complaint.id).in_(list(ids)), visible.complaints(sight))
    return {complaint.id: complaint for complaint in db.scalars(asked)}


def take_turns(db: Session) -> None:
    """Waits until no other transaction is tying; SQLite's writers take turns anyway.

    Without it a photo and a complaint that arrive at once would each miss the other, and two photos of one problem
    would open two complaints.
    """
    if db.get_bind().dialect.name == "postgresql":
        db.execute(select(func.pg_advisory_xact_lock(_TYING_LOCK)))


def open_around(db: Session, lon: float, lat: float, at: datetime) -> list[Open]:
    """The complaints that a photo of this place and time may bear on, with what matching needs of their category."""
    asked = (
        select(Complaint, Category)
        .join(Category, col(Category.code) == col(Complaint.category_code))
        .where(
            Places(Complaint).in_cells(*box_around(lon, lat, MOST_REACH_M)),
            col(Complaint.confidential).is_(False),
            col(Complaint.location_source) != LocationSource.AREA,
            col(Complaint.opened_at) <= at + BEFORE,
            or_(col(Complaint.closed_at).is_(None), col(Complaint.closed_at) >= at - AFTER),
            # What was refused is not evidence of anything, and a duplicate's photos belong to its original.
            col(Complaint.status).not_in([Status.REJECTED, Status.DUPLICATE]),
        )
        # SQLite would rather go through everything opened before: 166 ms against 8 ms among 300,000.
        .with_hint(Complaint, "INDEXED BY complaint_cell", "sqlite")
    )
    return [found for complaint, category in db.execute(asked) if (found := as_open(complaint, category)) is not None]


def as_open(complaint: Complaint, category: Category) -> Open | None:
    """What matching looks at, or None for a complaint without a place."""
    lon, lat, radius_m, source = complaint.lon, complaint.lat, complaint.radius_m, complaint.location_source
    if lon is None or lat is None or radius_m is None or source is None:
        return None
    return Open(
        id=complaint.id,
        lon=lon,
        lat=lat,
        radius_m=radius_m,
        source=source,
        category=complaint.category_code,
        opened_at=complaint.opened_at,
        closed_at=complaint.closed_at,
        related=frozenset(category.related),
        reach_m=category.radius_m,
        confidential=complaint.confidential,
    )


def reports(db: Session, complaint_id: UUID) -> list[tuple[Report, str | None]]:
    """The reports gathered on a complaint, oldest first, each with the name of the account that sent it."""
    asked = (
        select(Report, col(Account.name))
        .outerjoin(Account, col(Account.id) == col(Report.account_id))
        .where(col(Report.complaint_id) == complaint_id)
        .order_by(col(Report.received_at), col(Report.id))
    )
    return [(report, name) for report, name in db.execute(asked)]


def shown_since(db: Session, complaint_id: UUID, since: datetime) -> bool:
    """Whether a confirmed photo, or a camera's confirmed still, shows the place after `since`."""
    shown = and_(col(Photo.occurred_at) > since, col(Photo.deleted_at).is_(None))
    asked = (
        select(col(Link.id))
        .outerjoin(Photo, col(Photo.id) == col(Link.photo_id))
        .outerjoin(Snapshot, col(Snapshot.id) == col(Link.snapshot_id))
        .where(
            col(Link.complaint_id) == complaint_id,
            col(Link.state) == LinkState.CONFIRMED,
            or_(shown, col(Snapshot.taken_at) > since),
        )
        .limit(1)
    )
    return db.scalar(asked) is not None
