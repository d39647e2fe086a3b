"""Links as they go out, with their reasons in words."""

from collections.abc import Iterable
from uuid import UUID

from api.language import Language
from api.shapes.common import Described, Person, Reason
from api.shapes.photos import LinkAnswer
from cases.sentences import sentence
from storage import accounts
from storage.database import Session
from storage.tables import Complaint, Link


def link_answers(db: Session, ties: Iterable[tuple[Link, Complaint]], language: Language) -> list[LinkAnswer]:
    """Links with the complaints at their ends."""
    every = list(ties)
    names = accounts.names(db, (link.decided_by for link, _ in every if link.decided_by))
    return [
        LinkAnswer(
            id=link.id,
            complaint=complaint.reference,
            complaint_category=complaint.category_code,
            complaint_status=complaint.status,
            photo=link.photo_id,
            snapshot=link.snapshot_id,
            state=link.state,
            score=round(link.score, 3),
            reasons=[reason(kept, language) for kept in link.reasons],
            created_at=link.created_at,
            decided_at=link.decided_at,
            decided_by=person(link.decided_by, names),
        )
        for link, complaint in every
    ]


def reason(kept: dict[str, object], language: Language) -> Reason:
    """A reason with its sentence."""
    code, value = str(kept["code"]), kept.get("value")
    shown = value if isinstance(value, int | float | str) else None
    # A whole number reads as one: "12 m away", not "12.0 m".
    said = f"{shown:g}" if isinstance(shown, int | float) else shown
    return Reason(code=code, value=shown, text=sentence(code, language, value=said))


def described(code: str, language: Language) -> Described:
    """A warning with its sentence."""
    return Described(code=code, text=sentence(code, language))


def person(account_id: UUID | None, names: dict[UUID, str]) -> Person | None:
    """An account by its name, None for nobody (the machine, or someone not to be named)."""
    if account_id is None or account_id not in names:
        return None
    return Person(id=str(account_id), name=names[account_id])
