"""Blobs in an S3 store, by the `minio` client."""

import base64
import hashlib
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import urllib3
from minio import Minio
from minio.error import MinioException, S3Error
from urllib3.exceptions import HTTPError, ReadTimeoutError

from storage.blobs.kinds import CHUNK, BlobStat, check_key, delete_under, probe, sweep_folder
from storage.errors import BlobConflict, BlobDamaged, BlobMissing, BlobsUnreachable

_CONNECT_S, _READ_S = 3.0, 10.0
_NOT_THERE = {"NoSuchKey", "NoSuchObject"}
_IS_THERE = {"PreconditionFailed", "ConditionalRequestConflict"}
_SMALLEST_PART = 5 * 1024 * 1024


class _Retries(urllib3.Retry):
    """Tries again what was refused, cut off or answered with 5xx; not what was waited for in vain.

    A store that hangs holds an upload and its thread: three waits in a row would hold them three times as long.
    """

    def increment(self, *given: Any, **named: Any) -> Self:
        """As in urllib3; raises a read time-out at once."""
        if isinstance(error := named.get("error"), ReadTimeoutError):
            raise error
        return super().increment(*given, **named)


class _Pool(urllib3.PoolManager):
    """Connections with bounded waiting that never let a PUT replace what is there.

    The `minio` client has no argument for `If-None-Match`; S3 does not sign that header, so it may join here.
    """

    def urlopen(self, method: str, url: str, redirect: bool = True, **kw: Any) -> urllib3.BaseHTTPResponse:  # type: ignore[override]
        if method == "PUT" and kw.get("body") is not None:
            kw["headers"]["If-None-Match"] = "*"
        return super().urlopen(method, url, redirect=redirect, **kw)


class S3Blobs:
    """One object per key in one bucket, which is made when it is absent."""

    def __init__(
        self,
        bucket: str,
        *,
        endpoint: str,
        access_key: str,
        secret_key: str,
        secure: bool = True,
        region: str = "us-east-1",
        public_endpoint: str | None = None,
        public_secure: bool = True,
        workspace: Path | None = None,
    ) -> None:
        retries = _Retries(total=2, backoff_factor=0.2, status_forcelist=(500, 502, 503, 504))
        pool = _Pool(timeout=urllib3.Timeout(connect=_CONNECT_S, read=_READ_S), retries=retries, maxsize=16)
        self.bucket, self.endpoint = bucket, endpoint
        client = partial(Minio, access_key=access_key, secret_key=secret_key, region=region)
        self._client = client(endpoint=endpoint, secure=secure, http_client=pool)
        # It only signs: a browser reaches the store by another name than we do.
        self._public = client(endpoint=public_endpoint, secure=public_secure) if public_endpoint else None
        self._workspace = workspace or Path(tempfile.gettempdir()) / "pantau-incoming"
        self._workspace.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._need_bucket()

    @property
    def workspace(self) -> Path:
        """A folder of this machine."""
        return self._workspace

    def put(self, key: str, source: Path | bytes, sha256: str, media_type: str) -> None:
        """As in Blobs. The bytes are held in memory and sent in one request, which the store checks by its hash."""
        content = source if isinstance(source, bytes) else source.read_bytes()
        found = hashlib.sha256(content)
        if found.hexdigest() != sha256:
            raise BlobDamaged(f"the bytes for {key} do not have the promised SHA-256; send them again")
        with self._trouble():
            try:
                self._client.put_object(
                    bucket_name=self.bucket,
                    object_name=check_key(key),
                    data=io.BytesIO(content),
                    length=len(content),
                    content_type=media_type,
                    metadata={
                        "x-amz-checksum-sha256": base64.b64encode(found.digest()).decode(),
                        "x-amz-meta-sha256": sha256,
                    },
                    part_size=max(len(content), _SMALLEST_PART),
                )
            except S3Error as error:
                # Also the answer to our own retry, when the first attempt was kept and only its answer was lost.
                if error.code not in _IS_THERE:
                    raise
        self._verify(key, len(content), sha256)

    def stat(self, key: str) -> BlobStat | None:
        """As in Blobs."""
        found = self._head(key)
        if found is None:
            return None
        return BlobStat(int(found.size or 0), str(found.etag), found.last_modified)

    def read(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """As in Blobs."""
        if length == 0:
            self._need(key)
            return iter(())
        with self._trouble():
            try:
                answer = self._client.get_object(
                    bucket_name=self.bucket, object_name=check_key(key), offset=start, length=length or 0
                )
            except S3Error as error:
                if error.code == "InvalidRange":
                    return iter(())
                if error.code in _NOT_THERE:
                    raise BlobMissing(f"nothing is kept under {key}") from None
                raise
        return self._pieces(answer)

    def fetch(self, key: str, to: Path) -> None:
        """As in Blobs."""
        pieces = self.read(key)
        with to.open("wb") as file:
            for piece in pieces:
                file.write(piece)

    def local_path(self, key: str) -> Path | None:
        """None: the bytes are elsewhere."""
        self._need(key)
        return None

    def delete(self, key: str) -> None:
        """As in Blobs."""
        with self._trouble():
            self._client.remove_object(bucket_name=self.bucket, object_name=check_key(key))

    def delete_all(self, prefix: str) -> int:
        """As in Blobs."""
        return delete_under(self, prefix)

    def keys(self, prefix: str) -> Iterator[str]:
        """As in Blobs."""
        with self._trouble():
            for found in self._client.list_objects(bucket_name=self.bucket, prefix=prefix, recursive=True):
                yield str(found.object_name)

    def signed_url(self, key: str, *, seconds: int, filename: str | None, media_type: str) -> str | None:
        """As in Blobs: with `filename` the browser saves it under that name, without it shows it. None without a
        public endpoint."""
        if self._public is None:
            return None
        shown = "inline" if filename is None else f"attachment; filename*=UTF-8''{quote(filename, safe='')}"
        told: dict[str, str | list[str] | tuple[str]] = {
            "response-content-type": media_type,
            "response-content-disposition": shown,
        }
        return str(
            self._public.presigned_get_object(
                bucket_name=self.bucket,
                object_name=check_key(key),
                expires=timedelta(seconds=seconds),
                response_headers=told,
            )
        )

    def sweep(self, older_s: float) -> int:
        """As in Blobs."""
        return sweep_folder(self.workspace, older_s)

    def check(self) -> None:
        """As in Blobs."""
        probe(self)

    def _need_bucket(self) -> None:
        with self._trouble():
            if self._client.bucket_exists(bucket_name=self.bucket):
                return
            try:
                self._client.make_bucket(bucket_name=self.bucket)
            except S3Error as error:
                # Another process of ours may have been quicker.
                if error.code not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
                    raise

    def _head(self, key: str) -> Any | None:
        with self._trouble():
            try:
                return self._client.stat_object(bucket_name=self.bucket, object_name=check_key(key))
            except S3Error as error:
                if error.code in _NOT_THERE:
                    return None
                raise

    def _need(self, key: str) -> None:
        if self._head(key) is None:
            raise BlobMissing(f"nothing is kept under {key}")

    def _verify(self, key: str, size: int, sha256: str) -> None:
        """That what the store now has under the key is what we meant, whoever sent it."""
        there = self._head(key)
        if there is None:
            raise BlobsUnreachable(f"the S3 store at {self.endpoint} took {key} and does not have it")
        kept = (there.metadata or {}).get("x-amz-meta-sha256") or self._hash(key)
        if there.size != size or kept != sha256:
            raise BlobConflict(f"other bytes are kept under {key}")

    def _hash(self, key: str) -> str:
        found = hashlib.sha256()
        for piece in self.read(key):
            found.update(piece)
        return found.hexdigest()

    def _pieces(self, answer: Any) -> Iterator[bytes]:
        try:
            with self._trouble():
                yield from answer.stream(CHUNK)
        finally:
            answer.close()
            answer.release_conn()

    @contextmanager
    def _trouble(self) -> Iterator[None]:
        where = f"the S3 store at {self.endpoint}"
        try:
            yield
        except S3Error as error:
            said = f"{error.code}: {error.message}"
            raise BlobsUnreachable(f"{where} refuses us (bucket {self.bucket}): {said}") from error
        except (HTTPError, MinioException, OSError) as error:
            raise BlobsUnreachable(f"{where} does not answer: {type(error).__name__}") from error
