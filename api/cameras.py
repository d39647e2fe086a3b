"""Cameras: tried, registered, listed, changed, taken out of service."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from api import language as languages
from api.answers.cameras import camera_answer, camera_brief, entry_answer, tried_answer
from api.bodies import Raw, body_schema
from api.house import Here, House
from api.problems import Problem, answers
from api.security import Caller, allow
from api.shapes.cameras import (
    CameraAnswer,
    CameraChange,
    CameraHistoryAnswer,
    CameraIn,
    CamerasAnswer,
    PushTokenAnswer,
    ReachIn,
    TriedAnswer,
    TryIn,
)
from api.shapes.registry import CameraQuestion
from cases.access import Principal, Right, sight
from ingest.cameras import register as use
from ingest.cameras import sign, trying
from ingest.cameras.permits import named as named_permit
from ingest.cameras.ways import Way
from storage import cameras, permits

router = APIRouter(prefix="/api/v1", tags=["cameras"])

PATH = "/api/v1/cameras"
SIGN_BYTES = 25_000_000
_VIEW = ("lon", "lat", "radius_m", "bearing_deg", "fov_deg", "range_m", "height_m")


@router.post(
    "/cameras/test",
    dependencies=[allow(Right.CAMERA_REGISTER)],
    responses=answers(400, 401, 403, 404, 409, 413, 422, 429, 503),
)
def try_new(given: TryIn, request: Request, house: Here, caller: Caller) -> TriedAnswer:
    """Visits a camera by a way that is not kept yet, once, for some 20 seconds at most, and says what happened."""
    _count(house, caller)
    report = trying.try_way(house.parts, caller, _way(given.reach), given.owner, given.camera)
    return tried_answer(report, languages.of(request))


@router.post(
    "/cameras",
    status_code=201,
    dependencies=[allow(Right.CAMERA_REGISTER)],
    responses={
        200: {"description": "This camera was registered before", "model": CameraAnswer},
        **answers(400, 401, 403, 404, 409, 413, 422, 503),
    },
)
def register_camera(given: CameraIn, request: Request, response: Response, house: Here, caller: Caller) -> CameraAnswer:
    """Registers a camera; it is visited from now on. User and password are sealed and never come back."""
    view = use.View(**{name: getattr(given, name) for name in _VIEW})
    plain = given.model_dump(exclude={"reach", *_VIEW})
    camera, new = use.register_camera(house.parts, caller, use.Registering(**plain, way=_way(given.reach), view=view))
    response.status_code = 201 if new else 200
    response.headers["location"] = f"{PATH}/{camera.id}"
    with house.parts.database.read() as db:
        return camera_answer(house, db, camera, caller, languages.of(request))


@router.get("/cameras", dependencies=[allow(Right.CAMERA_SEE)], responses=answers(401, 403, 404, 422, 503))
def list_cameras(
    asked: Annotated[CameraQuestion, Query()], request: Request, house: Here, caller: Caller
) -> CamerasAnswer:
    """Cameras that the caller may see, by number, each with its view and how it fares; `next` goes into `cursor`."""
    house.check_area(asked.area)
    with house.parts.database.read() as db:
        permit = None if asked.permit is None else named_permit(db, caller, asked.permit)
        wanted = asked.wanted(permit.id if permit else None)
        found = cameras.listed(db, wanted, sight(caller), after=asked.cursor or 0, limit=asked.limit + 1)
        page = found[: asked.limit]
        numbers = permits.numbers(db, {camera.permit_id for camera, _ in page if camera.permit_id}, sight(caller))
    language = languages.of(request)
    return CamerasAnswer(
        cameras=[camera_brief(house, one, numbers, caller, language) for one in page],
        next=str(page[-1][0].number) if len(found) > len(page) else None,
    )


@router.get("/cameras/{camera_id}", dependencies=[allow(Right.CAMERA_SEE)], responses=answers(401, 403, 404, 422, 503))
def one_camera(camera_id: UUID, request: Request, house: Here, caller: Caller) -> CameraAnswer:
    """A camera; how it is reached only for those who may change it."""
    with house.parts.database.read() as db:
        return camera_answer(house, db, use.named(db, caller, camera_id), caller, languages.of(request))


@router.patch(
    "/cameras/{camera_id}",
    dependencies=[allow(Right.CAMERA_REGISTER)],
    responses=answers(400, 401, 403, 404, 409, 413, 422, 503),
)
def change_camera(camera_id: UUID, given: CameraChange, request: Request, house: Here, caller: Caller) -> CameraAnswer:
    """Changes a camera. User and password stay, unless written anew, while the address leads to the same host."""
    sent = given.model_dump(exclude_unset=True, exclude={"reach", "view_since", "version"})
    view = {name: sent.pop(name) for name in _VIEW if name in sent}
    # A height may be taken back; of the rest of a view null says as little as leaving it out.
    view = {name: value for name, value in view.items() if value is not None or name == "height_m"}
    way = None if given.reach is None else _way(given.reach)
    changing = use.Changing(sent, way, view, given.view_since, given.version)
    camera = use.change_camera(house.parts, caller, camera_id, changing)
    with house.parts.database.read() as db:
        return camera_answer(house, db, camera, caller, languages.of(request))


@router.delete(
    "/cameras/{camera_id}",
    status_code=204,
    dependencies=[allow(Right.CAMERA_REGISTER)],
    responses=answers(401, 403, 404, 409, 422, 503),
)
def retire_camera(camera_id: UUID, house: Here, caller: Caller) -> None:
    """Takes a camera out of service: it is visited no more and its password goes; what it saw ends in its own time."""
    use.retire_camera(house.parts, caller, camera_id)


@router.post(
    "/cameras/{camera_id}/test",
    dependencies=[allow(Right.CAMERA_REGISTER)],
    responses=answers(401, 403, 404, 409, 422, 429, 503),
)
def try_camera(camera_id: UUID, request: Request, house: Here, caller: Caller) -> TriedAnswer:
    """Visits a registered camera now and says in words what happened, with its picture."""
    _count(house, caller)
    return tried_answer(trying.try_camera(house.parts, caller, camera_id), languages.of(request))


@router.post(
    "/cameras/{camera_id}/push-token",
    dependencies=[allow(Right.CAMERA_REGISTER)],
    responses=answers(401, 403, 404, 409, 422, 503),
)
def new_push_token(camera_id: UUID, house: Here, caller: Caller) -> PushTokenAnswer:
    """A token with which the camera sends its own stills, in this answer and never again; the one before ends."""
    secret = use.issue_push_token(house.parts, caller, camera_id)
    return PushTokenAnswer(token=secret, send_to=f"{PATH}/{camera_id}/snapshots")


@router.get(
    "/cameras/{camera_id}/history",
    dependencies=[allow(Right.CAMERA_SEE)],
    responses=answers(401, 403, 404, 422, 503),
)
def camera_history(camera_id: UUID, request: Request, house: Here, caller: Caller) -> CameraHistoryAnswer:
    """How the camera's state and faults changed, latest first."""
    with house.parts.database.read() as db:
        camera = use.named(db, caller, camera_id)
        entries = cameras.history(db, camera.id)
    language = languages.of(request)
    return CameraHistoryAnswer(history=[entry_answer(entry, camera.door, language) for entry in entries])


@router.put(
    "/cameras/{camera_id}/sign",
    dependencies=[allow(Right.CAMERA_REGISTER)],
    responses=answers(400, 401, 403, 404, 409, 413, 415, 422, 503),
    openapi_extra=body_schema("image/jpeg", "image/png", "image/webp", "image/heic"),
)
def send_sign(camera_id: UUID, content: Raw, request: Request, house: Here, caller: Caller) -> CameraAnswer:
    """Keeps a photo of the notice on site that tells people of the camera, in place of the one before."""
    camera = sign.keep_sign(house.parts, caller, camera_id, content)
    with house.parts.database.read() as db:
        return camera_answer(house, db, camera, caller, languages.of(request))


@router.get(
    "/cameras/{camera_id}/sign",
    dependencies=[allow(Right.CAMERA_SEE)],
    response_class=Response,
    responses={200: {"description": "The photo", "content": {"image/jpeg": {}}}, **answers(401, 403, 404, 422, 503)},
)
def camera_sign(camera_id: UUID, house: Here, caller: Caller) -> Response:
    """The photo of the camera's notice on site."""
    headers = {"cache-control": "private, no-cache", "vary": "Cookie, Authorization"}
    return Response(sign.sign_of(house.parts, caller, camera_id), headers=headers, media_type="image/jpeg")


def body_limit(path: str) -> int | None:
    """Bytes that a body sent to this path may have, where these doors take more than JSON."""
    return SIGN_BYTES if path.startswith(f"{PATH}/") and path.endswith("/sign") else None


def _way(given: ReachIn) -> Way:
    """What was written, out of the wraps that keep it from being shown by mistake."""
    user, password = (word and word.get_secret_value() for word in (given.user, given.password))
    return Way(given.url.get_secret_value(), given.door, user or None, password or None, given.certificate)


def _count(house: House, caller: Principal) -> None:
    """A visit where the caller chooses costs seconds: so many a minute, and it is no tool to search with."""
    wait_s = house.camera_tests.wait_s(str(caller.account_id))
    if wait_s > 0:
        seconds = int(wait_s) + 1
        raise Problem(429, "too_many_tests", headers={"retry-after": str(seconds)}, seconds=seconds)
