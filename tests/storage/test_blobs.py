"""One contract for every store of bytes, on a folder and on a real S3 server."""

import base64
import contextlib
import hashlib
import os
import socket
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from storage.blobs import FolderBlobs, S3Blobs, open_blobs, s3
from storage.errors import BlobConflict, BlobDamaged, BlobMissing, BlobsRefused, BlobsUnhealthy, BlobsUnreachable
from tests.servers.s3 import S3Server
from tests.storage.pairs import Pair

KEY = "photos/0192f0c4-0000-7000-8000-000000000001/original"
JPEG = "image/jpeg"
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def put(pair: Pair, key: str, content: bytes) -> None:
    pair.blobs.put(key, content, sha256(content), JPEG)


def test_what_was_put_comes_back_whole_and_in_parts(pair: Pair, tmp_path: Path) -> None:
    content = bytes(range(256)) * 3000
    put(pair, KEY, content)
    assert b"".join(pair.blobs.read(KEY)) == content
    assert b"".join(pair.blobs.read(KEY, 255, 3)) == b"\xff\x00\x01"
    assert b"".join(pair.blobs.read(KEY, len(content) - 2)) == b"\xfe\xff"
    assert b"".join(pair.blobs.read(KEY, len(content) - 2, 100)) == b"\xfe\xff"
    assert b"".join(pair.blobs.read(KEY, len(content) + 5)) == b""
    assert b"".join(pair.blobs.read(KEY, 0, 0)) == b""
    pair.blobs.fetch(KEY, tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == content
    found = pair.blobs.stat(KEY)
    assert found is not None
    assert found.bytes == len(content)
    assert found.etag
    assert '"' not in found.etag
    assert found.modified_at.tzinfo is not None


@pytest.mark.parametrize("outside", [False, True])
def test_a_file_is_put_from_the_workspace_and_from_anywhere(pair: Pair, tmp_path: Path, outside: bool) -> None:
    content = b"from a file" * 50_000
    source = (tmp_path if outside else pair.blobs.workspace) / "incoming.bin"
    source.write_bytes(content)
    pair.blobs.put(KEY, source, sha256(content), JPEG)
    assert source.read_bytes() == content
    source.write_bytes(b"changed afterwards") if outside else source.unlink()
    assert b"".join(pair.blobs.read(KEY)) == content


def test_the_same_bytes_may_be_put_again_and_other_bytes_may_not(pair: Pair) -> None:
    put(pair, KEY, b"first")
    put(pair, KEY, b"first")
    with pytest.raises(BlobConflict):
        put(pair, KEY, b"other")
    with pytest.raises(BlobConflict):
        put(pair, KEY, b"")
    assert b"".join(pair.blobs.read(KEY)) == b"first"


def test_of_many_at_once_one_wins_and_the_others_are_told(pair: Pair) -> None:
    contents = [bytes([number]) * 100_000 for number in range(4)] * 2
    won: list[bytes] = []

    def race(content: bytes) -> None:
        try:
            put(pair, KEY, content)
            won.append(content)
        except BlobConflict:
            pass

    threads = [threading.Thread(target=race, args=(content,)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = b"".join(pair.blobs.read(KEY))
    assert set(won) == {kept}
    assert len(won) == 2


def test_bytes_with_another_hash_are_not_kept(pair: Pair) -> None:
    with pytest.raises(BlobDamaged):
        pair.blobs.put(KEY, b"what came", sha256(b"what was sent"), JPEG)
    assert pair.blobs.stat(KEY) is None


def test_what_is_not_there_is_said_at_once(pair: Pair, tmp_path: Path) -> None:
    assert pair.blobs.stat(KEY) is None
    for ask in (
        lambda: pair.blobs.read(KEY),
        lambda: pair.blobs.read(KEY, 5, 0),
        lambda: pair.blobs.fetch(KEY, tmp_path / "out"),
        lambda: pair.blobs.local_path(KEY),
    ):
        with pytest.raises(BlobMissing):
            ask()
    assert not (tmp_path / "out").exists()
    pair.blobs.delete(KEY)
    assert pair.blobs.delete_all("photos/none/") == 0


def test_everything_under_a_prefix_goes_and_nothing_else(pair: Pair) -> None:
    mine = ["photos/a/original", "photos/a/preview-320.jpg", "photos/a/preview-1280.jpg"]
    for key in (*mine, "photos/ab/original", "photos/b/original"):
        put(pair, key, key.encode())
    assert list(pair.blobs.keys("photos/a/")) == sorted(mine)
    assert list(pair.blobs.keys("photos/a")) == [*sorted(mine), "photos/ab/original"]
    assert pair.blobs.delete_all("photos/a/") == 3
    assert list(pair.blobs.keys("")) == ["photos/ab/original", "photos/b/original"]
    put(pair, "photos/a/original", b"again")
    assert b"".join(pair.blobs.read("photos/a/original")) == b"again"


@pytest.mark.parametrize(
    "key", ["", "/etc/passwd", "../up", "a/../../b", "a//b", "a/.hidden", ".incoming/x", "a/b\0", "a\\b", "a" * 600]
)
def test_a_key_never_leads_out_of_the_store(pair: Pair, key: str) -> None:
    for ask in (lambda: put(pair, key, b"x"), lambda: pair.blobs.read(key), lambda: pair.blobs.delete(key)):
        with pytest.raises(ValueError, match="no key"):
            ask()
    with pytest.raises(ValueError, match=r"prefix|no key"):
        pair.blobs.delete_all(key)


def test_a_healthy_store_says_so_and_keeps_nothing_of_the_probe(pair: Pair) -> None:
    pair.blobs.check()
    assert list(pair.blobs.keys("")) == []


def test_files_left_by_dead_processes_are_swept(pair: Pair) -> None:
    (pair.blobs.workspace / "left").write_bytes(b"half")
    (pair.blobs.workspace / "making").mkdir()
    (pair.blobs.workspace / "making" / "preview.jpg").write_bytes(b"half")
    assert pair.blobs.sweep(3600) == 0
    assert pair.blobs.sweep(-1) == 2
    assert list(pair.blobs.workspace.iterdir()) == []


def test_a_signed_address_serves_those_bytes_and_only_those(s3_server: S3Server, tmp_path: Path) -> None:
    blobs = _on(s3_server, tmp_path)
    blobs.put(KEY, b"picture", sha256(b"picture"), JPEG)
    url = blobs.signed_url(KEY, seconds=60, filename="foto «1».jpg", media_type="image/webp")
    assert url is not None
    with DIRECT.open(url, timeout=5) as answer:
        assert answer.read() == b"picture"
        assert answer.headers["Content-Type"] == "image/webp"
        assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''foto%20%C2%AB1%C2%BB.jpg"
    shown = blobs.signed_url(KEY, seconds=60, filename=None, media_type=JPEG)
    assert shown is not None
    with DIRECT.open(shown, timeout=5) as answer:
        assert answer.headers["Content-Disposition"] == "inline"
    with pytest.raises(urllib.error.HTTPError, match="403"):
        DIRECT.open(url.replace("original", "original2"), timeout=5)


@pytest.mark.unit
def test_a_folder_signs_nothing(tmp_path: Path) -> None:
    assert FolderBlobs(tmp_path).signed_url(KEY, seconds=60, filename=None, media_type=JPEG) is None


def test_without_a_public_endpoint_nothing_is_signed(s3_server: S3Server, tmp_path: Path) -> None:
    blobs = S3Blobs(
        s3_server.create_bucket(),
        endpoint=s3_server.endpoint,
        access_key=s3_server.access_key,
        secret_key=s3_server.secret_key,
        secure=False,
        workspace=tmp_path,
    )
    assert blobs.signed_url(KEY, seconds=60, filename=None, media_type=JPEG) is None


def test_the_store_itself_checks_the_hash(s3_server: S3Server) -> None:
    """What S3Blobs relies on: a server that would keep bytes damaged on the way would pass every other test."""
    client, bucket = s3_server.client(), s3_server.create_bucket()
    answer = client._execute(
        "PUT", bucket, "ok", body=b"sent", headers={"x-amz-checksum-sha256": _base64_sha256(b"sent")}
    )
    assert answer.status == 200
    with pytest.raises(Exception, match=r"(?i)checksum|digest"):
        client._execute("PUT", bucket, "bad", body=b"sent", headers={"x-amz-checksum-sha256": _base64_sha256(b"else")})


def test_a_wrong_secret_is_told_without_being_shown(s3_server: S3Server, tmp_path: Path) -> None:
    with pytest.raises(BlobsUnreachable, match=r"refuses us \(bucket pictures\)") as caught:
        open_blobs(
            "s3://pictures",
            endpoint=s3_server.endpoint,
            access_key=s3_server.access_key,
            secret_key="a-wrong-secret",
            secure=False,
            workspace=tmp_path,
        )
    assert "a-wrong-secret" not in str(caught.value)


def test_an_absent_bucket_is_made(s3_server: S3Server, tmp_path: Path) -> None:
    url = f"s3://made-{tmp_path.name.replace('_', '-')[:20].strip('-')}?endpoint=http://{s3_server.endpoint}"
    for _ in range(2):
        open_blobs(url, access_key=s3_server.access_key, secret_key=s3_server.secret_key, workspace=tmp_path).check()


def test_a_store_that_goes_away_is_unreachable_and_unhealthy(tmp_path: Path) -> None:
    server = S3Server.start(tmp_path / "server", os.getpid())
    blobs = _on(server, tmp_path)
    blobs.check()
    server.close()
    with pytest.raises(BlobsUnreachable, match="does not answer"):
        blobs.put(KEY, b"x", sha256(b"x"), JPEG)
    with pytest.raises(BlobsUnreachable, match="does not answer"):
        blobs.stat(KEY)
    with pytest.raises(BlobsUnhealthy, match="probe"):
        blobs.check()


@pytest.mark.unit
def test_a_folder_that_cannot_be_used_is_unreachable(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(BlobsUnreachable, match="cannot be used"):
        FolderBlobs(tmp_path / "file")
    blobs = FolderBlobs(tmp_path / "folder")
    (tmp_path / "folder" / "photos").write_bytes(b"in the way")
    with pytest.raises(BlobsUnreachable):
        blobs.put(KEY, b"x", sha256(b"x"), JPEG)
    assert list(blobs.workspace.iterdir()) == []


@pytest.mark.unit
@pytest.mark.parametrize("url", ["", "pictures", "s3://", "ftp://x/y", "file://host/x", "s3://bucket"])
def test_an_address_that_makes_no_sense_is_refused(url: str) -> None:
    with pytest.raises(BlobsRefused):
        open_blobs(url)


def _on(server: S3Server, folder: Path) -> S3Blobs:
    return S3Blobs(
        server.create_bucket(),
        endpoint=server.endpoint,
        access_key=server.access_key,
        secret_key=server.secret_key,
        secure=False,
        public_endpoint=server.endpoint,
        public_secure=False,
        workspace=folder / "incoming",
    )


def _base64_sha256(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


@pytest.mark.unit
def test_a_store_that_hangs_is_given_up_after_one_wait(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(s3, "_READ_S", 0.3)
    came: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as silent:

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    came.append(silent.accept()[0])

        threading.Thread(target=accept, daemon=True).start()
        endpoint = f"127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(BlobsUnreachable, match="does not answer"):
            S3Blobs("bucket", endpoint=endpoint, access_key="k", secret_key="s", secure=False, workspace=tmp_path)
        assert len(came) == 1
        silent.shutdown(socket.SHUT_RDWR)
    for one in came:
        one.close()
