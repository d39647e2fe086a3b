"""Stills stay as long as they are needed, and then are gone: rows and bytes."""

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from cases.words import LinkState, StillKind
from ingest import tidy
from ingest.cameras import retention
from ingest.parts import Parts, StillLimits
from storage import snapshots
from storage.ids import uuid_at
from storage.tables import Camera, Complaint, Heartbeat, Link, Snapshot
from tests.ingest.cameras.fleet import camera
from tests.ingest.city import City
from tests.storage.samples import complaint

DAY = timedelta(days=1)


@pytest.fixture
def camera_id(city: City) -> UUID:
    owner = city.people["command"].account_id
    assert owner is not None
    made = camera(owner, keep_days=10)
    with city.parts.database.write() as db:
        db.add(made)
    return made.id


def kept(city: City, camera_id: UUID, *, days_ago: float = 0, size: int = 1000) -> UUID:
    """A still as the round keeps it, with the small picture that somebody looked at."""
    content, taken_at = uuid4().bytes * (size // 16), city.clock.now - timedelta(days=days_ago)
    made = Snapshot(
        id=uuid_at(taken_at),
        camera_id=camera_id,
        kind=StillKind.JPEG,
        sha256=sha256(content).hexdigest(),
        bytes=len(content),
        width=480,
        height=270,
        taken_at=taken_at,
        received_at=taken_at,
        expires_at=taken_at + 10 * DAY,
    )
    blobs = city.parts.blobs
    blobs.put(snapshots.original_key(made.id), content, made.sha256, "image/jpeg")
    blobs.put(snapshots.thumbnail_key(made.id), content, made.sha256, "image/jpeg")
    with city.parts.database.write() as db:
        db.add(made)
    return made.id


def linked(city: City, snapshot_id: UUID, *, closed_at: datetime | None, state: LinkState = LinkState.PROPOSED) -> UUID:
    """A complaint that needs the still; open if it was never closed."""
    now = city.clock.now
    made = complaint(category_code="pothole", agency_code="bina_marga", closed_at=closed_at)
    with city.parts.database.write() as db:
        db.add(made)
        db.flush()
        tie = Link(id=uuid4(), complaint_id=made.id, snapshot_id=snapshot_id, state=state, score=0.5, created_at=now)
        db.add(tie)
    return made.id


def left(parts: Parts) -> set[UUID]:
    """The stills that have a row, which are those that have bytes."""
    with parts.database.read() as db:
        ids = set(db.scalars(select(Snapshot.id)))  # type: ignore[call-overload]
    assert {UUID(key.split("/")[1]) for key in parts.blobs.keys("snapshots/")} == ids
    return ids


def test_a_still_goes_with_every_byte_when_its_days_are_over(city: City, camera_id: UUID) -> None:
    old, new = kept(city, camera_id, days_ago=10), kept(city, camera_id, days_ago=9)
    assert retention.end_stills(city.parts) == 1
    assert left(city.parts) == {new}
    city.clock.wait(days=1)
    assert retention.end_stills(city.parts) == 1
    assert left(city.parts) == set()
    assert old != new


def test_a_complaint_keeps_its_stills_until_its_closing_and_its_days(city: City, camera_id: UUID) -> None:
    parts = replace(city.parts, stills=StillLimits(linked_days=30, by_category={"pothole": 60}))
    still = kept(city, camera_id, days_ago=100)
    complaint_id = linked(city, still, closed_at=None)
    assert retention.end_stills(parts) == 0
    with parts.database.write() as db:
        db.get_one(Complaint, complaint_id).closed_at = city.clock.now
    city.clock.wait(days=59)
    assert retention.end_stills(parts) == 0
    assert left(parts) == {still}
    city.clock.wait(days=1)
    assert retention.end_stills(parts) == 1
    assert left(parts) == set()


def test_fewer_days_for_linked_stills_hold_for_those_of_closed_complaints(city: City, camera_id: UUID) -> None:
    long, short = (replace(city.parts, stills=StillLimits(linked_days=days)) for days in (365, 30))
    now, still = city.clock.now, kept(city, camera_id, days_ago=100)
    linked(city, still, closed_at=now)
    open_still, unlinked = kept(city, camera_id, days_ago=100), kept(city, camera_id)
    linked(city, open_still, closed_at=None)
    for parts, end in ((long, 365), (short, 30), (short, 30), (long, 365), (short, 30)):
        assert retention.end_stills(parts) == 0
        ends = {shot.id: shot.expires_at for shot in city.rows(Snapshot)}
        assert ends == {still: now + end * DAY, open_still: None, unlinked: now + 10 * DAY}
    city.clock.wait(days=30)
    assert retention.end_stills(short) == 2
    assert left(short) == {open_still}


def test_a_rejected_tie_keeps_nothing(city: City, camera_id: UUID) -> None:
    linked(city, kept(city, camera_id, days_ago=11), closed_at=None, state=LinkState.REJECTED)
    assert retention.end_stills(city.parts) == 1
    assert left(city.parts) == set()
    assert city.rows(Link) == []


def test_more_than_one_batch_goes_at_once(city: City, camera_id: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots.expire, "__kwdefaults__", {"at_most": 2})
    for _ in range(5):
        kept(city, camera_id, days_ago=20)
    held = kept(city, camera_id, days_ago=21)
    linked(city, held, closed_at=None)
    assert retention.end_stills(city.parts) == 5
    assert left(city.parts) == {held}


def test_the_oldest_make_room_before_it_is_full_and_never_evidence(city: City, camera_id: UUID) -> None:
    ids = [kept(city, camera_id, days_ago=9 - at, size=16_000) for at in range(10)]
    linked(city, ids[0], closed_at=None)
    roomy = replace(city.parts, stills=StillLimits(room_bytes=200_000))
    assert retention.make_room(roomy) == 0
    tight = replace(city.parts, stills=StillLimits(room_bytes=160_000))
    assert retention.make_room(tight) == 1, "down to nine tenths"
    assert left(city.parts) == set(ids) - {ids[1]}
    least = replace(city.parts, stills=StillLimits(room_bytes=1_000))
    assert retention.make_room(least) == 8
    assert left(city.parts) == {ids[0]}


def test_heartbeats_go_with_their_cameras_days(city: City, camera_id: UUID) -> None:
    with city.parts.database.write() as db:
        number = db.get_one(Camera, camera_id).number
        for days in (1, 9, 11):
            db.add(Heartbeat(camera_number=number, at=city.clock.now - days * DAY))
    retention.end_stills(city.parts)
    assert len(city.rows(Heartbeat)) == 2


def test_bytes_that_a_dead_watcher_left_are_swept(city: City, camera_id: UUID) -> None:
    still = kept(city, camera_id)
    stray = snapshots.original_key(uuid4())
    city.parts.blobs.put(stray, b"x", sha256(b"x").hexdigest(), "image/jpeg")
    later = replace(city.parts, clock=lambda: datetime.now(city.clock.now.tzinfo) + 2 * DAY)
    assert tidy.sweep(later) == 1
    assert left(city.parts) == {still}
