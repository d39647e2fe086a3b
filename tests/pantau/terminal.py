"""The command line as its user meets it: `pantau.__main__.main` in this process, or in one of its own."""

import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import urllib3

from pantau import __main__ as entry

START_S = 60.0
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[list[str]]:
        """The rows of a table."""
        return [line.split("\t") for line in self.out.splitlines()]


class Terminal:
    """Runs commands in an empty working folder with these PANTAU_ variables and no others."""

    def __init__(self, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str], folder: Path) -> None:
        self._patch, self._capture, self.folder = patch, capture, folder
        for name in list(os.environ):
            if name.startswith("PANTAU_"):
                patch.delenv(name)
        patch.chdir(folder)
        self.set(PANTAU_DATA_DIR=str(folder / "data"))

    def set(self, **environment: str) -> None:
        """Sets variables for the commands to come."""
        for name, value in environment.items():
            self._patch.setenv(name, value)

    def __call__(self, *words: str) -> Said:
        """Runs `pantau WORDS...`."""
        self._patch.setattr(sys, "argv", ["pantau", *words])
        self._capture.readouterr()
        code: object = 0
        try:
            entry.main()
        except SystemExit as stop:
            code = stop.code
        out, err = self._capture.readouterr()
        return Said(code if isinstance(code, int) else int(code is not None), out, err)

    def done(self, *words: str) -> Said:
        """Runs a command that is to succeed."""
        said = self(*words)
        assert said.code == 0, said
        return said


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Iterator[Terminal]:
    """A terminal in a folder of its own."""
    with logs_restored():
        yield Terminal(monkeypatch, capsys, tmp_path)


@contextmanager
def logs_restored() -> Iterator[None]:
    """Leaves the loggers as they were, whatever a command told them."""
    root, own = logging.getLogger(), logging.getLogger("pantau")
    handlers, levels = root.handlers[:], (root.level, own.level)
    yield
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    own.setLevel(levels[1])


class Running:
    """A `pantau` process with its output in a file."""

    def __init__(self, process: subprocess.Popen[bytes], output: Path) -> None:
        self.process, self.output = process, output

    def said(self) -> str:
        """What it said so far."""
        return self.output.read_text(errors="replace")

    def wait_for(self, pattern: str, within_s: float = START_S) -> re.Match[str]:
        """Waits until it says something like `pattern`."""
        deadline = time.monotonic() + within_s
        while (found := re.search(pattern, self.said())) is None:
            gone = self.process.poll() is not None
            if gone or time.monotonic() > deadline:
                pytest.fail(f"{'ended' if gone else 'too late'}, looking for {pattern!r} in:\n{self.said()}")
            time.sleep(0.02)
        return found

    @property
    def url(self) -> str:
        """Where it serves, once it does."""
        return self.wait_for(r" is at (http://\S+)")[1]

    def stop(self, sign: signal.Signals = signal.SIGTERM, within_s: float = 30.0) -> int:
        """Sends it a signal and answers its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(sign)
        return self.process.wait(within_s)


@contextmanager
def running(folder: Path, environment: Mapping[str, str], *words: str) -> Iterator[Running]:
    """`pantau WORDS...` as a process of its own; killed at the end of the block if it still runs."""
    folder.mkdir(parents=True, exist_ok=True)
    output = folder / f"{words[0]}-{time.monotonic_ns()}.out"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PANTAU_")}
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "pantau", *words],
            env={**clean, "PANTAU_DATA_DIR": str(folder / "data"), "PYTHONPATH": str(ROOT), **environment},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Running(process, output)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


@contextmanager
def taken_port() -> Iterator[int]:
    """A port of 127.0.0.1 where somebody listens already."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


WEB = urllib3.PoolManager(retries=False, timeout=20)
"""Asks running servers."""
