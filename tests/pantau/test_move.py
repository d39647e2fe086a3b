"""A town moved from SQLite and a folder to PostgreSQL and S3 and back: killed in the middle, the same at its end."""

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from starlette.testclient import TestClient

from api.app import create_app
from api.options import AppOptions
from api.security import COOKIE
from cases.words import HistoryKind, JobKind, LinkState, Role, Scope, StillKind
from ingest.cameras.secrets import GivenKeys, Keys, new_key
from ingest.cameras.urls import Credentials
from ingest.parts import Parts
from ingest.photos.decoding import Decoder
from storage import accounts, areas, facts, history, jobs, migrate, sign_ins, tokens
from storage.areas import AreaBook
from storage.blobs import Blobs, FolderBlobs, open_blobs
from storage.database import Database, open_database
from storage.errors import BlobConflict
from storage.ids import uuid_at
from storage.moving import rows as moving_rows
from storage.moving.ends import MoveDiffers, MoveRefused
from storage.moving.lite import SqliteEnd
from storage.moving.move import FACT, Move
from storage.moving.shapes import Row, Shape, shapes
from storage.tables import Account, Audit, Camera, Complaint, Heartbeat, Link, Photo, Snapshot, metadata
from tests.geo.made import grid
from tests.ingest.city import decoder
from tests.servers.postgres import PostgresServer
from tests.servers.s3 import S3Server
from tests.storage import crowd
from tests.storage.pairs import Pair, migrated
from tests.storage.test_migrate import differences, indexes

__all__ = ["decoder"]

ROOT = Path(__file__).resolve().parents[2]
KEY = new_key()
SECRET = Credentials("admin", "rahasia-kamera")
WHO = {
    "command": {"role": Role.COMMAND},
    "agency": {"role": Role.AGENCY, "agency_code": "dlh"},
    "district": {"role": Role.OFFICER, "area_code": "35.10.02"},
    "village": {"role": Role.AGENCY, "agency_code": "dishub", "area_code": "35.10.01.1001"},
    "administrator": {"role": Role.ADMINISTRATOR},
}
QUESTIONS = ("limit=500", "limit=50&sort=due", "area=35.10.02&count=exact", "bbox=113.1,-8.4,113.3,-8.2&limit=300",
             "status=received,verified&sort=-updated", "category=rubbish&overdue=true", "q=trotoar")  # fmt: skip
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


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """Drawn once; a move changes nothing in it."""
    folder = tmp_path_factory.mktemp("town")
    made = Town(folder, {}, "")
    migrated(made.url)
    with open_database(made.url) as database:
        _settle(database, made)
        _bytes(database, made.blobs)
    return made


@pytest.fixture
def elsewhere(town: Town, postgres_server: PostgresServer, s3_server: S3Server) -> Iterator[Elsewhere]:
    """An empty database (without tables) and an empty bucket."""
    url = postgres_server.create_database()
    yield Elsewhere(url, s3_server.create_bucket(), s3_server, town)
    postgres_server.drop_database(url)


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


def answers(town: Town, database: Database, blobs: Blobs, decoder: Decoder) -> dict[tuple[str, str], object]:
    """What everybody is told, over everything."""
    keys = Keys(GivenKeys(KEY))
    parts = Parts(database, blobs, decoder, AreaBook(database), keys, clock=lambda: crowd.NOW)
    app = create_app(parts, AppOptions(public_url="http://testserver"))
    found: dict[tuple[str, str], object] = {}
    for who, secret in [*town.sessions.items(), ("public", ""), ("program", town.token)]:
        client = TestClient(app)
        if who == "program":
            client.headers["authorization"] = f"Bearer {secret}"
        elif secret:
            client.cookies.set(COOKIE, secret, domain="testserver.local")
        paths = [f"/api/v1/incidents?{question}" for question in QUESTIONS]
        for path in [*paths, "/api/v1/summary", "/api/v1/cameras", "/api/v1/me"]:
            answer = client.get(path)
            body = answer.json()
            body.pop("timeStamp", None)
            body.pop("csrf", None)
            found[who, path] = (answer.status_code, body)
    return found


def test_a_town_killed_three_times_arrives_whole(town: Town, elsewhere: Elsewhere, decoder: Decoder) -> None:
    for point in (("note", 9), ("put", 25), ("note_blobs", 3)):
        ended = elsewhere.run(killed=point)
        assert ended.returncode == -signal.SIGKILL, ended.stderr
    ended = elsewhere.run()
    assert ended.returncode == 0, ended.stderr
    assert "60 pictures and other bytes" in ended.stdout
    assert "secret" not in ended.stderr + ended.stdout.replace("secret.key", "").replace("PANTAU_SECRET_KEY", "")
    there = elsewhere.store()
    with open_database(town.url) as before, open_database(elsewhere.url) as after:
        assert answers(town, before, town.blobs, decoder) == answers(town, after, there, decoder)
        _holds_together(after)
        with after.read() as db:
            camera = db.scalars(select(Camera).where(Camera.secret.is_not(None))).one()  # type: ignore[union-attr]
            assert camera.secret is not None
            assert Keys(GivenKeys(KEY)).open(camera.id, camera.secret) == SECRET
            assert facts.get(db, FACT) is not None
            assert db.scalar(text("SELECT to_regclass('pantau_move')")) is None
            assert db.scalar(text("SELECT count(*) FROM snapshot_rest")) == 0
        with before.read() as db:
            assert facts.get(db, FACT) is None
    keys = list(town.blobs.keys(""))
    assert sorted(there.keys("")) == sorted(keys)
    assert all(b"".join(there.read(key)) == b"".join(town.blobs.read(key)) for key in keys)
    again = elsewhere.run()
    assert again.returncode == 1
    assert "was moved into already" in again.stderr


def _holds_together(database: Database) -> None:
    """Keys, indexes, triggers and numbers are as a migration makes them."""
    named = {str(index.name) for table in metadata.tables.values() for index in table.indexes}
    with database.read() as db:
        assert differences(db) == []
        assert named <= indexes(db, database.dialect)
        off = "SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D' AND NOT tgisinternal"
        assert db.scalar(text(off)) == 0
    with database.write() as db:
        complaint = db.scalars(select(Complaint)).first()
        assert complaint is not None
        history.add(db, complaint, HistoryKind.NOTE, crowd.NOW, by=None, note="sesudah pindah")
        db.add(Audit(at=crowd.NOW, action="x", subject="y", subject_id="z"))
        db.flush()
        assert history.of(db, complaint.id)[-1][0].note == "sesudah pindah"
        db.rollback()


def test_and_back_to_a_file_and_a_folder(town: Town, elsewhere: Elsewhere, tmp_path: Path) -> None:
    told = Quiet()
    there, home = elsewhere.store(), FolderBlobs(tmp_path / "blobs")
    moved = Move(town.url, elsewhere.url, (town.blobs, there)).run(told, _clock)
    assert moved.blobs == 60
    assert {one.name for one in moved.tables} == set(metadata.tables)
    back = f"sqlite:///{tmp_path / 'back.db'}"
    returned = Move(elsewhere.url, back, (there, home)).run(told, _clock)
    same = {one.name: one.sha256 for one in moved.tables if one.name != "fact"}
    assert {one.name: one.sha256 for one in returned.tables if one.name != "fact"} == same
    assert list(home.keys("")) == list(town.blobs.keys(""))
    with open_database(back) as database:
        assert not migrate.pending(database)
    one, other = SqliteEnd(town.folder / "pantau.db"), SqliteEnd(tmp_path / "back.db")
    for shape in shapes():
        if shape.name != "fact":
            moving_rows.compare(one, other, shape, told)
    made = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type <> 'table' ORDER BY 1"
    assert one._db.execute(made).fetchall() == other._db.execute(made).fetchall()
    one.close()
    other.close()


def test_what_changed_since_it_was_cut_is_found_and_can_be_begun_anew(
    town: Town, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    own = _copy(town, tmp_path)
    here = replace(elsewhere, town=own)
    assert here.run(killed=("dress", 1)).returncode == -signal.SIGKILL
    with open_database(own.url) as database, database.write() as db:
        db.execute(text("UPDATE account SET name = 'Sri Rahayu' WHERE login = 'command'"))
    ended = here.run()
    assert ended.returncode == 1
    assert "account: row" in ended.stderr
    assert "differs in name" in ended.stderr
    assert "--again" in ended.stderr
    ended = here.run("--again")
    assert ended.returncode == 0, ended.stderr
    with open_database(here.url) as database, database.read() as db:
        assert {account.name for account in db.scalars(select(Account)) if account.login == "command"} == {"Sri Rahayu"}


def test_a_move_refuses_what_it_must_not_touch(
    town: Town, elsewhere: Elsewhere, tmp_path: Path, postgres_server: PostgresServer
) -> None:
    told = Quiet()
    own = _copy(town, tmp_path)
    with pytest.raises(MoveRefused, match="to itself"):
        Move(own.url, own.url).run(told, _clock)
    with pytest.raises(MoveRefused, match="no database at"):
        Move(f"sqlite:///{tmp_path / 'none.db'}", elsewhere.url).run(told, _clock)
    writer = subprocess.Popen(
        [sys.executable, "-c", "import sys, sqlite3; db = sqlite3.connect(sys.argv[1]);"
         "db.execute('select 1 from fact'); print('open', flush=True); sys.stdin.read()",
         str(own.folder / "pantau.db")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert writer.stdout is not None
    assert writer.stdout.readline() == "open\n"
    with pytest.raises(MoveRefused, match=f"stop Pantau first: process {writer.pid}"):
        Move(own.url, elsewhere.url).run(told, _clock)
    writer.communicate()
    # Somebody else's rows are not harmed.
    with open_database(elsewhere.url) as database:
        migrate.upgrade(database)
        with database.write() as db:
            jobs.add(db, JobKind.TIDY, "", crowd.NOW)
        with pytest.raises(MoveRefused, match="already uses"):
            Move(own.url, elsewhere.url).run(told, _clock)
    with pytest.raises(MoveRefused, match=r"is not empty \(job\)"):
        Move(own.url, elsewhere.url).run(told, _clock)
    url = postgres_server.create_database()
    try:
        here = Elsewhere(url, elsewhere.bucket, elsewhere.s3, own)
        assert here.run(killed=("put", 3)).returncode == -signal.SIGKILL
        with pytest.raises(MoveRefused, match="beginning of a move from"):
            Move(town.url, url).run(told, _clock)
    finally:
        postgres_server.drop_database(url)


def test_other_bytes_under_a_key_are_not_overwritten(town: Town, elsewhere: Elsewhere) -> None:
    there, key = elsewhere.store(), next(iter(town.blobs.keys("")))
    there.put(key, b"other", hashlib.sha256(b"other").hexdigest(), "image/jpeg")
    with pytest.raises(BlobConflict):
        Move(town.url, elsewhere.url, (town.blobs, there)).run(Quiet(), _clock)
    assert b"".join(there.read(key)) == b"other"


def test_every_table_of_a_migrated_database_is_moved(pair: Pair) -> None:
    with pair.database.read() as db:
        asked = (
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            if pair.database.dialect == "sqlite"
            else "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition "
            "AND relnamespace = 'public'::regnamespace"
        )
        there = set(db.scalars(text(asked))) - {"alembic_version", "spatial_ref_sys"}
    assert there == {shape.name for shape in shapes()}


@pytest.mark.unit
def test_where_two_tables_part_is_said_in_words() -> None:
    shape = next(one for one in shapes() if one.name == "fact")
    with pytest.raises(MoveDiffers, match=r"row \('b',\) is on one side only"):
        moving_rows.compare(_Given([("a", "1", 1), ("b", "2", 2)]), _Given([("a", "1", 1)]), shape, Quiet())
    with pytest.raises(MoveDiffers, match=r"row \('a',\) differs in value"):
        moving_rows.compare(_Given([("a", "1", 1)]), _Given([("a", "2", 1)]), shape, Quiet())
    with pytest.raises(MoveDiffers, match=r"row \('b',\) is in the target only"):
        moving_rows.compare(_Given([("a", "1", 1)]), _Given([("a", "1", 1), ("b", "2", 2)]), shape, Quiet())


class _Given:
    """A table of few rows, whose key is their first value."""

    place = "here"

    def __init__(self, given: list[Row]) -> None:
        self.given = given

    def rows(self, shape: Shape, after: Row | None, limit: int) -> list[Row]:
        """As in Rows."""
        return [row for row in self.given if after is None or str(row[0]) > str(after[0])][:limit]

    def count(self, shape: Shape) -> int:
        """As in Rows."""
        return len(self.given)

    def extremes(self, table: str, column: str) -> tuple[Any, Any]:
        """As in Rows."""
        return self.given[0][0], self.given[-1][0]

    def close(self) -> None:
        """As in Rows."""


def _clock() -> datetime:
    return crowd.NOW


def _copy(town: Town, folder: Path) -> Town:
    """The same town, for a test that changes it; without its bytes."""
    (folder / "own").mkdir()
    source = sqlite3.connect(f"file:{town.folder / 'pantau.db'}?mode=ro", uri=True)
    source.execute(f"VACUUM INTO '{folder / 'own' / 'pantau.db'}'")
    source.close()
    return Town(folder / "own", town.sessions, town.token)
