"""A photo is corrected or erased by its sender, or by someone who oversees."""

import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from cases.access import Principal, Right, sight
from cases.errors import NotYours, PhotoUnknown
from cases.location import Candidate, candidate
from cases.words import HistoryKind, JobKind, LinkState, LocationSource, ProcessingState, Role
from ingest.complaints import active_category
from ingest.link import tie_photo
from ingest.parts import Parts
from ingest.photos import confidence
from ingest.photos.reports import open_if_none_fits
from ingest.place import NOWHERE, WARNINGS, placed
from storage import audit, complaints, history, jobs, links, photos
from storage.errors import StorageError
from storage.tables import Complaint, Photo

_log = logging.getLogger("pantau.photos")


@dataclass(frozen=True, slots=True)
class Correction:
    """What is to be changed; None leaves a thing as it is. `lon`, `lat` go together and are a pin set by hand."""

    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    caption: str | None = None
    category: str | None = None


def correct(parts: Parts, principal: Principal, photo_id: UUID, correction: Correction) -> Photo:
    """Changes a photo's pin, caption or category; place and ties are worked out anew.

    Raises PhotoUnknown, NotYours, PlaceInvalid, CategoryUnknown.
    """
    now = parts.clock()
    with parts.database.write() as db:
        complaints.take_turns(db)
        photo = _own(db, principal, photo_id, principal.may(Right.LINK_DECIDE))
        if correction.caption is not None:
            photo.caption = correction.caption
        if correction.category is not None:
            category = active_category(db, correction.category)
            if category.confidential:
                confidence.follow(db, photo, category, now, by=principal.account_id)
            photo.confidential = category.confidential or _held_in_confidence(db, photo)
            photo.category_code = correction.category
        if correction.lon is not None and correction.lat is not None:
            pin = candidate(correction.lon, correction.lat, LocationSource.PIN, correction.accuracy_m)
            _pin(parts, photo, pin)
        photo.updated_at = now
        db.flush()
        tie_photo(db, photo, now)
        open_if_none_fits(db, photo, parts.areas.index(), parts.zone, now)
        changed = [name for name in Correction.__slots__ if getattr(correction, name) is not None]
        audit.record(db, principal, now, action="correct", subject="photo", subject_id=photo.id, fields=changed)
    return photo


def erase(parts: Parts, principal: Principal, photo_id: UUID) -> None:
    """Leaves a tombstone of a photo: bytes, place, caption, EXIF, hash and ties go; that it was, and who acted, stays.

    The bytes go at once where the store answers, and otherwise by a job that tries until it does. Raises
    PhotoUnknown, NotYours.
    """
    now = parts.clock()
    with parts.database.write() as db:
        complaints.take_turns(db)
        oversees = principal.role in (Role.COMMAND, Role.ADMINISTRATOR)
        photo = _own(db, principal, photo_id, oversees)
        for link in links.of_photo(db, photo.id):
            complaint = db.get_one(Complaint, link.complaint_id)
            history.add(db, complaint, HistoryKind.PHOTO_ERASED, now, by=principal.account_id, photo=str(photo.id))
            complaint.updated_at = now
            db.delete(link)
        _bury(db, photo, now)
        jobs.add(db, JobKind.PHOTO_ERASE, str(photo.id), now)
        audit.record(db, principal, now, action="erase", subject="photo", subject_id=photo.id)
    with suppress(StorageError):
        parts.blobs.delete_all(photos.prefix(photo_id))


def _own(db: Session, principal: Principal, photo_id: UUID, oversees: bool) -> Photo:
    photo = photos.get(db, photo_id, sight(principal))
    if photo is None:
        raise PhotoUnknown
    if photo.account_id != principal.account_id and not oversees:
        raise NotYours
    return photo


def _held_in_confidence(db: Session, photo: Photo) -> bool:
    held = (link for link in links.of_photo(db, photo.id) if link.state is LinkState.CONFIRMED)
    return any(db.get_one(Complaint, link.complaint_id).confidential for link in held)


def _pin(parts: Parts, photo: Photo, pin: Candidate) -> None:
    """The latest pin takes the place of an earlier one; every other location found stays with the photo."""
    kept = [Candidate.from_json(given) for given in photo.candidates]
    every = [pin, *(given for given in kept if given.source is not LocationSource.PIN)]
    place = placed(parts.areas.index(), every)
    photo.candidates = [given.as_json() for given in every]
    photo.warnings = [*place.warnings, *(code for code in photo.warnings if code not in WARNINGS)]
    place.put_on(photo)


def _bury(db: Session, photo: Photo, now: datetime) -> None:
    NOWHERE.put_on(photo)
    photo.candidates, photo.device, photo.warnings = [], {}, []
    photo.caption = photo.sha256 = ""
    photo.taken_at = photo.direction_deg = None
    photo.processing = ProcessingState.DONE
    photos.set_fingerprint(db, photo, None, ())
    photo.deleted_at = photo.updated_at = now
