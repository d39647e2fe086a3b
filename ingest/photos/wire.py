"""How the service talks with its decoders over pipes: a length, a JSON head, then the blobs whose sizes it names.

One end asks and the other answers, so that no two messages ever stand in a pipe at once.
"""

import asyncio
import fcntl
import os
import select
import struct
import time
from contextlib import suppress
from datetime import timedelta
from typing import Any

import orjson

Message = dict[str, Any]

_LENGTH = struct.Struct(">I")
_MESSAGE_MAX = 64 << 20
_PIPE_BYTES = 1 << 20
_HEAD_BYTES = 4 << 10
"""More than most heads; of the blobs behind one, so much is copied once more."""


class PipeClosed(Exception):
    """The other end is gone, or talks nonsense."""


class PipeLate(Exception):
    """No whole message came in time."""


def send(descriptor: int, message: Message, blobs: tuple[bytes, ...] = ()) -> None:
    """Write one message: plain values, dataclasses, words, times and (as seconds) time spans. Errors: `PipeClosed`."""
    for part in _parts(message, blobs):
        rest = memoryview(part)
        while rest:
            rest = rest[_written(descriptor, rest) :]
            if rest:
                _ready(descriptor, select.POLLOUT, None)


async def sent(descriptor: int, message: Message, blobs: tuple[bytes, ...] = ()) -> None:
    """`send` from an event loop, over a pipe that was made `patient`. Errors: `PipeClosed`."""
    for part in _parts(message, blobs):
        rest = memoryview(part)
        while rest:
            rest = rest[_written(descriptor, rest) :]
            if rest:
                await _writable(descriptor)


def patient(descriptor: int) -> None:
    """Lets a full pipe be waited for by an event loop, not by a write."""
    os.set_blocking(descriptor, False)


def widen(descriptor: int) -> None:
    """Lets a pipe hold a whole picture, where the system has room for it: else both ends take turns at 64 kB."""
    with suppress(OSError):
        fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def receive(descriptor: int, within_s: float | None = None) -> tuple[Message, list[bytes]]:
    """Read one message, waiting for the whole of it at most `within_s` seconds.

    Errors: `PipeClosed`, `PipeLate`.
    """
    deadline = None if within_s is None else time.monotonic() + within_s
    incoming = _Incoming(descriptor)
    while True:
        _ready(descriptor, select.POLLIN, deadline)
        found = incoming.more()
        if found is not None:
            return found


async def received(descriptor: int) -> tuple[Message, list[bytes]]:
    """`receive` from an event loop. Errors: `PipeClosed`."""
    loop = asyncio.get_running_loop()
    incoming = _Incoming(descriptor)
    whole: asyncio.Future[tuple[Message, list[bytes]]] = loop.create_future()

    def ready() -> None:
        if whole.done():
            return
        try:
            found = incoming.more()
        except PipeClosed as closed:
            whole.set_exception(closed)
        else:
            if found is not None:
                whole.set_result(found)

    loop.add_reader(descriptor, ready)
    try:
        return await whole
    finally:
        loop.remove_reader(descriptor)


class _Incoming:
    """A message on its way in: its head gathered, then its blobs read straight to where they stay."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._held = bytearray()
        self._message: Message | None = None
        self._sizes: list[int] = []
        self._blobs = bytearray()
        self._have = 0
        """How many bytes of the blobs have come."""

    def more(self) -> tuple[Message, list[bytes]] | None:
        """Takes in what has come; the message once it is whole. Errors: `PipeClosed`."""
        try:
            if self._message is None:
                self._head(os.read(self._descriptor, _HEAD_BYTES))
            else:
                came = os.readv(self._descriptor, [memoryview(self._blobs)[self._have :]])
                if not came:
                    raise PipeClosed
                self._have += came
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise PipeClosed from error
        if self._message is None or self._have < len(self._blobs):
            return None
        whole, blobs, at = memoryview(self._blobs), [], 0
        for size in self._sizes:
            blobs.append(bytes(whole[at : at + size]))
            at += size
        return self._message, blobs

    def _head(self, came: bytes) -> None:
        """Takes in a piece of the head, and what of the blobs came with it."""
        self._held += came
        held = self._held
        if not came:
            raise PipeClosed
        if len(held) < _LENGTH.size:
            return
        end = _LENGTH.size + int(_LENGTH.unpack_from(held)[0])
        if end > _MESSAGE_MAX:
            raise PipeClosed
        if len(held) < end:
            return
        message: Message = orjson.loads(memoryview(held)[_LENGTH.size : end])
        self._sizes = [int(size) for size in message.pop("blobs")]
        if any(size < 0 for size in self._sizes) or sum(self._sizes) > _MESSAGE_MAX:
            raise PipeClosed
        self._blobs = bytearray(sum(self._sizes))
        self._have = len(held) - end
        self._blobs[: self._have] = memoryview(held)[end:]
        self._message = message


def _parts(message: Message, blobs: tuple[bytes, ...]) -> tuple[bytes, ...]:
    head = orjson.dumps({**message, "blobs": [len(blob) for blob in blobs]}, default=_plain)
    return _LENGTH.pack(len(head)) + head, *blobs


def _written(descriptor: int, rest: memoryview) -> int:
    """How many bytes the pipe took; none where it is full. Errors: `PipeClosed`."""
    try:
        return os.write(descriptor, rest)
    except BlockingIOError:
        return 0
    except OSError as error:
        raise PipeClosed from error


def _ready(descriptor: int, event: int, deadline: float | None) -> None:
    """Waits until there is something to read, or room to write. Errors: `PipeLate`."""
    poller = select.poll()
    poller.register(descriptor, event)
    if not poller.poll(None if deadline is None else max(0.0, deadline - time.monotonic()) * 1000):
        raise PipeLate


async def _writable(descriptor: int) -> None:
    """Waits until there is room in a pipe, or nobody to read it."""
    loop = asyncio.get_running_loop()
    room = asyncio.Event()
    loop.add_writer(descriptor, room.set)
    try:
        await room.wait()
    finally:
        loop.remove_writer(descriptor)


def _plain(value: object) -> float:
    if isinstance(value, timedelta):
        return value.total_seconds()
    raise TypeError
