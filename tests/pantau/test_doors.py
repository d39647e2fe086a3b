"""The doors for cheap cameras, as a process: closed unless asked for, on loopback, ended as told."""

import ftplib
import io
import os
import re
import signal
import smtplib
import subprocess
import sys

import pytest

from cases.words import CameraDoor
from storage import cameras
from storage.tables import Camera, Snapshot
from tests.ingest.cameras.sightings import beside
from tests.ingest.city import City, city, decoder
from tests.servers import clips
from tests.storage.pairs import Pair, on_sqlite

__all__ = ["city", "decoder"]


def started(pair: Pair, *words: str) -> subprocess.Popen[str]:
    environment = os.environ | pair.environment | {"PANTAU_DATA_DIR": str(pair.folder)}
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "pantau", "doors", *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@on_sqlite
def test_stills_come_in_by_both_doors_of_one_process(pair: Pair, city: City) -> None:
    made = beside(city, door=CameraDoor.PUSH, url="")
    with pair.database.write() as db:
        token = cameras.new_push_token(db.get_one(Camera, made.id))
    process = started(pair, "--ftp-port", "0", "--smtp-port", "0")
    try:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(3)]
        ports = [int(found[1]) for line in told if (found := re.search(r"127\.0\.0\.1 port (\d+)", line))]
        with ftplib.FTP() as ftp:
            ftp.connect("127.0.0.1", ports[0], timeout=30)
            ftp.login(str(made.number), token)
            ftp.storbinary("STOR 1.jpg", io.BytesIO(clips.jpeg(number=1)))
        with smtplib.SMTP("127.0.0.1", ports[1], timeout=30) as mail:
            mail.login(str(made.number), token)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        _, said = process.communicate()
    assert token not in said
    assert len(city.rows(Snapshot)) == 1


@on_sqlite
@pytest.mark.parametrize(
    ("words", "told"),
    [((), "open at least one door"), (("--ftp-port", "0", "--passive", "80-90"), "--passive is a range of ports")],
)
def test_what_cannot_be_opened_is_refused(pair: Pair, words: tuple[str, ...], told: str) -> None:
    process = started(pair, *words)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert told in said
