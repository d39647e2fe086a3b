"""A private PostgreSQL with PostGIS for tests: one cluster per session, one database per test."""

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import LiteralString
from urllib.parse import quote, urlsplit

import psycopg
from psycopg import sql

from tests.servers.kept import Kept, free_ports, one_at_a_time, start

USER = "postgres"

_KEPT: dict[str, psycopg.Connection] = {}
_READY: set[str] = set()
"""The addresses of templates that this process has seen."""

# Nothing in a test's database outlives the session, so none of it has to reach the disk.
SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "shared_buffers=128MB")


def bin_folder() -> Path | None:
    """The folder of the newest installed PostgreSQL server that has PostGIS; None where there is none."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    found = shutil.which("postgres")
    for folder in [*debian, *([Path(found).parent] if found else [])]:
        if (folder / "initdb").exists() and (_share(folder) / "extension" / "postgis.control").exists():
            return folder
    return None


def _share(folder: Path) -> Path:
    said = subprocess.run([folder / "pg_config", "--sharedir"], capture_output=True, text=True, check=False)
    if said.returncode == 0:
        return Path(said.stdout.strip())
    # Debian's pg_config stub fails where the development files are not installed.
    return Path("/usr/share/postgresql") / folder.parent.name


def _init(binaries: Path, folder: Path, user: str | None, password: str) -> None:
    """Makes the cluster's files, in `folder/data`, as the user that will run it."""
    # By file: a command line is for every user of the machine to read.
    said = folder / "password"
    said.touch(mode=0o600)
    said.write_text(password)
    if user:
        shutil.chown(folder, user, user)
        shutil.chown(said, user, user)
    data = folder / "data"
    command = [str(binaries / "initdb"), f"--pgdata={data}", f"--username={USER}", f"--pwfile={said}"]
    subprocess.run(
        [*command, "--auth=scram-sha-256", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"],
        stdout=subprocess.DEVNULL,
        check=True,
        cwd=folder,
        user=user,
        group=user,
        extra_groups=[] if user else None,
    )


def _run(binaries: Path, folder: Path, port: int, owner: int, user: str | None, *more: str) -> Kept:
    settings = ("listen_addresses=127.0.0.1", f"port={port}", "unix_socket_directories=", *SPEED, *more)
    command = [str(binaries / "postgres"), "-D", str(folder / "data")]
    command += [word for setting in settings for word in ("-c", setting)]
    return start(folder, command, owner=owner, user=user, stop_with="SIGINT")


@dataclass(frozen=True)
class PostgresServer:
    """A running cluster. Addresses are SQLAlchemy's: `postgresql+psycopg://user:password@127.0.0.1:port/name`."""

    kept: Kept
    port: int
    password: str

    @classmethod
    def start(cls, folder: Path, owner: int) -> "PostgresServer":
        """A new cluster in `folder` (made here), up and with PostGIS at hand, in about 3 s.

        It ends with `close()` or when the process `owner` ends. Raises ServerFailed with the log's end.
        """
        binaries = bin_folder()
        if binaries is None:
            raise FileNotFoundError("PostgreSQL with PostGIS is not installed")
        # PostgreSQL refuses to run as root.
        user = USER if os.geteuid() == 0 else None
        password = secrets.token_urlsafe(16)
        folder.mkdir(mode=0o755)
        _init(binaries, folder, user, password)
        port = free_ports(1)[0]
        kept = _run(binaries, folder, port, owner, user)
        server = cls(kept, port, password)
        kept.wait_until(server.answers, within_s=60)
        server.template("postgis", lambda url: execute(url, "CREATE EXTENSION postgis"), start_from="template1")
        return server

    def replica(self, folder: Path, owner: int, *settings: str) -> "PostgresServer":
        """A streaming replica of this cluster in `folder` (made here), up and following in about two seconds."""
        binaries = bin_folder()
        assert binaries is not None
        user = USER if os.geteuid() == 0 else None
        folder.mkdir(mode=0o755)
        if user:
            shutil.chown(folder, user, user)
        command = [str(binaries / "pg_basebackup"), f"--pgdata={folder / 'data'}", f"--username={USER}"]
        command += [
            "--host=127.0.0.1",
            f"--port={self.port}",
            "--checkpoint=fast",
            "--write-recovery-conf",
            "--no-sync",
        ]
        subprocess.run(
            command,
            env=os.environ | {"PGPASSWORD": self.password},
            check=True,
            cwd=folder,
            user=user,
            group=user,
            extra_groups=[] if user else None,
        )
        port = free_ports(1)[0]
        kept = _run(binaries, folder, port, owner, user, *settings)
        server = PostgresServer(kept, port, self.password)
        kept.wait_until(server.answers, within_s=60)
        return server

    def url(self, name: str) -> str:
        """The address of the database `name`."""
        return f"postgresql+psycopg://{USER}:{quote(self.password)}@127.0.0.1:{self.port}/{name}"

    def create_database(self, template: str | None = None) -> str:
        """A database of its own with PostGIS, empty or cloned from a template's name; answers its address."""
        name = f"test_{secrets.token_hex(8)}"
        self._clone(name, template or "template_postgis")
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Removes a database that `create_database` made, with whoever is still connected to it."""
        name = sql.Identifier(urlsplit(url).path.lstrip("/"))
        administer(self.url(USER), sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))

    def template(self, name: str, prepare: Callable[[str], None], start_from: str | None = None) -> str:
        """A template for `create_database`, made by `prepare(address)` once per session whoever asks first.

        `prepare` must close its connections: PostgreSQL clones only a database that nobody uses.
        """
        full = f"template_{name}"
        if self.url(full) in _READY:
            return full
        with one_at_a_time(self.kept.folder.parent, full), psycopg.connect(libpq(self.url(USER))) as db:
            if db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [full]).fetchone() is None:
                # It gets its name when it is ready: one that failed half-way is not taken for whole.
                making = f"making_{secrets.token_hex(8)}"
                self._clone(making, start_from or "template_postgis")
                prepare(self.url(making))
                names = sql.Identifier(making), sql.Identifier(full)
                execute(self.url(USER), sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*names))
        _READY.add(self.url(full))
        return full

    def stop(self) -> None:
        """Ends the cluster as an administrator would who is in a hurry; its files stay, for `again`."""
        os.kill(self.kept.pid, signal.SIGINT)
        died = self.kept.folder / "server.died"
        deadline = time.monotonic() + 30
        while not died.exists():
            assert time.monotonic() < deadline, "the server did not end"
            time.sleep(0.02)
        died.unlink()

    def again(self, owner: int) -> "PostgresServer":
        """The cluster that was stopped, up again on the same port."""
        binaries = bin_folder()
        assert binaries is not None
        user = USER if os.geteuid() == 0 else None
        server = replace(self, kept=_run(binaries, self.kept.folder, self.port, owner, user))
        server.kept.wait_until(server.answers, within_s=60)
        return server

    def close(self) -> None:
        """Ends the cluster and removes it."""
        self.kept.close()

    def _clone(self, name: str, template: str) -> None:
        query = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        # Since 15 it would be written page by page through the log, which takes twice as long.
        by_files = sql.SQL(" STRATEGY FILE_COPY") if self.version >= 15 else sql.SQL("")
        administer(self.url(USER), query + by_files)

    @property
    def version(self) -> int:
        """The major version."""
        return int((self.kept.folder / "data" / "PG_VERSION").read_text())

    def answers(self) -> bool:
        """Whether the server is ready."""
        try:
            execute(self.url(USER), "SELECT 1")
        except psycopg.OperationalError:
            return False
        return True


def libpq(url: str) -> str:
    """The address as psycopg itself takes it, without SQLAlchemy's driver name."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def execute(url: str, query: LiteralString | sql.Composed) -> None:
    """Runs one statement on its own connection and commits it at once."""
    with psycopg.connect(libpq(url), autocommit=True) as db:
        db.execute(query)


def administer(url: str, query: LiteralString | sql.Composed) -> None:
    """Runs one statement on the connection that this process keeps for it; each new one would take some 10 ms."""
    kept = _KEPT.get(url)
    if kept is None or kept.closed:
        kept = _KEPT[url] = psycopg.connect(libpq(url), autocommit=True)
    try:
        kept.execute(query)
    except psycopg.OperationalError:
        if not kept.broken:
            raise
        # The server was started anew meanwhile.
        _KEPT[url] = psycopg.connect(libpq(url), autocommit=True)
        _KEPT[url].execute(query)


def leave() -> None:
    """Closes the connections that `administer` keeps."""
    while _KEPT:
        _KEPT.popitem()[1].close()
