"""Who is asking: the answer to /me, and to every way of signing in."""

from starlette.requests import Request
from starlette.responses import Response

from api import language as languages
from api.house import House
from api.language import Language
from api.security import COOKIE
from api.shapes.common import Named
from api.shapes.people import Me, MeAnswer
from cases.access import Principal, Right
from storage import accounts, audit, secrets, sign_ins, teams


def me_answer(house: House, principal: Principal, csrf: str | None, language: Language) -> MeAnswer:
    """The account, its rights in their order, and the token its page sends with unsafe requests."""
    return MeAnswer(
        account=_account(house, principal, language),
        rights=[right for right in Right if principal.may(right)],
        csrf=csrf,
    )


def _account(house: House, principal: Principal, language: Language) -> Me | None:
    if principal.account_id is None:
        return None
    with house.parts.database.read(fresh=True) as db:
        account = accounts.get(db, principal.account_id)
        agency, area = accounts.agency_and_area(db, account)
    return Me(
        id=account.id,
        login=account.login,
        name=account.name,
        role=account.role,
        agency=agency and Named(code=agency.code, name=agency.name_en if language == "en" else agency.name_id),
        area=area and Named(code=area.code, name=area.name),
        language=account.language,
    )


def admit(house: House, opened: sign_ins.Opened, request: Request, response: Response) -> MeAnswer:
    """Sets the cookie of a fresh session and says who has come in. The session the browser had before is over."""
    old = request.cookies.get(COOKIE)
    with house.parts.database.write() as db:
        if old:
            sign_ins.close(db, secrets.digest(old))
        account = accounts.get(db, opened.account_id)
        principal = accounts.principal(account, teams.of_account(db, account.id))
        audit.record(db, principal, house.now, action="signed_in", subject="account", subject_id=account.id)
    if old:
        house.callers.forget(old)
    set_cookie(house, response, opened.secret)
    return me_answer(house, principal, opened.csrf, languages.of(request))


def set_cookie(house: House, response: Response, secret: str) -> None:
    """The session's cookie: for our own requests only, out of reach of scripts, and never in the clear over https."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int(sign_ins.LONGEST.total_seconds()),
        path="/",
        secure=house.options.https,
        httponly=True,
        samesite="lax",
    )


def clear_cookie(house: House, response: Response) -> None:
    """Takes the cookie back."""
    response.delete_cookie(COOKIE, path="/", secure=house.options.https, httponly=True, samesite="lax")
