"""Who sees what, as SQL: one predicate each of complaints, photos, permits, cameras and snapshots, which every query
carries.

`cases.access.Sight` says the rule in words; tests hold the two together. The predicates are written over the plain
tables of the query that they join, and are never unknown (NULL) to it.
"""

from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, false, not_, or_, select, true
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import col

from cases.access import Sight
from cases.words import IncidentKind, LinkState, Sharing, Watch
from geo.areas import span
from storage.tables import Camera, Category, Complaint, Link, Outage, Permit, Photo, Snapshot


def complaints(sight: Sight) -> ColumnElement[bool]:
    """Whether a row of `complaint` exists for this sight."""
    if not narrow(sight):
        return _complaints_of_others(sight)
    return or_(_complaints_of_others(sight), _own_complaints(sight))


def narrow(sight: Sight) -> bool:
    """Whether an account sees its own complaints and photos where it sees nobody else's."""
    return sight.account_id is not None and not (sight.area_code is None and sight.agency_code is None)


def own_complaints_beyond(sight: Sight) -> ColumnElement[bool]:
    """Whether a row of `complaint` exists for this narrow sight only because the account itself opened it."""
    return and_(_own_complaints(sight), not_(_complaints_of_others(sight)))


def _complaints_of_others(sight: Sight) -> ColumnElement[bool]:
    return and_(*of_others(IncidentKind.COMPLAINT, Complaint, sight), *within(col(Complaint.area_code), sight))


def of_others(kind: IncidentKind, table: Any, sight: Sight) -> list[ColumnElement[bool]]:
    """What a complaint or photo must be to exist for this sight, besides lying in its area and whoever it is of.

    `table` is its own, or one that keeps `confidential`, `category_code` and `agency_code` of many such rows. Of photos
    an agency's part is not told by these alone: it is left out.
    """
    told = [_told(col(table.confidential), col(table.category_code), sight)]
    if kind is IncidentKind.COMPLAINT and sight.agency_code is not None:
        told.append(col(table.agency_code) == sight.agency_code)
    return told


def _own_complaints(sight: Sight) -> ColumnElement[bool]:
    mine = col(Complaint.opened_by)
    return and_(mine.is_not(None), mine == sight.account_id, col(Complaint.confidential).is_(False))


def photos(sight: Sight) -> ColumnElement[bool]:
    """Whether a row of `photo` exists for this sight."""
    if not sight.photos:
        return false()
    seen = _photos_of_others(sight)
    if sight.account_id is not None:
        seen = or_(col(Photo.account_id) == sight.account_id, seen)
    return and_(col(Photo.deleted_at).is_(None), seen)


def own_photos_beyond(sight: Sight) -> ColumnElement[bool]:
    """Whether a row of `photo` exists for this narrow sight only because the account itself sent it."""
    own = and_(col(Photo.account_id) == sight.account_id, not_(_photos_of_others(sight)))
    return and_(col(Photo.deleted_at).is_(None), own)


def _photos_of_others(sight: Sight) -> ColumnElement[bool]:
    seen = [*of_others(IncidentKind.PHOTO, Photo, sight), *within(col(Photo.area_code), sight)]
    return and_(*seen, *([] if sight.agency_code is None else [_bears_on(sight.agency_code)]))


def permits(sight: Sight) -> ColumnElement[bool]:
    """Whether a row of `permit` exists for this sight."""
    if not sight.permits:
        return false()
    mine = col(Permit.account_id)
    own = and_(mine.is_not(None), mine == sight.account_id) if sight.account_id is not None else false()
    if sight.watch is not Watch.ALL:
        return own
    return or_(own, and_(true(), *within(col(Permit.area_code), sight)))


def cameras(sight: Sight) -> ColumnElement[bool]:
    """Whether a row of `camera` exists for this sight."""
    if sight.watch is Watch.NONE:
        return false()
    own = col(Camera.account_id) == sight.account_id if sight.account_id is not None else false()
    if sight.watch is Watch.OWN:
        return own
    others = [_shared(sight)] if sight.watch is Watch.SHARED else [true()]
    return or_(own, and_(*others, *within(col(Camera.area_code), sight)))


def outages(sight: Sight) -> ColumnElement[bool]:
    """Whether a row of `outage` exists for this sight: it is seen with its camera."""
    if sight.watch in (Watch.NONE, Watch.ALL) and sight.area_code is None:
        return true() if sight.watch is Watch.ALL else false()
    its_camera = select(true()).select_from(Camera).where(col(Camera.id) == col(Outage.camera_id), cameras(sight))
    return its_camera.correlate(Outage).exists()


def snapshots(sight: Sight) -> ColumnElement[bool]:
    """Whether a row of `snapshot` exists for this sight."""
    if sight.watch is Watch.NONE:
        return false()
    its_camera = select(true()).select_from(Camera).where(col(Camera.id) == col(Snapshot.camera_id))
    with_camera: ColumnElement[bool] = its_camera.where(cameras(sight)).correlate(Snapshot).exists()
    if sight.watch is not Watch.SHARED:
        return with_camera
    # Who is granted stored stills alone does not see what a camera showed last: that would be looking through it now.
    shown_now = its_camera.where(cameras(sight), _live(sight)).correlate(Snapshot).exists()
    with_camera = or_(shown_now, and_(with_camera, _superseded()))
    if sight.office is not None:
        return with_camera
    as_evidence = (
        select(true())
        .select_from(Link)
        .join(Complaint, col(Complaint.id) == col(Link.complaint_id))
        .join(Camera, col(Camera.id) == col(Snapshot.camera_id))
        .where(
            col(Link.snapshot_id) == col(Snapshot.id),
            col(Link.state) != LinkState.REJECTED,
            or_(col(Camera.sharing) == Sharing.LIVE, and_(col(Camera.sharing) != Sharing.NOTHING, _superseded())),
            complaints(sight),
        )
        .correlate(Snapshot)
        .exists()
    )
    return or_(with_camera, as_evidence)


def _live(sight: Sight) -> ColumnElement[bool]:
    """A camera whose owner lets those who see it look through it now; the office's own and one's own always."""
    own = col(Camera.account_id) == sight.account_id if sight.account_id is not None else false()
    office = col(Camera.agency_code) == sight.office if sight.office is not None else false()
    return or_(col(Camera.sharing) == Sharing.LIVE, own, and_(col(Camera.agency_code).is_not(None), office))


def _superseded() -> ColumnElement[bool]:
    """The camera has a later still."""
    later = aliased(Snapshot)
    asked = select(true()).select_from(later).where(col(later.camera_id) == col(Snapshot.camera_id))
    return asked.where(col(later.taken_at) > col(Snapshot.taken_at)).correlate(Snapshot).exists()


def _shared(sight: Sight) -> ColumnElement[bool]:
    """A camera of the office that asks, or one that its owner shares with all agencies or with this one."""
    to_all = col(Camera.shared_with).is_(None)
    if sight.office is None:
        return and_(col(Camera.sharing) != Sharing.NOTHING, to_all)
    named = cast(col(Camera.shared_with), String).contains(f'"{sight.office}"', autoescape=True)
    granted = and_(col(Camera.sharing) != Sharing.NOTHING, or_(to_all, and_(~to_all, named)))
    office = col(Camera.agency_code)
    return or_(granted, and_(office.is_not(None), office == sight.office))


def _told(confidential: Mapped[bool], category: Mapped[Any], sight: Sight) -> ColumnElement[bool]:
    """Not confidential, or of a category whose team may see it."""
    if not sight.teams:
        return confidential.is_(False)
    # A photo may have no category, and then no team.
    return or_(confidential.is_(False), and_(category.is_not(None), category.in_(sorted(sight.teams))))


def within(area: Mapped[Any], sight: Sight) -> list[ColumnElement[bool]]:
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
