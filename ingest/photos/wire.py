"""How the service talks with its decoders over pipes: a length, a JSON head, then the blobs whose sizes it names."""

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
    head = orjson.dumps({**message, "blobs": [len(blob) for blob in blobs]}, default=_plain)
    try:
        for part in (_LENGTH.pack(len(head)) + head, *blobs):
            rest = memoryview(part)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
    except OSError as error:
        raise PipeClosed from error


def widen(descriptor: int) -> None:
    """Lets a pipe hold a whole picture, where the system has room for it: else both ends take turns at 64 kB."""
    with suppress(OSError):
        fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def receive(descriptor: int, within_s: float | None = None) -> tuple[Message, list[bytes]]:
    """Read one message, waiting for the whole of it at most `within_s` seconds.

    Errors: `PipeClosed`, `PipeLate`.
    """
    deadline = None if within_s is None else time.monotonic() + within_s
    (length,) = _LENGTH.unpack(_exactly(descriptor, _LENGTH.size, deadline))
    try:
        message: Message = orjson.loads(_exactly(descriptor, length, deadline))
        return message, [_exactly(descriptor, int(size), deadline) for size in message.pop("blobs")]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise PipeClosed from error


def _plain(value: object) -> float:
    if isinstance(value, timedelta):
        return value.total_seconds()
    raise TypeError


def _exactly(descriptor: int, size: int, deadline: float | None) -> bytes:
    if not 0 <= size <= _MESSAGE_MAX:
        raise PipeClosed
    parts: list[bytes] = []
    missing = size
    poller = select.poll()
    poller.register(descriptor, select.POLLIN)
    while missing:
        wait_ms = None if deadline is None else max(0.0, deadline - time.monotonic()) * 1000
        if not poller.poll(wait_ms):
            raise PipeLate
        try:
            part = os.read(descriptor, min(missing, _PIPE_BYTES))
        except OSError as error:
            raise PipeClosed from error
        if not part:
            raise PipeClosed
        parts.append(part)
        missing -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)
