"""A real `pantau run` on a free port over data of its own: a small city with an account of each role."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2

from cases import catalogue
from cases.words import Role
from geo.distance import offset
from storage import accounts, agencies, areas, migrate, secrets
from storage.database import open_database
from tests.geo.made import area, grid, middle, square
from tests.ingest.photos import samples

PASSWORD = "benar-kuda-baterai"
PEOPLE: dict[str, dict[str, Any]] = {
    "officer": {"role": Role.OFFICER, "name": "Sari Wulandari"},
    "command": {"role": Role.COMMAND, "name": "Ruang Komando"},
    "roads": {"role": Role.AGENCY, "name": "Bina Marga", "agency_code": "bina_marga"},
    "camat": {"role": Role.COMMAND, "name": "Camat Satu", "area_code": "99.01.01"},
    "chief": {"role": Role.ADMINISTRATOR, "name": "Kepala Sistem"},
}
_STARTED_WITHIN_S = 60
_NO_LINE_IS_KEPT = httpx2.Limits(max_keepalive_connections=0)
_ADDRESS = re.compile(r" is at (http://\S+)")


@dataclass(frozen=True)
class Site:
    """A running Pantau."""

    url: str
    log: Path
    _clients: dict[str, httpx2.Client] = field(default_factory=dict, repr=False)

    def client(self, who: str) -> httpx2.Client:
        """A program that signed in as `who`, for what other people do meanwhile."""
        if who not in self._clients:
            # No line is kept: the service may close one just as it is used again.
            client = self._clients[who] = httpx2.Client(base_url=self.url, limits=_NO_LINE_IS_KEPT)
            answer = client.post("/api/v1/session", json={"login": who, "password": PASSWORD})
            client.headers["X-CSRF-Token"] = answer.raise_for_status().json()["csrf"]
        return self._clients[who]

    def send(self, who: str, picture: bytes, **fields: str) -> dict[str, Any]:
        """Sends a photo as `who`; its answer."""
        files = {"file": ("a.jpg", picture, "image/jpeg")}
        answer = self.client(who).post("/api/v1/photos", files=files, data=fields)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def incidents(self, who: str, **asked: str) -> list[dict[str, Any]]:
        """The incidents that `who` sees."""
        answer = self.client(who).get(f"/api/v1/incidents?{urlencode(asked)}")
        return list(answer.raise_for_status().json()["features"])

    def leave(self) -> None:
        """Closes the lines of its programs."""
        for client in self._clients.values():
            client.close()


def spot(column: int, row: int, east_m: float = 0) -> tuple[float, float]:
    """So many metres east of the middle of a village of the grid: lon, lat."""
    return offset(*middle(column, row), east_m, 0)


def photo(lon: float | None = None, lat: float | None = None, seed: int = 0) -> bytes:
    """A photo of three minutes ago, with the position given."""
    taken = datetime.now(UTC) - timedelta(minutes=3)
    return samples.jpeg(size=(1200, 900), seed=seed, lon=lon, lat=lat, accuracy_m=6.0 if lon else None, taken_at=taken)


@cache
def _hashed() -> str:
    """PASSWORD, hashed once for all: that is slow on purpose."""
    return secrets.hash_password(PASSWORD)


def lay(folder: Path) -> None:
    """Fills an empty data folder: twelve villages in three districts, the default catalogue, PEOPLE."""
    database = open_database(f"sqlite:///{folder / 'pantau.db'}")
    migrate.upgrade(database)
    now = datetime.now(UTC)
    districts = [area(f"99.01.{row + 1:02d}", square(0, row, 4, 1), f"Kecamatan {row + 1}") for row in range(3)]
    with database.write() as db:
        areas.save(db, [*grid(), *districts, area("99.01", square(0, 0, 4, 3), "Wanasegara")], now)
        agencies.save(db, catalogue.default())
        for login, which in PEOPLE.items():
            accounts.add(db, login=login, now=now, **which).password_hash = _hashed()
    database.close()


@contextmanager
def running(folder: Path, *options: str, sign: signal.Signals = signal.SIGTERM) -> Iterator[Site]:
    """`pantau run` over this data folder, ended by this signal at the end."""
    log = folder / "pantau.log"
    mine = {name: value for name, value in os.environ.items() if not name.startswith("PANTAU_")}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "pantau", "run", "--port", "0", *options],
            env={**mine, "PANTAU_DATA_DIR": str(folder), "PYTHONUNBUFFERED": "1"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        site = Site(_address(process, log), log)
        yield site
        site.leave()
    finally:
        process.send_signal(sign)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    end = time.monotonic() + _STARTED_WITHIN_S
    while time.monotonic() < end and process.poll() is None:
        if found := _ADDRESS.search(log.read_text()):
            return found[1]
        time.sleep(0.1)
    raise AssertionError(f"pantau did not start:\n{log.read_text()}")
