"""Streams of changes from processes as they run in a city: several servers, and a database that is restarted."""

import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest

from storage.database import open_database
from tests.api.test_listening import heard
from tests.api.test_live import STREAM
from tests.pantau.terminal import Running, running
from tests.pantau.test_running import asked, officer, sent, until
from tests.servers.fixtures import FOLDER, OWNER
from tests.servers.postgres import PostgresServer, bin_folder, libpq
from tests.storage.pairs import Pair, migrated

Events = Iterator[tuple[str, Any, str | None]]
MOST = 40
"""Streams that are opened until each of two processes has one: that they all go to one is chance."""


@contextmanager
def listening(url: str, token: str, after: str = "") -> Iterator[Events]:
    """What somebody hears, as it comes."""
    headers = {"authorization": f"Bearer {token}", "last-event-id": after}
    with (
        httpx2.Client(base_url=url, timeout=30) as client,
        client.stream("GET", STREAM, headers=headers) as answer,
    ):
        assert answer.status_code == 200, answer.read()
        yield heard(answer)


def told(events: Events) -> tuple[str, str | None]:
    """The next change: which incident, and the position behind it."""
    name, feature, position = next(events)
    assert name == "incident"
    return feature["id"], position


def before(events: Events, incident: str) -> set[str]:
    """Which others are told before this one: after a position, what was just told may be told again."""
    return set(iter(lambda: told(events)[0], incident))


def test_every_process_tells_what_any_of_them_wrote_and_goes_on_for_another(pair: Pair, tmp_path: Path) -> None:
    token = officer(pair.database)
    with (
        running(tmp_path, pair.environment, "serve", "--port", "0", "--processes", "2") as serving,
        ExitStack() as all_,
    ):
        url, heard_by = serving.url, list[Events]()
        while len(holders(serving)) < 2:
            assert len(heard_by) < MOST
            heard_by.append(all_.enter_context(listening(url, token)))
            assert next(heard_by[-1])[0] == "ready"
        photo = f"photo:{sent(url, token)}"
        changes = [told(events) for events in heard_by]
        assert {name for name, _ in changes} == {photo}
        # Each process looked at its own time, so they need not name the same position; any is good at any of them.
        positions = {position for _, position in changes if position}
        assert positions
        missed = f"photo:{sent(url, token)}"
        for position in positions:
            for _ in range(4):  # whichever process takes it
                with listening(url, token, position) as events:
                    assert next(events)[1]["resumed"]
                    assert before(events, missed) <= {photo}
        began = time.monotonic()
        assert serving.stop(signal.SIGTERM) == 0
        assert time.monotonic() - began < 8, "streams kept the servers from ending"


def holders(serving: Running) -> set[int]:
    """The server processes that hold connections from outside (Linux, `proc(5)`)."""
    port = int(serving.url.rpartition(":")[2])
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    established = {f"socket:[{line[9]}]" for line in lines if line[1].endswith(f":{port:04X}") and line[3] == "01"}
    pid = serving.process.pid
    return {child for child in children(pid) if established & descriptors(child)}


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def descriptors(pid: int) -> set[str]:
    """What the process has open, as links."""
    found = set[str]()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.add(str(link.readlink()))
        except FileNotFoundError:
            continue
    return found


def ears(url: str) -> int:
    """How many listen to what the database tells."""
    with psycopg.connect(libpq(url)) as db:
        row = db.execute("SELECT count(*) FROM pg_stat_activity WHERE query = 'LISTEN pantau_change'").fetchone()
    assert row is not None
    return int(row[0])


@pytest.fixture
def cluster(pytestconfig: pytest.Config, tmp_path: Path) -> Iterator[PostgresServer]:
    """A PostgreSQL of this test's own, to be restarted."""
    if bin_folder() is None:
        pytest.skip("PostgreSQL with PostGIS is not installed (as root on Debian, `make test` installs it)")
    folder = pytestconfig.stash[FOLDER] / f"restarted-{tmp_path.name}-{os.getpid()}"
    server = PostgresServer.start(folder, pytestconfig.stash[OWNER])
    yield server
    server.close()


def test_a_stream_outlives_a_restart_of_the_database(
    cluster: PostgresServer, pytestconfig: pytest.Config, tmp_path: Path
) -> None:
    url = cluster.create_database()
    migrated(url)
    with open_database(url) as database:
        token = officer(database)
    environment = {"PANTAU_DATABASE_URL": url}
    with running(tmp_path, environment, "serve", "--port", "0") as serving, listening(serving.url, token) as events:
        assert next(events)[0] == "ready"
        first = sent(serving.url, token)
        name, position = told(events)
        assert name == f"photo:{first}"
        assert position
        cluster.stop()
        status, refused = asked(f"{serving.url}/api/v1/incidents", headers={"authorization": f"Bearer {token}"})
        assert (status, refused["code"]) == (503, "unavailable"), refused
        time.sleep(2.5)  # the reader tries again meanwhile, and fails
        server = cluster.again(pytestconfig.stash[OWNER])
        try:
            second = sent(serving.url, token)
            assert told(events)[0] == f"photo:{second}", "on the same line as before"
            with listening(serving.url, token, position) as later:
                assert next(later)[1]["resumed"]
                assert before(later, f"photo:{second}") <= {f"photo:{first}"}
            until(lambda: ears(url) == 1)  # told by the database again, not only found by looking each second
            third = sent(serving.url, token)
            assert told(events)[0] == f"photo:{third}"
        finally:
            server.kept.close()
        assert not re.search(r"Traceback", serving.said()), serving.said()
