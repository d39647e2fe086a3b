"""Coming in and going out: sessions, demo sign-in, one-time links."""

from fastapi import APIRouter, Request, Response

from api import language as languages
from api.answers.me import admit, clear_cookie, me_answer
from api.house import Here, House
from api.problems import Problem, answers, not_found
from api.security import COOKIE, Caller, Session, allow
from api.shapes.people import DemoSignInIn, MeAnswer, SignInIn, TicketIn
from cases import people
from cases.access import Right
from storage import accounts, secrets, sign_ins, tickets

router = APIRouter(prefix="/api/v1", tags=["sign-in"])


@router.get("/me", dependencies=[allow(Right.PUBLIC)], responses=answers(401, 503))
def me(request: Request, response: Response, house: Here, caller: Caller, session: Session) -> MeAnswer:
    """Who is asking and what they may do; `account` is null for the public."""
    response.headers["cache-control"] = "no-store"
    return me_answer(house, caller, session.csrf if session else None, languages.of(request))


@router.post(
    "/session", dependencies=[allow(Right.PUBLIC, csrf=False)], responses=answers(400, 401, 403, 413, 422, 429, 503)
)
def sign_in(given: SignInIn, request: Request, response: Response, house: Here) -> MeAnswer:
    """Signs in with login and password; the session travels in a cookie that scripts cannot read."""
    _knock(house, request)
    opened = sign_ins.sign_in(house.parts.database, given.login, given.password, house.now)
    return admit(house, opened, request, response)


@router.post(
    "/session/demo",
    dependencies=[allow(Right.PUBLIC, csrf=False)],
    responses=answers(400, 401, 403, 404, 413, 422, 503),
)
def sign_in_to_demo(given: DemoSignInIn, request: Request, response: Response, house: Here) -> MeAnswer:
    """Signs in as one of the demo's accounts, without a password. Outside a demo there is nothing here."""
    if not house.options.demo:
        raise not_found()
    with house.parts.database.write() as db:
        chosen = [account for account in accounts.passwordless(db) if account.login == given.login.strip().lower()]
        if not chosen:
            raise not_found()
        opened = sign_ins.open_session(db, chosen[0].id, house.now)
    return admit(house, opened, request, response)


@router.delete("/session", status_code=204, dependencies=[allow(Right.PUBLIC)], responses=answers(401, 403, 503))
def sign_out(request: Request, response: Response, house: Here) -> None:
    """Ends the session, here and on the server."""
    secret = request.cookies.get(COOKIE)
    if secret:
        with house.parts.database.write() as db:
            sign_ins.close(db, secrets.digest(secret))
        house.callers.forget(secret)
    clear_cookie(house, response)


@router.post(
    "/tickets",
    dependencies=[allow(Right.PUBLIC, csrf=False)],
    responses=answers(400, 401, 403, 409, 410, 413, 422, 429, 503),
)
def use_ticket(given: TicketIn, request: Request, response: Response, house: Here) -> MeAnswer:
    """Uses a one-time link: sets the password (for the first administrator also login and name) and signs in."""
    _knock(house, request)
    people.check_password(given.password, login=given.login or "", name=given.name or "")
    opened = tickets.redeem(
        house.parts.database, given.ticket, given.password, house.now, login=given.login, name=given.name
    )
    house.callers.forget_account(opened.account_id)
    return admit(house, opened, request, response)


def _knock(house: House, request: Request) -> None:
    """Counts a try against the address it comes from, before any password is hashed for it."""
    address = request.client.host if request.client else ""
    wait_s = house.sign_ins.wait_s(address)
    if wait_s > 0:
        seconds = int(wait_s) + 1
        raise Problem(429, "too_many_attempts", headers={"retry-after": str(seconds)}, seconds=seconds)
