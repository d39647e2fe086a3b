"""Counting everything anew while others write: nobody waits, and afterwards every count is what the rows say."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select, text
from sqlmodel import col

from cases.incidents import Question
from storage import counts
from storage.database import Session
from storage.rollups import check, fold, mark, rebuild
from storage.rollups.mark import NotCounted
from storage.rollups.upkeep import keep
from storage.tables import Complaint, Fact, Rollup, RollupDelta
from tests.storage.crowd import JAKARTA, NOW, counted_crowd, gather
from tests.storage.pairs import Pair, on_sqlite
from tests.storage.processes import finish, start
from tests.storage.test_rollups import ALL

__all__ = ["counted_crowd"]

MAKASSAR = ZoneInfo("Asia/Makassar")

KILLED = """
import os, sys
from storage.database import open_database
from storage.rollups import rebuild
from tests.storage.test_rebuild import JAKARTA, NOW
rebuild._replace = lambda *given: os._exit(9)
with open_database(sys.argv[1]) as database:
    rebuild.rebuild(database, JAKARTA, NOW)
"""


@pytest.fixture
def crowd(counted_crowd: Pair) -> Pair:
    """A crowd that is counted, but for a few changes."""
    with counted_crowd.database.write() as db:
        gather(db, 12, seed=2)
    return counted_crowd


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Has something done after everything was counted and before it is put in its place; in a thread of its own, as
    others do.
    """

    def of(work: Callable[[], object]) -> None:
        counting = rebuild._counting

        def and_then(db: Session, shift: int) -> Iterator[None]:
            yield from counting(db, shift)
            done: list[object] = []
            other = threading.Thread(target=lambda: done.append(work()))
            other.start()
            other.join(20)
            assert done, "whoever wrote meanwhile had to wait, or failed"

        monkeypatch.setattr(rebuild, "_counting", and_then)

    return of


def write(pair: Pair, seed: int) -> None:
    with pair.database.write() as db:
        gather(db, 20, seed)
        db.execute(delete(Complaint).where(col(Complaint.category_code) == "pothole"))


def waiting(pair: Pair) -> int:
    with pair.database.read() as db:
        return len(db.scalars(select(col(RollupDelta.id))).all())


def total(pair: Pair) -> int:
    with pair.database.read() as db:
        return counts.count(db, Question(), ALL, NOW).number


def spoil(pair: Pair) -> None:
    with pair.database.write() as db:
        db.execute(text("DELETE FROM rollup_cell WHERE level = 11"))


def test_others_write_while_everything_is_counted_anew(crowd: Pair, meanwhile: Callable[..., None]) -> None:
    spoil(crowd)
    seen: list[int] = []

    def work() -> None:
        seen.append(total(crowd))
        write(crowd, 3)
        seen.append(total(crowd))

    meanwhile(work)
    rebuild.rebuild(crowd.database, JAKARTA, NOW)
    assert list(check.differences(crowd.database)) == []
    assert total(crowd) == seen[1] != seen[0]
    noted = waiting(crowd)
    assert noted > 20, "what was written meanwhile is still to be folded in"
    assert keep(crowd.database, JAKARTA, NOW) == noted
    assert list(check.differences(crowd.database)) == []


@on_sqlite
def test_nobody_folds_or_counts_a_second_time_meanwhile(crowd: Pair, meanwhile: Callable[..., None]) -> None:
    noted, told = waiting(crowd), []

    def work() -> None:
        told.append(fold.fold(crowd.database, NOW))
        told.append(keep(crowd.database, JAKARTA, NOW + timedelta(minutes=9)))
        told.append(keep(crowd.database, MAKASSAR, NOW))
        with pytest.raises(NotCounted, match="another process is counting"):
            rebuild.rebuild(crowd.database, JAKARTA, NOW)
        assert waiting(crowd) == noted > 0

    meanwhile(work)
    rebuild.rebuild(crowd.database, JAKARTA, NOW)
    assert told == [0, 0, 0]
    assert waiting(crowd) == 0
    with crowd.database.read() as db:
        assert not mark.stands(db, NOW)
        assert fold.offset(db) == 7 * 3600
    assert list(check.differences(crowd.database)) == []


@on_sqlite
def test_a_mark_whose_process_was_killed_runs_out(crowd: Pair) -> None:
    noted = waiting(crowd)
    assert finish(start(KILLED, crowd.url))[0] == 9
    assert keep(crowd.database, JAKARTA, NOW + timedelta(minutes=9)) == 0
    with pytest.raises(NotCounted):
        rebuild.rebuild(crowd.database, JAKARTA, NOW + timedelta(minutes=9))
    assert list(check.differences(crowd.database)) == []
    assert keep(crowd.database, JAKARTA, NOW + timedelta(minutes=11)) == noted
    rebuild.rebuild(crowd.database, JAKARTA, NOW + timedelta(minutes=11))
    assert list(check.differences(crowd.database)) == []


@on_sqlite
@pytest.mark.parametrize("by", ["a fold", "another count"])
def test_who_comes_late_replaces_nothing(crowd: Pair, meanwhile: Callable[..., None], by: str) -> None:
    late = NOW + timedelta(minutes=11)

    def work() -> None:
        write(crowd, 4)
        if by == "a fold":
            assert fold.fold(crowd.database, late) > 0
        else:
            with crowd.database.write() as db:
                mark.put(db, late)

    meanwhile(work)
    with pytest.raises(NotCounted, match="nothing was replaced"):
        rebuild.rebuild(crowd.database, MAKASSAR, NOW)
    with crowd.database.read() as db:
        assert fold.offset(db) == 7 * 3600
        assert mark.stands(db, late) == (by == "another count"), "one's own mark is removed, not another's"
    assert list(check.differences(crowd.database)) == []


@on_sqlite
def test_a_mark_is_put_anew_while_the_counting_lasts(
    crowd: Pair, meanwhile: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def put_at() -> list[object]:
        with crowd.database.read() as db:
            return list(db.scalars(select(col(Fact.updated_at)).where(col(Fact.key) == mark._FACT)))

    seen: list[object] = []
    monkeypatch.setattr(rebuild, "_RENEW_S", 0.0)
    meanwhile(lambda: seen.extend(put_at()))
    rebuild.rebuild(crowd.database, JAKARTA, NOW)
    assert len(seen) == 1
    assert seen[0] > NOW  # type: ignore[operator]
    assert put_at() == []


@on_sqlite
def test_counting_that_fails_leaves_what_was(
    crowd: Pair, meanwhile: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    before = total(crowd)
    monkeypatch.setattr(rebuild, "_replace", full)
    with pytest.raises(OSError, match="no space"):
        rebuild.rebuild(crowd.database, JAKARTA, NOW)
    assert total(crowd) == before
    assert keep(crowd.database, JAKARTA, NOW) > 0, "and nobody is kept from folding"
    assert list(check.differences(crowd.database)) == []


def test_writers_who_never_rest_are_counted(crowd: Pair) -> None:
    """Counts made anew again and again, folds and writes at the same time."""
    over, failed = threading.Event(), list[BaseException]()

    def go_on(work: Callable[[Random], object]) -> Callable[[], None]:
        def run() -> None:
            rng = Random(8)
            try:
                while not over.wait(0.005):
                    work(rng)
            except BaseException as error:
                failed.append(error)

        return run

    works: list[Callable[[Random], object]] = [
        lambda rng: write(crowd, rng.getrandbits(30)),
        lambda _: keep(crowd.database, JAKARTA, NOW),
    ]
    threads = [threading.Thread(target=go_on(work)) for work in works]
    for thread in threads:
        thread.start()
    for _ in range(4):
        rebuild.rebuild(crowd.database, JAKARTA, NOW)
    over.set()
    for thread in threads:
        thread.join()
    assert failed == []
    assert list(check.differences(crowd.database)) == []
    with crowd.database.read() as db:
        assert db.scalar(select(col(Rollup.n)).limit(1)) is not None
