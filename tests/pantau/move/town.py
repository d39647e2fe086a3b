"""A town on SQLite and a folder, drawn once, and the empty place on PostgreSQL and S3 that it moves to."""

import hashlib
import os
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from sqlalchemy import select

from cases.words import HistoryKind, LinkState, Role, Scope, StillKind
from ingest.cameras.secrets import GivenKeys, Keys, new_key
from ingest.cameras.urls import Credentials
from storage import accounts, areas, history, sign_ins, tokens
from storage.blobs import Blobs, FolderBlobs, open_blobs
from storage.database import Database, open_database
from storage.ids import uuid_at
from storage.tables import Audit, Camera, Complaint, Heartbeat, Link, Photo, Snapshot
from tests.geo.made import grid
from tests.servers.s3 import S3Server
from tests.storage import crowd
from tests.storage.pairs import migrated
from tests.storage.processes import ROOT

KEY = new_key()
SECRET = Credentials("admin", "rahasia-kamera")
WHO = {
    "command": {"role": Role.COMMAND},
    "agency": {"role": Role.AGENCY, "agency_code": "dlh"},
    "district": {"role": Role.OFFICER, "area_code": "35.10.02"},
    "village": {"role": Role.AGENCY, "agency_code": "dishub", "area_code": "35.10.01.1001"},
    "administrator": {"role": Role.ADMINISTRATOR},
}
KILLED = """
import os, signal, sys
from storage.moving import bytes as blobs, postgres, rows
point, left = sys.argv.pop(1), int(sys.argv.pop(1))
blobs._BATCH, rows._FIRST, rows._MOST = 8, 50, 100
real = getattr(postgres.PostgresEnd, point)
def cut(self, *words):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(self, *words)
setattr(postgres.PostgresEnd, point, cut)
from pantau.__main__ import main
main()
"""


class Quiet:
    """A move's progress, remembered."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.done = 0

    def begin(self, what: str, total: int) -> None:
        """Remembers the step."""
        self.steps.append(what)

    def advance(self, done: int) -> None:
        """Counts."""
        self.done += done


@dataclass
class Town:
    """A town on SQLite and a folder, with everybody's secrets."""

    folder: Path
    sessions: dict[str, str]
    token: str

    @property
    def url(self) -> str:
        """Its database."""
        return f"sqlite:///{self.folder / 'pantau.db'}"

    @property
    def blobs(self) -> FolderBlobs:
        """Its store."""
        return FolderBlobs(self.folder / "blobs")


@dataclass
class Elsewhere:
    """Where it moves: an empty database and an empty bucket."""

    url: str
    bucket: str
    s3: S3Server
    town: Town

    @property
    def environment(self) -> dict[str, str]:
        """The settings of the one who moves."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("PANTAU_")},
            "PANTAU_DATA_DIR": str(self.town.folder),
            "PANTAU_S3_ENDPOINT": self.s3.endpoint,
            "PANTAU_S3_ACCESS_KEY": self.s3.access_key,
            "PANTAU_S3_SECRET_KEY": self.s3.secret_key,
            "PANTAU_S3_SECURE": "false",
            "PANTAU_MOVE_TO": self.url,
        }

    def run(self, *words: str, killed: tuple[str, int] | None = None) -> subprocess.CompletedProcess[str]:
        """`pantau move`, in a process of its own, perhaps killed at the nth call of something."""
        command = [sys.executable, "-m", "pantau"]
        if killed is not None:
            command = [sys.executable, "-c", KILLED, killed[0], str(killed[1])]
        command += ["move", "--blobs-to", f"s3://{self.bucket}", *words]
        return subprocess.run(command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False)

    def store(self) -> Blobs:
        """The bucket."""
        return open_blobs(
            f"s3://{self.bucket}",
            endpoint=self.s3.endpoint,
            access_key=self.s3.access_key,
            secret_key=self.s3.secret_key,
            secure=False,
        )


def drawn(folder: Path) -> Town:
    """The town, in an empty folder; a move changes nothing in it."""
    made = Town(folder, {}, "")
    migrated(made.url)
    with open_database(made.url) as database:
        _settle(database, made)
        _bytes(database, made.blobs)
    return made


def copied(town: Town, folder: Path) -> Town:
    """The same town, for a test that changes it; without its bytes."""
    (folder / "own").mkdir()
    source = sqlite3.connect(f"file:{town.folder / 'pantau.db'}?mode=ro", uri=True)
    source.execute(f"VACUUM INTO '{folder / 'own' / 'pantau.db'}'")
    source.close()
    return Town(folder / "own", town.sessions, town.token)


def clock() -> datetime:
    """When all of it happens."""
    return crowd.NOW


def _settle(database: Database, made: Town) -> None:
    now, rng = crowd.NOW, Random(7)
    with database.write() as db:
        areas.save(db, grid(), now)
        crowd.settle(db)
        crowd.gather(db, 400)
        db.flush()
        for login, which in WHO.items():
            account = accounts.add(db, login=login, name=login.title(), now=now, **which)  # type: ignore[arg-type]
            db.flush()
            made.sessions[login] = sign_ins.open_session(db, account.id, now).secret
        asked = tokens.issue(db, account.id, now, name="gis", scopes=(Scope.READ,), expires_at=None)
        made.token = asked.secret
        camera = db.scalars(select(Camera)).first()
        assert camera is not None
        camera.secret = Keys(GivenKeys(KEY)).seal(camera.id, SECRET)
        camera.shared_with = ["dlh"]
        complaints = list(db.scalars(select(Complaint).limit(60)))
        for number, complaint in enumerate(complaints):
            at = now - timedelta(days=10 * number)
            shown = Snapshot(id=uuid_at(at), camera_id=camera.id, kind=StillKind.JPEG, sha256="0" * 64, bytes=1,
                             width=1, height=1, taken_at=at, received_at=at, faults=["dark"])  # fmt: skip
            db.add(shown)
            db.add(Heartbeat(camera_number=1, at=at))
            db.flush()
            tie = Link(id=UUID(int=rng.getrandbits(128)), complaint_id=complaint.id, snapshot_id=shown.id,
                       state=LinkState.PROPOSED, score=rng.random(), reasons=[{"code": "near", "value": 0.1}],
                       created_at=at)  # fmt: skip
            db.add(tie)
            note = 'Kata "petik", baris\nbaru, \\ dan é 🚧\tselesai'
            history.add(db, complaint, HistoryKind.NOTE, at, by=None, note=note, jarak=1e-7, teks=None)
        # One points to another that comes later in the order of keys.
        complaints.sort(key=lambda one: one.id)
        complaints[0].duplicate_of = complaints[-1].id
        db.add(Audit(at=now, action="x", subject="y", subject_id="z", data={"a": [1, 2.5, None, True]}))


def _bytes(database: Database, blobs: Blobs) -> None:
    rng = Random(8)
    with database.read() as db:
        ids = list(db.scalars(select(Photo.id).limit(30)))  # type: ignore[call-overload]
    for number, one in enumerate(ids):
        content = rng.randbytes(6_000_000 if number == 0 else 2_000)
        blobs.put(f"photos/{one}/original", content, hashlib.sha256(content).hexdigest(), "image/jpeg")
        blobs.put(f"photos/{one}/thumbnail", content[:500], hashlib.sha256(content[:500]).hexdigest(), "image/jpeg")
