"""Watchers share a fleet by leases: nobody visits a camera twice, and nobody's cameras are forgotten."""

from dataclasses import replace
from datetime import datetime, timedelta
from threading import Thread
from typing import TypeVar
from uuid import UUID

import pytest
from sqlalchemy import select

from cases.camera import OUTAGE_AFTER, Standing, visited
from cases.words import SightFault, StillKind, VisitState
from storage import visits
from storage.database import Database
from storage.fleet import tally as tally_of
from storage.ids import uuid_at
from storage.tables import Camera, CameraHistory, CameraVisit, Heartbeat, Outage, Snapshot
from storage.visits import Due, Outcome
from tests.ingest.cameras.fleet import NOW, camera, register
from tests.storage.pairs import Pair
from tests.storage.samples import OFFICER, people

LEASE_S = 45.0
ELSEWHERE = "http://127.0.0.1/elsewhere.jpg"
MINUTE = timedelta(minutes=1)
Row = TypeVar("Row")


@pytest.fixture
def fleet(pair: Pair) -> Database:
    with pair.database.write() as db:
        people(db)
        for _ in range(10):
            register(db, OFFICER, NOW)
    return pair.database


def claim(
    database: Database, watcher: str, now: datetime, at_most: int = 100, others: tuple[str, ...] = ()
) -> list[Due]:
    with database.write() as db:
        return visits.claim(db, watcher, now, at_most=at_most, lease_s=LEASE_S, others=others)


def finish(database: Database, outcomes: list[Outcome], watcher: str, now: datetime) -> list[Outcome]:
    with database.write() as db:
        return visits.finish(db, outcomes, watcher, now)


def outcome(due: Due, now: datetime, state: VisitState = VisitState.OK, **more: object) -> Outcome:
    standing = visited(due.standing, state, now)
    values = {"faults": due.faults, "health": {"mean": 100}, "trouble_since": standing.failing_since, **more}
    return Outcome(due, now, standing, now + MINUTE, state is VisitState.OK, **values)  # type: ignore[arg-type]


def rows(database: Database, kind: type[Row]) -> list[Row]:
    with database.read() as db:
        return list(db.scalars(select(kind)))


def test_two_watchers_never_hold_the_same_camera(fleet: Database) -> None:
    one, other = claim(fleet, "a", NOW, 6), claim(fleet, "b", NOW)
    assert (len(one), len(other)) == (6, 4)
    assert not {due.camera_id for due in one} & {due.camera_id for due in other}
    assert claim(fleet, "c", NOW) == []


def test_what_a_dead_watcher_held_is_taken_over_within_a_minute(fleet: Database) -> None:
    held = claim(fleet, "dead", NOW)
    assert claim(fleet, "alive", NOW + timedelta(seconds=LEASE_S - 1)) == []
    taken = claim(fleet, "alive", NOW + MINUTE)
    assert {due.camera_id for due in taken} == {due.camera_id for due in held}


def test_who_comes_back_late_writes_nothing(fleet: Database) -> None:
    (late, *_) = claim(fleet, "late", NOW)
    (taken,) = [due for due in claim(fleet, "alive", NOW + MINUTE) if due.camera_id == late.camera_id]
    gone = outcome(late, NOW + MINUTE, VisitState.STALLED)
    assert finish(fleet, [gone], "late", NOW + MINUTE) == [gone]
    assert rows(fleet, CameraHistory) == []
    assert finish(fleet, [outcome(taken, NOW + MINUTE)], "alive", NOW + MINUTE) == []
    (told,) = rows(fleet, CameraHistory)
    assert told.state is VisitState.OK


def test_a_camera_stays_with_its_watcher_until_it_is_late(fleet: Database) -> None:
    finish(fleet, [outcome(due, NOW) for due in claim(fleet, "a", NOW)], "a", NOW)
    due_at = NOW + MINUTE
    assert claim(fleet, "b", due_at, others=("a", "c")) == []
    assert len(claim(fleet, "a", due_at, 5, others=("b", "c"))) == 5
    late = due_at + visits.STOLEN_AFTER + timedelta(seconds=1)
    assert len(claim(fleet, "b", late, others=("a", "c"))) == 5


def test_nobody_waits_for_a_watcher_that_is_gone(fleet: Database) -> None:
    finish(fleet, [outcome(due, NOW) for due in claim(fleet, "gone", NOW)], "gone", NOW)
    assert len(claim(fleet, "b", NOW + MINUTE, others=("c",))) == 10


def test_what_is_given_back_is_due_later(fleet: Database) -> None:
    held = claim(fleet, "a", NOW)
    later = NOW + timedelta(seconds=10)
    with fleet.write() as db:
        visits.give_back(db, held, later)
    assert claim(fleet, "a", NOW + timedelta(seconds=9)) == []
    assert len(claim(fleet, "a", later)) == 10


def test_a_retired_camera_is_visited_no_more_and_its_outage_ends(fleet: Database) -> None:
    (due, *_) = claim(fleet, "a", NOW)
    silent = outcome(due, NOW, VisitState.UNREACHABLE, trouble_since=NOW - OUTAGE_AFTER)
    finish(fleet, [silent], "a", NOW)
    with fleet.write() as db:
        visits.unschedule(db, due.camera_id, NOW + MINUTE)
        db.get_one(Camera, due.camera_id).active = False
    (outage,) = rows(fleet, Outage)
    assert outage.ended_at == NOW + MINUTE
    assert due.camera_id not in {one.camera_id for one in claim(fleet, "a", NOW + 60 * MINUTE)}


def test_cameras_that_nobody_scheduled_are_adopted_once(fleet: Database) -> None:
    with fleet.write() as db:
        forgotten = [camera(OFFICER) for _ in range(3)]
        db.add_all(forgotten)
        db.add(camera(OFFICER, active=False))
    with fleet.write() as db:
        assert visits.adopt(db, NOW) == 3
        assert visits.adopt(db, NOW) == 0
    taken = {due.camera_id: due.due_at for due in claim(fleet, "a", NOW + 2 * MINUTE)}
    assert {one.id for one in forgotten} <= taken.keys()
    assert all(NOW < taken[one.id] <= NOW + MINUTE for one in forgotten), "each at its own moment"


def test_registering_anew_voids_a_visit_under_way(fleet: Database) -> None:
    (due, *_) = claim(fleet, "a", NOW)
    with fleet.write() as db:
        visits.schedule(db, due.camera_id, NOW)
    assert len(finish(fleet, [outcome(due, NOW)], "a", NOW)) == 1
    assert due.camera_id in {one.camera_id for one in claim(fleet, "a", NOW)}


def test_an_address_changed_at_the_moment_of_a_claim_is_the_one_that_counts(fleet: Database) -> None:
    (camera_id, *_) = (row.camera_id for row in rows(fleet, CameraVisit))
    claimed: list[Due] = []
    watcher = Thread(target=lambda: claimed.extend(claim(fleet, "a", NOW)))
    with fleet.write() as db:
        db.get_one(CameraVisit, camera_id)
        visits.schedule(db, camera_id, NOW)
        db.get_one(Camera, camera_id).url = ELSEWHERE
        watcher.start()
        watcher.join(0.5)  # on SQLite it waits for its turn to write
    watcher.join()
    lost = finish(fleet, [outcome(due, NOW) for due in claimed], "a", NOW)
    visited_at = {due.url for due in claimed if due.camera_id == camera_id} - {one.due.url for one in lost}
    due_at_once = {due.url for due in claim(fleet, "a", NOW) if due.camera_id == camera_id}
    assert visited_at | due_at_once == {ELSEWHERE}


def test_what_came_of_an_address_that_is_no_longer_the_cameras_is_not_written(fleet: Database) -> None:
    due, other, *_ = claim(fleet, "a", NOW)
    with fleet.write() as db:
        db.get_one(Camera, due.camera_id).url = ELSEWHERE
    refused, fine = outcome(due, NOW, VisitState.PASSWORD_REFUSED), outcome(other, NOW)
    assert finish(fleet, [refused, fine], "a", NOW) == [refused]
    assert [row.camera_id for row in rows(fleet, CameraHistory)] == [other.camera_id]
    (anew,) = claim(fleet, "a", NOW)
    assert (anew.camera_id, anew.url, anew.standing) == (due.camera_id, ELSEWHERE, due.standing)


def test_history_tells_changes_and_nothing_else(fleet: Database) -> None:
    (camera_id,) = {due.camera_id for due in claim(fleet, "a", NOW)[:1]}
    now = NOW
    dark = frozenset({SightFault.DARK})
    for state, faults in (
        (VisitState.OK, frozenset()),
        (VisitState.OK, frozenset()),
        (VisitState.STALLED, frozenset()),
        (VisitState.STALLED, frozenset()),
        (VisitState.OK, frozenset()),
        (VisitState.OK, dark),
    ):
        now += 2 * MINUTE
        (due,) = [one for one in claim(fleet, "a", now) if one.camera_id == camera_id]
        finish(fleet, [outcome(due, now, state, faults=faults)], "a", now)
    told = [(row.state, row.faults) for row in rows(fleet, CameraHistory) if row.camera_id == camera_id]
    ok, stalled = VisitState.OK, VisitState.STALLED
    assert told == [(ok, []), (stalled, []), (ok, []), (ok, ["dark"])]
    (standing,) = [row for row in rows(fleet, CameraVisit) if row.camera_id == camera_id]
    assert (standing.state, standing.failures, standing.lease) == (ok, 0, None)
    assert standing.seen_at == standing.visited_at == now


def test_a_still_leaves_a_snapshot_or_a_heartbeat(fleet: Database) -> None:
    first, second, third = claim(fleet, "a", NOW)[:3]
    kept = _snapshot(first.camera_id)
    outcomes = [
        outcome(first, NOW, snapshot=kept, baseline={"version": 1}),
        outcome(second, NOW),
        outcome(third, NOW, VisitState.UNREACHABLE),
    ]
    finish(fleet, outcomes, "a", NOW)
    assert [row.id for row in rows(fleet, Snapshot)] == [kept.id]
    assert [(row.camera_number, row.at) for row in rows(fleet, Heartbeat)] == [(second.number, NOW)]
    with fleet.read() as db:
        assert visits.baselines(db, [first.camera_id, second.camera_id]) == {first.camera_id: {"version": 1}}


def test_an_outage_opens_after_its_time_follows_its_reason_and_closes_itself(fleet: Database) -> None:
    now = NOW
    (due, *_) = claim(fleet, "a", now)
    for minutes in (0, 9, 10, 12):
        now = NOW + minutes * MINUTE
        state = VisitState.STALLED if minutes < 12 else VisitState.UNREACHABLE
        due = _mine(fleet, due.camera_id, now) if minutes else due
        finish(fleet, [outcome(due, now, state)], "a", now)
        assert len(rows(fleet, Outage)) == (minutes >= 10), minutes
    (outage,) = rows(fleet, Outage)
    assert (outage.began_at, outage.ended_at, outage.state) == (NOW, None, VisitState.UNREACHABLE)
    finish(fleet, [outcome(_mine(fleet, due.camera_id, now + MINUTE), now + MINUTE)], "a", now + MINUTE)
    (outage,) = rows(fleet, Outage)
    assert outage.ended_at == outage.updated_at == now + MINUTE
    finish(fleet, [outcome(_mine(fleet, due.camera_id, now + 3 * MINUTE), now + 3 * MINUTE)], "a", now + 3 * MINUTE)
    assert len(rows(fleet, Outage)) == 1


def test_one_camera_is_claimed_for_whoever_looks_now_unless_it_is_being_visited(fleet: Database) -> None:
    (due,) = claim(fleet, "round", NOW, 1)
    with fleet.write() as db:
        assert visits.claim_one(db, due.camera_id, "look", NOW, lease_s=30) is None
        assert visits.scheduled(db, due.camera_id)
    finish(fleet, [outcome(due, NOW)], "round", NOW)
    with fleet.write() as db:
        mine = visits.claim_one(db, due.camera_id, "look", NOW, lease_s=30)
    assert mine is not None
    assert mine.standing == replace(Standing(VisitState.OK), since=NOW)


def test_the_tally_counts_states_faults_and_who_is_late(fleet: Database) -> None:
    blind, silent, *rest = claim(fleet, "a", NOW)
    finish(fleet, [outcome(blind, NOW, faults=frozenset({SightFault.DARK, SightFault.FROZEN}))], "a", NOW)
    finish(fleet, [outcome(silent, NOW, VisitState.STALLED)], "a", NOW)
    with fleet.read() as db:
        tally = tally_of(db, NOW + timedelta(seconds=30))
    assert tally.states == {VisitState.OK: 1, VisitState.STALLED: 1, None: len(rest)}
    assert tally.faults == {SightFault.DARK: 1, SightFault.FROZEN: 1}
    assert (tally.late, tally.latest_s) == (len(rest), 30.0)


def _mine(database: Database, camera_id: UUID, now: datetime) -> Due:
    with database.write() as db:
        due = visits.claim_one(db, camera_id, "a", now, lease_s=LEASE_S)
    assert due is not None
    return due


def _snapshot(camera_id: UUID) -> Snapshot:
    return Snapshot(
        id=uuid_at(NOW),
        camera_id=camera_id,
        kind=StillKind.JPEG,
        sha256="0" * 64,
        bytes=1000,
        width=640,
        height=360,
        taken_at=NOW,
        received_at=NOW,
    )
