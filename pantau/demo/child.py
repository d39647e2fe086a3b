"""A process beside a running Pantau that ends with it, however that ends: its input is a pipe that then closes."""

import os
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, AnyStr, Final

_PATIENCE_S: Final = 10


@contextmanager
def beside(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Iterator[IO[str]]:
    """What the process says, line by line, while the block lasts; then it ends."""
    child = subprocess.Popen(  # noqa: S603 (our own programs)
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # a Ctrl-C is for the service, which then ends it
    )
    with ended(child) as said:
        yield said


@contextmanager
def ended(child: subprocess.Popen[AnyStr]) -> Iterator[IO[AnyStr]]:
    """What a process with pipes at both ends says, while the block lasts; then it ends, by force if it must."""
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        yield child.stdout
    finally:
        child.stdin.close()
        try:
            child.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        child.stdout.close()


def end_with_parent() -> None:
    """From now on this process ends as soon as its input closes, wherever it is."""
    threading.Thread(target=_await_end, name="parent", daemon=True).start()


def _await_end() -> None:
    # Not through `sys.stdin`: a thread that waits there holds its lock, and an interpreter that ends dies of it.
    while os.read(0, 1):
        pass
    os._exit(0)
