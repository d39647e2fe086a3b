"""The bytes of photos: where they leave the house, and so where each request is looked at once more."""

from enum import StrEnum
from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.house import Here
from api.pictures import BYTES, Picture
from api.problems import Problem, answers
from api.security import Caller, allow
from cases.access import Right, sight
from cases.errors import PhotoUnknown
from cases.words import ProcessingState
from storage import photos
from storage.tables import Photo

router = APIRouter(prefix="/api/v1", tags=["photos"])

_SIDES = {"thumbnail": 320, "preview": 1280}
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic", "image/heif": "heif"}


class Variant(StrEnum):
    """Which picture of a photo: 320 pixels, 1280 pixels, or the file as it was sent."""

    THUMBNAIL = "thumbnail"
    PREVIEW = "preview"
    ORIGINAL = "original"


@router.get(
    "/photos/{photo_id}/{variant}",
    dependencies=[allow(Right.PHOTO_SEE)],
    response_class=Response,
    responses={**BYTES, **answers(401, 403, 404, 416, 422, 503)},
)
def picture(photo_id: UUID, variant: Variant, request: Request, house: Here, caller: Caller) -> Response:
    """A photo's picture. Previews are upright and carry no metadata; they follow a moment after the photo."""
    with house.parts.database.read() as db:
        photo = photos.get(db, photo_id, sight(caller))
    if photo is None:
        raise PhotoUnknown
    if variant is not Variant.ORIGINAL:
        _check_previewed(photo)
    original = variant is Variant.ORIGINAL
    side = _SIDES.get(variant, 0)
    media_type = photo.media_type if original else "image/jpeg"
    return Picture(
        house.parts.blobs,
        photos.original_key(photo.id) if original else photos.preview_key(photo.id, side),
        media_type=media_type,
        filename=f"pantau-{photo.id}{'' if original else f'-{side}'}.{_ENDINGS.get(media_type, 'bin')}",
        etag=f'"{photo.sha256[:40]}-{variant}"',
        missing=PhotoUnknown,
    ).answer(request)


def _check_previewed(photo: Photo) -> None:
    if photo.processing is ProcessingState.PENDING:
        raise Problem(404, "preview_pending", headers={"retry-after": "2"})
    if photo.processing is ProcessingState.FAILED:
        raise Problem(404, "preview_failed")
