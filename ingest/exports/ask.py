"""Asking for an export, giving it up, and being let have its file."""

from uuid import UUID

from uuid_utils.compat import uuid7

from cases.access import Principal
from cases.exports import (
    KEPT,
    MOST_EACH,
    ExportFailed,
    ExportNotReady,
    ExportWithdrawn,
    SightChanged,
    TooManyExports,
)
from cases.words import ExportState, JobKind
from ingest.exports import withdrawing
from ingest.exports.wanted import Wanted
from ingest.exports.withdrawing import seen_by
from ingest.parts import Parts
from storage import audit, exports, jobs
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

    Whatever is in the file still exists for them, or the file is withdrawn. Raises ExportUnknown, ExportNotReady,
    ExportFailed, ExportWithdrawn, SightChanged.
    """
    with parts.database.read(fresh=True) as db:
        export = exports.get(db, export_id, principal.account_id, parts.clock())
        if export.state is ExportState.FAILED:
            raise ExportWithdrawn if export.error == ExportWithdrawn.code else ExportFailed
        if export.state is not ExportState.DONE:
            raise ExportNotReady
        if export.seen != seen_by(db, principal):
            raise SightChanged
        stands = withdrawing.stands(db, export, principal, parts.clock())
    if not stands:
        withdrawing.withdraw(parts, export_id)
        raise ExportWithdrawn
    return export
