"""Roll-ups say what the rows say: after any writes, for any question, whoever asks, on both engines."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.access import Sight
from cases.complaint import CLOSED
from cases.incidents import Question
from cases.words import IncidentKind, Status, Watch
from geo.cells import cell, cell_of_tile
from storage import counts
from storage.asked import asked
from storage.rollups import check, fold
from storage.rollups.cells import Cells, cells
from storage.rollups.counted import Counts, Cut, by_rows, counted, folded
from storage.rollups.grains import Axis, Span
from storage.rollups.upkeep import keep
from storage.tables import Complaint, Fact, Outage, Photo, RollupDelta
from tests.storage.crowd import AREAS, CATEGORIES, JAKARTA, NOW, OFFICER, OWNER, count, counted_crowd, gather
from tests.storage.pairs import Pair

__all__ = ["counted_crowd"]

ALL = Sight(None, photos=True, agency_code=None, area_code=None, teams=frozenset({"illegal_levy"}), watch=Watch.ALL)
PUBLIC = Sight(None, photos=False, agency_code=None, area_code=None, teams=frozenset(), details=False)
SIGHTS = (
    ALL,
    PUBLIC,
    replace(ALL, teams=frozenset()),
    replace(ALL, account_id=OFFICER, teams=frozenset()),
    replace(ALL, account_id=OFFICER, area_code="35.10.02", teams=frozenset(), watch=Watch.SHARED),
    replace(ALL, account_id=OFFICER, agency_code="dlh", teams=frozenset(), watch=Watch.SHARED),
    replace(ALL, area_code=AREAS[0]),
    replace(PUBLIC, account_id=OWNER, watch=Watch.OWN),
)
CUTS = (
    Cut(),
    Cut(words=False),
    Cut(code_length=5),
    Cut(code_length=8, full=True),
    Cut(code_length=13, words=False, full=True),
    Cut(words=False, full=True),
)
WHOLE = (0, (1 << 48) - 1)


@pytest.fixture
def crowd(counted_crowd: Pair) -> Pair:
    """A crowd whose counts are built."""
    return counted_crowd


@pytest.fixture(scope="module")
def kept_crowd(kept_pair: Pair) -> Pair:
    """The same for all tests that only ask, with some changes that are not folded in."""
    count(kept_pair.database)
    with kept_pair.database.write() as db:
        gather(db, 20, 77)
    return kept_pair


def _midnight(rng: Random) -> datetime:
    day = NOW.astimezone(JAKARTA).replace(hour=0, minute=0) - timedelta(days=rng.randrange(45))
    return day if rng.random() < 0.7 else day.replace(day=1)


def _some_question(rng: Random) -> Question:
    """One that roll-ups may answer; now and then one that they may not."""
    given: dict[str, Any] = {}
    if rng.random() < 0.4:
        given["area"] = rng.choice([*AREAS, "35.10", "35.10.01", "35.10.02"])
    if rng.random() < 0.5:
        given["since"] = _midnight(rng)
    if rng.random() < 0.5:
        given["until"] = _midnight(rng)
    if rng.random() < 0.3:
        given["categories"] = frozenset(rng.sample(list(CATEGORIES), 2))
    if rng.random() < 0.3:
        given["statuses"] = frozenset(rng.sample(list(Status), 2))
    if rng.random() < 0.4:
        given["kinds"] = frozenset({rng.choice(list(IncidentKind))})
    if rng.random() < 0.2:
        given["agency"] = rng.choice(("dishub", "dlh"))
    if rng.random() < 0.15:
        given |= rng.choice(({"overdue": True}, {"text": "trotoar"}, {"since": NOW - timedelta(days=9, hours=1)}))
    return Question(**given)


def _write(db: Session, rng: Random) -> None:
    """One of the things that happen to rows, by whichever way."""
    seed = rng.getrandbits(30)
    some: Any = select(col(Complaint.id)).order_by(col(Complaint.id)).offset(rng.randrange(150)).limit(5)
    ids = list(db.scalars(some))
    photos = list(db.scalars(select(col(Photo.id)).order_by(col(Photo.id)).offset(rng.randrange(50)).limit(3)))
    status = rng.choice(list(Status))
    lon, lat = rng.uniform(113.0, 113.5), rng.uniform(-8.5, -8.0)
    place = {"lon": lon, "lat": lat, "cell": cell(lon, lat), "area_code": rng.choice([*AREAS, None])}
    nowhere = {"lon": None, "lat": None, "cell": None, "area_code": None}
    category = rng.choice(list(CATEGORIES))
    told = {"category_code": category, "confidential": CATEGORIES[category][1]}
    match rng.randrange(9):
        case 0:
            gather(db, 6, seed)
        case 1:
            closed = NOW - timedelta(hours=rng.randrange(200)) if status in CLOSED else None
            db.execute(update(Complaint).where(col(Complaint.id).in_(ids)).values(status=status, closed_at=closed))
        case 2:
            changed = {**told, "agency_code": CATEGORIES[category][0], "due_at": NOW}
            db.execute(update(Complaint).where(col(Complaint.id).in_(ids)).values(**changed))
        case 3:
            moved = rng.choice((place, nowhere))
            db.execute(update(Complaint).where(col(Complaint.id).in_(ids)).values(**moved))
            db.execute(update(Photo).where(col(Photo.id).in_(photos)).values(**moved))
        case 4:
            db.execute(delete(Complaint).where(col(Complaint.id).in_(ids[:2])))
        case 5:
            gone = rng.choice((NOW, None))
            db.execute(update(Photo).where(col(Photo.id).in_(photos)).values(deleted_at=gone, **told))
        case 6:
            db.execute(update(Complaint).where(col(Complaint.id).in_(ids)).values(opened_by=OFFICER, description="x"))
        case 7:
            db.execute(update(Outage).values(area_code=rng.choice(AREAS)))
            db.execute(update(Complaint).where(col(Complaint.id).in_(ids)).values(opened_at=_midnight(rng)))
        case 8:
            db.execute(delete(Photo).where(col(Photo.id).in_(photos[:1])))


def _from_rows(db: Session, question: Question, sight: Sight, cut: Cut) -> Counts:
    found: Counts = {}
    for form in asked(db, question, sight):
        for key, sums in by_rows(db, form, question, NOW, cut).items():
            found[key] = found[key] + sums if key in found else sums
    return {key: sums for key, sums in found.items() if sums.n}


def _dictionary(found: Cells) -> dict[tuple[Any, ...], int]:
    columns = zip(found.cells.tolist(), found.groups.tolist(), found.counts.tolist(), strict=True)
    return {(at, found.legend[group]): number for at, group, number in columns}


def test_after_any_writes_every_question_is_answered_as_by_the_rows(crowd: Pair) -> None:
    rng, answered = Random(11), 0
    for at in range(8):
        for _ in range(rng.randrange(1, 8)):
            with crowd.database.write() as db:
                _write(db, rng)
        if rng.random() < 0.6:
            fold.fold(crowd.database, NOW, rng.choice((3, 1_000)))
        with crowd.database.read() as db:
            for _ in range(10):
                question, sight, cut = _some_question(rng), rng.choice(SIGHTS), rng.choice(CUTS)
                told = counted(db, question, sight, NOW, cut)
                assert told == _from_rows(db, question, sight, cut), (question, sight, cut)
                answered += any(folded(db, form, question, NOW, cut) is not None for form in asked(db, question, sight))
                assert counts.count(db, question, sight, NOW).number == sum(
                    sums.n for sums in _from_rows(db, question, sight, Cut(words=False)).values()
                )
        if at % 3 == 1:
            assert list(check.differences(crowd.database)) == []
    assert answered > 25, "most of these are for roll-ups to answer"


@pytest.mark.parametrize("axis", list(Axis))
@pytest.mark.parametrize("span", [Span.DAY, Span.MONTH])
def test_spans_of_time_are_those_of_the_city(kept_crowd: Pair, axis: Axis, span: Span) -> None:
    def by_span(found: Counts) -> dict[str, int]:
        sums: dict[str, int] = {}
        for key, one in found.items():
            local = datetime.fromtimestamp(key.quarter * 900, JAKARTA)
            name = f"{local:%Y-%m-%d}" if span is Span.DAY else f"{local:%Y-%m}"
            sums[name] = sums.get(name, 0) + one.n
        return sums

    rng, cut = Random(5), Cut(words=False, span=span, axis=axis)
    with kept_crowd.database.read() as db:
        for _ in range(12):
            question = replace(_some_question(rng), kinds=frozenset({IncidentKind.COMPLAINT}), text="", overdue=None)
            told, rows = counted(db, question, ALL, NOW, cut), _from_rows(db, question, ALL, cut)
            assert by_span(told) == by_span(rows), question


def test_cells_at_every_level_sum_to_the_rows(crowd: Pair) -> None:
    rng = Random(3)
    corner = cell_of_tile(9, *_tile(9, 113.1, -8.2))
    for _ in range(5):
        with crowd.database.write() as db:
            _write(db, rng)
        with crowd.database.read() as db:
            for level in (0, 6, 9, 12, 14, 16):
                question = replace(_some_question(rng), since=None, until=None, area=None)
                sight, run = rng.choice(SIGHTS), rng.choice((WHOLE, corner))
                told = _dictionary(cells(db, question, sight, NOW, level=level, run=run))
                expected = _cells_of_rows(db, question, sight, level, run)
                assert told == expected, (question, sight, level)
        if rng.random() < 0.5:
            fold.fold(crowd.database, NOW)


def _tile(zoom: int, lon: float, lat: float) -> tuple[int, int]:
    code = cell(lon, lat) >> 2 * (24 - zoom)
    x = sum((code >> 2 * bit & 1) << bit for bit in range(zoom))
    y = sum((code >> 2 * bit + 1 & 1) << bit for bit in range(zoom))
    return x, y


def _cells_of_rows(
    db: Session, question: Question, sight: Sight, level: int, run: tuple[int, int]
) -> dict[tuple[Any, ...], int]:
    found: dict[tuple[Any, ...], int] = {}
    for form in asked(db, question, sight):
        table: Any = form.table
        rows = select(table).where(*form.conditions(), col(table.cell).between(*run))
        given = {"now": NOW, "pattern": f"%{question.text}%", "reference": "", "since": None, "until": None}
        for row in db.scalars(rows, given):
            group = (form.kind, getattr(row, "status", None), getattr(row, "category_code", None))
            key = (row.cell >> 2 * (24 - level), group)
            found[key] = found.get(key, 0) + 1
    return found


def test_without_roll_ups_the_same_is_answered(crowd: Pair) -> None:
    rng = Random(9)
    with crowd.database.write() as db:
        db.execute(delete(Fact))
    with crowd.database.read() as db:
        for _ in range(8):
            question, sight, cut = _some_question(rng), rng.choice(SIGHTS), rng.choice(CUTS)
            assert counted(db, question, sight, NOW, cut) == _from_rows(db, question, sight, cut)
        assert cells(db, Question(), ALL, NOW, level=9, run=WHOLE).counts.sum() > 0
        assert not check.state(db).built
    assert len(list(check.differences(crowd.database))) == 1


def test_a_sight_learns_nothing_from_sums(kept_crowd: Pair) -> None:
    """What is confidential, or beyond an agency, is in nobody else's counts: a leak would show here."""
    with kept_crowd.database.read() as db:
        seen = {key.category for key in counted(db, Question(), PUBLIC, NOW, Cut())}
        team = {key.category for key in counted(db, Question(), ALL, NOW, Cut())}
        theirs = {key.agency for key in counted(db, Question(kinds=_COMPLAINTS), SIGHTS[5], NOW, Cut())}
        legend = cells(db, Question(), PUBLIC, NOW, level=9, run=WHOLE).legend
    assert ("illegal_levy" in seen, "illegal_levy" in team) == (False, True)
    assert theirs == {"dlh"}
    assert {group.kind for group in legend} == {IncidentKind.COMPLAINT}
    assert "illegal_levy" not in {group.category for group in legend}


_COMPLAINTS = frozenset({IncidentKind.COMPLAINT})


def test_folding_leaves_nothing_behind(crowd: Pair) -> None:
    with crowd.database.write() as db:
        db.execute(update(Complaint).values(status=Status.RESOLVED, closed_at=NOW))
        db.execute(delete(Photo))
    assert keep(crowd.database, JAKARTA, NOW) > 200
    with crowd.database.read() as db:
        assert db.scalar(select(col(RollupDelta.id))) is None
        for table in ("rollup", "rollup_cell"):
            assert db.scalar(text(f"SELECT count(*) FROM {table} WHERE n = 0")) == 0
        photos = Question(kinds=frozenset({IncidentKind.PHOTO}))
        assert counts.count(db, photos, ALL, NOW).number == 0
        assert {key.status for key in counted(db, Question(kinds=_COMPLAINTS), ALL, NOW, Cut())} == {"resolved"}
        assert keep(crowd.database, JAKARTA, NOW) == 0


def test_another_zone_builds_them_anew(crowd: Pair) -> None:
    with crowd.database.read() as db:
        assert fold.offset(db) == 7 * 3600
    makassar = ZoneInfo("Asia/Makassar")
    keep(crowd.database, makassar, NOW)
    with crowd.database.read() as db:
        assert fold.offset(db) == 8 * 3600
        midnight = datetime(2026, 11, 10, tzinfo=makassar)
        forms = asked(db, Question(since=midnight), PUBLIC)
        assert folded(db, forms[0], Question(since=midnight), NOW, Cut()) is not None
        jakarta = Question(since=midnight.replace(tzinfo=JAKARTA))
        assert folded(db, forms[0], jakarta, NOW, Cut()) is None
    assert list(check.differences(crowd.database)) == []


def test_a_wrong_count_is_told(crowd: Pair) -> None:
    with crowd.database.read() as db:
        assert check.state(db).totals == {}
    with crowd.database.write() as db:
        db.execute(text("UPDATE rollup SET n = n + 1 WHERE grain IN (2, 3) AND area_code = '35.10.02'"))
        db.execute(text("DELETE FROM rollup_cell WHERE level = 11"))
    with crowd.database.read() as db:
        assert set(check.state(db).totals) == set(IncidentKind)
    told = list(check.differences(crowd.database))
    assert any("grain 3 (happened day district)" in one and "n +1" in one for one in told)
    assert any(one.startswith("cells of zoom 11") for one in told)


def test_writers_that_do_not_come_through_pantau_are_counted(crowd: Pair) -> None:
    with crowd.database.write() as db:
        before = counts.count(db, Question(), ALL, NOW).number
        db.execute(text("DELETE FROM complaint WHERE category_code = 'rubbish'"))
    with crowd.database.read() as db:
        assert counts.count(db, Question(), ALL, NOW).number < before
    assert list(check.differences(crowd.database)) == []


def test_counts_come_in_columns(kept_crowd: Pair) -> None:
    with kept_crowd.database.read() as db:
        found = cells(db, Question(), ALL, NOW, level=11, run=WHOLE)
        nothing = cells(db, Question(area="99.99"), ALL, NOW, level=11, run=WHOLE)
    assert found.cells.dtype == found.groups.dtype == found.counts.dtype == np.int64
    assert (np.diff(found.cells) >= 0).all()
    assert len(nothing.cells) == len(nothing.legend) == 0


def test_many_rows_at_once_are_noted(crowd: Pair) -> None:
    rows = [{"id": UUID(int=at), "reference": f"R{at}", **_plain()} for at in range(1, 400)]
    with crowd.database.write() as db:
        db.execute(insert(Complaint), rows)
    with crowd.database.read() as db:
        assert check.state(db).waiting == 399
    assert list(check.differences(crowd.database)) == []


def _plain() -> dict[str, Any]:
    times = dict.fromkeys(("opened_at", "received_at", "updated_at", "due_at"), NOW)
    return {"category_code": "pothole", "agency_code": "dlh", **times}
