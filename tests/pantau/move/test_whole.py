"""A town moved from SQLite and a folder to PostgreSQL and S3 and back: killed in the middle, the same at its end."""

import signal
from pathlib import Path

from sqlalchemy import select, text
from starlette.testclient import TestClient

from api.app import create_app
from api.options import AppOptions
from api.security import COOKIE
from cases.words import HistoryKind
from ingest.cameras.secrets import GivenKeys, Keys
from ingest.parts import Parts
from ingest.photos.decoding import Decoder
from storage import facts, history, migrate
from storage.areas import AreaBook
from storage.blobs import Blobs, FolderBlobs
from storage.database import Database, open_database
from storage.moving import rows as moving_rows
from storage.moving.lite import SqliteEnd
from storage.moving.move import FACT, Move
from storage.moving.shapes import shapes
from storage.tables import Audit, Camera, Complaint, metadata
from tests.pantau.move.town import KEY, SECRET, Elsewhere, Quiet, Town, clock
from tests.storage import crowd
from tests.storage.test_migrate import declared, differences, indexes

QUESTIONS = ("limit=500", "limit=50&sort=due", "area=35.10.02&count=exact", "bbox=113.1,-8.4,113.3,-8.2&limit=300",
             "status=received,verified&sort=-updated", "category=rubbish&overdue=true", "q=trotoar")  # fmt: skip


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
    with database.read() as db:
        assert differences(db) == []
        assert declared(database.dialect) <= indexes(db, database.dialect)
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
    moved = Move(town.url, elsewhere.url, (town.blobs, there)).run(told, clock)
    assert moved.blobs == 60
    assert {one.name for one in moved.tables} == set(metadata.tables)
    back = f"sqlite:///{tmp_path / 'back.db'}"
    returned = Move(elsewhere.url, back, (there, home)).run(told, clock)
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
