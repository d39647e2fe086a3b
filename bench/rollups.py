"""Counts from roll-ups beside counting the rows, at a million complaints; and what the roll-ups cost a write.

    python -m bench.rollups [--rows N] [--cache FOLDER] [--engine sqlite|postgresql] [--postgresql URL]

Both ways are asked in the same run: `storage.rollups.counted` as it answers, and the plain GROUP BY over the rows that
it falls back to; their answers are compared. While everything is counted anew somebody goes on writing. Writes are
timed with the triggers and without them, then folded. With --cache a copy of the SQLite town kept there is used; the
town itself is not written.
"""

import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, delete, insert, text, update
from sqlmodel import col

from bench import _options, _town
from bench._measured import Verdicts, once
from bench._options import Town
from cases.access import Sight
from cases.compared import By
from cases.complaint import OPEN
from cases.incidents import Question
from cases.words import IncidentKind, Status, Watch
from geo.cells import cell, cell_of_tile
from storage import counts, league, trends
from storage.asked import asked
from storage.database import BUSY_S, Database, Session, open_database
from storage.rollups import counted as counting
from storage.rollups.cells import cells
from storage.rollups.check import differences
from storage.rollups.counted import Counts, Cut
from storage.rollups.grains import Axis, Span
from storage.rollups.rebuild import rebuild
from storage.rollups.upkeep import keep
from storage.tables import Complaint

ZONE = ZoneInfo("Asia/Jakarta")
NOW = _town.LAST
EVERYTHING = Sight(None, photos=True, agency_code=None, area_code=None, teams=frozenset(), watch=Watch.ALL)
COMPLAINTS = Question(kinds=frozenset({IncidentKind.COMPLAINT}))
YEAR = Question(since=datetime(2025, 12, 1, tzinfo=ZONE), kinds=COMPLAINTS.kinds)
MONTH = Question(since=datetime(2026, 10, 22, tzinfo=ZONE), kinds=COMPLAINTS.kinds)
OPEN_ONES = Question(statuses=frozenset(OPEN), kinds=COMPLAINTS.kinds)

READS = {
    "summary, districts": (COMPLAINTS, Cut(code_length=8), 20.0),
    "summary, districts, open": (OPEN_ONES, Cut(code_length=8), 20.0),
    "summary, districts, 30 days": (MONTH, Cut(code_length=8), 30.0),
    "summary, villages": (COMPLAINTS, Cut(code_length=13), None),
    "trend, months, opened": (COMPLAINTS, Cut(words=False, span=Span.MONTH), 20.0),
    "trend, months, closed": (COMPLAINTS, Cut(words=False, span=Span.MONTH, axis=Axis.CLOSED), 20.0),
    "trend, 30 days, opened": (MONTH, Cut(words=False, span=Span.DAY), 20.0),
    "league of agencies": (COMPLAINTS, Cut(full=True), 20.0),
    "league of districts, a year": (YEAR, Cut(words=False, code_length=8, full=True), 30.0),
    "exact count of everything": (Question(), Cut(words=False), 20.0),
    "exact count, a year": (YEAR, Cut(words=False), 20.0),
}
"""Questions with the most milliseconds they may take (None: told only)."""

BATCH, BATCHES, ROUNDS = 100, 10, 5

_DELETABLE = "CREATE INDEX IF NOT EXISTS bench_duplicate ON complaint (duplicate_of) WHERE duplicate_of IS NOT NULL"
"""Nobody deletes complaints but this file: without an index each would be looked for among a million."""


def main() -> None:
    """Measures on each engine; the exit code says whether every target held."""
    _options.measure(_options.town(__doc__).parse_args(), measure, sqlite=_copied)


@contextmanager
def _copied(cache: Path | None, rows: int) -> Iterator[str]:
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        kept, mine = (cache or Path(folder)) / f"town-{rows}.db", Path(folder) / "mine.db"
        if kept.exists():
            shutil.copyfile(kept, mine)
        yield f"sqlite:///{mine}"


def measure(town: Town, verdicts: Verdicts) -> None:
    """Everything, on one engine."""
    with open_database(town.url) as database:
        _counts(database, verdicts)


def _counts(database: Database, verdicts: Verdicts) -> None:
    with database.write() as db:
        db.execute(text(_DELETABLE))
    took, waits = _rebuilt(database)
    with database.read() as db:
        numbers = [db.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in ("rollup", "rollup_cell")]
    verdicts.say("built", f"{took / 1000:.1f} s, {numbers[0]:,} counts by time and area, {numbers[1]:,} by cell")
    longest = f"{max(waits):,.0f} ms of {len(waits):,} writes, half in {median(waits):.1f} ms"
    verdicts.say("longest wait of a writer", longest, max(waits) < BUSY_S * 1000 / 4)
    _reads(database, verdicts)
    _writes(database, verdicts)
    took = once(lambda: keep(database, ZONE, NOW))
    verdicts.say("folded the changes of that", f"{took / 1000:.2f} s")
    found: list[str] = []
    took = once(lambda: found.extend(differences(database)))
    verdicts.say("checked against the rows", f"{took / 1000:.1f} s, {len(found)} differences", not found)


def _rebuilt(database: Database) -> tuple[float, list[float]]:
    """Milliseconds that counting anew takes, and those of each small write that others do meanwhile."""
    done, waits = threading.Event(), list[float]()

    def write() -> None:
        while not done.wait(0.02):
            waits.append(once(lambda: _insert(database)))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        took = once(lambda: rebuild(database, ZONE, NOW))
    finally:
        done.set()
        writer.join()
    _clear(database)
    return took, waits


def _insert(database: Database) -> None:
    with database.write() as db:
        db.execute(insert(Complaint), [_row()])


def _clear(database: Database) -> None:
    with database.write() as db:
        db.execute(delete(Complaint).where(col(Complaint.opened_at) > NOW))


def _reads(database: Database, verdicts: Verdicts) -> None:
    with database.read() as db:
        for name, (question, cut, most) in READS.items():
            slow = time.perf_counter()
            rows = _by_rows(db, question, cut)
            slow_ms = (time.perf_counter() - slow) * 1000
            kept = counting.counted(db, question, EVERYTHING, NOW, cut)
            same = _total(rows) == _total(kept)
            fast = median(once(lambda: counting.counted(db, question, EVERYTHING, NOW, cut)) for _ in range(15))  # noqa: B023
            _beside(verdicts, name, slow_ms, fast, most, same)
        whole = [datetime(2024, month, 1, tzinfo=ZONE) for month in range(1, 13)] + [
            datetime(2026, 11, 22, tzinfo=ZONE)
        ]
        for name, work in {
            "door's summary": lambda: counts.summary(db, COMPLAINTS, EVERYTHING, NOW, 8),
            "door's trends, opened and closed": lambda: trends.trend(
                db, COMPLAINTS, EVERYTHING, NOW, whole, monthly=True
            ),
            "door's league, overdue too": lambda: league.league(db, YEAR, EVERYTHING, NOW, by=By.AGENCY, code_length=8),
        }.items():
            verdicts.say(name, f"{median(once(work) for _ in range(10)):8.1f} ms")
        _tiles(db, verdicts)


def _tiles(db: Session, verdicts: Verdicts) -> None:
    """A tile of zoom 9 that holds half the city, in cells of zoom 13."""
    code = cell(113.15, -8.45) >> 2 * (24 - 9)
    x, y = (sum((code >> 2 * bit + odd & 1) << bit for bit in range(9)) for odd in (0, 1))
    run = cell_of_tile(9, x, y)
    began = time.perf_counter()
    rows = db.execute(
        text(
            "SELECT cell >> 22, status, category_code, count(*) FROM complaint WHERE cell BETWEEN :first AND :last "
            "AND NOT confidential GROUP BY 1, 2, 3"
        ),
        {"first": run[0], "last": run[1]},
    ).all()
    slow = (time.perf_counter() - began) * 1000
    kept = cells(db, COMPLAINTS, EVERYTHING, NOW, level=13, run=run)
    times = [once(lambda: cells(db, COMPLAINTS, EVERYTHING, NOW, level=13, run=run)) for _ in range(15)]
    same = sum(row[3] for row in rows) == int(kept.counts.sum()) and len(rows) == len(kept.counts)
    _beside(verdicts, f"cells of a tile z9 ({len(rows):,})", slow, median(times), None, same)


def _beside(verdicts: Verdicts, name: str, slow: float, fast: float, most: float | None, same: bool) -> None:
    figures = f"rows {slow:9.1f} ms   roll-ups {fast:7.2f} ms   ratio {slow / fast:7.1f}{'' if same else '   DIFFER'}"
    verdicts.say(name, figures, same and (most is None or fast <= most) if most is not None or not same else None)


def _by_rows(db: Session, question: Question, cut: Cut) -> Counts:
    found: Counts = {}
    for form in asked(db, question, EVERYTHING):
        for key, sums in counting.by_rows(db, form, question, NOW, cut).items():
            found[key] = found[key] + sums if key in found else sums
    return found


def _total(found: Counts) -> tuple[int, int]:
    return sum(one.n for one in found.values()), sum(one.on_time for one in found.values())


def _writes(database: Database, verdicts: Verdicts) -> None:
    """Rows a second in transactions of BATCH, with the triggers and without, in turns."""
    rates: dict[bool, list[tuple[float, float]]] = {False: [], True: []}
    for _ in range(ROUNDS):
        for triggers, found in rates.items():
            with _triggers(database, on=triggers):
                found.append(_inserted_and_moved(database))
                _clear(database)
    for at, name in enumerate(("insert", "status move")):
        without, noted = (median(rate[at] for rate in rates[triggers]) for triggers in (False, True))
        figures = f"without {without:8,.0f} rows/s   with {noted:8,.0f} rows/s   ratio {without / noted:4.2f}"
        verdicts.say(f"{name}, {BATCH} each", figures, without / noted <= 1.5)


def _inserted_and_moved(database: Database) -> tuple[float, float]:
    batches = [[_row() for _ in range(BATCH)] for _ in range(BATCHES)]
    one = col(Complaint.id) == bindparam("which")

    def move(db: Session, at: int) -> None:
        for row in batches[at]:
            db.execute(update(Complaint).where(one).values(status=Status.VERIFIED), {"which": row["id"]})

    return _rate(database, lambda db, at: db.execute(insert(Complaint), batches[at])), _rate(database, move)


def _row() -> dict[str, Any]:
    at = NOW + timedelta(seconds=1)
    times = dict.fromkeys(("opened_at", "received_at", "updated_at", "due_at"), at)
    lon, lat = 113.15, -8.45
    place = {"lon": lon, "lat": lat, "cell": cell(lon, lat), "area_code": "99.01.04.2003", "radius_m": 5.0}
    words = {"category_code": "pothole", "agency_code": "bina_marga"}
    return {"id": uuid4(), "reference": uuid4().hex[:16], **words, **times, **place}


def _rate(database: Database, work: Callable[[Session, int], object]) -> float:
    began = time.perf_counter()
    for at in range(BATCHES):
        with database.write() as db:
            work(db, at)
    return BATCH * BATCHES / (time.perf_counter() - began)


@contextmanager
def _triggers(database: Database, *, on: bool) -> Iterator[None]:
    """The roll-ups' triggers on complaints, away meanwhile unless `on`."""
    if on:
        yield
        return
    if database.dialect == "postgresql":
        switches = [f"TRIGGER rollup_complaint_{name}" for name in ("come", "gone", "changed")]
        with database.write() as db:
            for one in switches:
                db.execute(text(f"ALTER TABLE complaint DISABLE {one}"))
        yield
        with database.write() as db:
            for one in switches:
                db.execute(text(f"ALTER TABLE complaint ENABLE {one}"))
        return
    found = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'rollup_complaint_%'"
    with database.write() as db:
        kept = db.execute(text(found)).all()
        for name, _ in kept:
            db.execute(text(f"DROP TRIGGER {name}"))
    yield
    with database.write() as db:
        for _, sql in kept:
            db.connection().exec_driver_sql(sql)


if __name__ == "__main__":
    main()
