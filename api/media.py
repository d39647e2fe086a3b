"""The bytes of photos: where they leave the house, and so where each request is looked at once more."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse

from api.answers.conditional import matches
from api.house import Here, House
from api.problems import Problem, answers
from api.ranges import OutsideFile, Span, parse
from api.security import Caller, allow
from cases.access import Right, sight
from cases.errors import PhotoUnknown
from cases.words import ProcessingState
from storage import photos
from storage.tables import Photo

router = APIRouter(prefix="/api/v1", tags=["photos"])

SIGNED_S = 60
"""How long a signed link works: long enough to follow it, too short to pass it on."""

_SIDES = {"thumbnail": 320, "preview": 1280}
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic", "image/heif": "heif"}
_BYTES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The picture", "content": {"image/*": {"schema": {"type": "string", "format": "binary"}}}},
    206: {"description": "A part of it", "content": {"image/*": {"schema": {"type": "string", "format": "binary"}}}},
    304: {"description": "The client has it already"},
    307: {"description": "It is at this address for a minute"},
}


class Variant(StrEnum):
    """Which picture of a photo: 320 pixels, 1280 pixels, or the file as it was sent."""

    THUMBNAIL = "thumbnail"
    PREVIEW = "preview"
    ORIGINAL = "original"


@router.get(
    "/photos/{photo_id}/{variant}",
    dependencies=[allow(Right.PHOTO_SEE)],
    response_class=Response,
    responses={**_BYTES, **answers(401, 403, 404, 416, 422, 503)},
)
def picture(photo_id: UUID, variant: Variant, request: Request, house: Here, caller: Caller) -> Response:
    """A photo's picture. Previews are upright and carry no metadata; they follow a moment after the photo."""
    with house.parts.database.read() as db:
        photo = photos.get(db, photo_id, sight(caller))
    if photo is None:
        raise PhotoUnknown
    if variant is not Variant.ORIGINAL:
        _check_previewed(photo)
    return _Picture(house, photo, variant).answer(request)


def _check_previewed(photo: Photo) -> None:
    if photo.processing is ProcessingState.PENDING:
        raise Problem(404, "preview_pending", headers={"retry-after": "2"})
    if photo.processing is ProcessingState.FAILED:
        raise Problem(404, "preview_failed")


class _Picture:
    """One picture on its way out."""

    def __init__(self, house: House, photo: Photo, variant: Variant) -> None:
        original = variant is Variant.ORIGINAL
        side = _SIDES.get(variant, 0)
        self.blobs = house.parts.blobs
        self.key = photos.original_key(photo.id) if original else photos.preview_key(photo.id, side)
        self.media_type = photo.media_type if original else "image/jpeg"
        self.filename = f"pantau-{photo.id}{'' if original else f'-{side}'}.{_ENDINGS.get(self.media_type, 'bin')}"
        self.etag = f'"{photo.sha256[:40]}-{variant}"'
        self.headers = {
            "etag": self.etag,
            # Asked again each time: what someone may see can change, and a 304 costs little.
            "cache-control": "private, no-cache",
            "vary": "Cookie, Authorization",
        }

    def answer(self, request: Request) -> Response:
        """Not at all if the client has it, else a link to it where the store signs such, else its bytes."""
        if matches(request.headers.get("if-none-match", ""), self.etag):
            return Response(status_code=304, headers=self.headers)
        signed = self.blobs.signed_url(self.key, seconds=SIGNED_S, filename=self.filename, media_type=self.media_type)
        if signed is not None:
            headers = {"location": signed, "cache-control": "private, no-store", "referrer-policy": "no-referrer"}
            return Response(status_code=307, headers=headers)
        return self._bytes(request)

    def _bytes(self, request: Request) -> Response:
        stat = self.blobs.stat(self.key)
        if stat is None:
            raise PhotoUnknown
        span = self._span(request, stat.bytes)
        part = span or Span(0, stat.bytes - 1)
        headers = self.headers | {
            "accept-ranges": "bytes",
            "content-length": str(part.length),
            "content-disposition": f'inline; filename="{self.filename}"',
        }
        if span is not None:
            headers["content-range"] = f"bytes {span.first}-{span.last}/{stat.bytes}"
        pieces = self.blobs.read(self.key, part.first, part.length)
        return StreamingResponse(pieces, 206 if span else 200, headers, self.media_type)

    def _span(self, request: Request, size: int) -> Span | None:
        unless = request.headers.get("if-range")
        if unless is not None and unless != self.etag:
            return None
        try:
            return parse(request.headers.get("range", ""), size)
        except OutsideFile:
            raise Problem(416, "range_outside", headers={"content-range": f"bytes */{size}"}) from None
