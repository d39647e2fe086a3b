"""A move that must not go on says why, and harms nothing that is there."""

import hashlib
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, text

from cases.words import JobKind
from storage import jobs, migrate
from storage.database import open_database
from storage.errors import BlobConflict
from storage.moving.ends import MoveRefused
from storage.moving.move import Move
from storage.tables import Account
from tests.pantau.move.town import Elsewhere, Quiet, Town, clock, copied
from tests.servers.postgres import PostgresServer
from tests.storage import crowd


def test_what_changed_since_it_was_cut_is_found_and_can_be_begun_anew(
    town: Town, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    own = copied(town, tmp_path)
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
    own = copied(town, tmp_path)
    with pytest.raises(MoveRefused, match="to itself"):
        Move(own.url, own.url).run(told, clock)
    with pytest.raises(MoveRefused, match="no database at"):
        Move(f"sqlite:///{tmp_path / 'none.db'}", elsewhere.url).run(told, clock)
    writer = subprocess.Popen(
        [sys.executable, "-c", "import sys, sqlite3; db = sqlite3.connect(sys.argv[1]);"
         "db.execute('select 1 from fact'); print('open', flush=True); sys.stdin.read()",
         str(own.folder / "pantau.db")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert writer.stdout is not None
    assert writer.stdout.readline() == "open\n"
    with pytest.raises(MoveRefused, match=f"stop Pantau first: process {writer.pid}"):
        Move(own.url, elsewhere.url).run(told, clock)
    writer.communicate()
    # Somebody else's rows are not harmed.
    with open_database(elsewhere.url) as database:
        migrate.upgrade(database)
        with database.write() as db:
            jobs.add(db, JobKind.TIDY, "", crowd.NOW)
        with pytest.raises(MoveRefused, match="already uses"):
            Move(own.url, elsewhere.url).run(told, clock)
    with pytest.raises(MoveRefused, match=r"is not empty \(job\)"):
        Move(own.url, elsewhere.url).run(told, clock)
    url = postgres_server.create_database()
    try:
        here = Elsewhere(url, elsewhere.bucket, elsewhere.s3, own)
        assert here.run(killed=("put", 3)).returncode == -signal.SIGKILL
        with pytest.raises(MoveRefused, match="beginning of a move from"):
            Move(town.url, url).run(told, clock)
    finally:
        postgres_server.drop_database(url)


def test_other_bytes_under_a_key_are_not_overwritten(town: Town, elsewhere: Elsewhere) -> None:
    there, key = elsewhere.store(), next(iter(town.blobs.keys("")))
    there.put(key, b"other", hashlib.sha256(b"other").hexdigest(), "image/jpeg")
    with pytest.raises(BlobConflict):
        Move(town.url, elsewhere.url, (town.blobs, there)).run(Quiet(), clock)
    assert b"".join(there.read(key)) == b"other"
