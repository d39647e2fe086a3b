"""A complaint's moves and deadline."""

from datetime import UTC, datetime, timedelta

import pytest

from cases.complaint import CLOSED, OPEN, check_move, due_at, moves, overdue
from cases.errors import MoveNotAllowed, NoteNeeded, OriginalNeeded, ProofNeeded
from cases.words import Role, Status

pytestmark = pytest.mark.unit

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("role", [None, *Role])
def test_only_listed_moves_pass(status: Status, role: Role | None) -> None:
    allowed = moves(status, role)
    assert status not in allowed
    for to in Status:
        if to in allowed:
            check_move(status, to, role, note="because", original=True)
        else:
            with pytest.raises(MoveNotAllowed):
                check_move(status, to, role, note="because", original=True, photo=True)


def test_the_public_and_owners_move_nothing() -> None:
    assert not any(moves(status, role) for status in Status for role in (None, Role.OWNER))


def test_an_officer_verifies_and_reopens_but_does_not_close() -> None:
    reachable = {to for status in Status for to in moves(status, Role.OFFICER)}
    assert moves(Status.RECEIVED, Role.OFFICER) == [Status.VERIFIED]
    assert moves(Status.RESOLVED, Role.OFFICER) == [Status.IN_PROGRESS]
    assert not reachable & CLOSED


def test_only_oversight_takes_back_a_refusal() -> None:
    assert moves(Status.REJECTED, Role.AGENCY) == []
    assert moves(Status.REJECTED, Role.COMMAND) == [Status.RECEIVED]


def test_nothing_is_resolved_unseen() -> None:
    assert Status.RESOLVED not in moves(Status.RECEIVED, Role.ADMINISTRATOR)


@pytest.mark.parametrize("status", Status)
def test_no_state_is_a_dead_end_for_command(status: Status) -> None:
    assert moves(status, Role.COMMAND)


def test_refusing_needs_a_note() -> None:
    for note in ("", "  \n"):
        with pytest.raises(NoteNeeded):
            check_move(Status.RECEIVED, Status.REJECTED, Role.AGENCY, note=note)
    check_move(Status.RECEIVED, Status.REJECTED, Role.AGENCY, note="bukan jalan kabupaten")


def test_resolving_needs_a_note_or_a_photo() -> None:
    with pytest.raises(ProofNeeded):
        check_move(Status.IN_PROGRESS, Status.RESOLVED, Role.AGENCY)
    check_move(Status.IN_PROGRESS, Status.RESOLVED, Role.AGENCY, photo=True)
    check_move(Status.IN_PROGRESS, Status.RESOLVED, Role.AGENCY, note="sudah ditambal")


def test_a_duplicate_needs_its_original() -> None:
    with pytest.raises(OriginalNeeded):
        check_move(Status.RECEIVED, Status.DUPLICATE, Role.AGENCY, note="sama")
    check_move(Status.RECEIVED, Status.DUPLICATE, Role.AGENCY, original=True)


def test_reopening_needs_a_note() -> None:
    with pytest.raises(NoteNeeded):
        check_move(Status.RESOLVED, Status.IN_PROGRESS, Role.OFFICER, photo=True)


def test_late_only_while_open_and_after_the_deadline() -> None:
    due = due_at(NOON, 4)
    assert due == NOON + timedelta(hours=4)
    for status in OPEN:
        assert not overdue(status, due, due)
        assert overdue(status, due, due + timedelta(seconds=1))
    for status in CLOSED:
        assert not overdue(status, due, due + timedelta(days=30))
