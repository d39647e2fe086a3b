"""Permits: registered, listed, changed, moved, imported, exported."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api import language as languages
from api.answers.permits import import_answer, permit_answer, permit_brief
from api.bodies import Raw, body_schema
from api.house import Here
from api.problems import answers
from api.security import Caller, allow
from api.shapes.permits import PermitAnswer, PermitChange, PermitIn, PermitMoveIn, PermitsAnswer, PermitsImported
from api.shapes.registry import PermitQuestion, PermitsTaken
from cases.access import Right, sight
from ingest.cameras import permits as use
from ingest.cameras import permits_import
from storage import permits

router = APIRouter(prefix="/api/v1", tags=["permits"])

PATH = "/api/v1/permits"
IMPORT_PATH = f"{PATH}/import"
CSV = "text/csv"


@router.post(
    "/permits",
    status_code=201,
    dependencies=[allow(Right.PERMIT_REGISTER)],
    responses={
        200: {"description": "This permit was registered before", "model": PermitAnswer},
        **answers(400, 401, 403, 404, 409, 413, 422, 503),
    },
)
def register_permit(given: PermitIn, request: Request, response: Response, house: Here, caller: Caller) -> PermitAnswer:
    """Registers a permit. One that the office has listed becomes its owner's, who writes the name that is on it."""
    permit, new = use.register_permit(house.parts, caller, use.Registering(**given.model_dump()))
    response.status_code = 201 if new else 200
    response.headers["location"] = f"{PATH}/{permit.id}"
    with house.parts.database.read() as db:
        return permit_answer(house, db, permit, caller, languages.of(request))


@router.get("/permits", dependencies=[allow(Right.PERMIT_SEE)], responses=answers(401, 403, 422, 503))
def list_permits(asked: Annotated[PermitQuestion, Query()], house: Here, caller: Caller) -> PermitsAnswer:
    """The caller's permits, or all for those who oversee, by number; `next` goes into `cursor` for the next page."""
    house.check_area(asked.area)
    with house.parts.database.read() as db:
        found = permits.listed(db, asked.wanted(), sight(caller), after=asked.cursor or "", limit=asked.limit + 1)
        counts = permits.camera_counts(db, (permit.id for permit in found))
    page = found[: asked.limit]
    following = page[-1].number if len(found) > asked.limit else None
    return PermitsAnswer(permits=[permit_brief(house, permit, counts) for permit in page], next=following)


@router.get(
    "/permits/export",
    dependencies=[allow(Right.PERMIT_DECIDE)],
    response_class=Response,
    responses={200: {"description": "The list", "content": {CSV: {}}}, **answers(401, 403, 422, 503)},
)
def export_permits(asked: Annotated[PermitsTaken, Query()], house: Here, caller: Caller) -> Response:
    """All permits that fit, as CSV that can be imported again."""
    house.check_area(asked.area)
    reading = asked.reading(house.parts.zone)
    with house.parts.database.read() as db:
        found = permits.every(db, asked.wanted(), sight(caller))
        content = permits_import.exported(found, reading, excel=asked.excel)
    headers = {"content-disposition": 'attachment; filename="izin.csv"', "cache-control": "private, no-store"}
    return Response(content, headers=headers, media_type=CSV)


@router.post(
    "/permits/import",
    dependencies=[allow(Right.PERMIT_DECIDE)],
    responses=answers(400, 401, 403, 413, 422, 503),
    openapi_extra=body_schema(CSV),
)
def import_permits(
    content: Raw, request: Request, house: Here, caller: Caller, dry_run: Annotated[bool, Query()] = False
) -> PermitsImported:
    """Takes a licensing office's list (CSV, with a header). Every refused row is told with its column and why.

    What is there already is brought up to date; the same list again changes nothing. `dry_run` only reports.
    """
    imported = permits_import.import_permits(house.parts, caller, content, dry_run=dry_run)
    return import_answer(imported, languages.of(request), dry_run=dry_run)


@router.post(
    "/permits/{number:path}/state",
    dependencies=[allow(Right.PERMIT_DECIDE)],
    responses=answers(400, 401, 403, 404, 409, 413, 422, 503),
)
def move_permit(number: str, given: PermitMoveIn, request: Request, house: Here, caller: Caller) -> PermitAnswer:
    """Moves a permit to another state; who, when and why go into its history, and when the step falls due."""
    permit = use.move_permit(house.parts, caller, number, given.to, note=given.note, version=given.version)
    with house.parts.database.read() as db:
        return permit_answer(house, db, permit, caller, languages.of(request))


# The bare number comes last: an older one may hold slashes, and would swallow the doors above.
@router.get("/permits/{number:path}", dependencies=[allow(Right.PERMIT_SEE)], responses=answers(401, 403, 404, 503))
def one_permit(number: str, request: Request, house: Here, caller: Caller) -> PermitAnswer:
    """A permit by its number, in any writing, or by its id: what it lacks, its history, its next states."""
    with house.parts.database.read() as db:
        return permit_answer(house, db, use.named(db, caller, number), caller, languages.of(request))


@router.patch(
    "/permits/{number:path}",
    dependencies=[allow(Right.PERMIT_REGISTER)],
    responses=answers(400, 401, 403, 404, 409, 413, 422, 503),
)
def change_permit(number: str, given: PermitChange, request: Request, house: Here, caller: Caller) -> PermitAnswer:
    """Changes a permit. An owner may correct contact and pin; the rest is the office's."""
    changes = given.model_dump(exclude_unset=True, exclude={"version"})
    permit = use.change_permit(house.parts, caller, number, use.Changing(changes, given.version))
    with house.parts.database.read() as db:
        return permit_answer(house, db, permit, caller, languages.of(request))
