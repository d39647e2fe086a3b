"""What a job does for a photo after it was acknowledged: previews and fingerprint, or the removal of its bytes."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from cases.words import ProcessingState
from ingest.parts import Parts
from ingest.photos.faults import DecodeTimedOut, DecodeTooLarge, PhotoRefused
from ingest.photos.fingerprint import bands
from ingest.photos.rendered import Rendered
from ingest.work import Effect
from storage import photos
from storage.errors import BlobConflict
from storage.tables import Job, Photo

NOT_PREVIEWED = "not_previewed"

_TRIES = 3
"""How often a picture that took too long or too much is tried: the machine may have been busy."""


def process(parts: Parts, job: Job) -> Effect:
    """Makes previews and fingerprint; what cannot be opened is marked and stays."""
    photo_id = UUID(job.subject_id)
    with parts.database.read() as db:
        photo = db.get_one(Photo, photo_id)
        if photo.deleted_at is not None:
            return erase(parts, job)
    try:
        with _original(parts, photo_id) as path:
            rendered = parts.decoder.render(path)
    except PhotoRefused as refusal:
        if isinstance(refusal, DecodeTimedOut | DecodeTooLarge) and job.attempts < _TRIES:
            raise
        return lambda db, now: _fail(db, photo_id, now)
    for side, preview in rendered.previews.items():
        _keep(parts, photos.preview_key(photo_id, side), preview)
    return lambda db, now: _finish(db, parts, photo_id, rendered, now)


def erase(parts: Parts, job: Job) -> Effect:
    """Removes every byte kept of an erased photo."""
    parts.blobs.delete_all(photos.prefix(UUID(job.subject_id)))
    return _nothing


def _nothing(db: Session, now: datetime) -> None:
    """The effect of work that leaves nothing to write."""


@contextmanager
def _original(parts: Parts, photo_id: UUID) -> Iterator[Path]:
    """The photo's bytes as a local file: where they are, or fetched for as long as the `with` lasts."""
    key = photos.original_key(photo_id)
    local = parts.blobs.local_path(key)
    if local is not None:
        yield local
        return
    with tempfile.TemporaryDirectory(dir=parts.blobs.workspace) as folder:
        path = Path(folder) / "original"
        parts.blobs.fetch(key, path)
        yield path


def _keep(parts: Parts, key: str, preview: bytes) -> None:
    """Keeps a preview, in place of one that an earlier version or a killed try had made otherwise."""
    digest = hashlib.sha256(preview).hexdigest()
    try:
        parts.blobs.put(key, preview, digest, "image/jpeg")
    except BlobConflict:
        parts.blobs.delete(key)
        parts.blobs.put(key, preview, digest, "image/jpeg")


def _finish(db: Session, parts: Parts, photo_id: UUID, rendered: Rendered, now: datetime) -> None:
    photo = db.get_one(Photo, photo_id)
    if photo.deleted_at is not None:
        # Erased while its previews were being made: these must not outlive it.
        parts.blobs.delete_all(photos.prefix(photo_id))
        return
    if rendered.incomplete:
        _mark(photo)
    photo.processing, photo.updated_at = ProcessingState.DONE, now
    fingerprint = rendered.fingerprint
    photos.set_fingerprint(db, photo, fingerprint, () if fingerprint is None else bands(fingerprint))


def _fail(db: Session, photo_id: UUID, now: datetime) -> None:
    photo = db.get_one(Photo, photo_id)
    if photo.deleted_at is None:
        photo.processing, photo.updated_at = ProcessingState.FAILED, now
        _mark(photo)


def _mark(photo: Photo) -> None:
    photo.warnings = [*(code for code in photo.warnings if code != NOT_PREVIEWED), NOT_PREVIEWED]
