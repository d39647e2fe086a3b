"""All incidents to each format at a million complaints: rows per second and the process's peak of memory.

    python -m bench.exports [--rows N] [--cache FOLDER] [--engine sqlite|postgresql] [--postgresql URL] [--format F ...]

Each file is made by `pantau export` in a process of its own, whose peak the kernel tells at its end (VmHWM: the
program, its libraries and what it maps of its files included). The floor is the same rows fetched by the plain driver,
a thousand at a time, in a process of its own and in the same run. Then GeoJSON and CSV are taken from a running server
over HTTP, whose own peak counts. Every export must hold all rows and stay under 300 MB.
"""

import http.client
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench import _options, _town
from bench._measured import Verdicts
from bench._options import Town
from bench._service import Service, serving
from cases.access import sight
from cases.exports import FORMS
from cases.incidents import Question
from cases.words import ExportFormat
from pantau.commands.session import OPERATOR
from storage import counts
from storage.database import open_database

MOST_MB = 300.0

_MEASURED = """
import atexit, sys
def peak():
    for line in open("/proc/self/status"):
        if line.startswith("VmHWM:"):
            print("peak", line.split()[1])
atexit.register(peak)
"""
"""What a process that was forked from this one is told by the kernel (ru_maxrss) begins at this one's own memory."""

_FETCH = _MEASURED + "from bench import _fetch\n_fetch.fetch(sys.argv[1])"
_EXPORT = _MEASURED + "from pantau.__main__ import main\nmain()"


@dataclass(frozen=True, slots=True)
class Ran:
    """What one process did."""

    seconds: float
    peak_mb: float


def main() -> None:
    """Measures on each engine; the exit code says whether every target held."""
    options = _options.town(__doc__)
    options.add_argument("--format", type=ExportFormat, nargs="+", default=list(ExportFormat), help="these only")
    given = options.parse_args()
    _options.measure(given, lambda town, verdicts: measure(town, given.format, verdicts))


def measure(town: Town, formats: list[ExportFormat], verdicts: Verdicts) -> None:
    """Everything, on one engine."""
    with open_database(town.url) as database:
        token, now = _town.issue_token(database), _town.LAST
        with database.read() as db:
            rows = counts.count(db, Question(), sight(OPERATOR), now).number
    print(f"  {rows:,} incidents", flush=True)
    files(town, rows, formats, verdicts)
    with serving(town.url, town.folder) as service:
        for format_ in (ExportFormat.GEOJSON, ExportFormat.CSV):
            streamed(service, token, format_, rows, verdicts)


def files(town: Town, rows: int, formats: list[ExportFormat], verdicts: Verdicts) -> None:
    """Each format beside the rows alone."""
    environment = os.environ | {"PANTAU_DATABASE_URL": town.url, "PANTAU_DATA_DIR": str(town.folder)}
    raw = ran([sys.executable, "-c", _FETCH, town.url], environment)
    verdicts.say("rows by the driver", f"{rows / raw.seconds:>9,.0f}/s   peak {raw.peak_mb:4.0f} MB")
    for format_ in formats:
        path = town.folder / f"all.{FORMS[format_].ending}"
        made = ran([sys.executable, "-c", _EXPORT, "export", "--format", format_, str(path)], environment)
        figures = (
            f"{rows / made.seconds:>9,.0f}/s   peak {made.peak_mb:4.0f} MB   {path.stat().st_size / 1e6:5.0f} MB   "
            f"{made.seconds / raw.seconds:4.1f}x raw"
        )
        verdicts.say(format_, figures, made.peak_mb <= MOST_MB)
        path.unlink()


def ran(command: list[str], environment: dict[str, str]) -> Ran:
    """Runs a command to its end, which must be good."""
    began = time.perf_counter()
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    took = time.perf_counter() - began
    if said.returncode:
        raise RuntimeError(f"{command[3:]} ended with {said.returncode}: {said.stderr}")
    return Ran(took, int(said.stdout.rpartition("peak")[2]) / 1000)


def streamed(service: Service, token: str, format_: ExportFormat, rows: int, verdicts: Verdicts) -> None:
    """The same from a running server, over a socket of this machine."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port)
    began, size = time.perf_counter(), 0
    headers = {"authorization": f"Bearer {token}", "accept-encoding": "identity"}
    connection.request("GET", f"/api/v1/incidents/export?format={format_}", headers=headers)
    answer = connection.getresponse()
    first = 0.0
    while piece := answer.read(1 << 16):
        first = first or time.perf_counter() - began
        size += len(piece)
    took = time.perf_counter() - began
    connection.close()
    peak = _peak_mb(service.pid)
    figures = f"{rows / took:>9,.0f}/s   peak {peak:4.0f} MB   {size / 1e6:5.0f} MB   first byte {first * 1000:.0f} ms"
    verdicts.say(f"{format_} over HTTP", figures, answer.status == 200 and peak <= MOST_MB)


def _peak_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1000
    raise ValueError(f"process {pid} is gone")


if __name__ == "__main__":
    main()
