"""Links between pictures and complaints, decided by people."""

from uuid import UUID

from fastapi import APIRouter, Request

from api import language as languages
from api.answers.links import link_answers
from api.house import Here, House
from api.language import Language
from api.problems import answers
from api.security import Caller, allow
from api.shapes.photos import DecisionIn, LinkAnswer
from cases.access import Principal, Right
from ingest.complaints import decide_link

router = APIRouter(prefix="/api/v1", tags=["links"], dependencies=[allow(Right.LINK_DECIDE)])

Given = DecisionIn | None

_PROBLEMS = answers(400, 401, 403, 404, 413, 422, 503)


@router.post("/links/{link_id}/confirm", responses=_PROBLEMS)
def confirm_link(
    link_id: UUID, request: Request, house: Here, caller: Caller, given: DecisionIn | None = None
) -> LinkAnswer:
    """Says that the picture shows what the complaint is about."""
    return _decided(house, caller, link_id, given, languages.of(request), confirm=True)


@router.post("/links/{link_id}/reject", responses=_PROBLEMS)
def reject_link(
    link_id: UUID, request: Request, house: Here, caller: Caller, given: DecisionIn | None = None
) -> LinkAnswer:
    """Says that the picture shows something else; the machine does not propose it again."""
    return _decided(house, caller, link_id, given, languages.of(request), confirm=False)


def _decided(
    house: House, caller: Principal, link_id: UUID, given: DecisionIn | None, language: Language, *, confirm: bool
) -> LinkAnswer:
    note = given.note if given else ""
    link, complaint = decide_link(house.parts, caller, link_id, confirm=confirm, note=note)
    with house.parts.database.read() as db:
        return link_answers(db, [(link, complaint)], language)[0]
