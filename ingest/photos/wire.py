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
    """A message on its way in."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._held = bytearray()
        self._message: Message = {}
        self._sizes: list[int] = []
        self._head = self._whole = 0
        """Where the head and the message end; 0 while that is not known."""

    def more(self) -> tuple[Message, list[bytes]] | None:
        """Takes in what has come; the message once it is whole. Errors: `PipeClosed`."""
        try:
            came = os.read(self._descriptor, _PIPE_BYTES)
        except OSError as error:
            raise PipeClosed from error
        self._held += came
        if not came or len(self._held) > 2 * _MESSAGE_MAX:
            raise PipeClosed
        try:
            return self._found()
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise PipeClosed from error

    def _found(self) -> tuple[Message, list[bytes]] | None:
        held = self._held
        if not self._head and len(held) >= _LENGTH.size:
            self._head = _LENGTH.size + int(_LENGTH.unpack_from(held)[0])
            if self._head > _MESSAGE_MAX:
                raise PipeClosed
        if not self._whole and self._head and len(held) >= self._head:
            self._message = orjson.loads(memoryview(held)[_LENGTH.size : self._head])
            self._sizes = [int(size) for size in self._message.pop("blobs")]
            self._whole = self._head + sum(self._sizes)
            if any(not 0 <= size <= _MESSAGE_MAX for size in self._sizes) or self._whole > 2 * _MESSAGE_MAX:
                raise PipeClosed
        if not self._whole or len(held) < self._whole:
            return None
        blobs, at = [], self._head
        for size in self._sizes:
            blobs.append(bytes(memoryview(held)[at : at + size]))
            at += size
        return self._message, blobs


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
