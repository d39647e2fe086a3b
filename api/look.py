"""What cameras show of a complaint's place: before, after, and now."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from api import language as languages
from api.answers import parts
from api.answers.conditional import matches
from api.answers.links import link_answers
from api.answers.snapshots import camera_shown, sighting, snapshot_answer
from api.house import Here
from api.language import Language
from api.pictures import PRIVATE
from api.problems import Problem, answers
from api.security import Caller, allow
from api.shapes.snapshots import FilmAsked, Looked, LookedAll, Strip, StripAnswer, StripAsked
from cases.access import Right
from cases.camera import ended
from cases.sentences import sentence
from cases.sighting import SnapshotUnknown
from cases.words import VisitState
from ingest.cameras.developed import stills
from ingest.cameras.look import Sighted, shown
from ingest.cameras.strip import Strip as Stills
from ingest.cameras.strip import strips
from ingest.cameras.timelapse import FilmBusy, FilmLate, Form, chosen, etag
from storage.database import Session
from storage.tables import Complaint

router = APIRouter(prefix="/api/v1", tags=["complaints"])

NDJSON = "application/x-ndjson"
_STREAMED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "One JSON object a line as results come: `Looked` for each camera, `LookedAll` at the end",
        "content": {NDJSON: {"schema": {"type": "string"}}},
    }
}
_MEDIA = {Form.WEBP: "image/webp", Form.MP4: "video/mp4"}
_BINARY = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in _MEDIA.values()}
_FILM: dict[int | str, dict[str, Any]] = {
    200: {"description": "The film", "content": _BINARY},
    206: {"description": "A part of it", "content": _BINARY},
    304: {"description": "The client has it already"},
}
_UNBUFFERED = {"cache-control": "no-store", "content-encoding": "identity", "x-accel-buffering": "no"}
"""No one between us and the page may wait for more before handing on a line."""


@router.get(
    "/complaints/{reference}/strip",
    dependencies=[allow(Right.CAMERA_SEE)],
    responses=answers(401, 403, 404, 422, 503),
)
def strip(
    reference: str, asked: Annotated[StripAsked, Query()], request: Request, house: Here, caller: Caller
) -> StripAnswer:
    """What the cameras that see the place showed around the complaint's time: what is linked, and what is nearest."""
    with house.parts.database.read() as db:
        complaint = shown(db, caller, reference)
        found, language = strips(db, caller, complaint, hours=asked.hours), languages.of(request)
        return StripAnswer(
            reference=complaint.reference,
            opened_at=complaint.opened_at,
            cameras=[_strip(db, complaint, one, language) for one in found],
        )


@router.post(
    "/complaints/{reference}/look",
    dependencies=[allow(Right.COMPLAINT_MOVE)],
    response_class=StreamingResponse,
    responses={**_STREAMED, **answers(401, 403, 404, 422, 429, 503)},
)
async def look(reference: str, request: Request, house: Here, caller: Caller) -> StreamingResponse:
    """Visits all cameras that see the place at once, the best sixteen, and tells what each shows as it comes."""
    complaint, at = await run_in_threadpool(house.looking.cameras, caller, reference)
    if house.looking.full:
        raise Problem(429, "look_busy", headers={"retry-after": "10"})
    language = languages.of(request)

    async def lines() -> AsyncIterator[bytes]:
        seen = 0
        async for one in house.looking.look(caller, complaint, at):
            seen += one.snapshot is not None
            yield _line(_looked(one, language))
        yield _line(LookedAll(asked=len(at), seen=seen))

    return StreamingResponse(lines(), media_type=NDJSON, headers=_UNBUFFERED)


@router.get(
    "/complaints/{reference}/timelapse.{form}",
    dependencies=[allow(Right.CAMERA_SEE)],
    response_class=Response,
    responses={**_FILM, **answers(401, 403, 404, 416, 422, 503)},
)
def timelapse(
    reference: str, form: Form, *, asked: Annotated[FilmAsked, Query()], request: Request, house: Here, caller: Caller
) -> Response:
    """What the camera that sees the place best saw of it, as a film (WebP or MP4); `camera` names another."""
    with house.parts.database.read() as db:
        every = strips(db, caller, shown(db, caller, reference))
    shots = next((one.stills for one in every if one.stills and asked.camera in (None, one.camera.id)), None)
    if shots is None:
        raise SnapshotUnknown
    taken = chosen([snapshot for snapshot, _ in shots])
    name = etag(taken, form)
    if matches(request.headers.get("if-none-match", ""), name):
        return Response(status_code=304, headers=PRIVATE | {"etag": name})
    try:
        film = house.parts.films.film(name, form, lambda: stills(house.parts, taken))
    except FilmBusy:
        raise Problem(503, "film_busy", headers={"retry-after": "20"}) from None
    except FilmLate:
        raise Problem(503, "film_late", headers={"retry-after": "120"}) from None
    return parts.answer(
        request,
        len(film),
        lambda first, length: (film[first : first + length],),
        etag=name,
        media_type=_MEDIA[form],
        headers=PRIVATE,
    )


def _line(shape: Looked | LookedAll) -> bytes:
    return orjson.dumps(shape.model_dump(mode="json")) + b"\n"


def _looked(one: Sighted, language: Language) -> Looked:
    code = "look.busy" if one.state is VisitState.BUSY else ended(one.state, one.seeing.camera.door)
    if one.failed:
        code = "look.failed"
    elif one.state is VisitState.OK:
        code = "look.ok" if one.snapshot is not None else "look.same"
    return Looked(
        camera=camera_shown(one.seeing.camera),
        state=one.state,
        text=sentence(code, language),
        took_s=round(one.took_s, 2),
        snapshot=None if one.snapshot is None else snapshot_answer(one.snapshot),
        link=one.link,
    )


def _strip(db: Session, complaint: Complaint, one: Stills, language: Language) -> Strip:
    held = [link for _, link in one.stills if link is not None]
    ties = {tie.id: tie for tie in link_answers(db, ((link, complaint) for link in held), language)}
    camera = one.camera if one.shown else None
    return Strip(
        camera=None if camera is None else camera_shown(camera),
        score=round(one.seen.score, 3),
        distance_m=round(one.seen.distance_m, 1),
        live=one.live,
        snapshots=[sighting(shot, camera, ties.get(link.id) if link else None, link) for shot, link in one.stills],
        left_out=one.left_out,
    )
