"""Pantau as processes: it starts, says where it is, ends as it is told, and loses nothing when it is killed."""

import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import select, update
from sqlmodel import col

from cases.words import JobKind, JobState, Role, Scope
from storage import accounts, tokens
from storage.database import Database, open_database
from storage.tables import Job
from tests.ingest.photos import samples
from tests.pantau.terminal import START_S, WEB, Running, Terminal, running, taken_port
from tests.storage.pairs import Pair

PASSWORD = "benar-kuda-baterai"


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """`pantau run` on an empty folder, as talkative as it can be."""
    aloud = {"PANTAU_LOG_FORMAT": "json", "PANTAU_LOG_LEVEL": "DEBUG"}
    with running(tmp_path_factory.mktemp("run"), aloud, "run", "--port", "0") as service:
        yield service


def asked(url: str, method: str = "GET", **sent: Any) -> tuple[int, dict[str, Any]]:
    """Status and body of an answer."""
    answer = WEB.request(method, url, **sent)
    return answer.status, orjson.loads(answer.data)


def test_the_first_start_prints_a_link_that_makes_an_administrator(embedded: Running) -> None:
    ticket = embedded.wait_for(r"\n +(http://\S+)/ticket#(\S+)")
    assert ticket[1] == embedded.url
    assert embedded.url != "http://127.0.0.1:0"
    body = {"ticket": ticket[2], "password": PASSWORD, "login": "ibu", "name": "Ibu Kota"}
    status, answer = asked(f"{embedded.url}/api/v1/tickets", "POST", json=body)
    assert (status, answer["account"]["login"], answer["account"]["role"]) == (200, "ibu", "administrator")
    assert asked(f"{embedded.url}/api/v1/ready")[0] == 200


def test_its_log_tells_of_requests_and_shows_no_secret(embedded: Running) -> None:
    wrong, key = "salah-kuda-baterai", "pantau_hunter2hunter2"
    signed_in = WEB.request("POST", f"{embedded.url}/api/v1/session", json={"login": "ibu", "password": PASSWORD})
    assert signed_in.status == 200
    session = signed_in.headers["set-cookie"].partition(";")[0].partition("=")[2]
    assert asked(f"{embedded.url}/api/v1/session", "POST", json={"login": "ibu", "password": wrong})[0] == 401
    assert asked(f"{embedded.url}/api/v1/me", headers={"authorization": f"Bearer {key}"})[0] == 401
    assert asked(f"{embedded.url}/api/v1/incidents?q=hunter2&unknown=hunter2")[0] == 422
    sent(embedded.url, officer_of(embedded))
    embedded.wait_for('"path":"/api/v1/photos"')  # a request is told of once its answer has gone
    lines = [orjson.loads(line) for line in embedded.said().splitlines() if line.startswith("{")]
    paths = {line["path"] for line in lines if line["logger"] == "pantau.access"}
    assert {"/api/v1/session", "/api/v1/me", "/api/v1/photos"} <= paths
    for secret in (PASSWORD, wrong, key, session, "hunter2"):
        assert secret not in embedded.said()


def officer_of(service: Running) -> str:
    """The key of an officer's program in an embedded installation."""
    with open_database(f"sqlite:///{service.output.parent}/data/pantau.db") as database:
        return officer(database)


def test_it_says_where_its_data_is_and_how_to_stop_it(embedded: Running) -> None:
    said = embedded.wait_for("Ctrl.C stops it").string
    assert f"data      {embedded.output.parent}/data/pantau.db" in said
    assert f"pictures  {embedded.output.parent}/data/blobs" in said
    assert "alembic" not in said
    assert "Traceback" not in said


def test_told_to_stop_it_ends_cleanly_within_seconds(embedded: Running) -> None:
    assert embedded.url
    began = time.monotonic()
    assert embedded.stop(signal.SIGTERM) == 0
    assert time.monotonic() - began < 10
    assert "Traceback" not in embedded.said()


@pytest.mark.parametrize("command", ["run", "serve"])
def test_a_port_that_is_taken_is_told_before_anything_else(command: str, terminal: Terminal) -> None:
    with taken_port() as port:
        said = terminal(command, "--port", str(port))
    assert said.code == 1
    assert said.err == (
        f"pantau: cannot listen on 127.0.0.1 port {port}: Address already in use. "
        "Is Pantau running already? --host and --port (PANTAU_HOST, PANTAU_PORT) choose another place\n"
    )
    assert not (terminal.folder / "data").exists()


def test_a_server_does_not_become_a_demo_by_a_setting(pair: Pair, terminal: Terminal) -> None:
    terminal.set(**pair.environment, PANTAU_DEMO="true")
    said = terminal("serve", "--port", "0")
    assert said.code == 1
    assert "there is no demo here" in said.err


def test_several_servers_and_a_worker_share_an_installation(pair: Pair, tmp_path: Path) -> None:
    token = officer(pair.database)
    words = ("serve", "--port", "0", "--processes", "2")
    with running(tmp_path, pair.environment, *words) as serving, running(tmp_path, pair.environment, "work") as working:
        photo = sent(serving.url, token)
        until(lambda: status_of(f"{serving.url}/api/v1/photos/{photo}/thumbnail", token) in (200, 307))
        assert working.stop(signal.SIGTERM) == 0
        assert serving.stop(signal.SIGTERM) == 0


def test_a_worker_that_is_killed_in_the_middle_is_replaced_and_nothing_is_done_twice(
    pair: Pair, tmp_path: Path
) -> None:
    token = officer(pair.database)
    with running(tmp_path, pair.environment, "serve", "--port", "0") as serving:
        photo = sent(serving.url, token, samples.jpeg(size=(6000, 4000), seed=3))
        with running(tmp_path, pair.environment, "work") as working:
            until(lambda: job(pair.database).state is JobState.RUNNING)
            working.stop(signal.SIGKILL)
        left = job(pair.database)
        assert (left.state, left.attempts) == (JobState.RUNNING, 1)
        assert status_of(f"{serving.url}/api/v1/photos/{photo}/thumbnail", token) == 404
        outlive_lease(pair.database)
        with running(tmp_path, pair.environment, "work"), running(tmp_path, pair.environment, "work"):
            until(lambda: job(pair.database).state is JobState.DONE)
        assert job(pair.database).attempts == 2
        assert status_of(f"{serving.url}/api/v1/photos/{photo}/thumbnail", token) in (200, 307)


def officer(database: Database) -> str:
    """The key of an officer's program."""
    now = datetime.now(UTC)
    with database.write() as db:
        account = accounts.add(db, login="sari", name="Sari", role=Role.OFFICER, now=now)
        scopes = (Scope.READ, Scope.PHOTOS_WRITE)
        return tokens.issue(db, account.id, now, name="phone", scopes=scopes, expires_at=None).secret


def sent(url: str, token: str, picture: bytes | None = None) -> str:
    """Sends a photo; its id."""
    fields = {"file": ("a.jpg", picture or samples.jpeg(), "image/jpeg")}
    headers = {"authorization": f"Bearer {token}"}
    status, answer = asked(f"{url}/api/v1/photos", "POST", fields=fields, headers=headers)
    assert status == 201, answer
    return str(answer["id"])


def status_of(url: str, token: str) -> int:
    """The status of an answer, redirects not followed."""
    headers = {"authorization": f"Bearer {token}"}
    return WEB.request("GET", url, headers=headers, redirect=False).status


def job(database: Database) -> Job:
    """The job of the photo."""
    with database.read() as db:
        return db.scalars(select(Job).where(col(Job.kind) == JobKind.PHOTO_PROCESS)).one()


def outlive_lease(database: Database) -> None:
    """As if the minute had passed after which a dead worker's job is free."""
    with database.write() as db:
        db.execute(update(Job).where(col(Job.state) == JobState.RUNNING).values(leased_until=_YESTERDAY))


_YESTERDAY = datetime.now(UTC) - timedelta(days=1)


def until(condition: Any, within_s: float = START_S) -> None:
    """Waits for something to become true."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)
