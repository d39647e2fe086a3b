"""Cameras through the scheduler and the database alone: `python -m bench.cameras_claims [--cameras N] [POSTGRES_URL]`.

20,000 simulated cameras are claimed and finished in the batches of the round, every one once, by one watcher and by two
at a time. The floor, in the same run: the same number of batches as the plainest two statements by the driver, a claim
and an end, in one transaction. Without POSTGRES_URL only SQLite is measured; the database must be empty.
"""

import argparse
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, text, update

from cases.camera import visited
from cases.words import CameraDoor, Role, VisitState
from geo.cells import cell
from storage import accounts, migrate, visits
from storage.database import Database, open_database
from storage.tables import Camera, CameraVisit
from storage.visits import Due, Outcome

BATCH = 64
LATER = timedelta(hours=1)
"""No camera comes round again while the others are counted."""
NEEDED_A_S = 317.0
"""A city of 19,000 cameras at one still a minute."""


def now() -> datetime:
    return datetime.now(UTC)


def enrol(database: Database, number: int) -> None:
    with database.write() as db:
        owner = accounts.add(db, login="owner", name="Owner", role=Role.OWNER, now=now())
        db.flush()
        db.execute(insert(Camera), [_camera(owner.id, at) for at in range(number)])
    while True:
        with database.write() as db:
            if not visits.adopt(db, now()):
                break


def _camera(owner: object, at: int) -> dict[str, Any]:
    lon, lat = 113.0 + at % 100 / 1000, -8.0 - at / 1e6
    return {
        **{"id": uuid4(), "number": at, "account_id": owner, "name": f"Camera {at}", "door": CameraDoor.RTSP},
        **{"url": f"rtsp://10.0.{at // 250}.{at % 250}/", "lon": lon, "lat": lat, "cell": cell(lon, lat)},
        **{"created_at": now(), "updated_at": now()},
    }


def all_due(database: Database) -> None:
    with database.write() as db:
        db.execute(update(CameraVisit).values(due_at=now() - timedelta(minutes=1), lease=None, leased_until=None))


def ours(database: Database, watcher: str) -> int:
    """Claims and finishes until nothing is due, a batch a transaction, as the round does."""
    done, ended = 0, list[Outcome]()
    while True:
        with database.write() as db:
            lost = visits.finish(db, ended, watcher, now())
            claimed = visits.claim(db, watcher, now(), at_most=BATCH, lease_s=45)
        assert not lost
        done += len(ended)
        if not claimed:
            return done
        ended = [_outcome(due) for due in claimed]


def _outcome(due: Due) -> Outcome:
    at = now()
    standing = visited(due.standing, VisitState.OK, at)
    health = {"measures": {"mean": 101.5, "deviation": 44.2}, "changed": 0.01, "streaks": {}, "pause_s": 0.8}
    return Outcome(due, at, standing, at + LATER, True, due.faults, health)


def floor(database: Database) -> int:
    """The same rows by the plainest statements, with nobody else about."""
    done = 0
    while True:
        with database.write() as db:
            ids = db.execute(
                text("SELECT camera_id FROM camera_visit WHERE due_at <= :now ORDER BY due_at LIMIT :batch"),
                {"now": int(now().timestamp() * 1e6), "batch": BATCH},
            ).all()
            if not ids:
                return done
            due = int((now() + LATER).timestamp() * 1e6)
            given = [{"id": row[0], "due": due} for row in ids]
            db.execute(text("UPDATE camera_visit SET lease = 'x' WHERE camera_id = :id"), given)
            db.execute(text("UPDATE camera_visit SET lease = NULL, due_at = :due WHERE camera_id = :id"), given)
        done += len(ids)


def a_second(database: Database, number: int, work: Callable[[], int]) -> float:
    """Cameras a second, all of them once."""
    all_due(database)
    began = time.perf_counter()
    done = work()
    assert done == number, f"{done} of {number}"
    return done / (time.perf_counter() - began)


def two(database: Database) -> int:
    """Two watchers at once; each camera goes to one of them."""
    counts: list[int] = []
    threads = [threading.Thread(target=lambda name=name: counts.append(ours(database, name))) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts)


def measure(url: str, number: int) -> None:
    with open_database(url) as database:
        migrate.upgrade(database)
        enrol(database, number)
        found = {
            "floor": a_second(database, number, lambda: floor(database)),
            "one watcher": a_second(database, number, lambda: ours(database, "a")),
            "two watchers": a_second(database, number, lambda: two(database)),
        }
        for name, rate in found.items():
            print(f"{database.dialect:10}  {name:12}  {rate:7.0f} cameras/s")
        ratio, city = found["floor"] / found["one watcher"], found["one watcher"] / NEEDED_A_S
        print(f"{database.dialect:10}  {ratio:.2f} of the floor's time; {city:.0f} times a city")


def main() -> None:
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--cameras", type=int, default=20_000)
    said.add_argument("urls", nargs="*")
    chosen = said.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(f"sqlite:///{Path(folder) / 'bench.db'}", chosen.cameras)
    for url in chosen.urls:
        measure(url, chosen.cameras)


if __name__ == "__main__":
    main()
