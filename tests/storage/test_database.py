"""Opening a database, reading and writing it, on both engines."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage import database as home
from storage import engines, liveness
from storage.database import Session, check_sqlite, open_database
from storage.errors import DatabaseBusy, DatabaseFull, DatabaseRefused, DatabaseUnreachable
from tests.servers.postgres import PostgresServer
from tests.storage import samples
from tests.storage.pairs import Pair, on_sqlite
from tests.storage.processes import finish, start

COUNT = text("SELECT count(*) FROM road")
ADD = text("INSERT INTO road (name, road_class, geometry) VALUES ('Jl. Merdeka', 'street', '')")

HANG_UP_OTHERS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid()"
)

ANOTHER_WRITER = """
import sys
from storage.database import open_database
from tests.storage.test_database import ADD, COUNT
with open_database(sys.argv[1]) as database:
    for _ in range(20):
        with database.write() as db:
            db.execute(COUNT)
            db.execute(ADD)
"""


def roads(pair: Pair) -> int:
    with pair.database.read() as db:
        return int(db.execute(COUNT).scalar_one())


def test_a_write_is_kept_and_a_failed_one_is_not(pair: Pair) -> None:
    with pair.database.write() as db:
        db.execute(ADD)
    with pytest.raises(ZeroDivisionError), pair.database.write() as db:
        db.execute(ADD)
        raise ZeroDivisionError
    assert roads(pair) == 1


def test_reading_changes_nothing_and_sees_one_moment(pair: Pair) -> None:
    with pytest.raises(DBAPIError, match=r"(?i)read.?only"), pair.database.read() as db:
        db.execute(ADD)
    with pair.database.read() as db:
        assert db.execute(COUNT).scalar_one() == 0
        with pair.database.write() as other:
            other.execute(ADD)
        assert db.execute(COUNT).scalar_one() == 0
    assert roads(pair) == 1


def test_writers_in_threads_and_processes_wait_for_their_turn(pair: Pair) -> None:
    def in_a_thread() -> None:
        for _ in range(20):
            with pair.database.write() as db:
                db.execute(COUNT)
                db.execute(ADD)

    others = [start(ANOTHER_WRITER, pair.url) for _ in range(2)]
    threads = [threading.Thread(target=in_a_thread) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [finish(other)[0] for other in others] == [0, 0]
    assert roads(pair) == 6 * 20


def test_a_turn_that_does_not_come_is_said(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    if pair.database.dialect == "postgresql":
        with open_database(pair.url, pool=1) as narrow:
            # The pool took its patience when it was made.
            monkeypatch.setattr(narrow.engine.pool, "_timeout", 0.05)
            with narrow.read() as db, pytest.raises(DatabaseBusy, match="try again"):
                db.execute(COUNT)
                with narrow.read() as second:
                    second.execute(COUNT)
        return
    monkeypatch.setattr(home, "BUSY_S", 0.05)
    with pair.database.write(), pytest.raises(DatabaseBusy, match="try again"), pair.database.write():
        pass


def test_a_server_that_hangs_up_is_unreachable_and_found_again(
    postgres_server: PostgresServer, postgres_url: str
) -> None:
    with open_database(postgres_url) as database:
        hang_up = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()")
        with pytest.raises(DatabaseUnreachable, match="cannot be reached"), database.write() as db:
            db.execute(hang_up)
            db.execute(text("SELECT 1"))
        with database.read() as db:
            assert db.execute(text("SELECT 1")).scalar_one() == 1


def test_a_question_survives_the_death_of_every_connection(postgres_url: str) -> None:
    asked: list[int] = []

    def work(db: Session) -> int:
        asked.append(1)
        return int(db.execute(COUNT).scalar_one())

    with open_database(postgres_url) as database, open_database(postgres_url) as other:
        with database.write() as db:
            db.execute(text("CREATE TABLE road (name text, road_class text, geometry text)"))
        assert database.ask(work) == 0
        with other.write() as db:
            db.execute(HANG_UP_OTHERS)
        assert database.ask(work) == 0
        # Once before, once on the dead connection, once on a fresh one.
        assert len(asked) == 3


def test_a_server_that_hangs_up_on_every_try_is_said_after_the_second(postgres_url: str) -> None:
    hang_up = text("SELECT pg_terminate_backend(pg_backend_pid())")
    with open_database(postgres_url) as database:
        asked: list[int] = []

        def work(db: Session) -> None:
            asked.append(1)
            db.execute(hang_up)

        with pytest.raises(DatabaseUnreachable, match="cannot be reached"):
            database.ask(work)
        assert len(asked) == 2


def test_a_connection_that_rested_is_looked_at_before_it_is_used(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_database(postgres_url) as database, open_database(postgres_url) as other:
        with database.write() as db:
            db.execute(text("SELECT 1"))
        with other.write() as db:
            db.execute(HANG_UP_OTHERS)
        monkeypatch.setattr(liveness, "BELIEVED_S", 0.0)
        with database.write() as db:
            assert db.execute(text("SELECT 1")).scalar_one() == 1


def test_a_question_sees_what_is_committed_and_writes_nothing(pair: Pair) -> None:
    def count(db: Session) -> int:
        return int(db.execute(COUNT).scalar_one())

    assert pair.database.ask(count) == 0
    with pair.database.write() as db:
        db.execute(ADD)
        assert pair.database.ask(count) == 0
    assert pair.database.ask(count) == 1
    with pytest.raises(DBAPIError, match=r"(?i)read.?only"):
        pair.database.ask(lambda db: db.execute(ADD))
    assert pair.database.ask(count) == 1


@pytest.mark.unit
def test_a_server_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "CONNECT_S", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(DatabaseUnreachable, match="cannot be reached"):
            open_database(f"postgresql://pantau@127.0.0.1:{port}/pantau")


def test_a_password_is_never_in_a_message(postgres_server: PostgresServer, postgres_url: str) -> None:
    for url in (
        postgres_url.replace(postgres_server.password, "a-wrong-secret"),
        "postgresql://pantau:a-wrong-secret@127.0.0.1:1/pantau",
        "mysql://pantau:a-wrong-secret@127.0.0.1/pantau",
        "//pantau:a-wrong-secret",
    ):
        with pytest.raises((DatabaseUnreachable, DatabaseRefused)) as caught:
            open_database(url)
        assert "a-wrong-secret" not in str(caught.value)


def test_parameters_stay_out_of_the_driver_s_errors(pair: Pair) -> None:
    with pytest.raises(DBAPIError) as caught, pair.database.write() as db:
        db.execute(text("INSERT INTO nowhere VALUES (:secret)"), {"secret": "a-kept-hash"})
    assert "a-kept-hash" not in str(caught.value)


def test_the_engine_tells_its_version_and_a_server_its_time(pair: Pair) -> None:
    assert pair.database.version().split(".")[0].isdigit()
    theirs = pair.database.now()
    if pair.database.dialect == "sqlite":
        assert theirs is None
    else:
        assert theirs is not None
        assert abs(theirs - datetime.now(UTC)) < timedelta(seconds=30)


def test_settings_that_durability_and_speed_rest_on(pair: Pair) -> None:
    wanted = (
        {"PRAGMA journal_mode": "wal", "PRAGMA synchronous": 2, "PRAGMA foreign_keys": 1}
        if pair.database.dialect == "sqlite"
        else {"SHOW plan_cache_mode": "force_custom_plan", "SHOW timezone": "UTC"}
    )
    with pair.database.write() as db:
        assert {ask: db.execute(text(ask)).scalar_one() for ask in wanted} == wanted


@on_sqlite
def test_a_full_disk_is_said_and_nothing_is_kept(pair: Pair) -> None:
    large = text("INSERT INTO road (name, road_class, geometry) VALUES ('x', 'street', zeroblob(10000000))")
    with pytest.raises(DatabaseFull, match=r"disk .* is full; nothing was changed"), pair.database.write() as db:
        db.execute(ADD)
        db.execute(text("PRAGMA max_page_count = 1"))  # as many as there are, and no more
        db.execute(large)
    assert roads(pair) == 0


@on_sqlite
def test_tables_are_rebuilt_without_foreign_keys_and_checked_before_the_end(pair: Pair) -> None:
    keys = text("PRAGMA foreign_keys")
    with pair.database.write() as db:
        samples.people(db)
    with pair.database.rebuild() as db:
        assert db.execute(keys).scalar_one() == 0
        db.execute(text("CREATE TABLE agency_new AS SELECT * FROM agency"))
        db.execute(text("DROP TABLE agency"))
        db.execute(text("ALTER TABLE agency_new RENAME TO agency"))
        db.execute(text("CREATE UNIQUE INDEX agency_code ON agency (code)"))
    with pytest.raises(DatabaseRefused, match="a row of category would point"), pair.database.rebuild() as db:
        db.execute(text("DELETE FROM agency"))
    with pair.database.write() as db:
        assert db.execute(keys).scalar_one() == 1
        assert db.execute(text("SELECT count(*) FROM agency")).scalar_one() == 1


@pytest.mark.unit
@pytest.mark.parametrize("version", [(3, 7, 0), (3, 40, 1), (3, 51, 2)])
def test_an_sqlite_that_can_corrupt_is_refused(version: tuple[int, ...]) -> None:
    with pytest.raises(DatabaseRefused, match=r"install the locked requirements"):
        check_sqlite(version)
    check_sqlite((3, 51, 3))


@pytest.mark.unit
def test_an_sqlite_file_is_for_its_owner_only_and_never_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "new" / "pantau.db"
    with open_database(f"sqlite:///{path}") as database, database.write() as db:
        db.execute(text("CREATE TABLE t (x)"))
        assert {file.stat().st_mode & 0o777 for file in path.parent.iterdir()} == {0o600}
    with pytest.raises(DatabaseRefused, match="memory"):
        open_database("sqlite://")
    with pytest.raises(DatabaseUnreachable, match="cannot be opened"):
        open_database(f"sqlite:///{path}/under/a/file.db")


@pytest.mark.unit
def test_a_new_sqlite_file_is_opened_by_many_at_once(tmp_path: Path) -> None:
    """Of two who turn a new file to a WAL at once SQLite refuses one: several processes start on an empty folder."""
    gate = threading.Barrier(4)

    def begin(number: int) -> int:
        gate.wait(10)
        with open_database(f"sqlite:///{tmp_path}/{number}.db") as database, database.write() as db:
            return int(db.execute(text("SELECT count(*) FROM sqlite_schema")).scalar_one())

    with ThreadPoolExecutor(4) as threads:
        for number in range(60):
            assert list(threads.map(begin, [number] * 4)) == [0] * 4
