"""Opening photos at arm's length: a few decoder processes, each bounded in time and memory.

A picture that hangs, crashes or starves its decoder ends that process alone, and the next request gets a new one.
Decoders start when they are first needed and leave when idle, so a quiet service pays nothing for them.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from pydantic import TypeAdapter

from ingest.photos import wire
from ingest.photos.decoder import IDLE_EXIT
from ingest.photos.exif import Exif
from ingest.photos.faults import DecodeTimedOut, DecodeTooLarge, PhotoFault, PhotoRefused, PictureDamaged
from ingest.photos.media import MAX_PIXELS, Media
from ingest.photos.places import Places
from ingest.photos.rendered import Rendered

_MODULE = "ingest.photos.decoder"
_HOME = str(Path(__file__).resolve().parents[2])
_HANDED_DOWN = ("PATH", "LANG", "TMPDIR", "LD_LIBRARY_PATH")
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
_HEAPED_MAX_MB = 32
"""The most that the C library takes from its heap (mallopt(3)): beyond, it asks the system each time."""

_media, _exif = TypeAdapter(Media), TypeAdapter(Exif)
_ENDED_BY = {
    signal.SIGALRM: DecodeTimedOut,
    signal.SIGKILL: DecodeTooLarge,  # not by us: the system had no memory left
}


class DecoderBroken(Exception):
    """A decoder failed for a reason that is not the picture's: a fault of ours or of this installation."""


class Examined(NamedTuple):
    """What a photo's structure and EXIF say."""

    media: Media
    exif: Exif

    @property
    def upright(self) -> tuple[int, int]:
        """Width and height in pixels as a viewer sees the photo."""
        size = self.media.width, self.media.height
        return (size[1], size[0]) if self.exif.orientation >= 5 else size


class Decoder:
    """Examines and renders photos in processes of their own; safe to use from many threads.

    Examining and rendering have separate processes, so that a photo being received never waits behind one that takes
    long to open. `workers` is the most processes of each; `memory_mb` bounds what each may allocate; `examine_s` and
    `render_s` bound one request, not counting the wait for a free process; `recycle` is the requests after which a
    process is replaced; `idle_s` the seconds without a request after which it leaves. Close it, or use it in a `with`.
    """

    def __init__(
        self,
        *,
        workers: int = 2,
        memory_mb: int = 1024,
        max_pixels: int = MAX_PIXELS,
        examine_s: float = 5.0,
        render_s: float = 30.0,
        recycle: int = 500,
        idle_s: float = 60.0,
    ) -> None:
        self._max_pixels = max_pixels
        self._examine_s, self._render_s = examine_s, render_s
        self._examiners = Pool(_MODULE, workers, memory_mb, recycle, idle_s)
        self._renderers = Pool(_MODULE, workers, memory_mb, recycle, idle_s)

    def examine(self, path: Path) -> Examined:
        """What the file is and what its EXIF says, without decoding it.

        Errors: `PhotoRefused` (any code), `DecoderBroken`.
        """
        answer, _ = self._examiners.ask(self._request("examine", path, self._examine_s), self._examine_s)
        return Examined(_media.validate_python(answer["media"]), _exif.validate_python(answer["exif"]))

    def render(self, path: Path) -> Rendered:
        """Previews, fingerprint and measures of the photo.

        Errors: `PhotoRefused` (any code; mostly `PictureDamaged`, `DecodeTimedOut`, `DecodeTooLarge`), `DecoderBroken`.
        """
        answer, blobs = self._renderers.ask(self._request("render", path, self._render_s), self._render_s)
        return Rendered(previews=dict(zip(answer["sides"], blobs, strict=True)), **answer["rendered"])

    def _request(self, do: str, path: Path, within_s: float) -> wire.Message:
        return {"do": do, "path": str(path.resolve()), "max_pixels": self._max_pixels, "timeout_s": within_s}

    def close(self) -> None:
        """End the idle processes, and the busy ones as soon as they have answered."""
        self._examiners.close()
        self._renderers.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Process:
    """One decoder process."""

    def __init__(self, module: str, memory_mb: int, idle_s: float, keep_mb: int) -> None:
        environment = {name: os.environ[name] for name in _HANDED_DOWN if name in os.environ}
        self.served = 0
        # A session of its own: a Ctrl-C meant for the service must not cut a photo short.
        self._process = subprocess.Popen(  # noqa: S603 - no word of it comes from outside
            [
                *(sys.executable, "-P", "-m", module),
                *("--memory-mb", str(memory_mb), "--idle-s", str(idle_s)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env={**environment, **_ONE_THREAD, **_kept(keep_mb), "PYTHONPATH": _HOME},
            start_new_session=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._to, self._from = self._process.stdin, self._process.stdout
        for pipe in (self._to, self._from):
            wire.widen(pipe.fileno())
        wire.patient(self._to.fileno())

    def ask(self, request: wire.Message, given: tuple[bytes, ...], within_s: float) -> tuple[wire.Message, list[bytes]]:
        self.served += 1
        wire.send(self._to.fileno(), request, given)
        return wire.receive(self._from.fileno(), within_s)

    async def asked(
        self, request: wire.Message, given: tuple[bytes, ...], within_s: float
    ) -> tuple[wire.Message, list[bytes]]:
        self.served += 1
        try:
            async with asyncio.timeout(within_s):
                await wire.sent(self._to.fileno(), request, given)
                return await wire.received(self._from.fileno())
        except TimeoutError:
            raise wire.PipeLate from None

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def exit_code(self) -> int | None:
        """The code it leaves with, having closed its pipe; `None` if it does not leave by itself."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(1)
        return None

    def end(self) -> None:
        if self.alive:
            self._process.kill()
        self._process.wait()
        self._to.close()
        self._from.close()


class _Left(Exception):
    """A process had just left for want of work: another has to be asked."""


class Pool:
    """At most `size` processes of `python -m module`; the one used last is used next, so that the others may leave.

    The module calls `decoder.serve`. `memory_mb`, `recycle` and `idle_s` as in `Decoder`. `keep_mb` is what a process
    keeps of the memory it has used, for the next request: the system is slow to give it anew.
    """

    def __init__(
        self, module: str, size: int, memory_mb: int, recycle: int, idle_s: float, *, keep_mb: int = 0
    ) -> None:
        self._module, self._memory_mb, self._recycle, self._idle_s = module, memory_mb, recycle, idle_s
        self._keep_mb = keep_mb
        self._room = Places(size)
        self._lock = threading.Lock()
        self._idle: list[_Process] = []
        self._closed = False

    def ask(
        self, request: wire.Message, within_s: float, given: tuple[bytes, ...] = ()
    ) -> tuple[wire.Message, list[bytes]]:
        """The answer to a request and the blobs given with it, within so many seconds once a process is free.

        Errors: `PhotoRefused`, `DecoderBroken`.
        """
        self._room.take()
        try:
            while True:
                with contextlib.suppress(_Left), self._held() as process:
                    answer = process.ask(request, given, within_s)
                    return _judged(*answer)
        finally:
            self._room.leave()

    async def asked(
        self, request: wire.Message, within_s: float, given: tuple[bytes, ...] = ()
    ) -> tuple[wire.Message, list[bytes]]:
        """`ask` from an event loop, which goes on meanwhile; from any number of loops at once."""
        await self._room.taken()
        try:
            while True:
                with contextlib.suppress(_Left), self._held() as process:
                    answer = await process.asked(request, given, within_s)
                    return _judged(*answer)
        finally:
            self._room.leave()

    @contextlib.contextmanager
    def _held(self) -> Iterator[_Process]:
        """A process to be asked once; it is given back if it answered and ended if it did not.

        Errors: `_Left`, `PhotoRefused`, `DecoderBroken`.
        """
        process = self._taken()
        try:
            yield process
        except (PhotoRefused, DecoderBroken):  # an answer too
            self._give_back(process)
            raise
        except wire.PipeLate:
            process.end()
            raise DecodeTimedOut from None
        except wire.PipeClosed:
            code = process.exit_code()
            process.end()
            raise (_Left() if code == IDLE_EXIT else _ended(code)) from None
        except BaseException:  # its answer would be taken for the next one's
            process.end()
            raise
        self._give_back(process)

    def _taken(self) -> _Process:
        with self._lock:
            if self._closed:
                raise DecoderBroken("the decoder is closed")
            while self._idle:
                process = self._idle.pop()
                if process.alive:
                    return process
                process.end()
        return _Process(self._module, self._memory_mb, self._idle_s, self._keep_mb)

    def _give_back(self, process: _Process) -> None:
        with self._lock:
            if not self._closed and process.served < self._recycle:
                self._idle.append(process)
                return
        process.end()

    def close(self) -> None:
        """End the idle processes, and the busy ones as soon as they have answered."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for process in idle:
            process.end()


def _kept(keep_mb: int) -> dict[str, str]:
    """What tells the C library to keep so much memory (mallopt(3)); nothing leaves it to its own judgement."""
    if not keep_mb:
        return {}
    heaped_mb = min(keep_mb, _HEAPED_MAX_MB)
    return {"MALLOC_TRIM_THRESHOLD_": str(keep_mb << 20), "MALLOC_MMAP_THRESHOLD_": str(heaped_mb << 20)}


def _judged(message: wire.Message, blobs: list[bytes]) -> tuple[wire.Message, list[bytes]]:
    """An answer that is one. Errors: `PhotoRefused`, `DecoderBroken`."""
    if "refused" in message:
        raise _refusal(PhotoFault(message["refused"]), message["sentence"])
    if "broken" in message:
        raise DecoderBroken(message["broken"])
    return message, blobs


def _ended(code: int | None) -> PhotoRefused | DecoderBroken:
    """What a decoder's end without an answer means: the picture's fault if a signal ended it, ours otherwise."""
    if code is None or code >= 0:
        return DecoderBroken(f"a decoder process ended by itself (exit code {code})")
    return _ENDED_BY.get(signal.Signals(-code), PictureDamaged)()


def _refusal(code: PhotoFault, sentence: str) -> PhotoRefused:
    kinds = {
        PhotoFault.DAMAGED: PictureDamaged,
        PhotoFault.DECODE_TIMED_OUT: DecodeTimedOut,
        PhotoFault.DECODE_TOO_LARGE: DecodeTooLarge,
    }
    return kinds[code](sentence) if code in kinds else PhotoRefused(code, sentence)
