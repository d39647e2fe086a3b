"""A photo comes in: its bytes are durable before its row is, and its row before it is acknowledged.

One transaction writes the photo with its place, its ties, a report where one is made, the job that will look closer
and the audit's entry. A failure before it leaves at most bytes without a row, which the tidy job sweeps.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from cases import times
from cases.access import Principal
from cases.errors import CategoryNeeded, IdTaken, PlaceInvalid
from cases.location import Candidate, candidate
from cases.words import JobKind, LocationSource
from geo.zones import zone_of
from ingest.complaints import active_category, named
from ingest.link import tie_by_hand, tie_photo
from ingest.parts import Parts
from ingest.photos import exif as exifs
from ingest.photos.arriving import Arrived, IncomingPhoto, Readable, arrived
from ingest.photos.decoding import Examined
from ingest.photos.exif import Exif
from ingest.photos.reports import open_if_none_fits
from ingest.place import Place, placed
from storage import audit, complaints, jobs, photos
from storage.errors import BlobConflict
from storage.tables import Photo, Report


@dataclass(frozen=True, slots=True)
class Received:
    """The photo, and whether it is new (False: it had been received before)."""

    photo: Photo
    new: bool


def receive(parts: Parts, principal: Principal, incoming: IncomingPhoto, stream: Readable) -> Received:
    """Takes in a photo: when it returns, bytes and row are durable.

    The same bytes sent again by the same account under the same id are answered with what is there. Raises TooLarge,
    HashMismatch, IdTaken, PhotoRefused, CategoryUnknown, CategoryNeeded, ReferenceMistyped, ComplaintUnknown,
    BlobsUnreachable, DatabaseUnreachable; then nothing was kept that anyone can see.
    """
    if incoming.report and incoming.category is None:
        raise CategoryNeeded
    with arrived(stream, parts.blobs.workspace, at_most=parts.limits.bytes, sha256=incoming.sha256) as file:
        # Asked before the costly part, and again in the transaction, where the answer counts.
        with parts.database.read() as db:
            repeated = _repeated(db, principal, incoming.id, file) if incoming.id else None
            if repeated is not None:
                return Received(repeated, new=False)
            if incoming.category is not None:
                active_category(db, incoming.category)
            if incoming.complaint is not None:
                named(db, principal, incoming.complaint)
        photo = _described(parts, principal, incoming, file, parts.decoder.examine(file.path))
        key = photos.original_key(photo.id)
        _keep(parts, key, file, photo)
        received = _write(parts, principal, incoming, photo, file)
        if incoming.id is not None and parts.blobs.stat(key) is None:
            # An earlier try under this id had left the bytes, and the tidy job took them away in between.
            _keep(parts, key, file, photo)
        return received


def _repeated(db: Session, principal: Principal, photo_id: UUID, file: Arrived) -> Photo | None:
    """The photo already kept under this id, None if there is none. Raises IdTaken if it is not this sender's, or not
    these bytes: whose it is, is not told."""
    before = db.get(Photo, photo_id)
    if before is not None and (before.account_id, before.sha256) != (principal.account_id, file.sha256):
        raise IdTaken
    return before


def _described(parts: Parts, principal: Principal, incoming: IncomingPhoto, file: Arrived, examined: Examined) -> Photo:
    """The photo's row as far as its bytes and its sender describe it."""
    if principal.account_id is None:
        raise ValueError("only an account sends photos")
    exif, (width, height) = examined.exif, examined.upright
    candidates, odd = _candidates(incoming, exif)
    place = placed(parts.areas.index(), candidates)
    now = parts.clock()
    taken_at = times.in_utc(incoming.taken_at) or exifs.taken_at(exif, _zone(parts, place))
    occurred = times.occurred(taken_at, now)
    device = {"make": exif.make, "model": exif.model, "software": exif.software}
    photo = Photo(
        id=incoming.id or uuid7(),
        account_id=principal.account_id,
        category_code=incoming.category,
        caption=incoming.caption,
        sha256=file.sha256,
        bytes=file.bytes,
        media_type=examined.media.media_type,
        width=width,
        height=height,
        orientation=exif.orientation,
        taken_at=taken_at,
        received_at=now,
        occurred_at=occurred.at,
        direction_deg=exif.direction_deg,
        candidates=[found.as_json() for found in candidates],
        device={name: value for name, value in device.items() if value},
        warnings=[*place.warnings, *occurred.warnings, *odd],
        updated_at=now,
    )
    place.put_on(photo)
    return photo


def _candidates(incoming: IncomingPhoto, exif: Exif) -> tuple[list[Candidate], list[str]]:
    """Every location found, and the codes of what could not be used. A senseless one costs nobody the photo."""
    found, odd = [], [str(warning) for warning in exif.warnings]
    if incoming.lon is not None and incoming.lat is not None:
        try:
            found.append(candidate(incoming.lon, incoming.lat, incoming.location_source, incoming.accuracy_m))
        except PlaceInvalid:
            odd.append("position_unusable")
    if exif.lon is not None and exif.lat is not None:
        found.append(candidate(exif.lon, exif.lat, LocationSource.EXIF, exif.accuracy_m))
    return found, odd


def _zone(parts: Parts, place: Place) -> ZoneInfo:
    return ZoneInfo(zone_of(place.area_code, parts.zone.key))


def _keep(parts: Parts, key: str, file: Arrived, photo: Photo) -> None:
    """Makes the bytes durable under the photo's key. Raises IdTaken when others are there."""
    try:
        parts.blobs.put(key, file.path, file.sha256, photo.media_type)
    except BlobConflict:
        raise IdTaken from None


def _write(parts: Parts, principal: Principal, incoming: IncomingPhoto, photo: Photo, file: Arrived) -> Received:
    """The one transaction. Of two equal requests at once, the second finds the first one's row."""
    now = photo.received_at
    with parts.database.write() as db:
        complaints.take_turns(db)
        repeated = _repeated(db, principal, photo.id, file)
        if repeated is not None:
            return Received(repeated, new=False)
        if incoming.category is not None:
            photo.confidential = active_category(db, incoming.category).confidential
        if incoming.report:
            photo.report_id = _report(db, principal, incoming, now)
        db.add(photo)
        db.flush()
        if incoming.complaint is not None:
            complaint = named(db, principal, incoming.complaint)
            tie_by_hand(db, photo, complaint, "named_by_sender", now, by=principal.account_id)
        else:
            tie_photo(db, photo, now)
        open_if_none_fits(db, photo, parts.areas.index(), parts.zone, now)
        jobs.add(db, JobKind.PHOTO_PROCESS, str(photo.id), now)
        audit.record(
            db,
            principal,
            now,
            action="send",
            subject="photo",
            subject_id=photo.id,
            sha256=file.sha256,
            bytes=file.bytes,
        )
    return Received(photo, new=True)


def _report(db: Session, principal: Principal, incoming: IncomingPhoto, now: datetime) -> UUID:
    report = Report(
        id=uuid7(),
        channel=incoming.channel,
        account_id=principal.account_id,
        category_code=incoming.category,
        text=incoming.caption,
        received_at=now,
    )
    db.add(report)
    db.flush()
    return report.id
