"""How long a statement may take on either engine, and what is free to take its time."""

import pytest
from sqlalchemy import TextClause, text
from sqlalchemy.exc import DBAPIError

from storage import limits
from storage.database import Bounds, Session, open_database
from storage.errors import DatabaseSlow
from tests.storage.pairs import Pair, on_sqlite

COUNT = text("SELECT count(*) FROM road")
ADD = text("INSERT INTO road (name, road_class, geometry) VALUES ('Jl. Merdeka', 'street', '')")
ENDLESS = text("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n")


def up_to(number: int) -> TextClause:
    """As many rows as that, at several steps each."""
    return text(f"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {number}) SELECT i FROM n")


def count(db: Session) -> int:
    return int(db.execute(COUNT).scalar_one())


def slow(db: Session) -> int:
    """Longer than `impatient` lets a statement take."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SELECT pg_sleep(1.1)"))
    return len(db.execute(up_to(limits.STEPS)).all())


def impatient(pair: Pair) -> Bounds:
    """On SQLite nothing may take so long that the clock is looked at."""
    return Bounds(pool=1, read_s=0 if pair.database.dialect == "sqlite" else 1)


def test_a_question_without_end_is_given_up_and_the_next_is_answered(pair: Pair) -> None:
    with open_database(pair.url, bounds=Bounds(pool=1, read_s=1)) as database:
        with pytest.raises(DatabaseSlow, match=r"took longer than 1 s .* ask for less"):
            database.ask(lambda db: db.execute(ENDLESS).scalar_one())
        assert database.ask(count) == 0
        with pytest.raises(DatabaseSlow, match="took longer than 1 s"), database.read() as db:
            db.execute(ENDLESS)
        with database.read() as db:
            assert count(db) == 0
        with database.write() as db:
            db.execute(ADD)
        assert database.ask(count) == 1


def test_a_question_is_given_up_where_its_rows_are_fetched(pair: Pair) -> None:
    with open_database(pair.url, bounds=impatient(pair)) as database:
        with pytest.raises(DatabaseSlow), database.read() as db:
            for _ in db.execute(up_to(100 * limits.STEPS)):
                pass
        with database.read() as db:
            assert count(db) == 0


def test_who_is_patient_is_answered(pair: Pair) -> None:
    with open_database(pair.url, bounds=impatient(pair)) as database:
        assert database.ask(slow, patient=True) == limits.STEPS
        with database.read(patient=True) as db:
            assert slow(db) == limits.STEPS
        with pytest.raises(DatabaseSlow):
            database.ask(slow)
        with pytest.raises(DatabaseSlow), database.read() as db:
            slow(db)


def test_a_write_may_take_longer_than_a_question(pair: Pair) -> None:
    with open_database(pair.url, bounds=impatient(pair)) as database, database.write() as db:
        assert slow(db) == limits.STEPS


@on_sqlite
def test_what_is_prepared_for_a_write_sees_one_moment_and_changes_nothing_lasting(pair: Pair) -> None:
    temporary = text("CREATE TEMPORARY TABLE road AS SELECT name FROM main.road")
    lasting = text("SELECT count(*) FROM main.road")

    def prepare(db: Session) -> int:
        db.execute(temporary)
        with pair.database.write() as other:
            other.execute(ADD)
        with pytest.raises(DBAPIError, match="not authorized"):
            db.execute(text("DELETE FROM main.road"))
        db.execute(text("INSERT INTO road VALUES ('Jl. Mawar')"))
        return int(db.execute(lasting).scalar_one())

    def write(db: Session, seen: int) -> tuple[int, int, int]:
        db.execute(text("INSERT INTO main.road (name, road_class, geometry) SELECT name, 'street', '' FROM temp.road"))
        return seen, count(db), int(db.execute(lasting).scalar_one())

    with pair.database.write() as db:
        db.execute(ADD)
    assert pair.database.write_prepared(prepare, write) == (1, 2, 4)
    with pytest.raises(ZeroDivisionError):
        pair.database.write_prepared(lambda db: db.execute(temporary), lambda db, _: 1 // 0)
    with pair.database.read() as db:
        assert count(db) == 4, "nothing temporary is left in anybody's way"
    assert pair.database.taken()["transactions"][0] == 0
