"""A few places that threads and event loops wait for in one line: first come, first served."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable


class Places:
    """So many places. Whoever has taken one gives it back by `leave`."""

    def __init__(self, number: int) -> None:
        self._free = number
        self._line: deque[Callable[[], object]] = deque()
        self._lock = threading.Lock()

    def take(self) -> None:
        """Takes a place; a thread waits here for its turn."""
        turn = threading.Event()
        if not self._taken(turn.set):
            turn.wait()

    async def taken(self) -> None:
        """Takes a place; a task waits here for its turn, and whoever is cancelled meanwhile has none."""
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()

        def call() -> None:
            loop.call_soon_threadsafe(_came, turn)

        if self._taken(call):
            return
        try:
            await turn
        except BaseException:
            with self._lock:
                waits = call in self._line
                if waits:
                    self._line.remove(call)
            if not waits:
                self.leave()
            raise

    def leave(self) -> None:
        """Gives a place back, to whoever has waited longest."""
        with self._lock:
            if not self._line:
                self._free += 1
                return
            call = self._line.popleft()
        call()

    def _taken(self, call: Callable[[], object]) -> bool:
        """Takes a place if one is free; else `call` is called once one has been taken for the caller."""
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            self._line.append(call)
            return False


def _came(turn: "asyncio.Future[None]") -> None:
    if not turn.done():
        turn.set_result(None)
