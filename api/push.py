"""Where cameras send their own stills, each with its push token."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api.bodies import Raw, body_schema
from api.house import Here, here
from api.problems import Problem, answers
from api.security import Gate
from api.shapes.common import Moment
from api.shapes.snapshots import PushedAnswer
from cases.access import Right
from ingest.cameras.arrive import CameraBusy
from ingest.cameras.push.stills import BYTES_MAX

router = APIRouter(prefix="/api/v1", tags=["cameras"])

_REFUSED = {"www-authenticate": 'Bearer realm="pantau camera"'}


class PushGate(Gate):
    """Opens for the push token of the camera in the path, and for nothing else: no account's, no other camera's."""

    def __init__(self) -> None:
        super().__init__(Right.PUBLIC)

    async def __call__(self, request: Request) -> None:
        house = await here(request)
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        try:
            camera_id = UUID(request.path_params["camera_id"])
        except ValueError:
            raise Problem(401, "push_refused", headers=_REFUSED) from None
        if scheme.lower() != "bearer" or not await run_in_threadpool(house.pushing.holds, camera_id, token.strip()):
            raise Problem(401, "push_refused", headers=_REFUSED)


@router.post(
    "/cameras/{camera_id}/snapshots",
    status_code=201,
    dependencies=[Depends(PushGate())],
    responses={
        200: {"description": "Nothing new to keep, or taken before", "model": PushedAnswer},
        **answers(401, 409, 413, 415, 422, 429, 503),
    },
    openapi_extra=body_schema("image/jpeg"),
)
def push_snapshot(
    camera_id: UUID,
    content: Raw,
    response: Response,
    house: Here,
    taken_at: Annotated[Moment | None, Query(description="By the camera's clock; now if left out.")] = None,
) -> PushedAnswer:
    """Takes a JPEG that the camera sends by itself, with its push token as bearer token.

    When 201 comes, it is durable; 200 says that it showed nothing new, or that it was taken before. A camera sends one
    at a time: of more than two at once the others are asked to come again.
    """
    if not house.pushes.take(camera_id):
        raise Problem(429, "pushes_at_once", headers={"retry-after": "2"})
    try:
        pushed = house.pushing.take(camera_id, content, taken_at)
    except CameraBusy:
        raise Problem(503, "camera_busy", headers={"retry-after": "2"}) from None
    finally:
        house.pushes.give_back(camera_id)
    response.status_code = 201 if pushed.new and pushed.snapshot is not None else 200
    return PushedAnswer(kept=pushed.snapshot is not None, snapshot=pushed.snapshot, taken_at=pushed.taken_at)


def body_limit(path: str) -> int | None:
    """Bytes that a body sent to this path may have, where these doors take more than JSON."""
    return BYTES_MAX if path.startswith("/api/v1/cameras/") and path.endswith("/snapshots") else None
