"""A `pantau run` of one's own to measure: started in an empty folder, its process tree weighed, and ended."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

START_S = 120.0


class Service:
    """A running `pantau run`."""

    def __init__(self, process: subprocess.Popen[str], url: str, folder: Path, link: str | None) -> None:
        self.process, self.url, self.folder, self.link = process, url, folder, link

    def memory_mb(self) -> dict[str, float]:
        """MB by process (proportional set size: shared pages counted once), the whole tree."""
        return {f"{pid} {_name(pid)}": _pss_mb(pid) for pid in _tree(self.process.pid)}


@contextmanager
def service(*words: str) -> Iterator[Service]:
    """`pantau run WORDS...` on an empty folder and a free port, until the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PANTAU_")}
        process = subprocess.Popen(
            [sys.executable, "-m", "pantau", "run", "--port", "0", *words],
            env={**clean, "PANTAU_DATA_DIR": folder, "PANTAU_LOG_LEVEL": "WARNING", "PYTHONPATH": str(Path.cwd())},
            cwd=folder,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            url, link = _told(process)
            yield Service(process, url, Path(folder), link)
        finally:
            process.terminate()
            process.wait(30)


def _told(process: subprocess.Popen[str]) -> tuple[str, str | None]:
    """Where it is, and the first administrator's ticket if it prints one."""
    url, ticket = "", None
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r" is at (http://\S+)", line):
            url = found[1]
        if found := re.search(r"/ticket#(\S+)", line):
            ticket = found[1]
        if "Ctrl+C" in line:
            return url, ticket
    raise RuntimeError("pantau ended before it was ready")


def until(what: str, true: Callable[[], object], within_s: float = START_S) -> float:
    """Waits until `true()` answers something true; how many seconds it took."""
    began = time.perf_counter()
    while not true():
        if time.perf_counter() - began > within_s:
            raise RuntimeError(f"{what} did not come in {within_s:.0f} s")
        time.sleep(0.01)
    return time.perf_counter() - began


def _tree(pid: int) -> list[int]:
    below = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(child) for file in below for child in file.read_text().split()]
    return [pid, *(each for child in children for each in _tree(child))]


def _name(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    return next((word for at, word in enumerate(words) if at and words[at - 1] == "-m"), words[0])


def _pss_mb(pid: int) -> float:
    found = re.search(r"^Pss: +(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0
