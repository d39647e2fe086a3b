"""Months on PostgreSQL: rows land in theirs, questions read no others, the job makes and drops them."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import event, insert, text
from sqlalchemy.exc import IntegrityError

from cases import access, stac
from cases.access import Principal
from cases.features import Collection
from cases.incidents import Question
from cases.snapshots import Retention
from cases.stac import Sought
from cases.words import HistoryKind, LinkState, Role, StillKind
from storage import history, migrate, partitions, registers, snapshots, stills
from storage import stac as catalogue
from storage.database import Database, Session, open_database
from storage.ids import lowest, uuid_at
from storage.tables import Heartbeat, History, Link, Snapshot
from storage.tables.types import micros
from tests.ingest.cameras.fleet import camera
from tests.servers.postgres import PostgresServer
from tests.storage import samples
from tests.storage.pairs import POSTGRES_S3, Pair, on_sqlite

NOW = samples.NOW
POSTGRES = pytest.mark.parametrize("pair", [POSTGRES_S3], indirect=True)
_ALL = access.sight(Principal(role=Role.ADMINISTRATOR, name="all"))
_YEARS = datetime(1970, 1, 1), datetime(2200, 1, 1)  # noqa: DTZ001 (their zone is given apart)
times = some.datetimes(*_YEARS, timezones=some.just(UTC))


@pytest.mark.unit
@given(times, times)
def test_ids_are_ordered_as_their_moments(one: datetime, other: datetime) -> None:
    assert uuid_at(one).version == 7
    assert uuid_at(one).variant == "specified in RFC 4122"
    assert lowest(one) <= uuid_at(one)
    if other - one >= timedelta(milliseconds=1):
        assert uuid_at(one) < lowest(other) <= uuid_at(other)


@pytest.mark.unit
@given(times, some.integers(0, 400))
def test_months_follow_each_other(moment: datetime, count: int) -> None:
    month = partitions.month_of(moment)
    assert month <= moment < partitions.after(month)
    assert partitions.after(partitions.after(month, count), -count) == month


@dataclass
class Fleet:
    """A database with a camera and a complaint."""

    database: Database
    camera_id: UUID
    complaint_id: UUID

    def keep(self, received_at: datetime, **more: Any) -> UUID:
        """A snapshot received then."""
        values: dict[str, Any] = {"id": uuid_at(received_at), "taken_at": received_at, "received_at": received_at}
        made = Snapshot(camera_id=self.camera_id, kind=StillKind.JPEG, sha256="0" * 64, bytes=1, width=1, height=1,
                        **values | more)  # fmt: skip
        with self.database.write() as db:  # naming no column that an earlier revision did not have
            db.execute(insert(Snapshot), [made.model_dump(exclude_none=True)])
        return made.id

    def tell(self, at: datetime, complaint_id: UUID | None = None) -> None:
        """An entry of a complaint's story."""
        with self.database.write() as db:
            db.add(History(complaint_id=complaint_id or self.complaint_id, at=at, kind=HistoryKind.NOTE))

    def where(self, table: str) -> dict[str, int]:
        """How many rows each partition of a table has."""
        with self.database.read() as db:
            found = db.execute(text(f"SELECT tableoid::regclass::text, count(*) FROM {table} GROUP BY 1"))
            return {row[0]: row[1] for row in found}

    def partitions(self, table: str) -> set[str]:
        """The partitions of a table."""
        with self.database.read() as db:
            asked = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = to_regclass(:table)"
            return set(db.scalars(text(asked), {"table": table}))


@pytest.fixture
def fleet(pair: Pair) -> Fleet:
    """On each pair."""
    return _fleet(pair.database)


def _fleet(database: Database) -> Fleet:
    with database.write() as db:
        samples.people(db)
        watching, wrong = camera(samples.OFFICER), samples.complaint()
        db.add_all([watching, wrong])
        db.flush()
        return Fleet(database, watching.id, wrong.id)


@POSTGRES
def test_rows_land_in_their_month_and_the_others_among_the_rest(fleet: Fleet) -> None:
    partitions.keep(fleet.database, NOW)
    december = datetime(2026, 12, 1, tzinfo=UTC)
    edge = december - timedelta(milliseconds=1)
    for at in (NOW, edge, december, datetime(2019, 5, 5, tzinfo=UTC)):
        fleet.keep(at)
        fleet.tell(at)
        with fleet.database.write() as db:
            db.add(Heartbeat(camera_number=7, at=at))
    fleet.keep(NOW, id=UUID(int=uuid4().int | 0xF << 124))  # of no time that we know
    assert fleet.where("snapshot") == {"snapshot_2026_11": 2, "snapshot_2026_12": 1, "snapshot_rest": 2}
    assert fleet.where("history") == {"history_2026_11": 2, "history_2026_12": 1, "history_rest": 1}
    assert fleet.where("heartbeat") == {"heartbeat_2026_11": 2, "heartbeat_2026_12": 1, "heartbeat_rest": 1}


@POSTGRES
def test_the_job_makes_months_ahead_and_again_changes_nothing(fleet: Fleet) -> None:
    later = datetime(2027, 11, 30, 23, tzinfo=UTC)
    with fleet.database.read() as db:
        assert "snapshot_2027_12" in partitions.lacking(db, later)
    made = partitions.keep(fleet.database, later)
    assert {"snapshot_2027_11", "snapshot_2028_02", "history_2028_01", "heartbeat_2027_12"} <= set(made.created)
    with fleet.database.read() as db:
        assert partitions.lacking(db, later) == []
    again = partitions.keep(fleet.database, later)
    assert (again.created, again.dropped, again.moved) == ([], [], 0)


@POSTGRES
def test_strays_find_their_month_with_the_links_that_hold_them(fleet: Fleet) -> None:
    long_ago = datetime(2020, 2, 3, tzinfo=UTC)
    held, loose = fleet.keep(long_ago), fleet.keep(long_ago + timedelta(days=40))
    with fleet.database.write() as db:
        db.add(_link(fleet, held))
    told = partitions.keep(fleet.database, NOW)
    assert told.moved == 2
    assert {"snapshot_2020_02", "snapshot_2020_03"} <= set(told.created)
    assert fleet.where("snapshot") == {"snapshot_2020_02": 1, "snapshot_2020_03": 1}
    with fleet.database.read() as db:
        assert {one.id for one in db.query(Snapshot)} == {held, loose}
    # The key that points to it stands again.
    with pytest.raises(IntegrityError, match="link"), fleet.database.write() as db:
        db.execute(text("DELETE FROM snapshot WHERE id = :id"), {"id": held})
    with pytest.raises(IntegrityError, match="link_snapshot_id_fk"), fleet.database.write() as db:
        db.add(_link(fleet, uuid_at(NOW)))


@POSTGRES
def test_only_months_gone_by_that_retention_has_emptied_are_dropped(fleet: Fleet) -> None:
    begin, rules = datetime(2026, 8, 1, tzinfo=UTC), Retention(linked_days=365, by_category={})
    partitions.keep(fleet.database, begin)
    days = [begin + timedelta(days=day) for day in range(90)]
    ids = [fleet.keep(day, expires_at=day + timedelta(days=30)) for day in days]
    with fleet.database.write() as db:
        db.add(_link(fleet, ids[3]))
    # Nothing is dropped because it is old: only because it is empty.
    dropped = partitions.keep(fleet.database, NOW + timedelta(days=400)).dropped
    assert {"history_2026_08", "heartbeat_2026_09", "snapshot_2026_11"} <= set(dropped)
    assert not {"snapshot_2026_08", "snapshot_2026_09", "snapshot_2026_10"} & set(dropped)
    with fleet.database.write() as db:
        gone, _ = snapshots.expire(db, rules, NOW)
    left = [one for one, day in zip(ids, days, strict=True) if day + timedelta(days=30) > NOW or one == ids[3]]
    assert sorted(gone) == sorted(set(ids) - set(left))
    told = partitions.keep(fleet.database, NOW)
    assert "snapshot_2026_09" in told.dropped
    assert "snapshot_2026_08" not in told.dropped
    assert {"snapshot_2026_08", "snapshot_2026_10", "snapshot_2026_11"} <= fleet.partitions("snapshot")
    assert "snapshot_2026_09" not in fleet.partitions("snapshot")
    with fleet.database.read() as db:
        assert sorted(one.id for one in db.query(Snapshot)) == sorted(left)


@POSTGRES
def test_two_workers_at_once_and_a_writer_between_them(fleet: Fleet) -> None:
    later, told, failed = datetime(2029, 1, 15, tzinfo=UTC), [], []

    def work() -> None:
        try:
            told.append(partitions.keep(fleet.database, later))
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    kept = [fleet.keep(later + timedelta(seconds=second)) for second in range(20)]
    for thread in threads:
        thread.join()
    assert failed == []
    created = [name for one in told for name in one.created]
    assert len(created) == len(set(created)) > 0
    partitions.keep(fleet.database, later)
    assert fleet.where("snapshot") == {"snapshot_2029_01": len(kept)}


def test_a_story_ends_with_the_setting_and_not_before(fleet: Fleet) -> None:
    before = datetime(2026, 5, 1, tzinfo=UTC)
    closed = samples.complaint(closed_at=before - timedelta(days=1))
    lately = samples.complaint(closed_at=before + timedelta(days=1))
    with fleet.database.write() as db:
        db.add_all([closed, lately])
    for one in (fleet.complaint_id, closed.id, lately.id):
        for at in (before - timedelta(days=60), before - timedelta(days=50), before + timedelta(days=1)):
            fleet.tell(at, one)
    with fleet.database.write() as db:
        assert history.forget(db, before, at_most=1) == 1
        assert history.forget(db, before, at_most=5) == 1
        assert [len(history.of(db, one)) for one in (fleet.complaint_id, closed.id, lately.id)] == [3, 1, 3]


@POSTGRES
def test_questions_read_only_the_months_that_can_answer(fleet: Fleet) -> None:
    for back in range(6):
        partitions.keep(fleet.database, NOW - timedelta(days=31 * back))
        fleet.keep(NOW - timedelta(days=31 * back))
    with fleet.database.read() as db:
        one = _plan(db, "SELECT 1 FROM snapshot WHERE id = :id", id=uuid_at(NOW))
        assert _read(one) == {"snapshot_2026_11"}
        beats = "SELECT at FROM heartbeat WHERE camera_number = 1 AND at >= :since ORDER BY at"
        assert "heartbeat_2026_10" not in _read(_plan(db, beats, since=micros(NOW)))
        latest = (
            "SELECT id FROM snapshot WHERE camera_id = :camera AND taken_at >= :since AND id >= :low "
            "ORDER BY taken_at DESC, id DESC LIMIT 5"
        )
        since = NOW - timedelta(days=1)
        found = _plan(db, latest, camera=fleet.camera_id, since=micros(since), low=lowest(since))
        assert "snapshot_2026_10" not in _read(found)
        assert "snapshot_2026_11" in _read(found)


@POSTGRES
def test_catalogue_and_collection_read_only_the_months_that_can_answer(fleet: Fleet) -> None:
    months = [NOW - timedelta(days=31 * back) for back in range(6)]
    for month in months:
        partitions.keep(fleet.database, month)
        fleet.keep(month)
    since = NOW - timedelta(days=1)
    for asked in (
        lambda db: catalogue.search(db, _pictures(since=since), _ALL),
        lambda db: registers.page(db, Collection.SNAPSHOTS, Question(since=since), _ALL, ("id", "taken_at")),
    ):
        read = _read(_plan_of(fleet.database, asked))
        assert "snapshot_2026_11" in read
        assert not read & {f"snapshot_{month:%Y_%m}" for month in months[1:]}


@pytest.mark.parametrize("since", [datetime(1, 1, 1, tzinfo=UTC), datetime(1969, 12, 31, 23, tzinfo=UTC)])
def test_stills_since_before_there_were_any_are_all(fleet: Fleet, since: datetime) -> None:
    kept = fleet.keep(NOW)
    with fleet.database.read() as db:
        found = [row.id for _, row in catalogue.search(db, _pictures(since=since), _ALL).found]
        assert found == [one.id for one in stills.of_camera(db, fleet.camera_id, _ALL, since=since, limit=9)] == [kept]


def test_a_camera_s_stills_are_found_through_all_months(fleet: Fleet) -> None:
    days = [NOW - timedelta(days=day) for day in range(0, 120, 7)]
    ids = [fleet.keep(day) for day in days]
    late = fleet.keep(NOW, taken_at=NOW - timedelta(days=50, seconds=1))  # sent when the line was back
    with fleet.database.read() as db:
        everything = stills.of_camera(db, fleet.camera_id, _ALL, limit=100)
        since = stills.of_camera(db, fleet.camera_id, _ALL, since=NOW - timedelta(days=51), limit=100)
        catalogued = catalogue.search(db, _pictures(since=NOW - timedelta(days=51), limit=100), _ALL).found
    assert {one.id for one in everything} == {*ids, late}
    assert [one.taken_at for one in everything] == sorted((one.taken_at for one in everything), reverse=True)
    assert {one.id for one in since} == {row.id for _, row in catalogued} == {*ids[:8], late}


def test_what_was_kept_before_finds_its_month(postgres_server: PostgresServer) -> None:
    url = postgres_server.create_database()
    days = [datetime(2025, month, 9, tzinfo=UTC) for month in range(1, 13)]
    try:
        with open_database(url) as database:
            migrate.upgrade(database, "0009")
            fleet = _fleet(database)
            ids = [fleet.keep(day) for day in days]
            for day in days:
                fleet.tell(day)
            with database.write() as db:
                db.add(_link(fleet, ids[0]))
            migrate.upgrade(database)
            assert fleet.where("snapshot") == {f"snapshot_2025_{month:02}": 1 for month in range(1, 13)}
            assert fleet.where("history") == {f"history_2025_{month:02}": 1 for month in range(1, 13)}
            fleet.tell(NOW)  # its number goes on where it was
            with database.read() as db:
                assert len(history.of(db, fleet.complaint_id)) == 13
                assert {one.snapshot_id for one in db.query(Link)} == {ids[0]}
    finally:
        postgres_server.drop_database(url)


@on_sqlite
def test_sqlite_has_no_months(fleet: Fleet) -> None:
    told = partitions.keep(fleet.database, NOW)
    assert (told.created, told.dropped, told.moved) == ([], [], 0)


def _link(fleet: Fleet, snapshot_id: UUID) -> Link:
    return Link(id=uuid4(), complaint_id=fleet.complaint_id, snapshot_id=snapshot_id, state=LinkState.CONFIRMED,
                score=1.0, created_at=NOW)  # fmt: skip


def _plan(db: Session, query: str, **values: Any) -> list[str]:
    return list(db.scalars(text(f"EXPLAIN {query}"), values))


def _pictures(**asked: Any) -> Sought:
    return Sought(collections=frozenset({stac.Collection.SNAPSHOTS}), **asked)


def _plan_of(database: Database, work: Callable[[Session], object]) -> list[str]:
    """How the last question that some work asks is answered."""
    asked: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, sql: str, given: Any, context: Any, many: bool) -> None:
        asked.append((sql, given))

    with database.read() as db:
        event.listen(database.engine, "before_cursor_execute", note)
        try:
            work(db)
        finally:
            event.remove(database.engine, "before_cursor_execute", note)
        sql, given = asked[-1]
        return list(db.connection().exec_driver_sql(f"EXPLAIN {sql}", given).scalars())


def _read(plan: list[str]) -> set[str]:
    """The partitions that a plan touches."""
    return {name for line in plan for name in re.findall(r" on (\w+_(?:\d{4}_\d{2}|rest))\b", line)}
