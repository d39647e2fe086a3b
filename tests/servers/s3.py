"""A real S3 server for tests: SeaweedFS, which checks signatures, expiry, checksums and `If-None-Match`."""

import json
import secrets
import shutil
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from minio import Minio

from tests.servers.kept import Kept, free_ports, start

# Speaks to 127.0.0.1 whatever proxy the machine's environment names.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def weed() -> str | None:
    """The SeaweedFS program: the environment's own, or one on the PATH."""
    beside = Path(sys.executable).with_name("weed")
    return str(beside) if beside.exists() else shutil.which("weed")


@dataclass(frozen=True)
class S3Server:
    """A running server on 127.0.0.1 with one identity that may do everything."""

    kept: Kept
    endpoint: str
    access_key: str
    secret_key: str

    @classmethod
    def start(cls, folder: Path, owner: int) -> "S3Server":
        """A new server with its data in `folder` (made here), up in about a second.

        It ends with `close()` or when the process `owner` ends. Raises ServerFailed with the log's end.
        """
        program = weed()
        if program is None:
            raise FileNotFoundError("SeaweedFS (weed) is not installed")
        data = folder / "data"
        data.mkdir(parents=True)
        access_key, secret_key = secrets.token_hex(10), secrets.token_hex(20)
        credentials = [{"accessKey": access_key, "secretKey": secret_key}]
        actions = ["Admin", "Read", "Write", "List", "Tagging"]
        identities = {"identities": [{"name": "tests", "credentials": credentials, "actions": actions}]}
        config = folder / "s3.json"
        config.touch(mode=0o600)
        config.write_text(json.dumps(identities))
        master, volume, filer, s3, admin = free_ports(5)
        command = [program, "-logtostderr=true", "mini", f"-dir={data}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"]
        command += [f"-master.port={master}", f"-volume.port={volume}", f"-filer.port={filer}", f"-s3.port={s3}"]
        command += [f"-s3.config={config}", "-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.autoCreateBucket=false"]
        # By default it makes no more volumes than would fit the disk if all were full; a bucket takes seven.
        command += ["-volume.max=100000"]
        command += ["-webdav=false", "-admin.ui=false", f"-admin.port={admin}", "-master.telemetry=false"]
        # SIGKILL: its polite end waits seconds for clients that are gone already, and its data goes with it.
        kept = start(folder, command, owner=owner, user=None, stop_with="SIGKILL")
        server = cls(kept, f"127.0.0.1:{s3}", access_key, secret_key)
        kept.wait_until(server.answers, within_s=60)
        return server

    def create_bucket(self) -> str:
        """A bucket of its own; answers its name."""
        name = f"test-{secrets.token_hex(8)}"
        self.client().make_bucket(bucket_name=name)
        return name

    def client(self, secret_key: str | None = None) -> Minio:
        """A client of this server, by default with the right secret."""
        return Minio(
            endpoint=self.endpoint,
            access_key=self.access_key,
            secret_key=secret_key or self.secret_key,
            secure=False,
            region="us-east-1",
        )

    def close(self) -> None:
        """Ends the server and removes its data."""
        self.kept.close()

    def answers(self) -> bool:
        """Whether the server is ready."""
        try:
            with _DIRECT.open(f"http://{self.endpoint}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False
