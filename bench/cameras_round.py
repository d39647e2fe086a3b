"""Real RTSP cameras in the round: `python -m bench.cameras_round [--cameras N] [--minutes M] [--url POSTGRES_URL]`.

N cameras (1,000), each at an address of its own on this machine, served by gst-rtsp-server, one still a minute each, by
`pantau watch` processes: first all well for M minutes (10), then a tenth of them stalled, a tenth refusing and a tenth
gone for as long. In the middle of each the watcher is killed with -9 and another begins. Told for each part: how many
visits began within 5 s of their time, what the watchers cost, and whether a camera that is well was ever missed.

The floor, in the same run: the same visits one after another, keyframe, grey picture and health, without a schedule,
a database or anything kept. The cameras run on the same machine: their cost is not counted, but it is felt.
"""

import argparse
import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import bindparam, func, insert, select, update

from cases.camera import next_visit
from cases.words import CameraDoor, Role
from ingest.cameras.address import Guard
from ingest.cameras.keep import judge, recalled
from ingest.cameras.pictures import Pictures
from ingest.cameras.reach import Reach, Visitor, Want
from storage import accounts, facts, migrate, visits
from storage.database import Database, open_database
from storage.tables import Camera, CameraVisit, Heartbeat, Snapshot

ROOT = Path(__file__).parents[1]
PORT, CLOSED_PORT, STALLED_PORT = 18554, 18555, 18556
STREAMS = 8
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def host(at: int) -> str:
    return f"127.64.{at // 250}.{at % 250 + 1}"


def url(at: int) -> str:
    return f"rtsp://{host(at)}:{PORT}/cam{at % STREAMS}"


@contextmanager
def fleet(number: int) -> Iterator[None]:
    """The cameras, as long as the context lasts."""
    command = ["/usr/bin/python3", str(ROOT / "bench" / "_rtsp_fleet.py"), str(PORT), *map(host, range(number))]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        if process.stdout.readline().strip() != b"ready":
            raise SystemExit("the cameras did not start: is GStreamer's RTSP server installed?")
        yield
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


def break_some(database: Database, number: int, stalling: dict[int, socket.socket]) -> int:
    """A tenth stalls, a tenth refuses connections, a tenth gives no such stream; answers how many stay well."""
    with database.write() as db:
        for at in range(number):
            kind, there = at % 10, url(at)
            if kind == 0:
                there = f"rtsp://{host(at)}:{stalling[at].getsockname()[1]}/cam0"
            elif kind == 1:
                there = f"rtsp://{host(at)}:{CLOSED_PORT}/cam0"
            elif kind == 2:
                there = f"rtsp://{host(at)}:{PORT}/gone"
            db.execute(update(Camera).where(Camera.number == at).values(url=there))  # type: ignore[arg-type]
    return sum(at % 10 > 2 for at in range(number))


def afresh(database: Database) -> None:
    """Every camera due at its own moment of the coming minute, and nobody's."""
    with database.write() as db:
        every = db.execute(select(CameraVisit.camera_id)).scalars().all()  # type: ignore[call-overload]
        now = datetime.now(UTC)
        rows = [{"b_id": one, "at": next_visit(one, 60, now)} for one in every]
        moved = update(CameraVisit).where(CameraVisit.camera_id == bindparam("b_id"))  # type: ignore[arg-type]
        connection = db.connection()
        connection.execute(moved.values(due_at=bindparam("at"), lease=None, leased_until=None, watcher=None), rows)


@dataclass
class Cost:
    """What processes have used: seconds of a core, and their largest memory together."""

    cpu_s: float = 0.0
    bytes: int = 0


class Watcher:
    """`pantau watch` as a process; what it and its openers cost is read from /proc until it ends."""

    def __init__(self, environment: dict[str, str], name: str) -> None:
        command = [sys.executable, "-m", "bench._watch", "watch", "--name", name]
        self.name, self.cost = name, Cost()
        self._process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self._process.stdout.readline()
        # What starting costs does not grow with the cameras.
        self._started_s = _cpu_s(self._process.pid)

    def look(self) -> None:
        """Takes note of what it costs now."""
        processes = [self._process.pid, *_children(self._process.pid)]
        cpu_s = sum(_cpu_s(pid) for pid in processes) - self._started_s
        self.cost = Cost(max(self.cost.cpu_s, cpu_s), max(self.cost.bytes, sum(_memory(pid) for pid in processes)))

    def kill(self) -> None:
        """With -9."""
        self.look()
        self._process.kill()
        self._process.wait()

    def end(self) -> None:
        """As it is told by its service manager."""
        self.look()
        self._process.terminate()
        self._process.wait(60)


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return found


def _cpu_s(pid: int) -> float:
    try:
        used = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    # user and system time, and those of children that have ended
    return sum(map(int, used[11:15])) / _TICKS


def _memory(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except OSError:
        return 0


def watched(database: Database, environment: dict[str, str], part: str, minutes: float, well: int) -> float:
    """One part: a watcher for half the time, killed, another for the rest. Answers CPU milliseconds a still."""
    began, costs, counted = datetime.now(UTC), [], []
    for half in ("first", "second"):
        watcher = Watcher(environment, f"{part}-{half}")
        until = time.monotonic() + minutes * 30
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
    return _told(database, part, minutes, well, began, costs, counted)


def _told(
    database: Database,
    part: str,
    minutes: float,
    well: int,
    began: datetime,
    costs: list[Cost],
    counted: list[dict[str, Any]],
) -> float:
    made: dict[str, int] = {}
    for counts in counted:
        for state, number in counts["visits"].items():
            made[state] = made.get(state, 0) + number
    late, all_made = sum(counts["late"] for counts in counted), sum(made.values())
    cpu_s = sum(cost.cpu_s for cost in costs)
    kept, unopened = (sum(counts[key] for counts in counted) for key in ("kept", "not_looked"))
    seen = _seen(database, began)
    due = int(minutes) - 1
    missed = sum(number < due for number in seen.values()) + max(0, well - len(seen))
    stills = max(1, made.get("ok", 0))
    print(f"{part}: {all_made} visits in {minutes:g} minutes: {made}")
    print(f"  began within 5 s of their time: {1 - late / max(1, all_made):.2%} (killed -9 and replaced in the middle)")
    print(f"  {cpu_s / (minutes * 60):.2f} of a core, {cpu_s / stills * 1e3:.1f} ms a still, ", end="")
    print(f"{max(cost.bytes for cost in costs) / 1e6:.0f} MB at most; {kept} kept, {unopened} not opened")
    print(f"  of {well} cameras that are well, {missed} were seen less than {due} times")
    return cpu_s / stills * 1e3


def _seen(database: Database, began: datetime) -> dict[int, int]:
    """How often each camera was seen since, by number."""
    found: dict[int, int] = {}
    with database.read() as db:
        beats = select(Heartbeat.camera_number, func.count()).where(Heartbeat.at >= began)  # type: ignore[call-overload, arg-type]
        stills = select(Camera.number, func.count()).join(Snapshot, Snapshot.camera_id == Camera.id)  # type: ignore[call-overload, arg-type]
        for rows in (
            db.execute(beats.group_by(Heartbeat.camera_number)),
            db.execute(stills.where(Snapshot.received_at >= began).group_by(Camera.number)),
        ):
            for number, count in rows:
                found[number] = found.get(number, 0) + count
    return found


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
    openers = [pid for pid in _children(os.getpid()) if "opener" in Path(f"/proc/{pid}/cmdline").read_text()]
    return time.process_time() + sum(_cpu_s(pid) for pid in openers)


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
        held.enter_context(fleet(chosen.cameras))
        stalling = {
            at: held.enter_context(socket.create_server((host(at), STALLED_PORT)))
            for at in range(0, chosen.cameras, 10)
        }
        floor = asyncio.run(floor_ms(database, min(60, chosen.cameras)))
        afresh(database)
        environment = {"PANTAU_DATABASE_URL": address, "PANTAU_DATA_DIR": str(folder), "PANTAU_LOG_LEVEL": "ERROR"}
        ours = watched(database, environment, "all well", chosen.minutes, chosen.cameras)
        print(f"  floor {floor:.1f} ms a still; ratio {ours / floor:.2f}")
        afresh(database)
        well = break_some(database, chosen.cameras, stalling)
        watched(database, environment, "three tenths in trouble", chosen.minutes, well)


if __name__ == "__main__":
    main()
