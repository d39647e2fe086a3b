"""Real RTSP cameras in the round: `python -m bench.cameras_round [--cameras N] [--minutes M] [--url POSTGRES_URL]`.

N cameras (1,000), each at an address of its own on this machine, served by gst-rtsp-server, one still a minute each, by
`pantau watch` processes: first all well for M minutes (10), then a tenth of them stalled, a tenth refusing and a tenth
gone for half as long. In the middle of each part the watcher is killed with -9 and another begins.

Told for each part: of the moments at which a camera that is well was due, how many had its still in hand within 5 s
(99 % wanted), and in how many of its intervals none came at all (none wanted); what the watchers cost. The cameras run
on the same machine: their cost is told apart. The floor, in the same run: the same visits one after another, keyframe,
grey picture and health, without a schedule, a database or anything kept.
"""

import argparse
import asyncio
import os
import socket
import subprocess
import tempfile
import time
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import bindparam, insert, select, update

from bench._watcher import ROOT, Cost, Watcher, children, cpu_s
from cases.camera import next_visit
from cases.words import CameraDoor, Role
from ingest.cameras.address import Guard
from ingest.cameras.keep import judge, recalled
from ingest.cameras.pictures import Pictures
from ingest.cameras.reach import Reach, Visitor, Want
from storage import accounts, facts, migrate, visits
from storage.database import Database, open_database
from storage.tables import Camera, CameraVisit, Heartbeat, Snapshot

PORT, CLOSED_PORT, STALLED_PORT, GONE_PORT = 18554, 18555, 18556, 18557
STREAMS = 8
INTERVAL_S = 60
ON_TIME = timedelta(seconds=5)
WANTED_ON_TIME = 0.99
STARTING = timedelta(seconds=10)
"""What was due while the first watcher started is not counted."""


def host(at: int) -> str:
    return f"127.64.{at // 250}.{at % 250 + 1}"


def url(at: int) -> str:
    return f"rtsp://{host(at)}:{PORT}/cam{at % STREAMS}"


@contextmanager
def fleet(number: int) -> Iterator[int]:
    """The cameras, as long as the context lasts; gives the id of their process."""
    command = ["/usr/bin/python3", str(ROOT / "bench" / "_rtsp_fleet.py"), str(PORT), *map(host, range(number))]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        if process.stdout.readline().strip() != b"ready":
            raise SystemExit("the cameras did not start: is GStreamer's RTSP server installed?")
        yield process.pid
    finally:
        process.stdin.close()
        process.wait(20)


def enrol(database: Database, number: int) -> None:
    """The cameras as rows, each due at its own moment of the coming minute."""
    now = datetime.now(UTC)
    with database.write() as db:
        owner = accounts.add(db, login="owner", name="Owner", role=Role.OWNER, now=now)
        db.flush()
        rows = [Camera(**_row(owner.id, at, now)).model_dump() for at in range(number)]
        db.execute(insert(Camera), rows)
    with database.write() as db:
        visits.adopt(db, now, at_most=number)


def _row(owner: object, at: int, now: datetime) -> dict[str, object]:
    place = {"lon": 113.0, "lat": -8.0, "cell": 0}
    said = {"id": uuid4(), "number": at, "account_id": owner, "name": host(at), "door": CameraDoor.RTSP, "url": url(at)}
    return {**said, **place, "created_at": now, "updated_at": now}


def stalling(at: int) -> ExitStack:
    """A camera that takes the connection and then says nothing."""
    held = ExitStack()
    held.enter_context(socket.create_server((host(at), STALLED_PORT)))
    return held


def gone(at: int) -> ExitStack:
    """A camera that is not there: what is sent leads nowhere, since its queue is full and nobody takes from it."""
    held = ExitStack()
    held.enter_context(socket.create_server((host(at), GONE_PORT), backlog=0))
    for _ in range(2):
        filler = held.enter_context(socket.socket())
        filler.setblocking(False)
        filler.connect_ex((host(at), GONE_PORT))
    return held


def break_some(database: Database, number: int, held: ExitStack) -> set[int]:
    """A tenth stalls, a tenth refuses connections, a tenth is gone; answers who stays well."""
    with database.write() as db:
        for at in range(number):
            if at % 10 > 2:
                continue
            if at % 10 == 0:
                held.enter_context(stalling(at))
            if at % 10 == 1:
                held.enter_context(gone(at))
            there = f"rtsp://{host(at)}:{(STALLED_PORT, GONE_PORT, CLOSED_PORT)[at % 10]}/cam0"
            db.execute(update(Camera).where(Camera.number == at).values(url=there))
    return {at for at in range(number) if at % 10 > 2}


def afresh(database: Database) -> None:
    """Every camera due at its own moment of the coming minute, and nobody's."""
    with database.write() as db:
        every = db.execute(select(CameraVisit.camera_id)).scalars().all()
        now = datetime.now(UTC)
        rows = [{"b_id": one, "at": next_visit(one, INTERVAL_S, now)} for one in every]
        moved = update(CameraVisit).where(CameraVisit.camera_id == bindparam("b_id"))
        connection = db.connection()
        connection.execute(moved.values(due_at=bindparam("at"), lease=None, leased_until=None, watcher=None), rows)


@dataclass
class Part:
    """What one part of the run is to show."""

    name: str
    minutes: float
    well: set[int]
    cameras: int
    """The process that serves them."""


def watched(database: Database, environment: dict[str, str], part: Part) -> float:
    """One part: a watcher for half the time, killed, another for the rest. Answers CPU milliseconds a still."""
    began, costs, counted = datetime.now(UTC), [], []
    served_s, wall = cpu_s(part.cameras), time.monotonic()
    for half in ("first", "second"):
        watcher = Watcher(environment, f"{part.name}-{half}")
        until = wall + part.minutes * (30 if half == "first" else 60)
        while time.monotonic() < until:
            time.sleep(0.5)
            watcher.look()
        if half == "first":
            watcher.kill()
        else:
            watcher.end()
        costs.append(watcher.cost)
        with database.read() as db:
            counted.append(orjson.loads(facts.get(db, f"watcher:{watcher.name}") or "{}"))
    took_s = time.monotonic() - wall
    _punctual(database, part, began)
    print(f"  the cameras themselves took {(cpu_s(part.cameras) - served_s) / took_s:.2f} of a core")
    return _told(took_s, costs, counted)


def _punctual(database: Database, part: Part, began: datetime) -> None:
    """Says how many of the moments of those that are well were kept, and how many intervals went without a still."""
    ended, seen = datetime.now(UTC), _seen(database, began)
    moments = punctual = lost = 0
    with database.read() as db:
        cameras = db.execute(select(Camera.id, Camera.number)).all()
    for camera_id, number in cameras:
        at = next_visit(camera_id, INTERVAL_S, began + STARTING)
        while number in part.well and at + timedelta(seconds=INTERVAL_S) <= ended:
            came = seen.get(number, [])
            first = bisect_left(came, at)
            wait = came[first] - at if first < len(came) else timedelta.max
            moments += 1
            punctual += wait <= ON_TIME
            lost += wait >= timedelta(seconds=INTERVAL_S)
            at += timedelta(seconds=INTERVAL_S)
    share = punctual / max(1, moments)
    word = "PASS" if share >= WANTED_ON_TIME else "MISS"
    print(f"{part.name}, {part.minutes:g} minutes, the watcher killed with -9 and replaced in the middle:")
    print(f"  {word} of {len(part.well)} cameras that are well, {share:.2%} of {moments} stills came within 5 s (99 %)")
    print(f"  {'MISS' if lost else 'PASS'} {lost} of their {moments} intervals went without a still (none)", flush=True)


def _told(took_s: float, costs: list[Cost], counted: list[dict[str, Any]]) -> float:
    made: dict[str, int] = {}
    for counts in counted:
        for state, number in counts["visits"].items():
            made[state] = made.get(state, 0) + number
    used_s = sum(cost.cpu_s for cost in costs)
    kept, unopened = (sum(counts[key] for counts in counted) for key in ("kept", "not_looked"))
    stills = max(1, made.get("ok", 0))
    print(f"  visits of all: {made}; {kept} stills kept, {unopened} not opened")
    print(f"  the watcher took {used_s / took_s:.2f} of a core, {used_s / stills * 1e3:.1f} ms a still, ", end="")
    print(f"{max(cost.bytes for cost in costs) / 1e6:.0f} MB at most", flush=True)
    return used_s / stills * 1e3


def _seen(database: Database, began: datetime) -> dict[int, list[datetime]]:
    """When each camera was seen since, by number, in order."""
    found: dict[int, list[datetime]] = {}
    with database.read() as db:
        beats = select(Heartbeat.camera_number, Heartbeat.at).where(Heartbeat.at >= began)
        stills = select(Camera.number, Snapshot.taken_at).join(Snapshot, Snapshot.camera_id == Camera.id)
        for asked in (beats, stills.where(Snapshot.taken_at >= began)):
            for number, at in db.execute(asked):
                found.setdefault(number, []).append(at)
    return {number: sorted(times) for number, times in found.items()}


async def floor_ms(database: Database, number: int) -> float:
    """CPU milliseconds of a bare visit: keyframe, grey picture, health."""
    with database.write() as db:
        db.execute(update(CameraVisit).values(due_at=datetime.now(UTC)))
        dues = visits.claim(db, "floor", datetime.now(UTC), at_most=number, lease_s=1)
    guard, memories = Guard(allow_loopback=True), {}
    with Pictures() as pictures:
        async with Visitor(pictures) as visitor:

            async def one(at: int) -> None:
                due = dues[at % len(dues)]
                visit = await visitor.visit(Reach(due.url), deadline_s=19, guard=guard, want=Want.KEYFRAME)
                assert visit.still is not None, visit
                look = await pictures.look(visit.still)
                memory = memories.get(due.camera_id) or recalled(due, None)
                memories[due.camera_id] = judge(due, look, memory, datetime.now(UTC)).memory

            await one(0)  # starts the opener
            before = _used_s()
            for at in range(number):
                await one(at)
            return (_used_s() - before) / number * 1e3


def _used_s() -> float:
    """By this process and its opener; the fleet is a child too, and not counted."""
    openers = [pid for pid in children(os.getpid()) if "opener" in Path(f"/proc/{pid}/cmdline").read_text()]
    return time.process_time() + sum(cpu_s(pid) for pid in openers)


def main() -> None:
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--cameras", type=int, default=1_000)
    said.add_argument("--minutes", type=float, default=10)
    said.add_argument("--url", help="an empty PostgreSQL database; SQLite if not given")
    chosen = said.parse_args()
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory()))
        address = chosen.url or f"sqlite:///{folder / 'bench.db'}"
        database = held.enter_context(open_database(address))
        migrate.upgrade(database)
        enrol(database, chosen.cameras)
        cameras = held.enter_context(fleet(chosen.cameras))
        floor = asyncio.run(floor_ms(database, min(60, chosen.cameras)))
        afresh(database)
        environment = {"PANTAU_DATABASE_URL": address, "PANTAU_DATA_DIR": str(folder), "PANTAU_LOG_LEVEL": "ERROR"}
        every = set(range(chosen.cameras))
        ours = watched(database, environment, Part("all well", chosen.minutes, every, cameras))
        print(f"  the floor is {floor:.1f} ms a still; ratio {ours / floor:.2f}", flush=True)
        afresh(database)
        well = break_some(database, chosen.cameras, held)
        watched(database, environment, Part("three tenths in trouble", chosen.minutes / 2, well, cameras))


if __name__ == "__main__":
    main()
