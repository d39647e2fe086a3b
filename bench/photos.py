"""What opening a photo costs beside the least it could cost: `python -m bench.photos [PHOTO]`.

Ours: examine and render in decoder processes, on top of what receiving must do anyway (hash, write, fsync). The floor:
hash, write, fsync, one reduced decode and two JPEG encodes, in this process, with no check of anything. CPU time, of
this process and of the decoders, warm; without PHOTO for a drawn 12-megapixel JPEG of some 4 MB with EXIF.
"""

import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import cv2
import numpy as np

from ingest.photos.decoding import Decoder
from tests.ingest.photos import samples

ROUNDS = 30


def children_cpu_s(*apart: int) -> float:
    """CPU seconds of this process's running children but those `apart`, of their running threads, to the nanosecond.

    Linux: `schedstat` of every task; the times in `stat` (proc(5)) move by ten milliseconds.
    """
    total_ns = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        if int(stat.read_text().rpartition(")")[2].split()[1]) == os.getpid() and int(stat.parent.name) not in apart:
            total_ns += sum(int(task.read_text().split()[0]) for task in stat.parent.glob("task/*/schedstat"))
    return total_ns / 1e9


def written(content: bytes, folder: Path) -> Path:
    """Hash and write a photo so that it survives a power cut: the part both sides share."""
    hashlib.sha256(content).hexdigest()
    path = folder / "photo.jpg"
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return path


def floor(content: bytes, folder: Path) -> None:
    """The least work that ends in a stored photo and two previews."""
    written(content, folder)
    image = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_REDUCED_COLOR_2)
    assert image is not None
    for side in (1280, 320):
        scale = side / max(image.shape[:2])
        size = round(image.shape[1] * scale), round(image.shape[0] * scale)
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 82])


def measured(name: str, work: Callable[[], object]) -> float:
    """Run `work` warm, print and return the CPU milliseconds of one round, decoders included."""
    work()
    before, walls = time.process_time() + children_cpu_s(), []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        walls.append(time.perf_counter() - began)
    each = (time.process_time() + children_cpu_s() - before) / ROUNDS * 1000
    print(f"{name:<34}{each:8.1f} ms CPU{median(walls) * 1000:10.1f} ms median wall")
    return each


def main() -> None:
    cv2.setNumThreads(1)
    shot: dict[str, Any] = {
        "lon": 114.37,
        "lat": -8.22,
        "accuracy_m": 5.0,
        "taken_at": datetime.now(UTC),
        "orientation": 6,
    }
    drawn = len(sys.argv) == 1
    content = samples.jpeg((3000, 4000), quality=88, grain=9.0, **shot) if drawn else Path(sys.argv[1]).read_bytes()
    print(f"{len(content) / 1e6:.1f} MB, {ROUNDS} rounds")
    with tempfile.TemporaryDirectory() as name, Decoder(workers=1) as decoder:
        folder = Path(name)
        path = written(content, folder)

        def ours() -> None:
            decoder.examine(written(content, folder))
            decoder.render(path)

        least = measured("floor", lambda: floor(content, folder))
        measured("  of it hash, write, fsync", lambda: written(content, folder))
        measured("examine", lambda: decoder.examine(path))
        measured("render", lambda: decoder.render(path))
        full = measured("ours: write, examine, render", ours)
    print(f"ratio ours / floor {full / least:.2f} (target at most 1.30)")


if __name__ == "__main__":
    main()
