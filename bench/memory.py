"""Memory of `pantau run`, the whole tree of processes: idle, and under 20 uploads of 12 megapixels at once.

`python -m bench.memory [UPLOADS]`. Megabytes of proportional set size (pages shared by processes count once).
"""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import orjson
import urllib3

from bench._tree import Service, service, until
from cases.words import JobKind, JobState
from storage.database import open_database
from storage.tables import Job
from tests.ingest.photos import samples

_PASSWORD = "benar-kuda-baterai"


class Peak:
    """The most memory seen while the block lasts, looked at every 50 ms."""

    def __init__(self, running: Service) -> None:
        self._running, self._done = running, threading.Event()
        self.most: dict[str, float] = {}
        self._thread = threading.Thread(target=self._look)

    def _look(self) -> None:
        while not self._done.wait(0.05):
            try:
                now = self._running.memory_mb()
            except (FileNotFoundError, ProcessLookupError):
                continue  # one of the processes ended while it was looked at
            if sum(now.values()) > sum(self.most.values()):
                self.most = now

    def __enter__(self) -> "Peak":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()


def told(name: str, memory: dict[str, float]) -> None:
    """Prints one row."""
    parts = ", ".join(f"{process.split(' ', 1)[1]} {mb:.0f}" for process, mb in memory.items())
    print(f"{name:<36}{sum(memory.values()):8.0f} MB  ({parts})")


def signed_in(running: Service, web: urllib3.PoolManager) -> dict[str, str]:
    """The first administrator's headers."""
    body = {"ticket": running.link, "password": _PASSWORD, "login": "ibu", "name": "Ibu"}
    answer = web.request("POST", f"{running.url}/api/v1/tickets", json=body)
    assert answer.status == 200, answer.data
    cookie = answer.headers["set-cookie"].partition(";")[0]
    return {"cookie": cookie, "x-csrf-token": orjson.loads(answer.data)["csrf"]}


def waiting(running: Service) -> int:
    """How many photos still wait to be looked at closely."""
    with open_database(f"sqlite:///{running.folder / 'pantau.db'}") as database, database.read() as db:
        return db.query(Job).filter_by(kind=JobKind.PHOTO_PROCESS).filter(Job.state != JobState.DONE).count()


def main() -> None:
    """Prints idle, after a page, the peak while photos arrive and are processed, and a moment after."""
    uploads = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    photos = [samples.jpeg((4000, 3000), seed, quality=88, grain=9.0) for seed in range(uploads)]
    print(f"{uploads} photos of 12 megapixels, {sum(map(len, photos)) / uploads / 1e6:.1f} MB each")
    web = urllib3.PoolManager(maxsize=uploads, retries=False, timeout=120)
    with service() as running:
        told("idle, after the start", running.memory_mb())
        web.request("GET", running.url)
        web.request("GET", f"{running.url}/api/v1/incidents?limit=100")
        told("after the first page", running.memory_mb())
        headers = signed_in(running, web)

        def send(photo: bytes) -> int:
            fields = {"file": ("a.jpg", photo, "image/jpeg")}
            return web.request("POST", f"{running.url}/api/v1/photos", fields=fields, headers=headers).status

        with Peak(running) as arriving, ThreadPoolExecutor(uploads) as people:
            assert set(people.map(send, photos)) == {201}
        told(f"peak, {uploads} uploads at once", arriving.most)
        with Peak(running) as working:
            until("the end of the jobs", lambda: not waiting(running))
        told("peak, while they are processed", working.most or running.memory_mb())
        told("after all of it", running.memory_mb())


if __name__ == "__main__":
    main()
