"""Photos: sent, looked up, corrected, erased."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from api import language as languages
from api.answers.photos import photo_answer
from api.house import Here
from api.problems import answers
from api.security import Caller, allow
from api.shapes.photos import PhotoAnswer, PhotoChange
from api.uploads import Sent, form_schema
from cases.access import Right, sight
from cases.errors import PhotoUnknown
from cases.words import LocationSource
from ingest.photos import change
from ingest.photos.arriving import IncomingPhoto
from ingest.photos.receive import receive
from storage import photos

router = APIRouter(prefix="/api/v1", tags=["photos"])

PATH = "/api/v1/photos"


@router.post(
    "/photos",
    status_code=201,
    dependencies=[allow(Right.PHOTO_SEND)],
    responses={
        200: {"description": "This photo was received before", "model": PhotoAnswer},
        **answers(400, 401, 403, 404, 409, 413, 415, 422, 503),
    },
    openapi_extra=form_schema(),
)
def send_photo(sent: Sent, request: Request, response: Response, house: Here, caller: Caller) -> PhotoAnswer:
    """Takes in a photo. When 201 comes, its bytes are durable and checked, and it is placed and tied.

    Send the same `id` again when no answer came: the same bytes are answered with 200, others refused with 409.
    Previews and look-alikes follow a moment later.
    """
    fields = sent.fields.model_dump(exclude={"location_source"})
    source = LocationSource(sent.fields.location_source or LocationSource.DEVICE)
    received = receive(house.parts, caller, IncomingPhoto(**fields, location_source=source), sent.stream)
    response.status_code = 201 if received.new else 200
    response.headers["location"] = f"{PATH}/{received.photo.id}"
    with house.parts.database.read() as db:
        return photo_answer(house, db, received.photo, caller, languages.of(request))


@router.get("/photos/{photo_id}", dependencies=[allow(Right.PHOTO_SEE)], responses=answers(401, 403, 404, 422, 503))
def one_photo(photo_id: UUID, request: Request, house: Here, caller: Caller) -> PhotoAnswer:
    """A photo with its place, its complaints and its look-alikes."""
    with house.parts.database.read() as db:
        photo = photos.get(db, photo_id, sight(caller))
        if photo is None:
            raise PhotoUnknown
        return photo_answer(house, db, photo, caller, languages.of(request))


@router.patch(
    "/photos/{photo_id}",
    dependencies=[allow(Right.PHOTO_SEND)],
    responses=answers(400, 401, 403, 404, 413, 422, 503),
)
def correct_photo(photo_id: UUID, given: PhotoChange, request: Request, house: Here, caller: Caller) -> PhotoAnswer:
    """Sets a pin, a caption or a category; place and ties are worked out anew, and people's decisions stay."""
    photo = change.correct(house.parts, caller, photo_id, change.Correction(**given.model_dump()))
    with house.parts.database.read() as db:
        return photo_answer(house, db, photo, caller, languages.of(request))


@router.delete(
    "/photos/{photo_id}",
    status_code=204,
    dependencies=[allow(Right.PHOTO_SEND)],
    responses=answers(401, 403, 404, 422, 503),
)
def erase_photo(photo_id: UUID, house: Here, caller: Caller) -> None:
    """Erases a photo: bytes, place, texts and ties go; that it was there, and who erased it, stays."""
    change.erase(house.parts, caller, photo_id)
