"""One who listens: what waits for it, and the answer that sends it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.live import events
from api.live.events import Reset
from cases.access import Principal, Sight
from cases.incidents import Question
from cases.narrow import Within, wide

MOST_WAITING: Final = 64
MOST_BYTES: Final = 512_000
"""What may wait for one listener; who falls behind further is sent away to begin anew."""

SEND_S: Final = 30.0
"""How long a piece may take to leave: whoever reads nothing for so long is gone."""

_HEADERS: Final = {
    "cache-control": "no-store, no-transform",
    # nginx holds an answer back until its buffer is full, unless told.
    "x-accel-buffering": "no",
}

Still = Callable[[], Awaitable[Principal | None]]


class Listener:
    """Filled by `Live`, emptied by its own answer, both in the event loop."""

    __slots__ = ("_bytes", "_waiting", "_wake", "counted_as", "ended", "principal", "sight", "still", "wide", "within")

    def __init__(self, question: Question, sight: Sight, principal: Principal, counted_as: str, still: Still) -> None:
        self.wide = wide(question)
        self.within = Within.of(question)
        self.sight = sight
        self.principal = principal
        self.counted_as = counted_as
        self.still = still
        self.ended = False
        self._waiting: list[bytes] = []
        self._bytes = 0
        self._wake = asyncio.Event()

    def put(self, piece: bytes) -> None:
        """Something to send. A listener that is too far behind gets `reset` in place of all that waits, and its end."""
        if self.ended or not piece:
            return
        if len(self._waiting) >= MOST_WAITING or (self._waiting and self._bytes + len(piece) > MOST_BYTES):
            self._waiting.clear()
            self.end(Reset.SLOW)
            return
        self._waiting.append(piece)
        self._bytes += len(piece)
        self._wake.set()

    def first(self, piece: bytes) -> None:
        """What goes out before all that waits already."""
        self._waiting.insert(0, piece)
        self._bytes += len(piece)

    def end(self, why: Reset | None = None) -> None:
        """The stream ends when what waits has been sent; None where it may go on later from where it was."""
        if self.ended:
            return
        if why is not None:
            self._waiting.append(events.reset(why))
        self.ended = True
        self._wake.set()

    async def take(self) -> bytes:
        """All that waits, once there is something; empty at the end."""
        while not self._waiting and not self.ended:
            self._wake.clear()
            await self._wake.wait()
        pieces, self._waiting, self._bytes = self._waiting, [], 0
        return b"".join(pieces)


class LiveResponse(Response):
    """Sends what waits for a listener until either side ends it. Holds no thread and no connection to the database."""

    media_type = events.MEDIA_TYPE

    def __init__(self, listener: Listener, leave: Callable[[Listener], None]) -> None:
        super().__init__(headers=dict(_HEADERS))
        del self.headers["content-length"]
        self._listener = listener
        self._leave = leave

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers as ASGI has it."""
        watching = asyncio.ensure_future(self._until_gone(receive))
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            while piece := await self._listener.take():
                async with asyncio.timeout(SEND_S):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            # It neither reads nor hangs up: the line is closed under it.
            pass
        finally:
            self._leave(self._listener)
            watching.cancel()

    async def _until_gone(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._listener.end()
