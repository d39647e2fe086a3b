"""The servers that other tests stand on: real, separate, and gone afterwards."""

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from minio.error import S3Error

from tests.servers.keeper import alive
from tests.servers.kept import ServerFailed, once, session_folder, start
from tests.servers.postgres import PostgresServer, execute, libpq
from tests.servers.s3 import S3Server


def ask(url: str, query: str) -> object:
    with psycopg.connect(libpq(url)) as db:
        row = db.execute(query.encode()).fetchone()
    return row[0] if row else None


def gone(pid: int, within_s: float = 15.0) -> bool:
    deadline = time.monotonic() + within_s
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not alive(pid)


def test_a_new_database_has_postgis_and_nothing_else(postgres_url: str) -> None:
    assert str(ask(postgres_url, "SELECT postgis_lib_version()")).startswith("3.")
    assert ask(postgres_url, "SELECT ST_X(ST_Point(114.37, -8.21))") == 114.37
    own = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'spatial_ref_sys'"
    assert ask(postgres_url, own) == 0


def test_two_databases_are_separate(postgres_server: PostgresServer) -> None:
    first, second = postgres_server.create_database(), postgres_server.create_database()
    execute(first, "CREATE TABLE only_here (x int)")
    assert ask(first, "SELECT to_regclass('only_here')::text") == "only_here"
    assert ask(second, "SELECT to_regclass('only_here')") is None
    postgres_server.drop_database(first)
    with pytest.raises(psycopg.OperationalError):
        execute(first, "SELECT 1")
    postgres_server.drop_database(second)


def test_a_template_is_prepared_once_and_cloned_whole(postgres_server: PostgresServer) -> None:
    prepared: list[str] = []

    def prepare(url: str) -> None:
        prepared.append(url)
        execute(url, "CREATE TABLE seeded AS SELECT 7 AS x")

    # The name is this process's own, so that another worker's template does not answer for it.
    name = f"seeded_{os.getpid()}"
    clones = [postgres_server.create_database(postgres_server.template(name, prepare)) for _ in range(2)]
    assert [ask(url, "SELECT x FROM seeded") for url in clones] == [7, 7]
    assert len(prepared) == 1
    for url in clones:
        postgres_server.drop_database(url)


def test_a_template_that_fails_is_not_kept(postgres_server: PostgresServer) -> None:
    name = f"failing_{os.getpid()}"
    with pytest.raises(psycopg.errors.UndefinedTable):
        postgres_server.template(name, lambda url: execute(url, "SELECT * FROM nowhere"))
    done = postgres_server.template(name, lambda url: execute(url, "CREATE TABLE whole (x int)"))
    url = postgres_server.create_database(done)
    assert ask(url, "SELECT to_regclass('whole')::text") == "whole"
    postgres_server.drop_database(url)


def test_the_database_refuses_a_wrong_password(postgres_server: PostgresServer, postgres_url: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        execute(postgres_url.replace(postgres_server.password, "wrong"), "SELECT 1")


def test_a_bucket_keeps_bytes_and_is_separate(s3_server: S3Server, s3_bucket: str) -> None:
    client, other = s3_server.client(), s3_server.create_bucket()
    client.put_object(bucket_name=s3_bucket, object_name="a/b", data=io.BytesIO(b"seen"), length=4)
    answer = client.get_object(bucket_name=s3_bucket, object_name="a/b")
    assert answer.read() == b"seen"
    answer.close()
    answer.release_conn()
    assert list(client.list_objects(bucket_name=other)) == []


def test_the_store_refuses_a_wrong_secret(s3_server: S3Server, s3_bucket: str) -> None:
    stranger = s3_server.client(secret_key="0" * 40)
    with pytest.raises(S3Error) as refused:
        stranger.put_object(bucket_name=s3_bucket, object_name="a", data=io.BytesIO(b"x"), length=1)
    assert refused.value.code == "SignatureDoesNotMatch"


def test_the_store_refuses_a_bucket_that_is_not_there(s3_server: S3Server) -> None:
    with pytest.raises(S3Error) as refused:
        s3_server.client().put_object(bucket_name="nowhere-at-all", object_name="a", data=io.BytesIO(b"x"), length=1)
    assert refused.value.code == "NoSuchBucket"


@pytest.mark.parametrize("kind", [PostgresServer, S3Server])
def test_a_closed_server_leaves_nothing(
    kind: type[PostgresServer | S3Server], postgres_server: PostgresServer, s3_server: S3Server
) -> None:
    # The session's own servers are asked for only so that a machine without them skips this test too.
    folder = session_folder()
    server = kind.start(folder / "server", os.getpid())
    pid = server.kept.pid
    assert alive(pid)
    server.close()
    assert gone(pid)
    assert list(folder.glob("server*")) == []
    folder.joinpath("template_postgis.lock").unlink(missing_ok=True)
    folder.rmdir()


SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


@pytest.mark.unit
def test_a_server_ends_with_a_killed_owner() -> None:
    folder = session_folder()
    place = folder / "server"
    place.mkdir()
    owner = subprocess.Popen(SLEEP)
    kept = start(place, SLEEP, owner=owner.pid, user=None, stop_with="SIGTERM")
    kept.wait_until((place / "server.pid").exists, within_s=30)
    pid = kept.pid
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    assert gone(pid)
    deadline = time.monotonic() + 15
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not folder.exists()


@pytest.mark.unit
def test_a_server_that_dies_says_why(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no disk left')"]
    kept = start(tmp_path, command, owner=os.getpid(), user=None, stop_with="SIGTERM")
    with pytest.raises(ServerFailed, match="no disk left"):
        kept.wait_until(lambda: False, within_s=30)


@pytest.mark.unit
def test_what_is_made_once_is_shared(tmp_path: Path) -> None:
    calls: list[int] = []

    def make() -> int:
        calls.append(1)
        return 42

    assert [once(tmp_path, "thing", make) for _ in range(3)] == [42, 42, 42]
    assert calls == [1]
