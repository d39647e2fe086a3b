"""A walk gives every incident that can be seen exactly once, in pieces, while others write."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlmodel import col

from cases.access import Principal, Sight, sight
from cases.incidents import Question
from cases.words import Role, Status
from storage import incidents
from storage.incidents import COLUMNS
from storage.tables import Complaint
from storage.walks import walk
from tests.storage.crowd import AREAS, NOW, gather, settle
from tests.storage.pairs import Pair

ALL = sight(Principal(role=Role.ADMINISTRATOR, account_id=UUID(int=99)))
PUBLIC = sight(Principal())
AGENCY = sight(
    Principal(role=Role.AGENCY, account_id=UUID(int=1), agency_code="dishub", teams=frozenset({"illegal_levy"}))
)

KIND, ID, TITLE = (COLUMNS.index(name) for name in ("kind", "id", "title"))


def crowded(pair: Pair, number: int = 120) -> None:
    with pair.database.write() as db:
        settle(db)
        gather(db, number)


def ids(rows: Any) -> list[tuple[str, UUID]]:
    return [(row[KIND], row[ID] if isinstance(row[ID], UUID) else UUID(row[ID])) for row in rows]


def test_a_walk_is_the_whole_list(pair: Pair) -> None:
    crowded(pair)
    seen: list[Sight] = [ALL, PUBLIC, AGENCY]
    questions = [
        Question(limit=10_000),
        Question(area=AREAS[0][:8], limit=10_000),
        Question(text="trotoar", limit=10_000),
    ]
    for who in seen:
        for question in questions:
            listed = incidents_of(pair, question, who)
            walked = [row for rows in walk(pair.database, question, who, NOW, 7) for row in rows]
            assert sorted(ids(walked)) == sorted(ids(listed))
            assert len(set(ids(walked))) == len(walked)
    assert len(incidents_of(pair, questions[0], ALL)) > len(incidents_of(pair, questions[0], PUBLIC)) > 50


def incidents_of(pair: Pair, question: Question, who: Sight) -> Any:
    with pair.database.read() as db:
        return incidents.within(db, question, who, NOW).rows


def test_what_is_there_throughout_comes_once_while_others_write(pair: Pair) -> None:
    crowded(pair)
    before = set(ids(incidents_of(pair, Question(limit=10_000), ALL)))
    walked, changed = [], 0
    for rows in walk(pair.database, Question(), ALL, NOW, 10):
        walked += ids(rows)
        with pair.database.write() as db:
            # A new one where the walk has been, and a change of one that it has not reached.
            db.add(newer(opened_at=NOW.replace(year=2020)))
            last = max(before - set(walked), default=None)
            if last is not None and last[0] == "complaint":
                moved = update(Complaint).where(col(Complaint.id) == last[1])
                db.execute(moved.values(status=Status.IN_PROGRESS, updated_at=NOW))
                changed += 1
    assert len(walked) == len(set(walked))
    assert before <= set(walked)


def newer(**more: Any) -> Complaint:
    values = {"opened_at": NOW, "received_at": NOW, "updated_at": NOW, "due_at": NOW} | more
    return Complaint(id=uuid4(), reference=uuid4().hex[:16], category_code="rubbish", agency_code="dlh", **values)


def test_long_texts_come_whole_to_those_who_may_read_them(pair: Pair) -> None:
    long = "Lubang besar sekali. " * 30
    with pair.database.write() as db:
        settle(db)
        db.add(newer(description=long))
        db.add(newer(description=long, confidential=True))
    (rows,) = walk(pair.database, Question(), ALL, NOW)
    assert [row[TITLE] for row in rows] == [long]
    (rows,) = walk(pair.database, Question(), PUBLIC, NOW)
    assert [row[TITLE] for row in rows] == [""]


def test_no_walk_holds_a_transaction_between_its_pieces(pair: Pair) -> None:
    crowded(pair)
    walked = walk(pair.database, Question(), ALL, NOW, 10)
    next(walked)
    assert pair.database.asking.pool.checkedout() == 0  # type: ignore[attr-defined]  # QueuePool on both engines
