"""The log of changes: every writer is in it, in an order from which nothing gets lost."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from cases.words import LinkState
from storage import bell, changes
from storage.bell import Bell
from storage.changes import Changes, Position, PositionLost
from storage.tables import Link
from storage.tables.changes import ChangeKind
from tests.storage import samples
from tests.storage.pairs import POSTGRES_S3, Pair
from tests.storage.processes import finish, start

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def here(pair: Pair) -> Position:
    return pair.database.ask(lambda db: changes.here(db, NOW))


def since(pair: Pair, position: Position) -> tuple[list[tuple[ChangeKind, Any, bool]], Position]:
    batch = pair.database.ask(lambda db: changes.since(db, position, NOW, 100))
    assert not batch.overflow
    return [(note.kind, note.subject, note.existed) for note in batch.notes], batch.at


def filled(pair: Pair) -> tuple[Any, Any]:
    """A complaint and a photo: their ids."""
    with pair.database.write() as db:
        samples.people(db)
        complaint, photo = samples.complaint(113, -8), samples.photo(113, -8)
        db.add_all([complaint, photo])
        return complaint.id, photo.id


def test_every_kind_of_write_is_noted_once_and_in_order(pair: Pair) -> None:
    position = here(pair)
    complaint, photo = filled(pair)
    found, position = since(pair, position)
    assert sorted(found) == sorted([(ChangeKind.COMPLAINT, complaint, False), (ChangeKind.PHOTO, photo, False)])
    with pair.database.write() as db:
        tie = Link(
            id=complaint, complaint_id=complaint, photo_id=photo, state=LinkState.PROPOSED, score=1, created_at=NOW
        )
        db.add(tie)
    with pair.database.write() as db:
        db.execute(text("UPDATE link SET state = 'rejected'"))
    with pair.database.write() as db:
        db.execute(text("DELETE FROM link"))
        db.execute(text("UPDATE complaint SET description = 'x'"))
    with pair.database.write() as db:
        db.execute(text("DELETE FROM complaint"))
        db.execute(text("UPDATE photo SET deleted_at = 1"))
    with pair.database.write() as db:
        db.execute(text("UPDATE photo SET caption = ''"))
    told, position = since(pair, position)
    of_photo = [existed for kind, _, existed in told if kind is ChangeKind.PHOTO]
    of_complaint = [existed for kind, _, existed in told if kind is ChangeKind.COMPLAINT]
    assert of_photo == [False, True, True, True, False]  # an erased photo exists for nobody
    assert of_complaint == [True, True]
    assert since(pair, position)[0] == []


def test_what_is_rolled_back_never_was(pair: Pair) -> None:
    filled(pair)
    position = here(pair)
    with pytest.raises(ZeroDivisionError), pair.database.write() as db:
        db.execute(text("UPDATE complaint SET description = 'x'"))
        raise ZeroDivisionError
    assert since(pair, position)[0] == []


@pytest.mark.parametrize("pair", [POSTGRES_S3], indirect=True)
def test_a_slow_transaction_is_not_lost_behind_a_quick_one_that_began_later(pair: Pair) -> None:
    complaint, photo = filled(pair)
    position = here(pair)
    with psycopg.connect(pair.url.replace("+psycopg", "")) as slow:
        slow.execute("UPDATE complaint SET description = 'slow'")
        with pair.database.write() as db:
            db.execute(text("UPDATE photo SET caption = 'quick'"))
        quick, position = since(pair, position)
        assert quick == [(ChangeKind.PHOTO, photo, True)]  # it waits for nobody
        kept = Position.decode(position.encode())
        assert since(pair, position)[0] == []
    assert since(pair, position)[0] == [(ChangeKind.COMPLAINT, complaint, True)]
    # Whoever kept only the text of the position hears the quick one again, and the slow one too; before them perhaps
    # more, from as long ago as any transaction on this server was under way.
    assert [kind for kind, _, _ in since(pair, kept)[0]][-2:] == [ChangeKind.COMPLAINT, ChangeKind.PHOTO]
    pair.database.ask(lambda db: changes.check(db, kept))


def test_another_process_moves_the_version_and_rings_the_bell(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    # Not by the clock: the bell would ring by itself in an hour.
    monkeypatch.setattr(bell, "EVERY_S", 3600.0)
    monkeypatch.setattr(bell, "LOOKS", 36_000)
    filled(pair)
    watched = Changes(pair.database)
    before = watched.version()
    with pair.database.write() as db:
        db.execute(text("UPDATE account SET name = 'Sri W.'"))
    time.sleep(changes.STALE_S)
    assert watched.version() == before  # nothing about an incident
    code = (
        "import sys; from sqlalchemy import text; from storage.database import open_database\n"
        "with open_database(sys.argv[1]) as database, database.write() as db:\n"
        "    db.execute(text(\"UPDATE complaint SET description = 'elsewhere'\"))"
    )

    async def ring() -> None:
        async for _ in (rings := Bell(pair.database, watched).rings()):
            process = await asyncio.to_thread(start, code, pair.url)
            status, _said = await asyncio.to_thread(finish, process)
            assert status == 0
            await asyncio.wait_for(anext(rings), 30)
            await rings.aclose()

    asyncio.run(ring())
    time.sleep(changes.STALE_S)
    assert watched.version() != before


def test_positions_of_other_logs_and_of_the_future_are_refused(pair: Pair) -> None:
    position = here(pair)
    pair.database.ask(lambda db: changes.check(db, Position.decode(position.encode())))
    other = Position("00000000", position.mark, NOW)
    ahead = Position(position.log, position.mark + 1000, NOW + timedelta(days=1))
    for wrong in (other, ahead):
        with pytest.raises(PositionLost), pair.database.read() as db:
            changes.check(db, wrong)
    for said in ("", "x", "5f1c09aa.1", "5f1c09aa.1.9999999999999999", "5f1c09aa.-1.0"):
        with pytest.raises(PositionLost):
            Position.decode(said)


def test_many_changes_are_told_to_be_many(pair: Pair) -> None:
    filled(pair)
    position = here(pair)
    with pair.database.write() as db:
        db.add_all([samples.complaint(113, -8) for _ in range(5)])
    assert pair.database.ask(lambda db: changes.since(db, position, NOW, 4)).overflow
    assert not pair.database.ask(lambda db: changes.since(db, position, NOW, 5)).overflow


def test_the_triggers_stand(pair: Pair) -> None:
    """A migration that copies a table on SQLite drops them unsaid."""
    named = "LIKE 'change!_%' ESCAPE '!' GROUP BY 1"
    asked = {
        "sqlite": f"SELECT tbl_name, count(*) FROM sqlite_master WHERE type = 'trigger' AND name {named}",
        "postgresql": f"SELECT tgrelid::regclass::text, count(*) FROM pg_trigger WHERE tgname {named}",
    }
    with pair.database.read() as db:
        found = {str(table): int(number) for table, number in db.execute(text(asked[pair.database.dialect]))}
    assert found == {"complaint": 4, "photo": 3, "outage": 3, "link": 3, "camera": 5, "category": 1}
