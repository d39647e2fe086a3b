"""The private networks of an owner's cameras, for administrators."""

from uuid import UUID

from fastapi import APIRouter

from api.answers.links import person
from api.house import Here
from api.problems import answers
from api.security import Caller, allow
from api.shapes.cameras import NetworkAnswer, NetworksAnswer, NetworksIn
from cases.access import Right
from ingest.cameras.allowing import allow_networks
from storage import accounts, networks
from storage.database import Session

router = APIRouter(prefix="/api/v1", tags=["accounts"], dependencies=[allow(Right.ADMINISTER)])


@router.get("/accounts/{account_id}/networks", responses=answers(401, 403, 404, 422, 503))
def list_networks(account_id: UUID, house: Here) -> NetworksAnswer:
    """The private networks in which this account's cameras may be visited."""
    with house.parts.database.read() as db:
        accounts.get(db, account_id)
        return _answer(db, account_id)


@router.put("/accounts/{account_id}/networks", responses=answers(400, 401, 403, 404, 413, 422, 503))
def set_networks(account_id: UUID, given: NetworksIn, house: Here, caller: Caller) -> NetworksAnswer:
    """Allows these private networks for the account's cameras, and no others.

    Loopback, link-local and metadata addresses are visited for nobody, whatever stands here.
    """
    allow_networks(house.parts, caller, account_id, given.networks)
    with house.parts.database.read() as db:
        return _answer(db, account_id)


def _answer(db: Session, account_id: UUID) -> NetworksAnswer:
    rows = networks.of(db, account_id)
    names = accounts.names(db, (row.allowed_by for row in rows if row.allowed_by))
    return NetworksAnswer(
        networks=[
            NetworkAnswer(cidr=row.cidr, allowed_at=row.allowed_at, allowed_by=person(row.allowed_by, names))
            for row in rows
        ]
    )
