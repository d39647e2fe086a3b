"""Jobs are done in the background: once, whatever dies in the middle."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from PIL import Image

from cases.access import sight
from cases.words import JobKind, JobState, ProcessingState
from ingest import regular, tidy
from ingest.parts import Parts
from ingest.photos.change import erase
from ingest.photos.duplicates import duplicates
from ingest.photos.faults import DecodeTimedOut, PictureDamaged
from ingest.work import Effect
from ingest.worker import HANDLERS, Worker
from storage import jobs, photos
from storage.errors import BlobsUnreachable
from storage.tables import Job, Photo, PhotoBand
from tests.ingest.city import City
from tests.ingest.photos import samples
from tests.storage.pairs import Pair

ROOT = Path(__file__).resolve().parents[2]


def test_previews_and_fingerprint_follow(city: City, tmp_path: Path) -> None:
    photo = city.send(picture=samples.jpeg(size=(1600, 1200), orientation=6)).photo
    assert city.work() == 1
    done = city.photo(photo)
    assert (done.processing, done.warnings) == (ProcessingState.DONE, ["no_location"])
    assert done.fingerprint is not None
    assert len(city.rows(PhotoBand)) == 4
    for side in (320, 1280):
        city.parts.blobs.fetch(photos.preview_key(photo.id, side), tmp_path / "preview.jpg")
        with Image.open(tmp_path / "preview.jpg") as preview:
            assert max(preview.size) == side
    assert not [path for path in Path(city.parts.blobs.workspace).iterdir() if path.is_dir()]


def test_near_and_exact_duplicates_are_named_within_what_one_may_see(city: City) -> None:
    picture = samples.jpeg(size=(800, 600), seed=3)
    first = city.send(picture=picture, category="pothole").photo
    same = city.send("colleague", picture=picture, category="rubbish").photo
    near = city.send(picture=samples.jpeg(size=(640, 480), seed=3, quality=60), category="pothole").photo
    city.send(picture=samples.jpeg(size=(800, 600), seed=8), category="pothole")
    city.work()

    def found(who: str) -> list[tuple[object, bool]]:
        with city.parts.database.read() as db:
            photo = db.get_one(Photo, first.id)
            return [(like.id, like.exact) for like in duplicates(db, photo, sight(city.people[who]))]

    assert found("officer") == [(same.id, True), (near.id, False)]
    assert found("roads") == [(near.id, False)]


def test_what_cannot_be_opened_is_marked_and_stays(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = city.send(picture=samples.jpeg(size=(640, 480))).photo

    def damaged(path: Path) -> None:
        raise PictureDamaged

    monkeypatch.setattr(city.parts.decoder, "render", damaged)
    assert city.work() == 1
    left = city.photo(photo)
    assert (left.processing, left.warnings) == (ProcessingState.FAILED, ["no_location", "not_previewed"])
    assert city.parts.blobs.stat(photos.original_key(photo.id)) is not None
    assert [job.state for job in city.rows(Job)] == [JobState.DONE]


def test_what_took_too_long_is_tried_again_before_it_is_given_up(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = city.send(picture=samples.jpeg(size=(640, 480))).photo

    def late(path: Path) -> None:
        raise DecodeTimedOut

    monkeypatch.setattr(city.parts.decoder, "render", late)
    for _ in range(2):
        assert city.work() == 1
        assert city.photo(photo).processing is ProcessingState.PENDING
        city.clock.wait(hours=2)
    city.work()
    assert city.photo(photo).processing is ProcessingState.FAILED


def test_a_failure_is_told_and_tried_again_later(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = city.send(picture=samples.jpeg(size=(640, 480))).photo

    def unreachable(key: str) -> None:
        raise BlobsUnreachable("the store does not answer")

    with monkeypatch.context() as broken:
        broken.setattr(city.parts.blobs, "local_path", unreachable)
        assert city.work() == 1
    (job,) = city.rows(Job)
    assert (job.state, job.error) == (JobState.QUEUED, "BlobsUnreachable: the store does not answer")
    assert job.run_at > city.clock.now
    assert city.work() == 0
    city.clock.wait(hours=1)
    assert city.work() == 1
    assert city.photo(photo).processing is ProcessingState.DONE


def test_a_worker_that_comes_back_late_changes_nothing(city: City) -> None:
    photo = city.send(picture=samples.jpeg(size=(640, 480))).photo

    def overtaken(parts: Parts, job: Job) -> Effect:
        effect = HANDLERS[job.kind](parts, job)
        city.clock.wait(minutes=5)
        assert Worker(city.parts, "quick").run_once()
        city.clock.wait(minutes=5)
        return effect

    assert Worker(city.parts, "slow", handlers={JobKind.PHOTO_PROCESS: overtaken}).run_once()
    done = city.photo(photo)
    assert done.updated_at == city.clock.now - timedelta(minutes=5)
    (job,) = city.rows(Job)
    assert (job.state, job.attempts) == (JobState.DONE, 2)


def test_a_long_job_keeps_its_lease(city: City) -> None:
    city.send()

    def long(parts: Parts, job: Job) -> Effect:
        before = job.leased_until
        assert before is not None
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            city.clock.wait(seconds=1)
            if city.rows(Job)[0].leased_until > before + timedelta(seconds=2):
                return lambda db, now: None
            time.sleep(0.05)
        raise AssertionError("the lease was not extended")

    assert Worker(city.parts, "steady", handlers={JobKind.PHOTO_PROCESS: long}, lease_s=0.6).run_once()
    assert city.rows(Job)[0].state is JobState.DONE


def test_erased_while_it_was_worked_on(city: City) -> None:
    photo = city.send(picture=samples.jpeg(size=(640, 480))).photo

    def meanwhile(parts: Parts, job: Job) -> Effect:
        effect = HANDLERS[job.kind](parts, job)
        erase(parts, city.people["officer"], photo.id)
        for side in (320, 1280):
            parts.blobs.put(photos.preview_key(photo.id, side), b"", EMPTY, "image/jpeg")
        return effect

    assert Worker(city.parts, "test", handlers={JobKind.PHOTO_PROCESS: meanwhile}).run_once()
    assert not list(city.parts.blobs.keys(photos.prefix(photo.id)))
    assert city.photo(photo).fingerprint is None


EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_it_runs_until_it_is_told_to_stop(city: City) -> None:
    stop = threading.Event()
    runner = threading.Thread(target=Worker(city.parts, "runner").run, args=(stop,))
    runner.start()
    try:
        photo = city.send(picture=samples.jpeg(size=(640, 480))).photo
        wait_for(lambda: city.photo(photo).processing is ProcessingState.DONE)
    finally:
        stop.set()
        runner.join(30)
    assert not runner.is_alive()


def wait_for(question: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not question():
        assert time.monotonic() < deadline, "it did not happen within a minute"
        time.sleep(0.05)


def test_a_fault_of_ours_does_not_end_it(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    stop, faults = threading.Event(), iter([ValueError("a fault")])

    def plan(parts: Parts, kind: JobKind, every: timedelta) -> bool:
        for fault in faults:
            raise fault
        stop.set()
        return False

    monkeypatch.setattr(regular, "plan", plan)
    monkeypatch.setattr("ingest.worker._TROUBLE_S", 0.01)
    Worker(city.parts, "steady").run(stop)
    assert stop.is_set()


def test_tidying_is_planned_once_a_day(city: City) -> None:
    assert [regular.plan(city.parts, JobKind.TIDY, tidy.EVERY) for _ in range(2)] == [True, False]
    city.clock.wait(hours=25)
    assert regular.plan(city.parts, JobKind.TIDY, tidy.EVERY)
    assert [job.kind for job in city.rows(Job)] == [JobKind.TIDY] * 2


def test_tidying_takes_what_belongs_to_nobody(city: City) -> None:
    photo = city.send().photo
    lost = uuid4()
    city.parts.blobs.put(photos.original_key(lost), b"", EMPTY, "image/jpeg")
    city.parts.blobs.put("photos/README/first", b"", EMPTY, "text/plain")
    city.clock.now = real = time_of(city, lost)
    assert tidy.sweep(city.parts) == 0
    city.clock.now = real + timedelta(hours=25)
    assert tidy.sweep(city.parts) == 1
    assert set(city.parts.blobs.keys("photos/")) == {photos.original_key(photo.id), "photos/README/first"}


def time_of(city: City, photo_id: UUID) -> datetime:
    stat = city.parts.blobs.stat(photos.original_key(photo_id))
    assert stat is not None
    return stat.modified_at


def test_done_jobs_are_forgotten_in_time(city: City) -> None:
    city.send(picture=samples.jpeg(size=(640, 480)))
    city.work()
    city.clock.wait(days=60)
    regular.plan(city.parts, JobKind.TIDY, tidy.EVERY)
    city.work()
    assert [job.kind for job in city.rows(Job)] == [JobKind.TIDY]


KILLED = """
import os, signal, sys, threading
from pantau.settings import Settings
from pantau.wiring import open_parts
from ingest.photos import process
from ingest.work import Effect
from ingest.worker import Worker

parts = open_parts(Settings(_env_file=None))
keep = process._keep
def keep_and_hang(parts, key, preview):
    keep(parts, key, preview)
    print("in the middle", flush=True)
    threading.Event().wait()
process._keep = keep_and_hang
Worker(parts, "doomed").run_once()
"""


def test_killed_in_the_middle_nothing_is_lost_and_nothing_done_twice(city: City, pair: Pair, tmp_path: Path) -> None:
    # The other process goes by the real clock.
    city.clock.now = datetime.now(UTC) - timedelta(hours=1)
    photo = city.send(picture=samples.jpeg(size=(1600, 1200))).photo
    doomed = subprocess.Popen(
        [sys.executable, "-c", KILLED],
        cwd=ROOT,
        env={**os.environ, **pair.environment, "PANTAU_DATA_DIR": str(tmp_path / "var")},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert doomed.stdout is not None
    assert doomed.stdout.readline().strip() == "in the middle"
    os.kill(doomed.pid, signal.SIGKILL)
    doomed.wait()
    doomed.stdout.close()
    (job,) = city.rows(Job)
    assert (job.state, job.attempts) == (JobState.RUNNING, 1)
    assert city.photo(photo).processing is ProcessingState.PENDING
    city.clock.now = job.leased_until - timedelta(seconds=1)
    assert city.work() == 0
    city.clock.now = job.leased_until + timedelta(seconds=1)
    assert city.work() == 1
    done = city.photo(photo)
    assert done.processing is ProcessingState.DONE
    assert len(city.rows(PhotoBand)) == 4
    assert len(list(city.parts.blobs.keys(photos.prefix(photo.id)))) == 3
    (job,) = city.rows(Job)
    assert (job.state, job.attempts) == (JobState.DONE, 2)
    with city.parts.database.read() as db:
        assert jobs.counts(db)[JobState.DONE] == 1
