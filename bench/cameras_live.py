"""What a still costs where the camera gives its keyframe when it comes: `python -m bench.cameras_live [VIDEO]`.

The cameras of `bench.cameras` read a file anew for each visitor, from its first keyframe on. Most real ones send what
is now: who comes has to wait for the next keyframe, two seconds apart here, through all that comes before it. A stream
of each kind is shared by its visitors, who come at any moment of it. CPU milliseconds per still of this process and its
helpers, the camera's left out; the wall time is a pause of a second on average and what the waiting comes to. The floor
is that of one keyframe, and those of a stream differ. Needs GStreamer and ffmpeg.
"""

import asyncio
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import cv2
import uvloop

from bench.cameras import ROUNDS, Meter, Ours, by_cv2, by_pyav, filmed, floor
from ingest.cameras.keyframes import Keyframe
from ingest.cameras.reach import Want
from tests.servers.cameras import gst_cameras

LANES = 16
GOP_S = 2.0
PARSERS = {"h264": "h264parse ! rtph264pay", "hevc": "h265parse ! rtph265pay"}


SOURCE = 'udpsrc address=127.0.0.1 port={} buffer-size=4000000 caps="video/mpegts,systemstream=true,packetsize=188"'
DEMUXED = "tsdemux latency=100"
"""With its usual 700 ms the stream came at a tenth of its pace."""


@contextmanager
def running(*command: str) -> Iterator[int]:
    """ffmpeg as long as the context lasts: its process id."""
    with subprocess.Popen(["ffmpeg", "-v", "quiet", *command], stdin=subprocess.DEVNULL) as process:
        try:
            yield process.pid
        finally:
            process.kill()


def free_port() -> int:
    """A UDP port of this machine that nobody has."""
    with socket.socket(type=socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    cv2.setNumThreads(1)
    os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = "rtsp_transport;tcp"
    os.environ["OPENCV_FFMPEG_LOGLEVEL"] = "-8"  # what it says of pictures that it has no beginning of
    with (
        tempfile.TemporaryDirectory() as folder,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ThreadPoolExecutor(LANES) as threads,
    ):
        films = filmed(Path(folder), Path(sys.argv[1]) if len(sys.argv) > 1 else None)
        ports = {film: free_port() for film in films}
        pipelines = {
            film: f"{SOURCE.format(ports[film])} ! {DEMUXED} ! {PARSERS[film[:4]]} name=pay0 pt=96" for film in films
        }
        ours = Ours(runner)
        with gst_cameras(**pipelines) as cameras:
            for film, path in films.items():
                url, port = cameras.url(film), f"udp://127.0.0.1:{ports[film]}?pkt_size=1316"
                sender = running("-re", "-stream_loop", "-1", "-i", str(path), "-c", "copy", "-f", "mpegts", port)
                # Whoever watches all the time keeps the stream going between visits.
                watcher = running("-rtsp_transport", "tcp", "-i", url, "-c", "copy", "-f", "null", "-")
                with sender as sending, watcher as watching:
                    time.sleep(3 * GOP_S)
                    measured(film, url, Meter(cameras.pid, sending, watching), ours, threads)
        ours.close()


def measured(film: str, url: str, meter: Meter, ours: Ours, threads: ThreadPoolExecutor) -> None:
    """All ways to one live camera's still, and their ratios."""
    taken = ours.visit(url, Want.KEYFRAME).still
    assert taken is not None
    keyframe = Keyframe.unpacked(taken.content)

    def visits(want: Want) -> Callable[[], object]:
        async def one() -> None:
            await asyncio.sleep(random.uniform(0, GOP_S))
            await ours.visited(url, want)

        return lambda: ours.at_once(one, LANES)

    def come(work: Callable[[str], object]) -> None:
        time.sleep(random.uniform(0, GOP_S))
        work(url)

    def together(work: Callable[[str], object]) -> Callable[[], object]:
        return lambda: list(threads.map(lambda _: come(work), range(ROUNDS)))

    print(f"{film}: at once: {LANES}; a keyframe every {GOP_S:g} s, {len(keyframe.annexb) / 1000:.0f} kB")
    least = meter.of("floor: decode and JPEG, over and over", lambda: floor(keyframe))
    meter.of("ours: kept undecoded", visits(Want.KEYFRAME), ROUNDS)
    picture = meter.of("ours: decode, JPEG", visits(Want.PICTURE), ROUNDS)
    tuned = meter.of("PyAV tuned, in this process", together(by_pyav), ROUNDS)
    usual = meter.of("cv2.VideoCapture, one at a time", lambda: come(by_cv2), rounds=8)
    print(f"  cv2 / ours {usual / picture:.2f}, cv2 / floor {usual / least:.2f}, PyAV / ours {tuned / picture:.2f}")
    print(f"  ours / floor {picture / least:.2f}")


if __name__ == "__main__":
    main()
