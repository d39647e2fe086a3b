"""Withdrawing files that hold what their asker may not see any more: when they are fetched, and every hour."""

import hashlib
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

import orjson
from sqlalchemy.orm import Session

from cases.access import Principal, sight
from ingest.exports.wanted import Wanted
from ingest.parts import Parts
from ingest.work import Effect
from storage import accounts, agencies, exports, lost, teams
from storage.changes import Position
from storage.tables import Account, Export, Job

EVERY = timedelta(hours=1)
"""How often exports are looked through for those whose time is over or that must not be given out any more."""


def asker(db: Session, export: Export) -> Principal | None:
    """Who asked, as they are now; None if the account is closed."""
    account = db.get(Account, export.account_id)
    if account is None or not account.active:
        return None
    return accounts.principal(account, teams.of_account(db, account.id), scopes=export.scopes)


def seen_by(db: Session, principal: Principal) -> str:
    """A text that changes when this principal's sight does, or which categories are confidential."""
    confidential = sorted(one.code for one in agencies.categories(db) if one.confidential)
    kept = asdict(sight(principal)) | {"teams": sorted(principal.teams), "confidential": confidential}
    return hashlib.sha256(orjson.dumps(kept, option=orjson.OPT_SORT_KEYS)).hexdigest()


def stands(db: Session, export: Export, principal: Principal, now: datetime) -> bool:
    """Whether all that the file may hold still exists for this principal, who sees what could be seen when it was made.

    To be asked on one snapshot of the primary.
    """
    if export.position is None or export.finished_at is None:
        return False
    question, position = Wanted.of(export.format, export.asked).question, Position.decode(export.position)
    return not lost.any_lost(db, lost.Taken(question, sight(principal), position, export.finished_at), now)


def withdraw(parts: Parts, export_id: UUID) -> None:
    """Deletes the file and says so in the export. Done in part, it is done again by whoever looks next."""
    parts.blobs.delete_all(exports.prefix(export_id))
    with parts.database.write() as db:
        exports.withdraw(db, export_id, parts.clock())


def sweep(parts: Parts, job: Job) -> Effect:
    """Removes the files of exports whose time is over, then their rows; withdraws what must not be given out."""
    now = parts.clock()
    with parts.database.read() as db:
        over, made = exports.over(db, now), exports.made(db, now)
    for export_id in over:
        parts.blobs.delete_all(exports.prefix(export_id))
    for export in made:
        with parts.database.read(patient=True) as db:
            who = asker(db, export)
            kept = who is not None and export.seen == seen_by(db, who) and stands(db, export, who, now)
        if not kept:
            withdraw(parts, export.id)

    def forget(db: Session, now: datetime) -> None:
        exports.remove(db, over)

    return forget
