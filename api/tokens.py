"""API tokens of the account that asks."""

from uuid import UUID

from fastapi import APIRouter

from api.house import Here
from api.problems import Problem, answers
from api.security import Caller, allow
from api.shapes.people import TokenAnswer, TokenIn, TokenMade, TokensAnswer
from cases import people
from cases.access import Principal, Right
from storage import audit, tokens
from storage.tables import Token

router = APIRouter(prefix="/api/v1", tags=["tokens"], dependencies=[allow(Right.SIGNED_IN)])


@router.get("/tokens", responses=answers(401, 403, 503))
def list_tokens(house: Here, caller: Caller) -> TokensAnswer:
    """The caller's tokens, newest first."""
    owner = _owner(caller)
    with house.parts.database.read() as db:
        return TokensAnswer(tokens=[answer(token) for token in tokens.listed(db, owner)])


@router.post("/tokens", status_code=201, responses=answers(400, 401, 403, 413, 422, 503))
def make_token(given: TokenIn, house: Here, caller: Caller) -> TokenMade:
    """Makes a token. Its secret is in this answer and never again; scopes and end stay as they are."""
    owner = _owner(caller)
    people.check_token(given.scopes, given.expires_at, caller.role, house.now)
    with house.parts.database.write() as db:
        issued = tokens.issue(
            db, owner, house.now, name=given.name, scopes=set(given.scopes), expires_at=given.expires_at
        )
        audit.record(
            db,
            caller,
            house.now,
            action="made",
            subject="token",
            subject_id=issued.token.id,
            scopes=sorted(given.scopes),
        )
        return TokenMade(**answer(issued.token).model_dump(), secret=issued.secret)


@router.delete("/tokens/{token_id}", status_code=204, responses=answers(401, 403, 404, 422, 503))
def revoke_token(token_id: UUID, house: Here, caller: Caller) -> None:
    """Revokes a token; from now on it opens nothing."""
    owner = _owner(caller)
    with house.parts.database.write() as db:
        tokens.revoke(db, token_id, owner, house.now)
        audit.record(db, caller, house.now, action="revoked", subject="token", subject_id=token_id)
    house.callers.forget_account(owner)


def answer(token: Token) -> TokenAnswer:
    """A token without its secret."""
    return TokenAnswer.model_validate(token)


def _owner(caller: Principal) -> UUID:
    """The signed-in person. A token makes no tokens: one that leaked could otherwise outlive its revocation."""
    if caller.account_id is None or caller.token_id is not None:
        raise Problem(403, "not_allowed")
    return caller.account_id
