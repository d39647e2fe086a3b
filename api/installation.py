"""What this installation is, and whether it is well."""

from fastapi import APIRouter, Request

from api.answers.areas import bounds
from api.house import Here
from api.language import LANGUAGES
from api.problems import Problem, answers
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
from storage import accounts

router = APIRouter(prefix="/api/v1", tags=["installation"])


@router.get("/installation", dependencies=[allow(Right.PUBLIC)], responses=answers(401, 503))
def installation(request: Request, house: Here) -> InstallationAnswer:
    """What a page needs to know before anyone has signed in."""
    limits, options = house.parts.limits, house.options
    areas = house.parts.areas.index().areas
    box = bounds(areas) if areas else None
    middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) if box else None
    return InstallationAnswer(
        name=options.name,
        version=request.app.version,
        demo=options.demo,
        languages=list(LANGUAGES),
        timezone=house.parts.zone.key,
        centre=middle,
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


@router.get("/ready", dependencies=[allow(Right.PUBLIC)], responses=answers(401, 503))
def ready(house: Here) -> ReadyAnswer:
    """Whether this process can do its work; if not, `checks` of the problem names what fails.

    Why it fails stands in `pantau check` and in the log: it is nobody else's business. A `replica` that is not used is
    named too, and takes no server out: the primary answers for it.
    """
    found = house.readiness.checks()
    checks = [Check(name=check.name, ok=check.ok) for check in found]
    if not all(check.ok or not check.vital for check in found):
        extra = {"checks": [check.model_dump() for check in checks]}
        raise Problem(503, "not_ready", headers={"retry-after": "10"}, extra=extra)
    return ReadyAnswer(checks=checks)
