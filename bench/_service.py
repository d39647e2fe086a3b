"""`pantau serve` in a process of its own, as a city runs it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Service:
    """One running server process."""

    port: int
    pid: int

    def cpu_s(self) -> float:
        """CPU seconds it has used so far, user and system (Linux, `proc(5)`)."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * _TICK_S

    def memory_mb(self) -> float:
        """Memory that it holds now."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def serving(database_url: str, folder: Path) -> Iterator[Service]:
    """One worker over this database, on a free port, ended afterwards."""
    environment = os.environ | {
        "PANTAU_DATABASE_URL": database_url,
        "PANTAU_DATA_DIR": str(folder),
        "PANTAU_LOG_LEVEL": "WARNING",
        # One client asks as often as a city does.
        "PANTAU_REQUESTS_PER_MINUTE": "0",
        "PANTAU_PUBLIC_REQUESTS_PER_MINUTE": "0",
    }
    command = [sys.executable, "-m", "pantau", "serve", "--port", "0"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if found := re.search(r"http://127\.0\.0\.1:(\d+)$", line.strip()):
                yield Service(int(found[1]), process.pid)
                return
        raise RuntimeError("the server ended before it listened; its words are above")
    finally:
        process.terminate()
        process.wait(30)
        if process.stdout is not None:
            process.stdout.close()
