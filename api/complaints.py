"""Complaints: opened, listed, looked up, moved."""

from dataclasses import replace
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from api import language as languages
from api.answers.complaints import complaint_answer, complaint_brief
from api.house import Here
from api.problems import answers
from api.questions import Paged
from api.security import Caller, allow
from api.shapes.complaints import ComplaintAnswer, ComplaintIn, ComplaintsAnswer, MoveIn
from cases.access import Right, sight
from cases.words import IncidentKind
from ingest.complaints import Moving, Opening, move, named, open_complaint
from storage import complaints, incidents

router = APIRouter(prefix="/api/v1", tags=["complaints"])

PATH = "/api/v1/complaints"
_ID = incidents.COLUMNS.index("id")
_ONLY = frozenset({IncidentKind.COMPLAINT})


@router.post(
    "/complaints",
    status_code=201,
    dependencies=[allow(Right.COMPLAINT_OPEN)],
    responses={
        200: {"description": "This complaint was opened before", "model": ComplaintAnswer},
        **answers(400, 401, 403, 404, 409, 413, 422, 503),
    },
)
def open_one(given: ComplaintIn, request: Request, response: Response, house: Here, caller: Caller) -> ComplaintAnswer:
    """Opens a complaint and ties it to the photos around it. The same `id` sent again opens nothing new."""
    complaint, new = open_complaint(house.parts, caller, Opening(**given.model_dump()))
    response.status_code = 201 if new else 200
    response.headers["location"] = f"{PATH}/{complaint.reference}"
    with house.parts.database.read() as db:
        return complaint_answer(house, db, complaint, caller, languages.of(request))


@router.get("/complaints", dependencies=[allow(Right.PUBLIC)], responses=answers(401, 422, 503))
def list_complaints(
    asked: Annotated[Paged, Query()], request: Request, house: Here, caller: Caller
) -> ComplaintsAnswer:
    """Complaints that the caller may see, by the same filters as incidents; `next` leads to the following page."""
    question, seen = asked.question(house.parts.zone), sight(caller)
    if question.kinds - _ONLY == question.kinds and question.kinds:
        return ComplaintsAnswer(complaints=[], next=None)
    with house.parts.database.read() as db:
        page = incidents.within(db, replace(question, kinds=_ONLY), seen, house.now)
        ids = [UUID(str(row[_ID])) for row in page.rows]
        found = complaints.some(db, ids, seen)
    following = None
    if page.next is not None:
        kept = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
        following = f"{request.url.path}?{urlencode([*kept, ('cursor', page.next.encode())])}"
    return ComplaintsAnswer(
        complaints=[complaint_brief(house, found[one], seen) for one in ids if one in found], next=following
    )


@router.get("/complaints/{reference}", dependencies=[allow(Right.PUBLIC)], responses=answers(401, 404, 422, 503))
def one_complaint(reference: str, request: Request, house: Here, caller: Caller) -> ComplaintAnswer:
    """A complaint with its photos, links and history; the public sees place, state and times."""
    with house.parts.database.read() as db:
        return complaint_answer(house, db, named(db, caller, reference), caller, languages.of(request))


@router.post(
    "/complaints/{reference}/status",
    dependencies=[allow(Right.COMPLAINT_MOVE)],
    responses=answers(400, 401, 403, 404, 409, 413, 422, 503),
)
def move_one(reference: str, given: MoveIn, request: Request, house: Here, caller: Caller) -> ComplaintAnswer:
    """Moves a complaint to another state; who, when and why go into its history."""
    complaint = move(house.parts, caller, reference, Moving(**given.model_dump()))
    with house.parts.database.read() as db:
        return complaint_answer(house, db, complaint, caller, languages.of(request))
