"""A filter finds, on both engines, exactly the rows that it says and that its asker may see."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import shapely
from sqlalchemy import select, text

from cases.access import PUBLIC, Principal, Sight, sight
from cases.features import Collection, vocabulary
from cases.filters.faults import PropertyUnknown
from cases.filters.lift import lifted
from cases.filters.reading import Lang, read
from cases.filters.tree import Filter
from cases.incidents import Question, Sort
from cases.words import IncidentKind, Role
from storage import counts, features
from storage.tables import Complaint
from tests.storage import crowd
from tests.storage.crowd import NOW
from tests.storage.pairs import Pair

ZONE = ZoneInfo("Asia/Jakarta")
COMMAND = sight(Principal(account_id=crowd.OFFICER, role=Role.COMMAND))
EVERYBODY = sight(PUBLIC)
COMPLAINTS = frozenset({IncidentKind.COMPLAINT})


@pytest.fixture(scope="module")
def many() -> int:
    return 600


@pytest.fixture
def full(pair: Pair, many: int) -> Iterator[Pair]:
    with pair.database.write() as db:
        crowd.settle(db)
        crowd.gather(db, many)
    yield pair


def asked(source: str, seen: Sight = COMMAND, collection: Collection = Collection.COMPLAINTS, **more: Any) -> Question:
    tree = read(source, Lang.TEXT, vocabulary(collection, seen), zone=ZONE)
    kinds = COMPLAINTS if collection is Collection.COMPLAINTS else frozenset(IncidentKind)
    return Question(kinds=kinds, filter=Filter(collection, tree), limit=10_000, **more)


def late(one: Complaint) -> bool:
    return one.closed_at is None and one.due_at < NOW


def here(one: Complaint, shape: Any) -> bool:
    return one.lon is not None and one.lat is not None and bool(shapely.intersects_xy(shape, one.lon, one.lat))


TRIANGLE = shapely.Polygon([(113.0, -8.5), (113.4, -8.5), (113.2, -8.1)])
BOX = shapely.box(113.1, -8.4, 113.2, -8.3)
MOMENT = datetime(2026, 11, 1, tzinfo=UTC)
FILTERS: dict[str, Callable[[Complaint], bool | None]] = {
    "category = 'pothole'": lambda one: one.category_code == "pothole",
    "category <> 'pothole' AND agency = 'dlh'": lambda one: one.category_code != "pothole" and one.agency_code == "dlh",
    "category IN ('pothole', 'rubbish')": lambda one: one.category_code in ("pothole", "rubbish"),
    "category NOT IN ('pothole', 'rubbish')": lambda one: one.category_code not in ("pothole", "rubbish"),
    "status = 'received' OR status = 'resolved'": lambda one: one.status in ("received", "resolved"),
    "status = 'nonsense'": lambda one: False,
    "category > 'q'": lambda one: one.category_code > "q",
    "description LIKE 'Mobil%'": lambda one: one.description.startswith("Mobil"),
    "description LIKE 'mobil%'": lambda one: False,
    "CASEI(description) LIKE CASEI('MOBIL%')": lambda one: one.description.startswith("Mobil"),
    "description LIKE '%100\\%%'": lambda one: "100%" in one.description,
    "description LIKE 'Jalan ber\\_lubang'": lambda one: one.description == "Jalan ber_lubang",
    "description LIKE 'Jalan ber_lubang'": lambda one: one.description == "Jalan ber_lubang",
    "description LIKE '*[a]?\\\\'": lambda one: False,
    "description = ''": lambda one: one.description == "",
    "radius_m BETWEEN 5 AND 20": lambda one: one.radius_m is not None and 5 <= one.radius_m <= 20,
    "radius_m NOT BETWEEN 5 AND 20": lambda one: one.radius_m is not None and not 5 <= one.radius_m <= 20,
    "radius_m IS NULL": lambda one: one.radius_m is None,
    "closed_at IS NOT NULL": lambda one: one.closed_at is not None,
    "geometry IS NULL": lambda one: one.lon is None,
    "overdue": late,
    "NOT overdue": lambda one: not late(one),
    "overdue = FALSE": lambda one: not late(one),
    "area = '35.10.01.1001'": lambda one: one.area_code == "35.10.01.1001",
    "opened_at > TIMESTAMP('2026-11-01T00:00:00Z')": lambda one: one.opened_at > MOMENT,
    "TIMESTAMP('2026-11-01T00:00:00Z') > opened_at": lambda one: one.opened_at < MOMENT,
    "opened_at <= closed_at": lambda one: one.closed_at is not None and one.opened_at <= one.closed_at,
    "T_AFTER(opened_at, TIMESTAMP('2026-11-01T00:00:00Z'))": lambda one: one.opened_at > MOMENT,
    "T_BEFORE(opened_at, TIMESTAMP('2026-11-01T00:00:00Z'))": lambda one: one.opened_at < MOMENT,
    "T_DURING(opened_at, INTERVAL('2026-11-01T00:00:00Z', '..'))": lambda one: one.opened_at > MOMENT,
    "T_INTERSECTS(INTERVAL(opened_at, closed_at), TIMESTAMP('2026-11-01T00:00:00Z'))": lambda one: (
        one.closed_at is not None and one.opened_at <= MOMENT <= one.closed_at
    ),
    f"S_INTERSECTS(geometry, {TRIANGLE.wkt})": lambda one: here(one, TRIANGLE),
    f"S_WITHIN(geometry, {TRIANGLE.wkt}) AND category = 'rubbish'": lambda one: (
        here(one, TRIANGLE) and one.category_code == "rubbish"
    ),
    f"S_CONTAINS({TRIANGLE.wkt}, geometry)": lambda one: here(one, TRIANGLE),
    f"S_DISJOINT(geometry, {TRIANGLE.wkt})": lambda one: one.lon is not None and not here(one, TRIANGLE),
    f"NOT S_INTERSECTS(geometry, {TRIANGLE.wkt})": lambda one: one.lon is not None and not here(one, TRIANGLE),
    f"S_TOUCHES(geometry, {TRIANGLE.wkt}) OR S_OVERLAPS(geometry, {TRIANGLE.wkt})": lambda one: False,
    "S_INTERSECTS(geometry, BBOX(113.1, -8.4, 113.2, -8.3))": lambda one: here(one, BOX),
    f"S_WITHIN(geometry, GEOMETRYCOLLECTION(POINT(1 1), {TRIANGLE.wkt}, {BOX.wkt}))": lambda one: (
        here(one, TRIANGLE) or here(one, BOX)
    ),
    f"S_DISJOINT(geometry, GEOMETRYCOLLECTION(LINESTRING(1 1, 2 2), {TRIANGLE.wkt}))": lambda one: (
        one.lon is not None and not here(one, TRIANGLE)
    ),
    "FALSE": lambda one: False,
    "TRUE AND NOT FALSE": lambda one: True,
}  # fmt: skip


def test_every_filter_finds_what_it_says(full: Pair) -> None:
    with full.database.read() as db:
        rows = list(db.scalars(select(Complaint)))
        for source, holds in FILTERS.items():
            for seen in (COMMAND, EVERYBODY):
                if seen is EVERYBODY and "description" in source:
                    with pytest.raises(PropertyUnknown):
                        asked(source, seen)
                    continue
                question = asked(source, seen)
                found = features.page(db, Collection.COMPLAINTS, question, seen, NOW)
                at = found.columns.index("reference")
                expected = {one.reference for one in rows if holds(one) and not one.confidential}
                assert {row[at] for row in found.rows} == expected, source
                assert counts.count(db, question, seen, NOW).number == len(expected), source
    assert sum(bool(one.confidential) for one in rows) > 50


def test_pages_of_a_filter_join_without_gap_or_repeat(full: Pair) -> None:
    source = "category IN ('pothole', 'rubbish') AND opened_at > DATE('2000-01-01')"
    with full.database.read() as db:
        for sort in Sort:
            question = asked(source, sort=sort)
            whole = list(features.page(db, Collection.COMPLAINTS, question, COMMAND, NOW).rows)
            found: list[Any] = []
            after = None
            while True:
                page = features.page(db, Collection.COMPLAINTS, replace(question, limit=37, after=after), COMMAND, NOW)
                found += page.rows
                after = page.next
                if after is None:
                    break
            assert found == whole
            keys = [row[-1] for row in whole]
            assert keys == sorted(keys, reverse=sort.descending)


def test_incidents_of_all_kinds_are_filtered_by_the_same_names(full: Pair) -> None:
    with full.database.read() as db:
        for source, kinds in {
            "kind = 'outage'": {"outage"},
            "kind IN ('photo', 'complaint') AND category = 'pothole'": {"photo", "complaint"},
            "camera IS NOT NULL": {"outage"},
            "camera = '00000000-0000-0000-0000-00000000000b'": {"outage"},
            "camera = 'no id'": set(),
            "trouble <> 'ok' OR status = 'received'": {"outage", "complaint"},
            "title LIKE 'Jalan Mawar'": {"outage"},
            "time > DATE('2020-01-01')": {"outage", "photo", "complaint"},
        }.items():
            question = asked(source, collection=Collection.INCIDENTS)
            found = features.page(db, Collection.INCIDENTS, question, COMMAND, NOW)
            at = found.columns.index("kind")
            assert {row[at] for row in found.rows} == kinds, source


def test_an_estimate_of_a_filter_is_near_and_marked(full: Pair) -> None:
    if full.database.dialect == "postgresql":
        with full.database.write() as db:
            db.execute(text("ANALYZE complaint"))
    with full.database.read() as db:
        question = asked("category = 'pothole'")
        number = counts.count(db, question, COMMAND, NOW).number
        small = Question(kinds=COMPLAINTS, filter=question.filter, limit=10)
        page = features.page(db, Collection.COMPLAINTS, small, COMMAND, NOW)
        told = features.matched(db, Collection.COMPLAINTS, small, COMMAND, NOW, found=page)
        assert told is not None
        assert told.estimated
        assert abs(told.number - number) <= 0.2 * number + 10
        whole = features.matched(
            db, Collection.COMPLAINTS, question, COMMAND, NOW,
            found=features.page(db, Collection.COMPLAINTS, question, COMMAND, NOW),
        )  # fmt: skip
        assert whole is not None
        assert (whole.number, whole.estimated) == (number, False)


def test_what_a_filter_says_narrows_the_question_and_never_too_far() -> None:
    question = lifted(asked("category = 'pothole' AND status IN ('received', 'verified') AND overdue"))
    assert question.categories == {"pothole"}
    assert question.statuses == {"received", "verified"}
    dated = lifted(asked("opened_at > '2026-11-01T00:00:00Z' AND opened_at < '2026-11-02T00:00:00Z'"))
    assert (dated.since, dated.until) == (MOMENT, datetime(2026, 11, 2, 0, 0, 0, 1, tzinfo=UTC))
    assert lifted(asked("category = 'pothole' OR overdue")).categories == set()
    assert lifted(asked("NOT category = 'pothole'")).categories == set()
    assert lifted(asked("status = 'nonsense'")).statuses == set()
    boxed = lifted(asked(f"S_INTERSECTS(geometry, {TRIANGLE.wkt}) AND S_WITHIN(geometry, BBOX(113.1, -9, 114, -8))"))
    assert boxed.box is not None
    assert (boxed.box.west, boxed.box.south, boxed.box.east, boxed.box.north) == (113.1, -8.5, 113.4, -8.1)
    assert lifted(asked(f"S_DISJOINT(geometry, {TRIANGLE.wkt})")).box is None
