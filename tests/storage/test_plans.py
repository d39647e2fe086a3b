"""On SQLite each plan's index is the one really read by, and read from a place in it rather than whole."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import event

from cases.access import Sight
from cases.incidents import Box, Circle, Cursor, Question, Sort
from cases.words import IncidentKind, Status
from storage import counts, incidents
from storage.database import Database, open_database
from tests.storage.crowd import NOW, OFFICER, gather, settle
from tests.storage.pairs import migrated

EVERYTHING = Sight(None, photos=True, agency_code=None, area_code=None, teams=frozenset())
PUBLIC = replace(EVERYTHING, photos=False, details=False)
OFFICER_SIGHT = replace(EVERYTHING, account_id=OFFICER)
COMPLAINTS, PHOTOS = frozenset({IncidentKind.COMPLAINT}), frozenset({IncidentKind.PHOTO})
DISTRICT, VILLAGE = "35.10.02", "35.10.02.1001"
BOX, WORLD = Box(113.1, -8.4, 113.2, -8.3), Box(113.0, -8.6, 113.6, -8.0)
OPEN = frozenset({Status.RECEIVED, Status.VERIFIED})
LATER = Cursor(1_700_000_000_000_000, OFFICER)


@dataclass(frozen=True)
class Expected:
    """The index a question is read by. `sought`: it is entered at a place; `sorted`: its order is not the answer's."""

    index: str
    asked: Question
    sight: Sight = EVERYTHING
    sought: bool = True
    sorted: bool = False


PLANS = (
    Expected("complaint_opened", Question(kinds=COMPLAINTS), sought=False),
    Expected("complaint_opened", Question(kinds=COMPLAINTS, after=LATER)),
    Expected("complaint_opened", Question(kinds=COMPLAINTS, after=LATER, sort=Sort.OLDEST)),
    Expected("complaint_opened", Question(kinds=COMPLAINTS, area="35.10"), sought=False),
    Expected("complaint_opened", Question(kinds=COMPLAINTS, text="trotoar"), sought=False),
    Expected("complaint_reference", Question(text="K7M4Q-7XP2T"), PUBLIC),
    Expected("complaint_updated", Question(kinds=COMPLAINTS, sort=Sort.UPDATED, after=LATER)),
    Expected("complaint_due", Question(kinds=COMPLAINTS, sort=Sort.DUE, after=LATER)),
    # Sorting the few that are open beats walking past all that were due before.
    Expected("complaint_open", Question(sort=Sort.DUE, overdue=True), sought=False, sorted=True),
    Expected("complaint_open", Question(overdue=True), sought=False),
    Expected("complaint_open", Question(statuses=OPEN, after=LATER)),
    Expected("complaint_status", Question(statuses=frozenset({Status.RESOLVED}))),
    Expected("complaint_category", Question(kinds=COMPLAINTS, categories=frozenset({"rubbish"}))),
    Expected("complaint_agency", Question(kinds=COMPLAINTS, agency="dlh")),
    Expected("complaint_district", Question(kinds=COMPLAINTS, area=DISTRICT)),
    Expected("complaint_area", Question(kinds=COMPLAINTS, area=VILLAGE), sorted=True),
    Expected("complaint_cell", Question(kinds=COMPLAINTS, box=BOX), sorted=True),
    Expected("complaint_cell", Question(kinds=COMPLAINTS, circle=Circle(113.2, -8.3, 900.0)), sorted=True),
    Expected("complaint_opened", Question(kinds=COMPLAINTS, box=WORLD), sought=False),
    Expected("photo_occurred", Question(kinds=PHOTOS), sought=False),
    Expected("photo_updated", Question(kinds=PHOTOS, sort=Sort.UPDATED, after=LATER)),
    Expected("photo_district", Question(kinds=PHOTOS, area=DISTRICT)),
    Expected("photo_area", Question(kinds=PHOTOS, area=VILLAGE), sorted=True),
    Expected("photo_category", Question(kinds=PHOTOS, categories=frozenset({"rubbish"}))),
    Expected("photo_cell", Question(kinds=PHOTOS, box=BOX), sorted=True),
)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path_factory.mktemp('plans') / 'plans.db'}"
    migrated(url)
    with open_database(url) as opened:
        with opened.write() as db:
            settle(db)
            gather(db, 300)
        yield opened


@pytest.fixture(autouse=True)
def _crowded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few rows near a place are then as few as a town's among a million."""
    monkeypatch.setattr("storage.plans.FEW", 100)


@pytest.mark.parametrize("expected", PLANS, ids=lambda one: f"{one.index}")
def test_the_named_index_is_read(database: Database, expected: Expected) -> None:
    with Explained(database) as explained, database.read() as db:
        incidents.within(db, expected.asked, expected.sight, NOW)
        # A count has no place to go on from: it reads the whole index, and still no row outside it.
        counts.count(db, expected.asked, expected.sight, NOW)
    table = expected.index.partition("_")[0]
    # A count first looks whether there are roll-ups to ask instead.
    plans = [lines for lines in explained.plans if not lines[0].startswith("SEARCH fact ")]
    assert len(plans) == 2
    for lines, counted in zip(plans, (False, True), strict=True):
        reads = [line for line in lines if line.startswith((f"SEARCH {table} ", f"SCAN {table} "))]
        assert reads
        assert all(f"INDEX {expected.index} " in f"{line} " for line in reads), lines
        whole = not expected.sought or (counted and expected.asked.after is not None)
        assert whole or all(line.startswith("SEARCH") for line in reads), lines
        if not counted:
            assert any("TEMP B-TREE FOR" in line for line in lines) == expected.sorted, lines


@pytest.mark.parametrize(
    ("sight", "index"),
    [
        (replace(OFFICER_SIGHT, agency_code="dlh"), "complaint_agency"),
        (replace(OFFICER_SIGHT, area_code=VILLAGE), "complaint_area"),
        (replace(OFFICER_SIGHT, area_code=DISTRICT), "complaint_district"),
    ],
    ids=["agency", "village", "district"],
)
def test_a_narrow_sight_reads_its_share_and_its_own(database: Database, sight: Sight, index: str) -> None:
    with Explained(database) as explained, database.read() as db:
        incidents.within(db, Question(kinds=COMPLAINTS), sight, NOW)
    (lines,) = explained.plans
    reads = [line for line in lines if line.startswith(("SEARCH complaint ", "SCAN complaint "))]
    assert len(reads) == 2
    assert all(line.startswith("SEARCH") for line in reads), lines
    assert any("INDEX complaint_opened_by " in line for line in reads), lines
    assert any(f"INDEX {index} " in line for line in reads), lines


def test_both_kinds_keep_their_own_index(database: Database) -> None:
    with Explained(database) as explained, database.read() as db:
        incidents.within(db, Question(area=DISTRICT, limit=10), EVERYTHING, NOW)
    (lines,) = explained.plans
    assert any("complaint_district" in line for line in lines)
    assert any("photo_district" in line for line in lines)


class Explained:
    """SQLite's own words on how it runs each question about the two tables."""

    def __init__(self, database: Database) -> None:
        self.engine = database.engine
        self.plans: list[list[str]] = []

    def _note(self, connection: Any, cursor: Any, sql: str, given: Any, context: Any, many: bool) -> None:
        # What is sampled (json_each) is no question.
        if sql.startswith("SELECT") and "json_each" not in sql and "max(" not in sql:
            raw = connection.connection.dbapi_connection
            self.plans.append([row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {sql}", given)])

    def __enter__(self) -> "Explained":
        event.listen(self.engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *error: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._note)
