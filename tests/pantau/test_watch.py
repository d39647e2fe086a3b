"""`pantau watch` as processes: several share a fleet, and what one of them held when it was killed is taken over."""

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen
from uuid import UUID

from sqlalchemy import select

from cases.words import Role, VisitState
from storage import accounts, cameras
from storage.database import Database, open_database
from storage.tables import CameraVisit
from storage.visits import LATE_AFTER
from tests.ingest.cameras.fleet import Site, register, site
from tests.pantau.demo import untold
from tests.pantau.terminal import ROOT, Terminal, running
from tests.storage.pairs import Pair

# The command as it is, but for the one thing that only tests may: cameras on this machine.
_WATCH = """
import sys
from dataclasses import replace
from ingest.cameras.address import Guard
from pantau.__main__ import main
from pantau.commands import watch
opened = watch.open_parts
watch.open_parts = lambda settings: replace(opened(settings), guard=Guard(allow_loopback=True))
sys.argv[0] = "pantau"
main()
"""


@contextmanager
def watcher(pair: Pair, name: str) -> Iterator[subprocess.Popen[bytes]]:
    """`pantau watch --name NAME` as a process of its own, from when it watches."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PANTAU_")}
    said = pair.folder / f"{name}.out"
    with said.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", _WATCH, "watch", "--name", name],
            env={**clean, **pair.environment, "PANTAU_DATA_DIR": str(pair.folder), "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        until(lambda: b" watches" in said.read_bytes(), 60)
        yield process
    except BaseException:
        print(said.read_text())
        raise
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def until(met: Callable[[], object], within_s: float) -> None:
    deadline = time.monotonic() + within_s
    while not met():
        assert time.monotonic() < deadline, "too late"
        time.sleep(0.02)


def enrolled(database: Database, sites: list[Site]) -> list[UUID]:
    """Cameras that are visited every ten seconds, all due now."""
    with database.write() as db:
        now = datetime.now(UTC)
        owner = accounts.add(db, login="owner", name="Owner", role=Role.OWNER, now=now)
        return [register(db, owner.id, now, one.url, interval_s=10) for one in sites]


def standing(database: Database, ids: list[UUID]) -> list[CameraVisit]:
    with database.read() as db:
        return [db.get_one(CameraVisit, one) for one in ids]


def test_what_a_killed_watcher_held_is_taken_over_within_a_minute(pair: Pair) -> None:
    with ExitStack() as street:
        sites = [street.enter_context(site(f"127.0.1.{at}")) for at in range(1, 6)]
        slow = street.enter_context(site("127.0.1.9", mode="stall"))
        ids = enrolled(pair.database, [*sites, slow])
        with watcher(pair, "first") as first, ExitStack() as later:
            until(lambda: all(one.state for one in standing(pair.database, ids[:-1])), 60)
            assert standing(pair.database, ids[-1:])[0].lease, "it is in the middle of a visit"
            first.send_signal(signal.SIGKILL)
            first.wait()
            killed = datetime.now(UTC)
            slow.mode = "ok"
            slow.closing.set()
            outlive_leases(pair.database, killed)
            later.enter_context(watcher(pair, "second"))
            until(lambda: all((one.seen_at or killed) > killed for one in standing(pair.database, ids)), 60)
        found = standing(pair.database, ids)
    assert {one.watcher for one in found} == {"second"}
    assert {one.state for one in found} == {VisitState.OK}


def outlive_leases(database: Database, now: datetime) -> None:
    """As if the time had passed after which nothing is a dead watcher's any more: at most a minute."""
    with database.write() as db:
        for one in db.scalars(select(CameraVisit)):
            passed = max(LATE_AFTER, (one.leased_until or now) - now)
            assert passed <= timedelta(minutes=1)
            one.due_at = min(one.due_at, now) - passed
            one.leased_until = one.leased_until and one.leased_until - passed


def test_two_watchers_visit_no_camera_twice_and_end_when_told(pair: Pair) -> None:
    with ExitStack() as street:
        sites = [street.enter_context(site(f"127.0.1.{at}")) for at in range(1, 9)]
        processes = [street.enter_context(watcher(pair, name)) for name in ("one", "other")]
        ids = enrolled(pair.database, sites)
        until(lambda: all(one.state for one in standing(pair.database, ids)), 60)
        for process in processes:
            process.send_signal(signal.SIGTERM)
        assert [process.wait(30) for process in processes] == [0, 0]
        assert max(len(one.begun) for one in sites) <= 2, "once, and once more where its next moment has come"
        assert all(one.lease is None for one in standing(pair.database, ids))


def test_a_watcher_beside_a_demo_reaches_the_demos_cameras(tmp_path: Path) -> None:
    untold.lay(tmp_path / "data")
    alone = {"PANTAU_WATCHERS": "0", "PANTAU_WORKERS": "0"}
    with running(tmp_path, alone, "run", "--demo", "--port", "0") as service:
        service.wait_for("Ctrl.C stops it")
        with (
            running(tmp_path, {"PANTAU_DEMO": "true"}, "watch", "--name", "beside") as watching,
            open_database(f"sqlite:///{tmp_path}/data/demo/pantau.db") as database,
        ):
            watching.wait_for("beside watches")
            until(lambda: states(database)[VisitState.OK] >= 20, 60)
            assert watching.stop(signal.SIGTERM) == 0
            assert states(database)[VisitState.REFUSED_ADDRESS] == 0
        with running(tmp_path, {"PANTAU_DEMO": "true"}, "cameras", "test", "1") as tried:
            tried.wait_for("Here is your picture")
        with urlopen(f"{service.url}/metrics") as answer:
            lags = re.findall(r"pantau_visit_lag_seconds_total{.*} (\S+)", answer.read().decode())
        assert lags
        assert sum(map(float, lags)) < 60 * 60, "as if they had been due since long before the demo"
        assert service.stop(signal.SIGTERM) == 0


def states(database: Database) -> Counter[VisitState | None]:
    """How many cameras stand in each state."""
    with database.read() as db:
        return Counter(cameras.state_counts(db))


def test_pantau_watch_needs_the_tables(terminal: Terminal) -> None:
    said = terminal("watch")
    assert said.code == 1
    assert "pantau migrate" in said.err
