"""Reads that a real streaming replica answers, those that it must not, and what happens when it is slow or gone."""

import threading
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import text

from storage.database import Database, Session, open_database
from storage.errors import DatabaseBusy, DatabaseRefused, DatabaseSlow
from storage.replica import Lag, may_lag
from tests.servers.postgres import PostgresServer, execute
from tests.storage.replicas import IN_RECOVERY, MOST_LAG_S, Followed

ADD = text("INSERT INTO road (name, road_class, geometry) VALUES ('Jl. Merdeka', 'street', '')")
COUNT = text("SELECT count(*) FROM road")


@pytest.mark.unit
@given(some.lists(some.tuples(some.floats(0.01, 5), some.integers(0, 1000)), min_size=1))
def test_the_lag_is_the_age_of_the_newest_note_that_was_reached(steps: list[tuple[float, int]]) -> None:
    lag, notes, at, written = Lag(), [], 0.0, 0
    for wait_s, more in steps:
        at, written = at + wait_s, written + more
        lag.note(at, written)
        notes.append((at, written))
    for reached in range(0, written + 2, max(written // 7, 1)):
        then = [moment for moment, place in notes if place <= reached]
        assert lag.of(at, reached) == (at - then[-1] if then else None)


def test_what_only_asks_comes_from_the_replica_and_what_must_not_lag_does_not(followed: Followed) -> None:
    with followed.open() as database:
        assert not replicated(database)
        with may_lag():
            assert replicated(database)
            assert not replicated(database, fresh=True)
            assert database.ask(lambda db: db.scalar(IN_RECOVERY))
            assert not database.ask(lambda db: db.scalar(IN_RECOVERY), fresh=True)
            with database.write() as db:
                assert not db.scalar(IN_RECOVERY)
        assert not replicated(database)
        assert database.replica is not None
        assert database.replica.reads == {"replica": 2, "primary": 0}


def test_one_that_lags_too_far_is_not_used_until_it_has_caught_up(followed: Followed) -> None:
    with followed.open() as database:
        assert database.replica is not None
        followed.pause()
        try:
            with database.write() as db:
                db.execute(ADD)
            with may_lag(), database.read() as db:
                early = db.scalar(COUNT)
            until(lambda: not used(database))
            assert "behind" in database.replica.standing().why
            assert (database.replica.standing().lag_s or 0) > MOST_LAG_S
            with may_lag(), database.read() as db:
                assert db.scalar(COUNT) == 1
        finally:
            followed.resume()
        assert early == 0
        until(lambda: used(database))
        with may_lag(), database.read() as db:
            assert (db.scalar(IN_RECOVERY), db.scalar(COUNT)) == (True, 1)


def test_one_request_reads_from_one_place(followed: Followed) -> None:
    with followed.open() as database:
        assert database.replica is not None
        with may_lag():
            assert replicated(database)
            database.replica._seen = (time.monotonic(), 99.0, "it is 99.0 s behind")
            assert replicated(database)
        with may_lag():
            assert not replicated(database)
            until(lambda: database.replica is not None and database.replica.standing().usable)
            assert not replicated(database)


def test_a_question_that_the_replica_breaks_off_is_asked_of_the_primary(followed: Followed) -> None:
    asked: list[bool] = []

    def work(db: Session) -> int:
        asked.append(bool(db.scalar(IN_RECOVERY)))
        # It holds the table while the replica has to play its change.
        return int(db.execute(text("SELECT count(*), pg_sleep(2) FROM road")).scalar_one())

    with followed.open() as database:
        change = threading.Timer(0.3, execute, [followed.url, "ALTER TABLE road ADD COLUMN width_m float"])
        change.start()
        with may_lag():
            assert database.ask(work) == 0
            assert not replicated(database)  # the rest of this request stays there
        change.join()
        assert asked == [True, False]


def test_a_replica_that_is_no_replica_or_not_there_is_done_without(followed: Followed) -> None:
    nowhere = "postgresql://pantau:secret-word@127.0.0.1:1/pantau"
    for url, why in ((followed.url, "no replica"), (nowhere, "cannot be reached")):
        with open_database(followed.url, read_url=url) as database:
            assert database.replica is not None
            replica = database.replica
            until(lambda: why in replica.standing().why)  # noqa: B023
            assert "secret-word" not in database.replica.standing().why
            with may_lag():
                assert not replicated(database)
    with pytest.raises(DatabaseRefused, match="replica"):
        open_database("sqlite:////nowhere/pantau.db", read_url=followed.url)


def test_a_statement_that_takes_too_long_and_a_pool_that_is_empty_are_said(followed: Followed) -> None:
    sleep = text("SELECT pg_sleep(5)")
    with followed.open(read_s=1, pool=1, wait_s=0.2) as database:
        for allowed in (True, False):
            with pytest.raises(DatabaseSlow, match="longer than 1 s"):
                database.ask(lambda db: db.execute(sleep), fresh=allowed)
        with pytest.raises(DatabaseSlow), database.read() as db:
            db.execute(sleep)
        with database.write() as db:  # what writes has its own time
            assert db.scalar(text("SHOW statement_timeout")) == "1min"
            assert database.taken()["transactions"] == (1, 1)
            with pytest.raises(DatabaseBusy, match="stayed in use"), database.read() as other:
                other.execute(COUNT)
        with database.read() as db:
            assert db.scalar(text("SHOW application_name")) == "pantau"
            assert db.scalar(text("SHOW plan_cache_mode")) == "force_custom_plan"
            assert db.scalar(text("SHOW statement_timeout")) == "1s"


def test_when_the_replica_dies_the_primary_answers(postgres_server: PostgresServer, followed: Followed) -> None:
    # Last: it takes this module's replica with it.
    with followed.open() as database:
        with may_lag():
            assert replicated(database)
        followed.replica.close()
        for _ in range(20):
            with may_lag():
                assert not replicated(database)
                assert database.ask(lambda db: db.scalar(IN_RECOVERY)) is False
            time.sleep(0.05)
        assert database.replica is not None
        assert not database.replica.look(0.1).usable


def replicated(database: Database, *, fresh: bool = False) -> bool:
    with database.read(fresh=fresh) as db:
        return bool(db.scalar(IN_RECOVERY))


def used(database: Database) -> bool:
    assert database.replica is not None
    return database.replica.standing().usable


def until(true: Callable[[], bool], within_s: float = 15.0) -> None:
    deadline = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)
