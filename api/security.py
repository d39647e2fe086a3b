"""Who is asking, and whether this door opens for them. Every route names exactly one right, by `allow`."""

import hmac
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends
from starlette.requests import Request

from api.callers import Known
from api.house import House, here
from api.middleware.origins import allowed
from api.problems import Problem
from api.retired import Retired
from cases.access import PUBLIC, Principal, Right

COOKIE = "pantau_session"
CSRF_HEADER = "x-csrf-token"

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_BEARER = {"www-authenticate": 'Bearer realm="pantau"'}
_BEARER_REFUSED = {"www-authenticate": 'Bearer realm="pantau", error="invalid_token"'}


class Gate:
    """Lets those pass who have `right`. The principal is left in `request.state.caller`.

    A bearer token counts before a cookie. A wrong token is always 401; a cookie whose session is over is nobody, who
    may still do what anyone may. `csrf=False` is for signing in, where there is no session to take a token from: the
    Origin check alone guards it.
    """

    def __init__(self, right: Right, *, csrf: bool = True, retired: Retired | None = None) -> None:
        self.right = right
        self.csrf = csrf
        self.retired = retired

    async def __call__(self, request: Request) -> None:
        request.state.retired = self.retired
        house = await here(request)
        try:
            known, over = await _identify(request, house)
        except Problem:
            _count(request, house, PUBLIC)  # whoever guesses tokens is told to wait, like any of the public
            raise
        principal = known.principal if known else PUBLIC
        request.state.caller = principal
        request.state.known = known
        _count(request, house, principal)
        if request.method not in _SAFE:
            self._check_origin(request, house, known)
        if principal.may(self.right):
            return
        if principal.account_id is None:
            raise Problem(401, "session_expired" if over else "sign_in_needed", headers=_BEARER)
        raise Problem(403, "not_allowed")

    def _check_origin(self, request: Request, house: House, known: Known | None) -> None:
        """A browser sends cookies to us from any page; only our own page may act with them."""
        if known is not None and known.csrf is None:
            return
        origin = request.headers.get("origin")
        if known is None and self.csrf and origin is not None and allowed(house.options.cors_origins, origin):
            return  # nobody's session is used: what a page elsewhere asks here, anyone may
        ours = {request.headers.get("host", ""), house.options.public_host}
        foreign = origin is not None and urlsplit(origin).netloc not in ours
        if foreign or request.headers.get("sec-fetch-site") == "cross-site":
            raise Problem(403, "csrf_refused")
        if self.csrf and known is not None and known.csrf is not None:
            given = request.headers.get(CSRF_HEADER, "")
            if not hmac.compare_digest(given.encode(), known.csrf.encode()):
                raise Problem(403, "csrf_refused")


def _count(request: Request, house: House, principal: Principal) -> None:
    wait_s = house.rates.wait_s(principal.account_id, request.client.host if request.client else "")
    if wait_s > 0:
        seconds = int(wait_s) + 1
        raise Problem(429, "too_many_requests", headers={"retry-after": str(seconds)}, seconds=seconds)


async def _identify(request: Request, house: House) -> tuple[Known | None, bool]:
    """Who asks, and whether a session that was sent is over."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme:
        known = await house.callers.by_token(token.strip()) if scheme.lower() == "bearer" else None
        if known is None:
            raise Problem(401, "token_refused", headers=_BEARER_REFUSED)
        return known, False
    secret = request.cookies.get(COOKIE)
    if not secret:
        return None, False
    known = await house.callers.by_session(secret)
    return known, known is None


async def asking_still(request: Request) -> Principal | None:
    """Who is behind a request that has been open for long, asked anew; None if its session or token is over."""
    try:
        known, over = await _identify(request, await here(request))
    except Problem:
        return None
    return None if over else PUBLIC if known is None else known.principal


def allow(right: Right, *, csrf: bool = True, retired: Retired | None = None) -> Any:
    """The one right a route asks for: `dependencies=[allow(Right.PHOTO_SEND)]`; `retired` where it will be closed."""
    return Depends(Gate(right, csrf=csrf, retired=retired))


async def caller(request: Request) -> Principal:
    """Who is asking; the route's gate has found out."""
    principal: Principal = request.state.caller
    return principal


async def known(request: Request) -> Known | None:
    """The session or token behind the request, None for the public."""
    found: Known | None = request.state.known
    return found


Caller = Annotated[Principal, Depends(caller)]
Session = Annotated[Known | None, Depends(known)]
