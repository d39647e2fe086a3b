"""Any question gets the incidents that a plain reading of the rows would give, on both engines."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from shapely import Point, Polygon
from sqlalchemy import select

from cases.access import Sight
from cases.complaint import CLOSED
from cases.incidents import Box, Circle, Cursor, Question, Sort
from cases.words import IncidentKind, Status, Watch
from geo.areas import is_within
from geo.distance import distance_m
from storage import counts, incidents
from storage.incidents import COLUMNS
from storage.tables import Complaint, Outage, Photo
from storage.tables.types import micros
from tests.storage.crowd import AREAS, BOX, CATEGORIES, NOW, OWNER, gather, settle
from tests.storage.pairs import Pair

ALL = Sight(None, photos=True, agency_code=None, area_code=None, teams=frozenset({"illegal_levy"}), watch=Watch.ALL)
PUBLIC = Sight(None, photos=False, agency_code=None, area_code=None, teams=frozenset(), details=False)
SIGHTS = (
    ALL,
    PUBLIC,
    replace(ALL, teams=frozenset()),
    replace(ALL, area_code="35.10.02", teams=frozenset()),
    replace(ALL, agency_code="dlh", teams=frozenset()),
    replace(PUBLIC, account_id=OWNER, watch=Watch.OWN),
)
SHAPE = Polygon([(113.05, -8.45), (113.4, -8.4), (113.3, -8.1), (113.2, -8.3)])

Row = Complaint | Photo | Outage


@pytest.fixture(scope="module")
def crowd(kept_pair: Pair) -> Pair:
    """For tests that only ask."""
    return gathered(kept_pair)


@pytest.fixture
def growing(pair: Pair) -> Pair:
    """A crowd of the test's own."""
    return gathered(pair)


def gathered(pair: Pair) -> Pair:
    with pair.database.write() as db:
        settle(db)
        gather(db, 600)
    return pair


def _rows(pair: Pair) -> list[Row]:
    with pair.database.read() as db:
        return [*db.scalars(select(Complaint)), *db.scalars(select(Photo)), *db.scalars(select(Outage))]


def _time(row: Row) -> datetime:
    if isinstance(row, Outage):
        return row.began_at
    return row.opened_at if isinstance(row, Complaint) else row.occurred_at


def _key(row: Row, sort: Sort) -> int:
    if sort.by == "updated":
        return micros(row.updated_at)
    if sort.by == "due":
        return micros(row.due_at) if isinstance(row, Complaint) else 2**62
    return micros(_time(row))


def _text(row: Row, sight: Sight, wanted: str) -> bool:
    if isinstance(row, Outage):
        return False
    if isinstance(row, Photo):
        return wanted.lower() in row.caption.lower()
    return (sight.details and wanted.lower() in row.description.lower()) or row.reference == wanted


def _seen(row: Row, sight: Sight) -> bool:
    if isinstance(row, Outage):
        # Both cameras stand in one place, whatever place their outages were given here.
        in_scope = sight.area_code is None or is_within(AREAS[0], sight.area_code)
        return (sight.watch is Watch.ALL and in_scope) or (sight.watch is Watch.OWN and row.account_id == OWNER)
    if isinstance(row, Photo) and (not sight.photos or row.deleted_at is not None):
        return False
    if row.confidential and row.category_code not in sight.teams:
        return False
    if sight.area_code and not (row.area_code and is_within(row.area_code, sight.area_code)):
        return False
    if sight.agency_code and isinstance(row, Photo):
        return CATEGORIES.get(row.category_code or "", ("", False))[0] == sight.agency_code
    return not sight.agency_code or (isinstance(row, Complaint) and row.agency_code == sight.agency_code)


def _standing(row: Row, asked: Question) -> bool:
    if not isinstance(row, Complaint):
        return not asked.statuses and asked.overdue is None
    late = row.status not in CLOSED and row.due_at < NOW
    return (not asked.statuses or row.status in asked.statuses) and asked.overdue in {None, late}


def _placed(row: Row, asked: Question) -> bool:
    if row.lon is None or row.lat is None:
        return asked.box is None and asked.circle is None and asked.shape is None
    return (
        (
            asked.box is None
            or (asked.box.west <= row.lon <= asked.box.east and asked.box.south <= row.lat <= asked.box.north)
        )
        and (
            asked.circle is None
            or distance_m(asked.circle.lon, asked.circle.lat, row.lon, row.lat) <= asked.circle.radius_m
        )
        and (asked.shape is None or asked.shape.covers(Point(row.lon, row.lat)))
    )


def _answers(row: Row, asked: Question, sight: Sight) -> bool:
    """Whether a row answers, read as plainly as a person would."""
    kind, category, agency = _sorted(row)
    return (
        _seen(row, sight)
        and (not asked.kinds or kind in asked.kinds)
        and (asked.area is None or (row.area_code is not None and is_within(row.area_code, asked.area)))
        and _placed(row, asked)
        and (asked.since is None or _time(row) >= asked.since)
        and (asked.until is None or _time(row) < asked.until)
        and (not asked.categories or category in asked.categories)
        and (asked.agency is None or agency == asked.agency)
        and (not asked.text or _text(row, sight, asked.text))
        and _standing(row, asked)
    )


def _sorted(row: Row) -> tuple[IncidentKind, str | None, str]:
    """Kind, category and agency."""
    if isinstance(row, Outage):
        return IncidentKind.OUTAGE, None, ""
    if isinstance(row, Complaint):
        return IncidentKind.COMPLAINT, row.category_code, row.agency_code
    return IncidentKind.PHOTO, row.category_code, CATEGORIES.get(row.category_code or "", ("", False))[0]


def _some_question(rng: Random) -> Question:
    def maybe(chance: float, make: Callable[[], object]) -> object:
        return make() if rng.random() < chance else None

    west, south, east, north = BOX
    a, b = sorted((rng.uniform(west, east), rng.uniform(west, east)))
    c, d = sorted((rng.uniform(south, north), rng.uniform(south, north)))
    given = {
        "area": maybe(0.3, lambda: rng.choice([*AREAS, "35.10", "35.10.01", "35.10.02"])),
        "box": maybe(0.3, lambda: Box(a, c, b, d)),
        "circle": maybe(0.2, lambda: Circle((a + b) / 2, (c + d) / 2, rng.uniform(500, 20_000))),
        "shape": maybe(0.2, lambda: SHAPE),
        "since": maybe(0.3, lambda: NOW - timedelta(days=rng.randrange(10, 30))),
        "until": maybe(0.3, lambda: NOW - timedelta(days=rng.randrange(10))),
        "categories": maybe(0.3, lambda: frozenset(rng.sample(list(CATEGORIES), rng.choice((1, 2))))),
        "statuses": maybe(0.3, lambda: frozenset(rng.sample(list(Status), rng.choice((1, 2, 3))))),
        "kinds": maybe(0.3, lambda: frozenset({rng.choice(list(IncidentKind))})),
        "agency": maybe(0.2, lambda: rng.choice(("dishub", "dlh"))),
        "overdue": maybe(0.2, lambda: rng.random() < 0.5),
        "text": maybe(0.2, lambda: rng.choice(("trotoar", "100%", "ber_l", "JALAN"))),
    }
    asked = {name: value for name, value in given.items() if value is not None}
    return Question(**asked, sort=rng.choice(list(Sort)), limit=rng.choice((7, 50, 10_000)))  # type: ignore[arg-type]


def test_every_question_is_answered_as_the_rows_say(crowd: Pair) -> None:
    rows, rng = _rows(crowd), Random(7)
    for _ in range(120):
        asked, sight = _some_question(rng), rng.choice(SIGHTS)
        expected = [row for row in rows if _answers(row, asked, sight)]
        expected.sort(key=lambda row: (_key(row, asked.sort), row.id.int), reverse=asked.sort.descending)
        with crowd.database.read() as db:
            page = incidents.within(db, asked, sight, NOW)
            number = counts.count(db, asked, sight, NOW)
            guess = counts.estimate(db, asked, sight, NOW)
        found = [row[COLUMNS.index("id")] for row in page.rows]
        assert [str(id_).replace("-", "") for id_ in found] == [row.id.hex for row in expected[: asked.limit]], asked
        assert number == counts.Matched(len(expected), estimated=False), asked
        assert guess == number, "so few are counted exactly"


@pytest.mark.parametrize("sort", list(Sort))
def test_pages_follow_each_other_without_gap_or_repeat(crowd: Pair, sort: Sort) -> None:
    everything = Question(sort=sort, limit=10_000)
    with crowd.database.read() as db:
        whole = [row[COLUMNS.index("id")] for row in incidents.within(db, everything, ALL, NOW).rows]
        paged, after = [], None
        while True:
            page = incidents.within(db, replace(everything, limit=37, after=after), ALL, NOW)
            paged += [row[COLUMNS.index("id")] for row in page.rows]
            if page.next is None:
                break
            after = Cursor.decode(page.next.encode())
    assert len(whole) > 600
    assert paged == whole


def test_the_public_reads_no_text_and_cannot_search_it(crowd: Pair) -> None:
    with crowd.database.read() as db:
        page = incidents.within(db, Question(limit=10_000), PUBLIC, NOW)
        assert {row[COLUMNS.index("title")] for row in page.rows} == {""}
        assert {row[COLUMNS.index("kind")] for row in page.rows} == {"complaint"}
        assert counts.count(db, Question(text="trotoar"), PUBLIC, NOW).number == 0
        assert counts.count(db, Question(text="trotoar"), ALL, NOW).number > 0


def test_a_reference_is_found_however_it_is_typed(crowd: Pair) -> None:
    with crowd.database.read() as db:
        one = db.scalars(select(Complaint).where(Complaint.confidential.is_(False)).limit(1)).one()  # type: ignore[attr-defined]
        typed = one.reference.replace("-", " ").lower()
        page = incidents.within(db, Question(text=typed), PUBLIC, NOW)
    assert [row[COLUMNS.index("reference")] for row in page.rows] == [one.reference]


def test_the_summary_adds_up_to_the_complaints(crowd: Pair) -> None:
    complaints = Question(kinds=frozenset({IncidentKind.COMPLAINT}))
    with crowd.database.read() as db:
        for asked in (complaints, replace(complaints, area="35.10.01"), replace(complaints, overdue=True)):
            tallies = counts.summary(db, asked, ALL, NOW, 8)
            assert sum(tally.count for tally in tallies) == counts.count(db, asked, ALL, NOW).number
            assert {len(tally.area) for tally in tallies if tally.area} == {8}


def test_an_estimate_is_marked_and_near(growing: Pair) -> None:
    with growing.database.write() as db:
        gather(db, 12_000, seed=2)
    if growing.database.dialect == "postgresql":
        with growing.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
    asked = Question(kinds=frozenset({IncidentKind.COMPLAINT}))
    some = replace(asked, since=NOW - timedelta(days=12))
    outsider = replace(ALL, teams=frozenset())
    with growing.database.read() as db:
        for question in (asked, some):
            exact = counts.count(db, question, outsider, NOW).number
            guess = counts.estimate(db, question, outsider, NOW, exact_to=1_000)
            assert guess.estimated
            assert abs(guess.number - exact) < exact * 0.1
