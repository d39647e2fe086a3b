"""How long from `pantau run` on an empty folder to the first answers: `python -m bench.start`.

The floor is a Python that imports the server and the web framework and does nothing.
"""

import subprocess
import sys
import time
from functools import partial

import orjson
import urllib3

from bench._tree import service, until

_WEB = urllib3.PoolManager(retries=False)


def floor_s() -> float:
    """Seconds in which Python starts with the libraries that any such service loads; the best of three."""

    def once() -> float:
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import fastapi, sqlmodel, shapely, uvicorn"], check=True)
        return time.perf_counter() - began

    return min(once() for _ in range(3))


def incidents(url: str) -> bool:
    """Whether there is something on the map."""
    return bool(orjson.loads(_WEB.request("GET", f"{url}/api/v1/incidents?limit=1").data)["features"])


def main() -> None:
    """Prints seconds, ours beside the floor."""
    floor = floor_s()
    print(f"{'floor: imports alone':<46}{floor:8.2f} s")
    for words, called in (((), "pantau run"), (("--demo",), "pantau run --demo")):
        began = time.perf_counter()
        with service(*words) as running:
            ready = time.perf_counter() - began
            assert _WEB.request("GET", f"{running.url}/api/v1/installation").status == 200
            page = _WEB.request("GET", running.url).status
            print(f"{called + ': says that it is ready':<46}{ready:8.2f} s{ready / floor:7.1f}x")
            print(f"{called + f': first answer of API and page ({page})':<46}{time.perf_counter() - began:8.2f} s")
            if words:
                until("an incident", partial(incidents, running.url))
                print(f"{called + ': first incident on the map':<46}{time.perf_counter() - began:8.2f} s")


if __name__ == "__main__":
    main()
