"""How many jobs a second, each with an effect: `python -m bench.jobs [POSTGRES_URL]`.

Ours: claim, then effect and finish in one transaction. The floor, in the same run: the same two transactions with bare
SQL by the driver, on a queue that only this one worker reads. On SQLite every transaction waits for the disk
(synchronous FULL), so the disk sets both. Without POSTGRES_URL only SQLite is measured; the database must be empty.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy import insert

from cases.words import JobKind
from storage import jobs, migrate
from storage.database import Database, open_database
from storage.tables import Audit
from storage.tables.types import micros

NUMBER = 1_000
ROUNDS = 3


def now() -> datetime:
    return datetime.now(UTC)


def fill(database: Database) -> None:
    with database.write() as db:
        for number in range(NUMBER):
            jobs.add(db, JobKind.PHOTO_PROCESS, str(number), now())


def ours(database: Database) -> int:
    done = 0
    while job := jobs.claim(database, "bench", now(), lease_s=60):
        with database.write() as db:
            db.execute(insert(Audit).values(at=now(), action="done", subject="job", subject_id=job.subject_id, data={}))
            jobs.finish(db, job, now())
        done += 1
    return done


def floor(database: Database) -> int:
    mark = "?" if database.dialect == "sqlite" else "%s"
    begin = "BEGIN IMMEDIATE" if database.dialect == "sqlite" else "BEGIN"
    take = (
        f"UPDATE job SET state = 'running', lease = {mark}, leased_until = {mark}, attempts = attempts + 1 "
        "WHERE id = (SELECT id FROM job WHERE state = 'queued' ORDER BY run_at, id LIMIT 1) RETURNING id, subject_id"
    )
    note = f"INSERT INTO audit (at, action, subject, subject_id, data) VALUES ({mark}, 'done', 'job', {mark}, '{{}}')"
    end = f"UPDATE job SET state = 'done', finished_at = {mark}, lease = NULL WHERE id = {mark} AND lease = {mark}"
    raw = database.engine.raw_connection()
    try:
        if database.dialect == "postgresql":
            raw.driver_connection.autocommit = True  # type: ignore[union-attr]
        cursor, done = raw.cursor(), 0
        while True:
            lease = uuid4().hex
            cursor.execute(begin)
            cursor.execute(take, (lease, micros(now())))
            found = cursor.fetchone()
            cursor.execute("COMMIT")
            if found is None:
                return done
            cursor.execute(begin)
            cursor.execute(note, (micros(now()), found[1]))
            cursor.execute(end, (micros(now()), found[0], lease))
            cursor.execute("COMMIT")
            done += 1
    finally:
        raw.invalidate()


@dataclass(frozen=True)
class Cost:
    """Of one job, in milliseconds: on the clock, and of this process's processor time."""

    wall_ms: float
    cpu_ms: float


def cost(database: Database, work: Callable[[Database], int]) -> Cost:
    """What one job costs, over a queue of NUMBER."""
    fill(database)
    wall, cpu = time.perf_counter(), time.process_time()
    done = work(database)
    assert done == NUMBER
    return Cost((time.perf_counter() - wall) / done * 1e3, (time.process_time() - cpu) / done * 1e3)


def measure(url: str) -> None:
    with open_database(url) as database:
        migrate.upgrade(database)
        costs: dict[str, list[Cost]] = {"floor": [], "ours": []}
        for _ in range(ROUNDS):
            costs["floor"].append(cost(database, floor))
            costs["ours"].append(cost(database, ours))
        best = {name: min(found, key=lambda one: one.wall_ms) for name, found in costs.items()}
        for name, one in best.items():
            print(f"{database.dialect:10}  {name:5}  {1e3 / one.wall_ms:6.0f} jobs/s   {one.cpu_ms:.2f} ms CPU a job")
        print(f"{database.dialect:10}  time ratio {best['ours'].wall_ms / best['floor'].wall_ms:.2f}")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        measure(f"sqlite:///{Path(folder) / 'bench.db'}")
    for url in sys.argv[1:]:
        measure(url)


if __name__ == "__main__":
    main()
