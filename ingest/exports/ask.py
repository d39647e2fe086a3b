"""Asking for an export, giving it up, and being let have its file."""

import hashlib
from dataclasses import asdict
from uuid import UUID

import orjson
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from cases.access import Principal, sight
from cases.exports import KEPT, MOST_EACH, ExportFailed, ExportNotReady, SightChanged, TooManyExports
from cases.words import ExportState, JobKind
from ingest.exports.wanted import Wanted
from ingest.parts import Parts
from storage import agencies, audit, exports, jobs
from storage.tables import Account, Export


def begin(parts: Parts, principal: Principal, wanted: Wanted) -> Export:
    """Notes what an account wants and puts the making among the jobs. Raises TooManyExports."""
    account_id, now = principal.account_id, parts.clock()
    assert account_id is not None, "exports belong to accounts"
    with parts.database.write() as db:
        db.get(Account, account_id, with_for_update=True)  # one at a time counts and adds
        if exports.number(db, account_id, now) >= MOST_EACH:
            raise TooManyExports(most=MOST_EACH)
        export = Export(
            id=uuid7(),
            account_id=account_id,
            scopes=None if principal.scopes is None else sorted(principal.scopes),
            format=wanted.format,
            asked=wanted.kept(),
            created_at=now,
            expires_at=now + KEPT,
        )
        db.add(export)
        db.flush()
        jobs.add(db, JobKind.EXPORT, str(export.id), now)
        audit.record(
            db, principal, now, action="asked", subject="export", subject_id=export.id, format=str(wanted.format)
        )
        return export


def give_up(parts: Parts, principal: Principal, export_id: UUID) -> None:
    """Ends an export: whoever makes it stops, and its file goes. Raises ExportUnknown."""
    with parts.database.write() as db:
        exports.get(db, export_id, principal.account_id, parts.clock())
        exports.remove(db, [export_id])
    parts.blobs.delete_all(exports.prefix(export_id))


def ready(parts: Parts, principal: Principal, export_id: UUID) -> Export:
    """An export whose file this principal may have, who sees now just what could be seen when it was made.

    Raises ExportUnknown, ExportNotReady, ExportFailed, SightChanged.
    """
    with parts.database.read() as db:
        export = exports.get(db, export_id, principal.account_id, parts.clock())
        if export.state is ExportState.FAILED:
            raise ExportFailed
        if export.state is not ExportState.DONE:
            raise ExportNotReady
        if export.seen != seen_by(db, principal):
            raise SightChanged
    return export


def seen_by(db: Session, principal: Principal) -> str:
    """A text that changes when this principal's sight does, or which categories are confidential."""
    confidential = sorted(one.code for one in agencies.categories(db) if one.confidential)
    kept = asdict(sight(principal)) | {"teams": sorted(principal.teams), "confidential": confidential}
    return hashlib.sha256(orjson.dumps(kept, option=orjson.OPT_SORT_KEYS)).hexdigest()
