"""A server process under a keeper, started once for a whole test session and shared by its workers."""

import fcntl
import os
import pickle
import random
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from tests.servers.keeper import SESSION_PREFIX

KEEPER = Path(__file__).with_name("keeper.py")
GRPC_OFFSET = 10_000

Made = TypeVar("Made")


class ServerFailed(RuntimeError):
    """A server ended or said nothing before its time; the message carries the end of its log."""


@dataclass(frozen=True)
class Kept:
    """A running server: its keeper's process id and its folder (with `server.log` and `server.pid`)."""

    keeper: int
    folder: Path

    @property
    def pid(self) -> int:
        """The server's own process id."""
        return int((self.folder / "server.pid").read_text())

    def log(self) -> str:
        """The end of what the server said."""
        path = self.folder / "server.log"
        return path.read_text(errors="replace")[-3000:] if path.exists() else ""

    def wait_until(self, ready: Callable[[], bool], within_s: float) -> None:
        """Waits for `ready()`. Raises ServerFailed, after ending the server, when it does not come."""
        deadline = time.monotonic() + within_s
        while not ready():
            died = (self.folder / "server.died").exists()
            if died or time.monotonic() > deadline:
                said = self.log()
                self.close()
                raise ServerFailed(f"the server {'ended' if died else 'was not ready in time'}; it said:\n{said}")
            time.sleep(0.02)

    def close(self, within_s: float = 15.0) -> None:
        """Ends the server and waits until it and its folder are gone."""
        if not self.folder.exists():
            return
        if not (self.folder / "server.died").exists():
            with suppress(ProcessLookupError):
                os.kill(self.keeper, signal.SIGTERM)
        deadline = time.monotonic() + within_s
        while self.folder.exists() and not (self.folder / "server.died").exists():
            if time.monotonic() > deadline:
                raise ServerFailed(f"the server in {self.folder} did not end")
            time.sleep(0.02)
        shutil.rmtree(self.folder, ignore_errors=True)


def start(folder: Path, command: list[str], *, owner: int, user: str | None, stop_with: str) -> Kept:
    """Starts `command` under a keeper. It ends with `close()` or soon after the process `owner` is gone."""
    words = [sys.executable, "-I", str(KEEPER), str(folder), str(owner), stop_with, user or "-", *command]
    nowhere = os.open(os.devnull, os.O_RDWR)
    try:
        # Its own session: a Ctrl-C at the terminal reaches the tests, which still need their server to clean up.
        keeper = os.posix_spawn(
            sys.executable,
            words,
            os.environ,
            file_actions=[(os.POSIX_SPAWN_DUP2, nowhere, stream) for stream in (0, 1, 2)],
            setsid=True,
        )
    finally:
        os.close(nowhere)
    return Kept(keeper, folder)


def session_folder() -> Path:
    """A new folder for a session's servers, one that an unprivileged server user can enter too."""
    for place in (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")):
        if os.geteuid() != 0 or all(step.stat().st_mode & 0o001 for step in (place, *place.parents)):
            folder = Path(tempfile.mkdtemp(prefix=SESSION_PREFIX, dir=place))
            folder.chmod(0o711)
            return folder
    raise ServerFailed("no temporary folder that the database's user can enter; set TMPDIR to one")


@contextmanager
def one_at_a_time(folder: Path, name: str) -> Iterator[None]:
    """Holds the lock `name` among the session's processes."""
    with (folder / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def once(folder: Path, name: str, make: Callable[[], Made]) -> Made:
    """What `make()` answered in whichever of the session's processes asked first."""
    with one_at_a_time(folder, name):
        found: Made | None = made(folder, name)
        if found is None:
            found = make()
            answer = folder / f"{name}.made"
            answer.touch(mode=0o600)  # it holds the server's password
            answer.write_bytes(pickle.dumps(found))
    return found


def made(folder: Path, name: str) -> Any:
    """What `once` keeps under this name, None when nobody asked yet."""
    answer = folder / f"{name}.made"
    return pickle.loads(answer.read_bytes()) if answer.exists() else None


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that nobody listens on, nor on each one + 10000, where SeaweedFS puts its gRPC.

    All lie below the range that Linux gives to outgoing connections (32768 and up), so none is taken by chance.
    """
    ports: set[int] = set()
    while len(ports) < count:
        port = random.randint(12_000, 22_000)
        if _free(port) and _free(port + GRPC_OFFSET):
            ports.add(port)
    return list(ports)


def _free(port: int) -> bool:
    with socket.socket() as listener:
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
