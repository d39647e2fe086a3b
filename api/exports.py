"""Incidents to take away: sent while they are read, or made into a file that is fetched later."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from api import language as languages
from api.answers.streamed import Streamed
from api.house import Here, House
from api.incidents import question_of
from api.language import Language
from api.pictures import Picture
from api.problems import Problem, answers
from api.security import Caller, allow
from api.shapes.exports import ExportAnswer, ExportIn, ExportsAnswer, Taken
from cases.access import Principal, Right, sight
from cases.exports import FORMS, ExportUnknown, named
from cases.sentences import sentence
from ingest.exports import ask
from ingest.exports.wanted import Wanted
from ingest.exports.write import stream
from storage import audit, exports
from storage.tables import Export
from storage.walks import walk

router = APIRouter(prefix="/api/v1", tags=["exports"])

_BINARY: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_STREAMED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "All that match, as they are read",
        "content": {form.media_type.partition(";")[0]: _BINARY for form in FORMS.values() if form.streams},
    }
}
_UNBUFFERED = {"cache-control": "private, no-store", "x-accel-buffering": "no"}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file", "content": {"application/octet-stream": _BINARY}},
    206: {"description": "A part of it", "content": {"application/octet-stream": _BINARY}},
    304: {"description": "The client has it already"},
    307: {"description": "It is at this address for a minute"},
}


@router.get(
    "/incidents/export",
    dependencies=[allow(Right.PUBLIC)],
    response_class=Response,
    summary="All incidents that match, as a file",
    responses={**_STREAMED, **answers(401, 404, 422, 429, 503)},
)
def export_incidents(asked: Annotated[Taken, Query()], request: Request, house: Here, caller: Caller) -> Response:
    """Sends every incident that matches and that the asker may see, however many, while they are read.

    Kinds come one after another, each from the oldest. What is there throughout comes once; what others change
    meanwhile comes as it was or as it is. For other formats and for slow lines ask for an export instead.
    """
    wanted = Wanted(asked.format, question_of(asked, house), asked.language, asked.excel)
    return _sent(wanted, house, caller)


@router.post(
    "/exports",
    status_code=202,
    dependencies=[allow(Right.SIGNED_IN)],
    responses=answers(400, 401, 403, 404, 413, 422, 429, 503),
)
def ask_for_export(given: ExportIn, request: Request, response: Response, house: Here, caller: Caller) -> ExportAnswer:
    """Has a file made in the background. It can be fetched for a day by the account that asked, and by nobody else."""
    wanted = Wanted(given.format, question_of(given.filters, house), given.language, given.excel)
    export = ask.begin(house.parts, caller, wanted)
    response.headers["location"] = f"/api/v1/exports/{export.id}"
    return _answer(export, house, languages.of(request))


@router.get("/exports", dependencies=[allow(Right.SIGNED_IN)], responses=answers(401, 403, 503))
def list_exports(request: Request, house: Here, caller: Caller) -> ExportsAnswer:
    """The exports of the account that asks."""
    assert caller.account_id is not None
    with house.parts.database.read() as db:
        found = exports.listed(db, caller.account_id, house.now)
    return ExportsAnswer(exports=[_answer(one, house, languages.of(request)) for one in found])


@router.get("/exports/{export_id}", dependencies=[allow(Right.SIGNED_IN)], responses=answers(401, 403, 404, 422, 503))
def export_progress(export_id: UUID, request: Request, house: Here, caller: Caller) -> ExportAnswer:
    """How far an export is: rows done of about how many, or why it failed."""
    with house.parts.database.read() as db:
        export = exports.get(db, export_id, caller.account_id, house.now)
    return _answer(export, house, languages.of(request))


@router.get(
    "/exports/{export_id}/file",
    dependencies=[allow(Right.SIGNED_IN)],
    response_class=Response,
    responses={**_FILE, **answers(401, 403, 404, 409, 410, 416, 422, 503)},
)
def export_file(export_id: UUID, request: Request, house: Here, caller: Caller) -> Response:
    """The file. Not given to an account whose sight has changed since it was made; withdrawn when something in it was
    deleted or became confidential since.
    """
    export = ask.ready(house.parts, caller, export_id)
    return Picture(
        house.parts.blobs,
        export.key,
        media_type=FORMS[export.format].media_type,
        filename=_name(export, house),
        etag=f'"{export.sha256[:40]}"',
        missing=ExportUnknown,
        disposition="attachment",
    ).answer(request)


@router.delete(
    "/exports/{export_id}",
    status_code=204,
    dependencies=[allow(Right.SIGNED_IN)],
    responses=answers(401, 403, 404, 422, 503),
)
def delete_export(export_id: UUID, house: Here, caller: Caller) -> None:
    """Gives an export up: its making stops and its file goes."""
    ask.give_up(house.parts, caller, export_id)


def _sent(wanted: Wanted, house: House, caller: Principal) -> Response:
    who, parts, now = caller.account_id, house.parts, house.now
    if not house.turns.take(who):
        raise Problem(429, "exports_busy", headers={"retry-after": "20"})
    done = partial(house.turns.give_back, who)
    try:
        _note(wanted, house, caller)
        form = FORMS[wanted.format]
        name = named(now.astimezone(parts.zone), form)
        headers = {"content-disposition": f'attachment; filename="{name}"', **_UNBUFFERED}
        pieces = stream(parts, wanted, walk(parts.database, wanted.question, sight(caller), now))
        return Streamed(pieces, media_type=form.media_type, headers=headers, done=done)
    except BaseException:
        done()
        raise


def _note(wanted: Wanted, house: House, caller: Principal) -> None:
    """Writes down who took what away."""
    if caller.account_id is not None:
        with house.parts.database.write() as db:
            kept = {name: value for name, value in wanted.kept().items() if value and name not in ("shape", "text")}
            data = {"format": str(wanted.format), **kept}
            audit.record(db, caller, house.now, action="taken", subject="incidents", subject_id="", **data)


def _answer(export: Export, house: House, language: Language) -> ExportAnswer:
    path = f"/api/v1/exports/{export.id}/file"
    return ExportAnswer(
        id=export.id,
        format=export.format,
        state=export.state,
        rows_done=export.rows_done,
        rows_about=export.rows_about,
        error=sentence(export.error, language) if export.error else None,
        bytes=export.bytes,
        sha256=export.sha256 or None,
        name=_name(export, house),
        file=path if export.key else None,
        created_at=export.created_at,
        finished_at=export.finished_at,
        expires_at=export.expires_at,
    )


def _name(export: Export, house: House) -> str:
    return named(export.created_at.astimezone(house.parts.zone), FORMS[export.format])
