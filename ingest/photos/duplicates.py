"""Which photos show the same: the same bytes, or nearly the same picture."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from cases.access import Sight
from ingest.photos.fingerprint import NEAR, hamming, probes
from storage import photos
from storage.tables import Photo

_MOST = 20


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Another photo; `distance` counts the bits of the fingerprint that differ, None for the same bytes."""

    id: UUID
    exact: bool
    distance: int | None = None


def duplicates(db: Session, photo: Photo, sight: Sight) -> list[Duplicate]:
    """The photos like this one within what the asker may see, the most alike first, at most twenty."""
    exact = [Duplicate(same, exact=True) for same in photos.same_bytes(db, photo, sight, at_most=_MOST)]
    if photo.fingerprint is None:
        return exact
    own, same_bytes = photo.fingerprint, {same.id for same in exact}
    near = [
        Duplicate(other, exact=False, distance=hamming(own, fingerprint))
        for other, fingerprint in photos.like(
            db, photo, probes(own), lambda fingerprint: hamming(own, fingerprint) <= NEAR, sight
        ).items()
        if other not in same_bytes
    ]
    return [*exact, *sorted(near, key=lambda found: (found.distance or 0, found.id))][:_MOST]
