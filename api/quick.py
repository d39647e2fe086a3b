"""Threads of their own for short questions: few, because a handful of connections answers them.

The framework's pool has forty threads; all at once they fight over the interpreter and wait for each other's database
connections. SQLite answers within our process and its driver lets go of the interpreter at every row: there one
question runs at a time, or a thousand features cost 13 ms of CPU instead of 6 (`python -m bench.ogc`).
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

THREADS = 4
"""As many questions are under way at most."""

PATIENCE_S = 0.25
"""How long a question waits for the one before it: one that takes longer holds up nobody."""


class Quick:
    """Runs what answers in milliseconds. Whatever may take long belongs in the framework's pool, or all wait for it.

    `in_turn`: one at a time, as long as that one takes no longer than PATIENCE_S.
    """

    def __init__(self, *, in_turn: bool) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="quick")
        self._turn = threading.Lock() if in_turn else None

    async def __call__(self, work: Callable[[*Ts], T], *args: *Ts) -> T:
        """What `work(*args)` gives, or raises."""
        loop = asyncio.get_running_loop()
        if self._turn is None:
            return await loop.run_in_executor(self._threads, work, *args)
        return await loop.run_in_executor(self._threads, _after_others, self._turn, work, *args)


def _after_others(turn: threading.Lock, work: Callable[[*Ts], T], *args: *Ts) -> T:
    mine = turn.acquire(timeout=PATIENCE_S)
    try:
        return work(*args)
    finally:
        if mine:
            turn.release()
