"""Who sees what, as SQL: the one predicate of complaints and the one of photos that every query carries.

`cases.access.Sight` says the rule in words; a test holds the two together. Both predicates are written over the plain
`Complaint` and `Photo` tables of the query that they join, and are never unknown (NULL) to it.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Mapped
from sqlmodel import col

from cases.access import Sight
from cases.words import LinkState
from geo.areas import span
from storage.tables import Category, Complaint, Link, Photo


def complaints(sight: Sight) -> ColumnElement[bool]:
    """Whether a row of `complaint` exists for this sight."""
    told = _told(col(Complaint.confidential), col(Complaint.category_code), sight)
    scope = _within(col(Complaint.area_code), sight)
    if sight.agency_code is not None:
        scope.append(col(Complaint.agency_code) == sight.agency_code)
    if not scope:
        return told
    if sight.account_id is None:
        return and_(told, *scope)
    mine = col(Complaint.opened_by)
    own = and_(mine.is_not(None), mine == sight.account_id, col(Complaint.confidential).is_(False))
    return or_(and_(told, *scope), own)


def photos(sight: Sight) -> ColumnElement[bool]:
    """Whether a row of `photo` exists for this sight."""
    if not sight.photos:
        return false()
    seen = [_told(col(Photo.confidential), col(Photo.category_code), sight), *_within(col(Photo.area_code), sight)]
    if sight.agency_code is not None:
        seen.append(_bears_on(sight.agency_code))
    others = and_(*seen)
    if sight.account_id is not None:
        others = or_(col(Photo.account_id) == sight.account_id, others)
    return and_(col(Photo.deleted_at).is_(None), others)


def _told(confidential: Mapped[bool], category: Mapped[Any], sight: Sight) -> ColumnElement[bool]:
    """Not confidential, or of a category whose team may see it."""
    if not sight.teams:
        return confidential.is_(False)
    # A photo may have no category, and then no team.
    return or_(confidential.is_(False), and_(category.is_not(None), category.in_(sorted(sight.teams))))


def _within(area: Mapped[Any], sight: Sight) -> list[ColumnElement[bool]]:
    """In the sight's area or below it; what has no area is in none."""
    if sight.area_code is None:
        return []
    first, end = span(sight.area_code)
    return [area.is_not(None), area >= first, area < end]


def _bears_on(agency_code: str) -> ColumnElement[bool]:
    """A photo of one of the agency's categories, or tied to one of its complaints and not found to be wrongly so."""
    led = select(col(Category.code)).where(col(Category.agency_code) == agency_code)
    tied = (
        select(true())
        .select_from(Link)
        .join(Complaint, col(Complaint.id) == col(Link.complaint_id))
        .where(
            col(Link.photo_id) == col(Photo.id),
            col(Link.state) != LinkState.REJECTED,
            col(Complaint.agency_code) == agency_code,
        )
        # Of the query around it only the photo is meant, even where that query joins links and complaints too.
        .correlate(Photo)
        .exists()
    )
    return or_(and_(col(Photo.category_code).is_not(None), col(Photo.category_code).in_(led)), tied)
