"""Incidents as they change, as server-sent events: what a map keeps open instead of asking again and again."""

import asyncio
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from api.house import Here
from api.incidents import question_of
from api.live.listener import Listener, LiveResponse
from api.problems import answers
from api.questions import Narrowing
from api.security import Caller, allow, asking_still
from api.straight import Straight
from cases.access import Right, sight

router = APIRouter(tags=["incidents"], prefix="/api/v1")

PATH = "/api/v1/incidents/stream"
_EXAMPLE = (
    'event: ready\nid: 5f1c09aa.1204.1795320000\ndata: {"position":"5f1c09aa.1204.1795320000","resumed":false}\n\n'
)
_STREAM: dict[str, Any] = {
    "description": "Events as they come, until either side ends it",
    "content": {"text/event-stream": {"schema": {"type": "string"}, "example": _EXAMPLE}},
}


class Followed(Narrowing):
    """A question whose answer goes on: the filters of lists, and where and how long to follow."""

    after: str | None = Field(
        None,
        max_length=100,
        description="The position to go on from, as the header `Last-Event-ID` (which counts first) has it.",
    )
    seconds: float | None = Field(
        None, ge=0, le=86_400, description="End after so long; 0 tells what was missed since `after` and ends."
    )


async def follow(asked: Annotated[Followed, Query()], request: Request, house: Here, caller: Caller) -> Response:
    """What answers the filters and is new or changed (`incident`, a feature as in the list) or does not answer any more
    (`gone`), within about a second of its writing, by whomever. Nothing that the asker may not see is told.

    `ready` comes first; load the list then, unless it says `resumed`. `reset` says that the stream cannot go on from
    your position: load the list again after the `ready` that follows. An incident may be told twice, never not at all.
    """
    listener = Listener(
        question_of(asked, house), sight(caller), caller, _counted_as(request, caller), partial(asking_still, request)
    )
    await house.live.join(listener, request.headers.get("last-event-id") or asked.after or "")
    seconds = 0 if request.method == "HEAD" else asked.seconds
    if seconds is not None:
        asyncio.get_running_loop().call_later(seconds, listener.end)
    return LiveResponse(listener, house.live.leave)


router.add_api_route(
    "/incidents/stream",
    follow,
    methods=["GET"],
    route_class_override=Straight,
    dependencies=[allow(Right.PUBLIC)],
    summary="Incidents as they change",
    response_class=Response,
    responses={200: _STREAM, **answers(401, 404, 422, 429, 503)},
)


def _counted_as(request: Request, caller: Caller) -> str:
    if caller.account_id is not None:
        return str(caller.account_id)
    return request.client.host if request.client else ""
