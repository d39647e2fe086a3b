"""What a complaint may become, by whom and on what terms: one table of moves, and its deadline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cases.errors import MoveNotAllowed, NoteNeeded, OriginalNeeded, ProofNeeded
from cases.words import Role, Status


class Need(StrEnum):
    """What a move asks of the one who makes it."""

    NOTHING = "nothing"
    NOTE = "note"
    """A word of why."""
    PROOF = "proof"
    """A note of what was done, or a confirmed photo taken since."""
    ORIGINAL = "original"
    """The complaint that this one repeats."""


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table: who may make the move and what it needs."""

    roles: frozenset[Role]
    need: Need = Need.NOTHING


_OVERSIGHT = frozenset({Role.COMMAND, Role.ADMINISTRATOR})
_HANDLERS = _OVERSIGHT | {Role.AGENCY}
_FIELD = _HANDLERS | {Role.OFFICER}

# A complaint is resolved only after someone has looked at it (verified or begun). Opening a closed one again takes a
# note: an officer who finds the problem still there may do it, a refusal is only undone by those who oversee.
_MOVES: Mapping[Status, Mapping[Status, Move]] = {
    Status.RECEIVED: {
        Status.VERIFIED: Move(_FIELD),
        Status.IN_PROGRESS: Move(_HANDLERS),
        Status.REJECTED: Move(_HANDLERS, Need.NOTE),
        Status.DUPLICATE: Move(_HANDLERS, Need.ORIGINAL),
    },
    Status.VERIFIED: {
        Status.IN_PROGRESS: Move(_HANDLERS),
        Status.RESOLVED: Move(_HANDLERS, Need.PROOF),
        Status.REJECTED: Move(_HANDLERS, Need.NOTE),
        Status.DUPLICATE: Move(_HANDLERS, Need.ORIGINAL),
    },
    Status.IN_PROGRESS: {
        Status.RESOLVED: Move(_HANDLERS, Need.PROOF),
        Status.REJECTED: Move(_HANDLERS, Need.NOTE),
        Status.DUPLICATE: Move(_HANDLERS, Need.ORIGINAL),
    },
    Status.RESOLVED: {Status.IN_PROGRESS: Move(_FIELD, Need.NOTE)},
    Status.REJECTED: {Status.RECEIVED: Move(_OVERSIGHT, Need.NOTE)},
    Status.DUPLICATE: {Status.RECEIVED: Move(_HANDLERS, Need.NOTE)},
}

CLOSED = frozenset({Status.RESOLVED, Status.REJECTED, Status.DUPLICATE})
"""The states in which nobody owes anything any more."""

OPEN = frozenset(Status) - CLOSED


def moves(status: Status, role: Role | None) -> list[Status]:
    """The states this role may move a complaint to, in the order of the words."""
    table = _MOVES[status]
    return [to for to in Status if to in table and role in table[to].roles]


def need(status: Status, to: Status) -> Need:
    """What the move asks for. Raises MoveNotAllowed if it is not in the table."""
    try:
        return _MOVES[status][to].need
    except KeyError:
        raise MoveNotAllowed(status=status, to=to) from None


def check_move(
    status: Status, to: Status, role: Role | None, *, note: str = "", original: bool = False, photo: bool = False
) -> None:
    """Whether this role may make this move now.

    `original`: the complaint it repeats is named; `photo`: a confirmed photo was taken since the last move.
    Raises MoveNotAllowed, NoteNeeded, ProofNeeded or OriginalNeeded.
    """
    if to not in moves(status, role):
        raise MoveNotAllowed(status=status, to=to)
    told = bool(note.strip())
    match need(status, to):
        case Need.NOTE if not told:
            raise NoteNeeded(to=to)
        case Need.PROOF if not (told or photo):
            raise ProofNeeded
        case Need.ORIGINAL if not original:
            raise OriginalNeeded
        case _:
            return


def due_at(opened_at: datetime, deadline_hours: int) -> datetime:
    """When it should be solved: the deadline runs day and night from the opening."""
    return opened_at + timedelta(hours=deadline_hours)


def overdue(status: Status, due: datetime, now: datetime) -> bool:
    """Whether an open complaint has passed its deadline."""
    return status in OPEN and now > due
