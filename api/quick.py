"""Threads of their own for short questions: few, because a handful of connections answers them.

The framework's pool has forty threads; all at once they fight over the interpreter and wait for each other's database
connections. Ten features cost 0.9 ms of CPU that way and 0.5 ms this way (`python -m bench.incidents`).
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

THREADS = 4
"""One core's worth: the interpreter runs one of them at a time, the others wait for the database."""


class Quick:
    """Runs what answers in milliseconds. Whatever may take long belongs in the framework's pool, or all wait for it."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="quick")

    async def __call__(self, work: Callable[[*Ts], T], *args: *Ts) -> T:
        """What `work(*args)` gives, or raises."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *args)
