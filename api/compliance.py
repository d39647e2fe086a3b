"""How permits are kept: who lacks what, and the letter that tells an owner so."""

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api import language as languages
from api.answers.permits import lacking_permit
from api.house import Here, House
from api.language import Language
from api.problems import answers
from api.security import Caller, allow
from api.shapes.permits import ComplianceAnswer
from api.shapes.registry import ComplianceQuestion, Form
from cases.access import Right, sight
from cases.words import Shortfall
from ingest.cameras import compliance, permits
from ingest.cameras.compliance import Standing
from ingest.cameras.permits_import import WORDS
from ingest.exports.sheet import Manner, listed

router = APIRouter(prefix="/api/v1", tags=["permits"])

CSV = "text/csv"
_HEADER = ("number", "owner_name", "address", "area", "state", "state_due_at", "shortfall", "since", "days", "camera")


@router.get(
    "/permits/compliance",
    dependencies=[allow(Right.PERMIT_SEE)],
    response_model=ComplianceAnswer,
    responses={200: {"content": {CSV: {}}}, **answers(401, 403, 422, 503)},
)
def compliance_of(
    asked: Annotated[ComplianceQuestion, Query()], request: Request, house: Here, caller: Caller
) -> ComplianceAnswer | Response:
    """Permits that lack something, by number: cameras missing, silent for days, dark, blurred, turned from the road.

    As `csv` one row for each thing that is lacking, all pages at once.
    """
    house.check_area(asked.area)
    language = asked.language or languages.of(request)
    with house.parts.database.read() as db:
        every = list(compliance.standings(db, asked.wanted(), sight(caller), house.now))
    fitting = [one for one in every if one.found and asked.fits(one)]
    if asked.format is Form.CSV:
        headers = {"content-disposition": 'attachment; filename="kepatuhan.csv"', "cache-control": "private, no-store"}
        return Response(_as_csv(house, fitting, asked, language), headers=headers, media_type=CSV)
    beyond = [one for one in fitting if one.permit.number > (asked.cursor or "")]
    page = beyond[: asked.limit]
    return ComplianceAnswer(
        at=house.now,
        area=asked.area,
        total=len(every),
        kept=sum(not one.found for one in every),
        lacking=_counted(every),
        permits=[lacking_permit(house, one, house.now, language) for one in page],
        next=page[-1].permit.number if len(beyond) > len(page) else None,
    )


def _counted(every: list[Standing]) -> dict[Shortfall, int]:
    counts = Counter(shortfall for one in every for shortfall in {found.shortfall for found in one.found})
    return {shortfall: counts[shortfall] for shortfall in Shortfall if counts[shortfall]}


def _as_csv(house: House, fitting: list[Standing], asked: ComplianceQuestion, language: Language) -> bytes:
    reading = asked.reading(house.parts.zone)
    rows: list[tuple[object, ...]] = []
    for one in fitting:
        told = lacking_permit(house, one, house.now, language)
        names = {camera.id: camera.name for camera in one.cameras}
        state = told.state.value if reading is None else reading.said(f"permit.{told.state}")
        head = (told.number, told.owner_name, told.address, told.area and told.area.path, state, told.state_due_at)
        for lack in told.findings:
            camera = names.get(lack.camera) if lack.camera else None
            rows.append((*head, lack.text, lack.since, lack.days, camera))
    return listed(_HEADER, rows, Manner(WORDS, asked.excel), reading)


@router.get(
    "/permits/{number:path}/letter.pdf",
    dependencies=[allow(Right.PERMIT_SEE)],
    response_class=Response,
    responses={200: {"description": "The letter", "content": {"application/pdf": {}}}, **answers(401, 403, 404, 503)},
)
def letter_of(number: str, house: Here, caller: Caller) -> Response:
    """The letter to the permit's owner as it stands now, in Indonesian, to be signed by a person."""
    # With the first letter, not with every server: it brings fonts and Pillow.
    from ingest.cameras import letters  # noqa: PLC0415

    with house.parts.database.read() as db:
        permit = permits.named(db, caller, number)
        standing = compliance.standing(db, permit, house.now)
    content = letters.letter(letters.Letterhead(house.options.name, house.parts.zone), standing, house.now)
    name = "".join(sign if sign.isalnum() else "-" for sign in permit.number if sign.isascii())
    headers = {"content-disposition": f'inline; filename="{name}.pdf"', "cache-control": "private, no-store"}
    return Response(content, headers=headers, media_type="application/pdf")
