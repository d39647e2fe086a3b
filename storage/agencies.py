"""Agencies and categories as this installation has them, and the teams of confidential categories."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.catalogue import AgencyEntry, Catalogue, CategoryEntry
from cases.words import LinkState
from storage.tables import Agency, Category, CategoryMember, Complaint, Link, Photo


@dataclass(frozen=True, slots=True)
class Saved:
    """How many agencies and categories a catalogue named."""

    agencies: int
    categories: int


def agencies(db: Session) -> list[Agency]:
    """Every agency, by code."""
    return list(db.scalars(select(Agency).order_by(col(Agency.code))))


def categories(db: Session) -> list[Category]:
    """Every category, in the order of the catalogue."""
    return list(db.scalars(select(Category).order_by(col(Category.position), col(Category.code))))


def category(db: Session, code: str) -> Category | None:
    """The category of this code."""
    return db.get(Category, code)


def save(db: Session, catalogue: Catalogue) -> Saved:
    """Adds what is new and changes what is there; nothing is removed, because complaints point to it."""
    for agency in catalogue.agencies:
        db.merge(_agency(agency))
    # Categories point to agencies, which have to be there first.
    db.flush()
    for entry in catalogue.categories:
        before = db.get(Category, entry.code)
        turned = before is not None and before.confidential != entry.confidential
        db.merge(_category(entry))
        if turned:
            _turn(db, entry.code, confidential=entry.confidential)
    db.flush()
    return Saved(len(catalogue.agencies), len(catalogue.categories))


def set_member(db: Session, category_code: str, account_id: UUID, *, member: bool) -> None:
    """Takes an account into the team of a confidential category, or out of it; either may be so already."""
    if member:
        db.merge(CategoryMember(category_code=category_code, account_id=account_id))
        db.flush()
        return
    mine = (col(CategoryMember.category_code) == category_code, col(CategoryMember.account_id) == account_id)
    db.execute(delete(CategoryMember).where(*mine))


def _turn(db: Session, code: str, *, confidential: bool) -> None:
    """Makes the complaints and photos of a category follow its flag, of which each row keeps a copy."""
    db.flush()
    db.execute(update(Complaint).where(col(Complaint.category_code) == code).values(confidential=confidential))
    evidence = (
        select(col(Link.photo_id))
        .join(Complaint, col(Complaint.id) == col(Link.complaint_id))
        .where(col(Link.state) == LinkState.CONFIRMED)
    )
    of_secret_category = select(col(Category.code)).where(col(Category.confidential).is_(True))
    secret = or_(
        and_(col(Photo.category_code).is_not(None), col(Photo.category_code).in_(of_secret_category)),
        col(Photo.id).in_(evidence.where(col(Complaint.confidential).is_(True))),
    )
    touched = or_(
        col(Photo.category_code) == code, col(Photo.id).in_(evidence.where(col(Complaint.category_code) == code))
    )
    db.execute(update(Photo).where(touched).values(confidential=secret))


def _agency(entry: AgencyEntry) -> Agency:
    return Agency(
        code=entry.code, name_id=entry.name_id, name_en=entry.name_en, phone=entry.phone, email=entry.email, active=True
    )


def _category(entry: CategoryEntry) -> Category:
    return Category(
        code=entry.code,
        name_id=entry.name_id,
        name_en=entry.name_en,
        agency_code=entry.agency,
        deadline_hours=entry.deadline_hours,
        radius_m=entry.radius_m,
        related=list(entry.related),
        confidential=entry.confidential,
        icon=entry.icon,
        position=entry.position,
        active=True,
    )
