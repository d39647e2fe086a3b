"""What a camera's still costs beside the least it could cost: `python -m bench.cameras [VIDEO]`.

Real RTSP cameras (gst-rtsp-server), H.264 and H.265, 1080p and a sub-stream of 640x360, from VIDEO (default: drawn,
with grain). CPU milliseconds per still of this process and its helpers, the camera's own left out. The floor decodes
that very keyframe and writes the JPEG in this process, with no network and no check, by PyAV and OpenCV as they come.
It is measured twice: over and over, which no visit ever does, and behind a conversation with the camera, in turns with
ours, when the machine is as every visit finds it. Ours is held against the second; the first stands beside it. That
conversation is the bare one (ready-made requests by a blocking socket, nothing understood) and has lines of its own:
with the floor it is what nobody could save. What it costs to open the keyframe in a process of its own, where a hostile
one harms nobody, stands there too; ours may do it in less than the floor, for it makes JPEG otherwise.

Ours, the bare conversation and the rivals are measured one at a time and several at once, as a watcher with many
cameras visits them: CPU is scarce then, and caches are warm. The figures compared are those of several at once; of a
rival, its better one. Needs GStreamer and ffmpeg.
"""

import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from threading import Lock
from typing import Any

import av
import cv2
import numpy as np
import uvloop
from numpy.typing import NDArray

from bench._bare_rtsp import conversation
from bench.photos import children_cpu_s
from cases.words import VisitState
from ingest.cameras.address import Guard
from ingest.cameras.baseline import MATURE, Baseline
from ingest.cameras.health import Health, examine
from ingest.cameras.keyframes import Keyframe
from ingest.cameras.measure import HEIGHT, WIDTH, Grey
from ingest.cameras.reach import Reach, Visit, Visitor, Want
from ingest.cameras.stills import Still
from tests.servers.cameras import gst_cameras

ROUNDS = 48
TURNS = 9
AT_ONCE = 4
"""Fewer than the six connections that the test camera lets wait: one more is lost, and tried again a second later."""
Memory = list[tuple[Baseline, Grey | None]]
"""What the camera usually shows, and its still before, as the one entry."""

GUARD = Guard(allow_loopback=True)
TUNED = {"rtsp_transport": "tcp", "probesize": "32768", "analyzeduration": "1"}
JPEG = [cv2.IMWRITE_JPEG_QUALITY, 85]
QUALITIES = (75, 85)
"""Of an HTTP camera's own JPEG: the common setting, and one that few bother to choose."""
SIZES = {"1080p": (1920, 1080), "sub": (640, 360)}
ENCODERS = {"h264": ("libx264", "4M"), "hevc": ("libx265", "4M")}
PAYLOADERS = {"h264": "h264parse ! rtph264pay", "hevc": "h265parse ! rtph265pay"}


def street(number: int) -> NDArray[np.uint8]:
    """One picture as detailed as a street: the same texture in every picture, a lorry that moves, a sensor's noise."""
    image = np.zeros((1080, 1920, 3), np.float32)
    for octave in range(8):
        texture = np.random.default_rng(octave).normal(0, 26 * 0.78**octave, (9 << octave, 16 << octave, 3))
        image += cv2.resize(texture.astype(np.float32), (1920, 1080), interpolation=cv2.INTER_CUBIC)
    image += 120 + np.random.default_rng(100 + number).normal(0, 2, image.shape)
    cv2.rectangle(image, (100 + 20 * number, 500), (500 + 20 * number, 800), (60, 80, 190), -1)
    return np.clip(image, 0, 255).astype(np.uint8)


def filmed(folder: Path, source: Path | None) -> dict[str, Path]:
    """A clip per codec and size, as a camera would encode it: a keyframe every two seconds, 25 pictures a second."""
    if source is None:
        source = folder / "drawn.avi"
        with av.open(str(source), "w") as file:
            video = file.add_stream("mjpeg", rate=25, options={"qscale": "2"})
            video.width, video.height, video.pix_fmt = 1920, 1080, "yuvj420p"
            for number in range(50):
                file.mux(video.encode(av.VideoFrame.from_ndarray(street(number), format="bgr24")))
            file.mux(video.encode(None))
    made = {}
    for codec, (encoder, rate) in ENCODERS.items():
        for size, (width, height) in SIZES.items():
            path = folder / f"{codec}_{size}.mp4"
            command = ["ffmpeg", "-v", "error", "-y", "-stream_loop", "9", "-i", str(source), "-t", "4", "-an"]
            command += ["-vf", f"scale={width}:{height},fps=25,format=yuv420p", "-c:v", encoder, "-preset", "veryfast"]
            command += ["-b:v", rate if size == "1080p" else "512k", "-g", "50", "-bf", "0"]
            command += ["-x265-params", "log-level=none"] if codec == "hevc" else ["-sc_threshold", "0"]
            subprocess.run([*command, str(path)], check=True)
            made[f"{codec}_{size}"] = path
    return made


class Meter:
    """CPU time of this process and its helpers, the cameras' processes left out."""

    def __init__(self, *cameras: int) -> None:
        self._cameras = cameras

    def _helpers_s(self) -> float:
        ended = os.times()
        return ended.children_user + ended.children_system + children_cpu_s(*self._cameras)

    def of(self, name: str, work: Callable[[], object], stills: int = 1, rounds: int = ROUNDS) -> float:
        """Run `work`, which makes so many stills, warm; print and return the CPU milliseconds of one still."""
        work()
        rounds = max(1, rounds // stills)
        spent, took = self._cost(work, rounds)
        return line(name, spent / stills, took / stills)

    def in_turns(self, works: dict[str, Callable[[], object]]) -> list[float]:
        """The same of several works of `ROUNDS` stills each, in turns, so that the machine is alike for all of them; of
        each the median turn, for neighbours of this machine slow single ones down.
        """
        for work in works.values():
            work()
        turns = [[self._cost(work, 1) for work in works.values()] for _ in range(TURNS)]
        medians = [[median(of) / ROUNDS for of in zip(*turn, strict=True)] for turn in zip(*turns, strict=True)]
        return [line(name, spent, took) for name, (spent, took) in zip(works, medians, strict=True)]

    def _cost(self, work: Callable[[], object], rounds: int) -> tuple[float, float]:
        """CPU and wall seconds of a round."""
        began, spent = time.perf_counter(), time.process_time() + self._helpers_s()
        for _ in range(rounds):
            work()
        spent = time.process_time() + self._helpers_s() - spent
        return spent / rounds, (time.perf_counter() - began) / rounds


def line(name: str, spent_s: float, took_s: float) -> float:
    """CPU milliseconds of one still, printed with its time."""
    print(f"  {name:<52}{spent_s * 1000:8.2f} ms CPU{took_s * 1000:10.1f} ms wall", flush=True)
    return spent_s * 1000


def floor(keyframe: Keyframe) -> bytes:
    """Decode and JPEG, by PyAV and OpenCV when nothing more is asked of them; decoding on one thread."""
    codec = av.CodecContext.create(keyframe.codec, "r")
    codec.thread_count = 1
    frame = [*codec.decode(av.Packet(keyframe.annexb)), *codec.decode(None)][0]
    return cv2.imencode(".jpg", frame.to_ndarray(format="bgr24"), JPEG)[1].tobytes()


def by_cv2(url: str) -> bytes:
    """As most programs do it."""
    capture = cv2.VideoCapture(url, cv2.CAP_FFMPEG)
    read, image = capture.read()
    capture.release()
    assert read
    return cv2.imencode(".jpg", image, JPEG)[1].tobytes()


def by_ffmpeg(url: str) -> bytes:
    """As shell scripts do it."""
    command = ["ffmpeg", "-v", "quiet", "-rtsp_transport", "tcp", "-i", url, "-frames:v", "1", "-f", "mjpeg", "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def by_pyav(url: str) -> bytes:
    """As careful programs do it."""
    with av.open(url, format="rtsp", options=TUNED) as opened:
        video = opened.streams.video[0]
        video.codec_context.thread_count = 1
        image = next(opened.decode(video)).to_ndarray(format="bgr24")
    return cv2.imencode(".jpg", image, JPEG)[1].tobytes()


class Ours:
    """Visits as a watcher makes them, on the loop that it runs on."""

    def __init__(self, runner: asyncio.Runner) -> None:
        # Not the runner's own `run`, which sets up signals each time: a watcher's loop runs on and on.
        self.done: Callable[[Coroutine[Any, Any, Any]], Any] = runner.get_loop().run_until_complete
        self.visitor: Visitor = self.done(Visitor().__aenter__())

    def close(self) -> None:
        self.done(self.visitor.__aexit__(None, None, None))

    async def visited(self, url: str, want: Want) -> Visit:
        visit = await self.visitor.visit(Reach(url), deadline_s=10, guard=GUARD, want=want)
        assert visit.state is VisitState.OK, visit
        return visit

    def visit(self, url: str, want: Want) -> Visit:
        """One visit."""
        visit = self.done(self.visited(url, want))
        assert isinstance(visit, Visit)
        return visit

    def at_once(self, one: Callable[[], Awaitable[object]], lanes: int = AT_ONCE) -> None:
        """`ROUNDS` of them, so many under way."""
        left = iter(range(ROUNDS))

        async def lane() -> None:
            for _ in left:
                await one()

        async def side_by_side() -> None:
            await asyncio.gather(*(lane() for _ in range(lanes)))

        self.done(side_by_side())


def main() -> None:
    cv2.setNumThreads(1)
    os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = "rtsp_transport;tcp"
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    with (
        tempfile.TemporaryDirectory() as name,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ThreadPoolExecutor(AT_ONCE) as threads,
    ):
        films = filmed(Path(name), source)
        pipelines = {
            film: f"filesrc location={path} ! qtdemux ! {PAYLOADERS[film[:4]]} name=pay0 pt=96"
            for film, path in films.items()
        }
        ours = Ours(runner)
        with gst_cameras(**pipelines) as cameras:
            for film in films:
                measured(film, cameras.url(film), Meter(cameras.pid), ours, threads)
        for quality in QUALITIES:
            still = cv2.imencode(".jpg", street(0), [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
            with http_camera(still) as (url, pid):
                stills(ours, Meter(pid), url, still)
        ours.close()


def measured(film: str, url: str, meter: Meter, ours: Ours, threads: ThreadPoolExecutor) -> None:
    """All ways to one camera's still, and their ratios."""
    taken = ours.visit(url, Want.KEYFRAME).still
    assert taken is not None
    keyframe = Keyframe.unpacked(taken.content)
    size = len(keyframe.annexb)
    one_core = Lock()

    def together(work: Callable[[str], object], number: int = ROUNDS) -> Callable[[], object]:
        return lambda: list(threads.map(lambda _: work(url), range(number)))

    def bare_then_floor(url: str) -> None:
        conversation(url, size)
        with one_core:
            floor(keyframe)

    def visits(want: Want) -> Callable[[], object]:
        return lambda: ours.at_once(lambda: ours.visited(url, want))

    print(f"{film}: a keyframe of {size / 1000:.0f} kB; at once: {AT_ONCE}")
    alone = meter.of("floor: decode and JPEG, over and over", lambda: floor(keyframe))
    meter.of("the bare conversation alone", lambda: conversation(url, size))
    opened = meter.of("ours: decode and JPEG, in a process", lambda: ours.done(ours.visitor.pictures.jpeg(taken)))
    meter.of("ours: RTSP, decode, JPEG", lambda: ours.visit(url, Want.PICTURE))
    bare, nobody, picture, kept = meter.in_turns(
        {
            "the bare conversation, at once": together(lambda url: conversation(url, size)),
            "the bare conversation, then the floor, at once": together(bare_then_floor),
            "ours: RTSP, decode, JPEG, at once": visits(Want.PICTURE),
            "ours: RTSP, kept undecoded, at once": visits(Want.KEYFRAME),
        }
    )
    least = nobody - bare
    print(f"  {'floor: decode and JPEG, behind the conversation':<52}{least:8.2f} ms CPU")
    meter.of("ours: RTSP, kept undecoded", lambda: ours.visit(url, Want.KEYFRAME))
    tuned = meter.of("PyAV tuned, in this process", lambda: by_pyav(url))
    tuned = min(tuned, meter.of("PyAV tuned, in this process, at once", together(by_pyav), ROUNDS))
    usual = meter.of("cv2.VideoCapture", lambda: by_cv2(url), rounds=10)
    usual = min(usual, meter.of("cv2.VideoCapture, at once", together(by_cv2, 12), 12, rounds=12))
    process = meter.of("an ffmpeg process", lambda: by_ffmpeg(url), rounds=5)
    told("ours / floor at most 1.25", picture / least, picture <= 1.25 * least, nobody <= 1.25 * least)
    print(f"       ours / floor over and over {picture / alone:.2f}, ours / (bare, then floor) {picture / nobody:.2f}")
    print(f"       of which (bare conversation, then floor) / floor, what nobody could save: {nobody / least:.2f}")
    told("cv2 / ours at least 3", usual / picture, usual >= 3 * picture, usual >= 3 * min(alone, opened))
    print(f"       cv2 / decode and JPEG alone, the most that anybody could reach: {usual / min(alone, opened):.2f}")
    print(f"       PyAV / ours {tuned / picture:.2f}, ffmpeg / ours {process / picture:.2f}")
    told("undecoded at most 3 ms", kept, kept <= 3)


def told(what: str, value: float, reached: bool, within_reach: bool = True) -> None:
    """One figure, and whether it is as wanted, or can be: the least work, measured beside it, may miss it too."""
    word = "PASS" if reached else "MISS" if within_reach else "OUT OF REACH"
    print(f"  {word} {what}: {value:.2f}", flush=True)


def opened(still: bytes, memory: Memory) -> Health:
    """The least work that judges a JPEG: decoded at a quarter, and examined."""
    grey = cv2.imdecode(np.frombuffer(still, np.uint8), cv2.IMREAD_REDUCED_GRAYSCALE_4)
    assert grey is not None
    return examine(np.asarray(grey, np.uint8), *memory[0])[0]


@contextmanager
def http_camera(still: bytes) -> Iterator[tuple[str, int]]:
    """A camera that gives this JPEG to whoever connects, in a process of its own: its address, and the process."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "still.jpg").write_bytes(still)
        command = [sys.executable, "-u", "-m", "http.server", "--bind", "127.0.0.1", "--directory", folder, "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
            assert server.stdout is not None
            said = re.search(r"port (\d+)", server.stdout.readline())
            assert said is not None
            try:
                yield f"http://127.0.0.1:{said[1]}/still.jpg", server.pid
            finally:
                server.terminate()


def stills(ours: Ours, meter: Meter, url: str, still: bytes) -> None:
    """A JPEG over HTTP, judged as the round judges it: against what the camera usually shows and the still before."""
    memory: Memory = [(Baseline(), None)]

    async def fetched() -> Still:
        visit = await ours.visited(url, Want.KEYFRAME)
        assert visit.still is not None
        return visit.still

    async def judged() -> Health:
        look = await ours.visitor.pictures.look(await fetched())
        grey = np.frombuffer(look.grey, np.uint8).reshape(HEIGHT, WIDTH)
        found, baseline = examine(grey, *memory[0])
        memory[0] = baseline, grey
        return found

    print(f"HTTP JPEG 1920x1080 of {len(still) / 1000:.0f} kB; at once: {AT_ONCE}")
    for _ in range(MATURE):
        ours.done(judged())
    least = meter.of("floor: opened small and judged", lambda: opened(still, memory))
    meter.of("ours: fetched", lambda: ours.done(fetched()))
    meter.of("ours: fetched, opened and judged", lambda: ours.done(judged()))
    (full,) = meter.in_turns({"ours: fetched, opened and judged, at once": lambda: ours.at_once(judged)})
    told("HTTP JPEG with health at most 6 ms", full, full <= 6)
    print(f"       ours / (opened small and judged) {full / least:.2f}")


if __name__ == "__main__":
    main()
