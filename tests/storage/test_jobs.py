"""Jobs: leased, retried, parked; never lost and never done twice, also when a worker is killed."""

import os
import signal
import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.words import JobKind, JobState
from storage import jobs
from storage.database import Database
from storage.tables import Audit, Job
from tests.storage.pairs import Pair
from tests.storage.processes import finish, start

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
PROCESS = JobKind.PHOTO_PROCESS
LEASE_S = 60.0

WORKER = """
import sys, time
from datetime import UTC, datetime
from storage import jobs
from storage.database import open_database
from tests.storage.test_jobs import effect

how, url, lease_s = sys.argv[1:]
with open_database(url) as database:
    while job := jobs.claim(database, how, datetime.now(UTC), lease_s=float(lease_s)):
        if how == "before the effect":
            print("claimed", flush=True)
            time.sleep(60)
        with database.write() as db:
            effect(db, job)
            if how == "in the middle":
                db.flush()
                print("claimed", flush=True)
                time.sleep(60)
            jobs.finish(db, job, datetime.now(UTC))
"""


def effect(db: Session, job: Job) -> None:
    db.add(Audit(at=NOW, action="effect", subject="job", subject_id=str(job.id)))


def add(pair: Pair, number: int = 1, *, at: datetime = NOW, delay_s: float = 0) -> list[UUID]:
    with pair.database.write() as db:
        return [jobs.add(db, PROCESS, f"photo {n}", at, data={"n": n}, delay_s=delay_s) for n in range(number)]


def claim(database: Database, at: datetime = NOW) -> Job | None:
    return jobs.claim(database, "tester", at, lease_s=LEASE_S)


def claimed(database: Database, at: datetime = NOW) -> Job:
    job = claim(database, at)
    assert job is not None
    return job


def row(pair: Pair, job_id: UUID) -> Job:
    with pair.database.read() as db:
        found = db.get(Job, job_id)
        assert found is not None
        return found


def test_a_job_is_claimed_once_and_finished_with_its_effect(pair: Pair) -> None:
    [job_id] = add(pair)
    job = claimed(pair.database)
    assert (job.id, job.kind, job.subject_id, job.data, job.attempts) == (job_id, PROCESS, "photo 0", {"n": 0}, 1)
    assert claim(pair.database) is None
    with pair.database.write() as db:
        jobs.finish(db, job, NOW)
    done = row(pair, job_id)
    assert (done.state, done.finished_at, done.lease) == (JobState.DONE, NOW, None)
    assert claim(pair.database, NOW + timedelta(days=1)) is None


def test_a_job_is_part_of_the_transaction_that_needs_it(pair: Pair) -> None:
    with pytest.raises(ZeroDivisionError), pair.database.write() as db:
        jobs.add(db, PROCESS, "lost with its photo", NOW)
        raise ZeroDivisionError
    assert claim(pair.database) is None


def test_an_effect_that_fails_leaves_the_job_unfinished(pair: Pair) -> None:
    [job_id] = add(pair)
    job = claimed(pair.database)
    with pytest.raises(ZeroDivisionError), pair.database.write() as db:
        jobs.finish(db, job, NOW)
        raise ZeroDivisionError
    assert row(pair, job_id).state is JobState.RUNNING


def test_the_longest_due_comes_first_and_what_is_not_due_waits(pair: Pair) -> None:
    [later] = add(pair, delay_s=30)
    [third, fourth] = add(pair, 2, at=NOW)
    [second] = add(pair, at=NOW - timedelta(minutes=1))
    order = [claimed(pair.database).id for _ in range(3)]
    assert order == [second, third, fourth]
    assert claim(pair.database, NOW + timedelta(seconds=29)) is None
    assert claimed(pair.database, NOW + timedelta(seconds=30)).id == later


def test_only_the_kinds_asked_for_are_claimed(pair: Pair) -> None:
    add(pair)
    assert jobs.claim(pair.database, "tester", NOW, lease_s=LEASE_S, kinds=[JobKind.TIDY]) is None
    assert jobs.claim(pair.database, "tester", NOW, lease_s=LEASE_S, kinds=[JobKind.TIDY, PROCESS]) is not None


def test_who_comes_back_late_changes_nothing(pair: Pair) -> None:
    [job_id] = add(pair)
    late = claimed(pair.database)
    assert claim(pair.database, NOW + timedelta(seconds=LEASE_S)) is None
    after = NOW + timedelta(seconds=LEASE_S + 1)
    second = claimed(pair.database, after)
    assert (second.id, second.attempts) == (job_id, 2)
    with pytest.raises(jobs.LeaseLost), pair.database.write() as db:
        effect(db, late)
        jobs.finish(db, late, after)
    with pytest.raises(jobs.LeaseLost):
        jobs.extend(pair.database, late, after, lease_s=LEASE_S)
    with pytest.raises(jobs.LeaseLost):
        jobs.fail(pair.database, late, "too late", after)
    with pair.database.write() as db:
        jobs.finish(db, second, after)
    with pytest.raises(jobs.LeaseLost), pair.database.write() as db:
        jobs.finish(db, second, after)
    with pair.database.read() as db:
        assert db.scalar(select(func.count()).select_from(Audit)) == 0


def test_a_lease_can_be_held_on_to(pair: Pair) -> None:
    add(pair)
    job = claimed(pair.database)
    jobs.extend(pair.database, job, NOW + timedelta(seconds=50), lease_s=LEASE_S)
    assert claim(pair.database, NOW + timedelta(seconds=105)) is None
    assert claim(pair.database, NOW + timedelta(seconds=111)) is not None


def test_a_failing_job_waits_longer_each_time_and_is_parked_with_its_reason(pair: Pair) -> None:
    [job_id] = add(pair)
    now, waits = NOW, []
    for attempt in range(1, jobs.MAX_ATTEMPTS + 1):
        job = claimed(pair.database, now)
        assert job.attempts == attempt
        state = jobs.fail(pair.database, job, f"DecodeFailed: attempt {attempt}", now)
        waits.append((row(pair, job_id).run_at - now).total_seconds())
        assert claim(pair.database, now) is None
        now += timedelta(hours=2)
    assert state is JobState.PARKED
    assert all(waits[n + 2] > waits[n] for n in range(5))
    assert claim(pair.database, now + timedelta(days=30)) is None
    with pair.database.read() as db:
        [found] = jobs.parked(db, 10)
        assert (found.id, found.error) == (job_id, f"DecodeFailed: attempt {jobs.MAX_ATTEMPTS}")
        assert jobs.counts(db) == {
            JobState.QUEUED: 0,
            JobState.RUNNING: 0,
            JobState.DONE: 0,
            JobState.PARKED: 1,
        }


def test_a_job_that_takes_its_workers_down_is_parked_too(pair: Pair) -> None:
    [poison] = add(pair)
    [good] = add(pair, at=NOW + timedelta(hours=1))
    now = NOW
    for _ in range(jobs.MAX_ATTEMPTS):
        assert claimed(pair.database, now).id == poison
        now += timedelta(seconds=LEASE_S + 1)
    assert claimed(pair.database, NOW + timedelta(hours=1)).id == good
    with pair.database.read() as db:
        [found] = jobs.parked(db, 10)
        assert (found.id, found.error) == (poison, "its worker ended or hung 8 times")


def test_a_person_can_have_a_parked_job_tried_again(pair: Pair) -> None:
    [job_id] = add(pair)
    for _ in range(jobs.MAX_ATTEMPTS):
        jobs.fail(pair.database, claimed(pair.database, NOW + timedelta(days=30)), "no", NOW)
    with pair.database.write() as db:
        assert jobs.retry(db, job_id, NOW).error == "no"
    assert claimed(pair.database).attempts == 1
    for missing in (job_id, uuid4()):
        with pytest.raises(jobs.JobUnknown), pair.database.write() as db:
            jobs.retry(db, missing, NOW)


def test_what_waits_and_what_is_done_can_be_counted_and_pruned(pair: Pair) -> None:
    add(pair, 2)
    with pair.database.read() as db:
        assert jobs.oldest_due(db) == NOW
    job = claimed(pair.database)
    with pair.database.write() as db:
        jobs.finish(db, job, NOW)
        assert jobs.prune(db, NOW + jobs.KEPT) == 0
        assert jobs.prune(db, NOW + jobs.KEPT + timedelta(seconds=1)) == 1
        assert [one.subject_id for one in jobs.listed(db, JobState.QUEUED, 5)] == ["photo 1"]


def test_many_claimers_never_share_a_job(pair: Pair) -> None:
    number = 60
    ids = add(pair, number)
    found: list[UUID] = []

    def work() -> None:
        while job := claim(pair.database):
            with pair.database.write() as db:
                effect(db, job)
                jobs.finish(db, job, NOW)
            found.append(job.id)

    threads = [threading.Thread(target=work) for _ in range(4)]
    other = start(WORKER, "another process", pair.url, "60")
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert finish(other)[0] == 0
    with pair.database.read() as db:
        done = list(db.scalars(select(col(Audit.subject_id))))
        assert jobs.counts(db)[JobState.DONE] == number
    assert sorted(done) == sorted(map(str, ids))
    assert len(found) == len(set(found))


@pytest.mark.parametrize("how", ["before the effect", "in the middle"])
def test_a_worker_killed_in_the_middle_loses_nothing_and_does_nothing_twice(pair: Pair, how: str) -> None:
    with pair.database.write() as db:
        ids = [jobs.add(db, PROCESS, "photo", datetime.now(UTC)) for _ in range(3)]
    worker = start(WORKER, how, pair.url, "60")
    assert worker.stdout is not None
    assert worker.stdout.readline() == "claimed\n"
    os.kill(worker.pid, signal.SIGKILL)
    assert finish(worker)[0] == -signal.SIGKILL
    later = datetime.now(UTC) + timedelta(seconds=61)
    attempts = {}
    while job := claim(pair.database, later):
        attempts[job.id] = job.attempts
        with pair.database.write() as db:
            effect(db, job)
            jobs.finish(db, job, later)
    assert attempts == {ids[0]: 2, ids[1]: 1, ids[2]: 1}
    with pair.database.read() as db:
        assert sorted(db.scalars(select(col(Audit.subject_id)))) == sorted(map(str, ids))


@pytest.mark.unit
def test_waits_double_up_to_an_hour_and_are_spread() -> None:
    assert [jobs.wait_s(attempts, 0.5) for attempts in (1, 2, 3, 4)] == [10, 20, 40, 80]
    assert jobs.wait_s(60, 0.5) == 3600
    assert jobs.wait_s(3, 0.0) == 20
    assert jobs.wait_s(3, 1.0) == 60
