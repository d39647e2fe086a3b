"""Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) as bytes, made once for all who
get them.

`id` stands on the last event of a batch only: whoever loses the line in between gets the whole batch again.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

import orjson

from storage.changes import Position

MEDIA_TYPE = "text/event-stream; charset=utf-8"


class Reset(StrEnum):
    """Why a listener has to load everything again."""

    TOO_OLD = "too_old"
    """The log does not go back to its position."""
    MANY = "many"
    """More changed at once than is told one by one, or something that decides who sees what."""
    SLOW = "slow"
    """It did not take in what it was sent; the stream ends."""
    ACCESS = "access"
    """What it may see has changed, or its session or token is over; the stream ends."""


def ready(position: Position, *, resumed: bool, retry_ms: int | None = None) -> bytes:
    """The first event: everything from here on will be told. `resumed`: nothing has to be loaded again."""
    retry = b"" if retry_ms is None else b"retry: %d\n" % retry_ms
    return retry + _event("ready", {"position": position.encode(), "resumed": resumed}, position)


def incident(feature: bytes) -> bytes:
    """An incident that is new or changed, as GeoJSON; without its end, so that an id can follow."""
    return b"event: incident\ndata: " + feature + b"\n"


def gone(id_: str) -> bytes:
    """An incident that does not answer any more; without its end."""
    return b"event: gone\ndata: " + orjson.dumps({"id": id_}) + b"\n"


def batch(events: Iterable[bytes], position: Position) -> bytes:
    """Several of those, the last one with the position; nothing for none."""
    body = b"\n".join(events)
    return body + b"id: " + position.encode().encode() + b"\n\n" if body else b""


def reset(why: Reset, position: Position | None = None) -> bytes:
    """Load everything again: from the `ready` that follows, or, without a position, after coming back."""
    if position is None:
        # An empty id: whoever comes back by itself begins anew.
        return b"event: reset\nid\ndata: " + orjson.dumps({"reason": why}) + b"\n\n"
    return _event("reset", {"reason": why}, position) + ready(position, resumed=False)


def alive(position: Position) -> bytes:
    """A comment, so that nobody in between takes the line for dead, and how far the log has been read."""
    return b": alive\nid: " + position.encode().encode() + b"\n\n"


def _event(name: str, data: Any, position: Position) -> bytes:
    head = f"event: {name}\nid: {position.encode()}\ndata: ".encode()
    return head + orjson.dumps(data) + b"\n\n"
