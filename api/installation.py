"""What this installation is, and whether it is well."""

from fastapi import APIRouter, Response

from api.answers.areas import bounds
from api.house import Here
from api.language import LANGUAGES
from api.problems import answers
from api.security import allow
from api.shapes.installation import (
    Check,
    DemoAccount,
    HealthAnswer,
    InstallationAnswer,
    LimitsAnswer,
    ReadyAnswer,
)
from cases.access import Right
from ingest import health
from storage import accounts

router = APIRouter(prefix="/api/v1", tags=["installation"])


@router.get("/installation", dependencies=[allow(Right.PUBLIC)], responses=answers(401, 503))
def installation(house: Here) -> InstallationAnswer:
    """What a page needs to know before anyone has signed in."""
    limits, options = house.parts.limits, house.options
    areas = house.parts.areas.index().areas
    box = bounds(areas) if areas else None
    middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) if box else None
    return InstallationAnswer(
        name=options.name,
        version=options.version,
        demo=options.demo,
        languages=list(LANGUAGES),
        timezone=house.parts.zone.key,
        centre=options.centre or middle,
        bbox=box,
        limits=LimitsAnswer(photo_bytes=limits.bytes, photo_pixels=limits.pixels),
        demo_accounts=_demo_accounts(house) if options.demo else [],
    )


def _demo_accounts(house: Here) -> list[DemoAccount]:
    with house.parts.database.read() as db:
        return [
            DemoAccount(role=account.role, login=account.login, name=account.name, agency=account.agency_code)
            for account in accounts.passwordless(db)
        ]


@router.get("/health", dependencies=[allow(Right.PUBLIC)], responses=answers(401, 503))
async def alive() -> HealthAnswer:
    """The process is alive and answers."""
    return HealthAnswer()


@router.get(
    "/ready",
    dependencies=[allow(Right.PUBLIC)],
    responses={**answers(401), 503: {"description": "Not ready", "model": ReadyAnswer}},
)
def ready(house: Here, response: Response) -> ReadyAnswer:
    """Whether this process can do its work. What exactly is wrong stands in `pantau check` and in the log."""
    found = health.checks(house.parts)
    well = all(check.ok for check in found)
    if not well:
        response.status_code = 503
    return ReadyAnswer(
        status="ready" if well else "not_ready",
        checks=[Check(name=check.name, ok=check.ok) for check in found],
    )
