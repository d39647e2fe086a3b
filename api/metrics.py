"""Numbers for Prometheus: for administrators' tokens, and for whoever runs on this machine itself."""

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response

from api.answers.metrics import MEDIA_TYPE, database_text, metrics_text
from api.house import Here
from api.problems import Problem
from api.security import Caller, allow
from cases.access import Principal, Right

router = APIRouter(tags=["installation"])

_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


# Not of the versioned API: monitoring finds it where monitoring looks.
@router.get("/metrics", dependencies=[allow(Right.PUBLIC)], include_in_schema=False)
def metrics(request: Request, house: Here, caller: Caller) -> Response:
    """Visits by result, lag behind schedule, bytes, health, jobs, in Prometheus' text format.

    For administrators and tokens of theirs with scope `admin`; from this machine itself, past no proxy, for anybody.
    """
    if not caller.may(Right.ADMINISTER) and not _from_here(request):
        raise _refused(caller)
    with house.parts.database.read() as db:
        told = metrics_text(db, house.now) + database_text(house.parts.database)
        return Response(told, media_type=MEDIA_TYPE, headers={"cache-control": "no-store"})


def _from_here(request: Request) -> bool:
    """Whether it was asked on this machine, for an address of this machine, with nobody between."""
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    asked = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    return _loopback(request.client.host) and (asked == "localhost" or _loopback(asked))


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _refused(caller: Principal) -> Problem:
    return Problem(401, "sign_in_needed") if caller.account_id is None else Problem(403, "not_allowed")
