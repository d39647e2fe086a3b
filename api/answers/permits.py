"""Permits as they go out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from api.answers.areas import area_name
from api.answers.links import person
from api.answers.photos import place_of
from api.house import House
from api.language import Language
from api.shapes.permits import (
    FindingAnswer,
    LackingPermit,
    PermitAnswer,
    PermitBrief,
    PermitEntry,
    PermitsImported,
    RefusedRow,
)
from cases import register
from cases.access import Principal, Right
from cases.compliance import Finding
from cases.permit import permit_moves
from cases.sentences import sentence
from ingest.cameras import compliance
from ingest.cameras.compliance import Standing
from ingest.cameras.permits import mover_of
from ingest.cameras.permits_import import Imported
from storage import accounts, permits
from storage.database import Session
from storage.tables import Permit


def permit_brief(house: House, permit: Permit, counts: Mapping[UUID, int]) -> PermitBrief:
    """A permit in a list, with how many cameras it has in service."""
    return PermitBrief(
        id=permit.id,
        number=permit.number,
        kind=permit.kind,
        owner_name=permit.owner_name,
        address=permit.address,
        state=permit.state,
        state_since=permit.state_since,
        state_due_at=permit.state_due_at,
        cameras_required=permit.cameras_required,
        cameras=counts.get(permit.id, 0),
        location=place_of(permit),
        area=area_name(house.parts.areas.index(), permit.area_code),
    )


def permit_answer(house: House, db: Session, permit: Permit, caller: Principal, language: Language) -> PermitAnswer:
    """All of a permit."""
    standing = compliance.standing(db, permit, house.now)
    brief = permit_brief(house, permit, {permit.id: len(standing.cameras)})
    names = accounts.names(db, [permit.account_id] if permit.account_id else [])
    decides = caller.may(Right.PERMIT_DECIDE)
    return PermitAnswer(
        **brief.model_dump(),
        contact=permit.contact,
        issued_on=permit.issued_on,
        account=person(permit.account_id, names),
        created_at=permit.created_at,
        updated_at=permit.updated_at,
        version=permit.version,
        findings=finding_answers(standing.found, house.now, language),
        history=_history(db, permit, oversees=register.oversees(caller)),
        moves=permit_moves(permit.state, mover_of(caller)) if decides else [],
    )


def _history(db: Session, permit: Permit, *, oversees: bool) -> list[PermitEntry]:
    """The permit's way through its states; its owner reads why, not by whom."""
    entries = []
    for entry, name in permits.history(db, permit.id):
        known = {entry.account_id: name} if entry.account_id and name and oversees else {}
        said = {"from": entry.from_state, "to": entry.to_state, "note": entry.note, "at": entry.at}
        entries.append(PermitEntry.model_validate({**said, "account": person(entry.account_id, known)}))
    return entries


def finding_answers(found: Sequence[Finding], now: datetime, language: Language) -> list[FindingAnswer]:
    """What a permit lacks, in words."""
    return [
        FindingAnswer(
            shortfall=one.shortfall,
            text=sentence(f"shortfall.{one.shortfall}", language),
            since=one.since,
            days=one.days(now),
            camera=one.camera_id,
        )
        for one in found
    ]


def lacking_permit(house: House, standing: Standing, now: datetime, language: Language) -> LackingPermit:
    """A permit with what it lacks."""
    permit = standing.permit
    return LackingPermit(
        id=permit.id,
        number=permit.number,
        owner_name=permit.owner_name,
        address=permit.address,
        area=area_name(house.parts.areas.index(), permit.area_code),
        state=permit.state,
        state_due_at=permit.state_due_at,
        cameras_required=permit.cameras_required,
        cameras=len(standing.cameras),
        findings=finding_answers(standing.found, now, language),
    )


def import_answer(imported: Imported, language: Language, *, dry_run: bool) -> PermitsImported:
    """What came of a list, every refused row with its sentence."""
    return PermitsImported(
        rows=imported.rows,
        added=imported.added,
        changed=imported.changed,
        unchanged=imported.unchanged,
        refused=[
            RefusedRow(
                row=fault.row, column=fault.column, title=fault.title, code=fault.code, text=fault.text(language)
            )
            for fault in imported.refused
        ],
        passed_by=imported.passed_by,
        dry_run=dry_run,
    )
