"""A `pantau watch` process of one's own to weigh, over cameras on this machine, until it is ended or killed with -9."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Cost:
    """What processes have used: seconds of a core, and their largest memory together."""

    cpu_s: float = 0.0
    bytes: int = 0


class Watcher:
    """The process and its openers, whose cost is read from /proc until it ends; what starting costs is told apart, for
    it does not grow with the cameras.
    """

    def __init__(self, environment: dict[str, str], name: str) -> None:
        command = [sys.executable, "-m", "bench._watch", "watch", "--name", name]
        self.name, self.cost = name, Cost()
        self._process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self._process.stdout.readline()
        self.started_s = cpu_s(self._process.pid)

    def look(self) -> None:
        """Takes note of what it costs now."""
        processes = [self._process.pid, *children(self._process.pid)]
        used_s = sum(cpu_s(pid) for pid in processes) - self.started_s
        self.cost = Cost(max(self.cost.cpu_s, used_s), max(self.cost.bytes, sum(memory(pid) for pid in processes)))

    def kill(self) -> None:
        """With -9."""
        self.look()
        self._process.kill()
        self._process.wait()

    def end(self) -> None:
        """As it is told by its service manager."""
        self.look()
        self._process.terminate()
        self._process.wait(60)


def children(pid: int) -> list[int]:
    """The processes that this one began and that still run."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return found


def cpu_s(pid: int) -> float:
    """Seconds of a core, user and system, with those of its children that have ended; 0 for one that is gone."""
    try:
        used = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, used[11:15])) / _TICKS


def memory(pid: int) -> int:
    """Bytes that it holds now; 0 for one that is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except OSError:
        return 0
