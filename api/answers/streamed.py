"""An answer that is made while it is sent, and that stops being made when nobody listens any more."""

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import suppress
from itertools import chain
from threading import Lock

from starlette.requests import ClientDisconnect
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send


class Streamed(StreamingResponse):
    """Sends the pieces of a generator, each asked for when the one before it has been taken.

    Made in a thread, it gets the first piece at once: what fails before that is still answered as a problem. Whatever
    ends the answer once it has been made, the generator is closed and `done` called.
    """

    def __init__(
        self,
        pieces: Generator[bytes, None, None] | Iterator[bytes],
        *,
        media_type: str,
        headers: Mapping[str, str],
        done: Callable[[], None],
    ) -> None:
        self._pieces, self._done = pieces, done
        first = next(pieces, b"")
        super().__init__(chain([first], pieces), headers=headers, media_type=media_type)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends it."""
        try:
            with suppress(ClientDisconnect):
                await super().__call__(scope, receive, send)
        finally:
            if isinstance(self._pieces, Generator):
                self._pieces.close()
            self._done()


class Turns:
    """How many long things are done at a time: `most` in this process, `each` of them for one who asks."""

    def __init__(self, most: int = 6, each: int = 2) -> None:
        self._most, self._each = most, each
        self._taken: dict[object, int] = {}
        self._lock = Lock()

    def take(self, who: object) -> bool:
        """Takes a turn, to be given back once; whether there was one."""
        with self._lock:
            mine = self._taken.get(who, 0)
            if mine >= self._each or sum(self._taken.values()) >= self._most:
                return False
            self._taken[who] = mine + 1
            return True

    def give_back(self, who: object) -> None:
        """Gives a turn back."""
        with self._lock:
            self._taken[who] -= 1
            if not self._taken[who]:
                del self._taken[who]
