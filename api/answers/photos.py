"""A photo as it goes out: with its place in words, its complaints, its likes."""

from api.answers.areas import area_name, neighbours_of
from api.answers.links import described, link_answers, person
from api.house import House
from api.language import Language
from api.shapes.common import Candidate, Place
from api.shapes.photos import ComplaintOf, Duplicate, PhotoAnswer, Urls
from cases.access import Principal, sight
from cases.words import LinkState
from ingest.photos.duplicates import duplicates
from storage import accounts, links
from storage.database import Session
from storage.tables import Complaint, Link, Permit, Photo


def photo_answer(house: House, db: Session, photo: Photo, caller: Principal, language: Language) -> PhotoAnswer:
    """All of a photo that this caller may see; complaints and likes hidden from them are left out."""
    seen = sight(caller)
    index = house.parts.areas.index()
    ties = links.of_photos(db, [photo.id], seen)
    names = accounts.names(db, [photo.account_id])
    return PhotoAnswer(
        id=photo.id,
        sha256=photo.sha256,
        bytes=photo.bytes,
        media_type=photo.media_type,
        width=photo.width,
        height=photo.height,
        taken_at=photo.taken_at,
        received_at=photo.received_at,
        location=place_of(photo),
        candidates=[Candidate.model_validate(kept) for kept in photo.candidates],
        area=area_name(index, photo.area_code),
        neighbours=neighbours_of(index, photo),
        caption=photo.caption,
        category=photo.category_code,
        direction_deg=photo.direction_deg,
        device=photo.device,
        processing=photo.processing,
        account=person(photo.account_id, names),
        complaint=_held_by(ties),
        links=link_answers(db, ties, language),
        duplicates=[Duplicate.model_validate(found) for found in duplicates(db, photo, seen)],
        warnings=[described(code, language) for code in photo.warnings],
        urls=urls(photo),
    )


def place_of(row: Photo | Complaint | Permit) -> Place | None:
    """Where it is, None if that is unknown."""
    if row.lon is None or row.lat is None or row.radius_m is None or row.location_source is None:
        return None
    return Place(lon=row.lon, lat=row.lat, radius_m=row.radius_m, source=row.location_source)


def urls(photo: Photo) -> Urls:
    """Paths of its pictures: right behind any proxy."""
    at = f"/api/v1/photos/{photo.id}"
    return Urls(thumbnail=f"{at}/thumbnail", preview=f"{at}/preview", original=f"{at}/original")


def _held_by(ties: list[tuple[Link, Complaint]]) -> ComplaintOf | None:
    for link, complaint in ties:
        if link.state is LinkState.CONFIRMED:
            return ComplaintOf(reference=complaint.reference, category=complaint.category_code, status=complaint.status)
    return None
