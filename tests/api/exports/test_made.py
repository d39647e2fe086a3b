"""Making a file: what goes wrong is tried again and told, and a maker that is killed leaves nothing half done."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyogrio
import pytest

from cases.words import JobState
from ingest.exports import make
from storage import exports
from storage.tables import Job
from tests.api.exports.taken import fetched, listed
from tests.api.town import Town, problem
from tests.storage.pairs import Pair, on_sqlite
from tests.storage.processes import ROOT

KILLED = """
import os, sys, threading
from pantau.settings import Settings
from pantau.wiring import open_parts
from ingest import regular
from ingest.exports import make
from ingest.worker import Worker

walk = make.walk
def slow(*given, **how):
    for rows in walk(*given, **how):
        yield rows
        print("in the middle", flush=True)
        threading.Event().wait()
make.walk = slow
Worker(open_parts(Settings(_env_file=None)), "doomed").run_once()
"""


@on_sqlite
def test_what_cannot_be_made_is_tried_again_and_then_told(told: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError("the disk is full")

    client = told.client("command")
    at = client.post("/api/v1/exports", json={"format": "csv"}).headers["location"]
    monkeypatch.setattr(make, "write", broken)
    for _ in range(4):
        told.city.work()
        told.city.clock.wait(minutes=20)
    state = told.client("command").get(at).json()
    assert state["state"] == "failed"
    assert state["error"].startswith("The file could not be made")
    problem(told.client("command").get(f"{at}/file"), 409, "export_failed")
    assert {job.state for job in told.city.rows(Job) if job.kind == "export"} == {JobState.DONE}


def test_killed_in_the_middle_it_is_made_anew_and_whole(told: Town, pair: Pair, tmp_path: Path) -> None:
    city = told.city
    city.work()
    city.clock.now = datetime.now(UTC) - timedelta(minutes=2)  # the other process goes by the real clock
    client = told.client("command")
    at = client.post("/api/v1/exports", json={"format": "geopackage"}).headers["location"]
    environment = {**os.environ, **pair.environment, "PANTAU_DATA_DIR": str(tmp_path / "var")}
    doomed = subprocess.Popen(
        [sys.executable, "-c", KILLED], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert doomed.stdout is not None
    assert doomed.stdout.readline().strip() == "in the middle"
    os.kill(doomed.pid, signal.SIGKILL)
    doomed.wait()
    doomed.stdout.close()
    assert client.get(at).json()["state"] == "running"
    problem(client.get(f"{at}/file"), 409, "export_not_ready")
    assert list(city.parts.blobs.keys(exports.PREFIX)) == []
    city.clock.now = datetime.now(UTC) + timedelta(minutes=2)
    assert city.work() >= 1
    path = tmp_path / "read.gpkg"
    path.write_bytes(fetched(told.client("command"), f"{at}/file"))
    assert pyogrio.read_info(path, force_feature_count=True)["features"] == len(listed(told.client("command")))
