"""The named teams of confidential categories: which accounts may know of what."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.errors import CategoryUnknown
from storage.tables import Agency, Category, CategoryMember


def categories(db: Session) -> list[tuple[Category, Agency]]:
    """The active categories in their order, each with its agency.

    The confidential ones are among them: anybody may report, and only what was reported is for their teams alone.
    """
    asked = (
        select(Category, Agency)
        .join(Agency, col(Agency.code) == col(Category.agency_code))
        .where(col(Category.active))
        .order_by(col(Category.position), col(Category.code))
    )
    return [(category, agency) for category, agency in db.execute(asked)]


def of_all(db: Session) -> dict[UUID, list[str]]:
    """The categories of every account that belongs to a team."""
    found: dict[UUID, list[str]] = {}
    for member in db.scalars(select(CategoryMember).order_by(col(CategoryMember.category_code))):
        found.setdefault(member.account_id, []).append(member.category_code)
    return found


def of_account(db: Session, account_id: UUID) -> frozenset[str]:
    """The categories whose teams the account belongs to."""
    asked = select(col(CategoryMember.category_code)).where(col(CategoryMember.account_id) == account_id)
    return frozenset(db.scalars(asked))


def set_for(db: Session, account_id: UUID, codes: Iterable[str]) -> None:
    """Makes these the categories whose teams the account belongs to. Raises CategoryUnknown."""
    wanted = sorted(set(codes))
    for code in wanted:
        category = db.get(Category, code)
        if category is None or not category.active:
            raise CategoryUnknown(category=code)
    db.execute(delete(CategoryMember).where(col(CategoryMember.account_id) == account_id))
    db.add_all(CategoryMember(category_code=code, account_id=account_id) for code in wanted)
    db.flush()
