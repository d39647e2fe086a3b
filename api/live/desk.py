"""Who listens in this worker: counted, told, asked again for their right to, and sent away at the end."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import aclosing
from contextvars import Context
from datetime import datetime
from math import ceil
from secrets import randbelow
from typing import TypeVar

from api.live import events
from api.live.events import Reset
from api.live.listener import Listener
from api.live.told import Group, News, Told, catch_up, read, tell, unsettles
from api.problems import Problem
from cases.narrow import Within
from storage import changes as log
from storage.areas import AreaBook
from storage.bell import Bell
from storage.changes import Changes, Position
from storage.database import Database, Session
from storage.errors import StorageError

T = TypeVar("T")
Caught = tuple[Told, Position] | None

PACE_S = 0.05
"""Between two looks at the log: what many write at once is told together."""

ALIVE_S = 15.0
RECHECK_S = 20.0
"""Within so long everybody's session or token is looked at again."""

RETRY_MS = 1_000, 4_000
"""After how long a listener comes back that lost its line, at least and at most: not all at once."""

_AGAIN_S = 1.0

_log = logging.getLogger("pantau.live")


class Live:
    """One per worker: reads the log once for all. Used in its event loop only, but for `stop`.

    `most` may listen in all and `each` as one account or from one address.
    """

    def __init__(
        self,
        database: Database,
        changes: Changes,
        areas: AreaBook,
        clock: Callable[[], datetime],
        *,
        most: int,
        each: int,
    ) -> None:
        self._database, self._areas, self._clock = database, areas, clock
        self._bell = Bell(database, changes)
        self._most, self._each = most, each
        self._counts: Counter[str] = Counter()
        self._groups: dict[Group, dict[Within, set[Listener]]] = {}
        self._read_to: Position | None = None
        """Up to where the log has been read: what a new listener need not be told."""
        self._told_to: Position | None = None
        """Up to where everybody has been told."""
        self._tasks: list[asyncio.Task[None]] = []
        self._catching: dict[tuple[Group, str], asyncio.Task[Caught]] = {}
        self._starting = asyncio.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped = False

    def __len__(self) -> int:
        return self._counts.total()

    async def join(self, listener: Listener, after: str) -> None:
        """Lets somebody listen from now on, or go on `after` a position.

        Raises Problem 429 when too many do already, 503 while stopping; StorageError. `leave` undoes it.
        """
        self._admit(listener)
        try:
            # In a context of its own: what holds for this request does not hold for all that come after it.
            await asyncio.create_task(self._begin(), context=Context())
            if after:
                self._enter(listener)
                listener.first(await self._resumed(listener, after))
            elif self._read_to is not None:
                listener.first(events.ready(self._read_to, resumed=False, retry_ms=_retry_ms()))
                self._enter(listener)
        except BaseException:
            self.leave(listener)
            raise

    def leave(self, listener: Listener) -> None:
        """Forgets the listener; the last one ends the reading."""
        key = (listener.wide, listener.sight)
        group = self._groups.get(key, {})
        members = group.get(listener.within, set())
        members.discard(listener)
        if not members:
            group.pop(listener.within, None)
        if not group:
            self._groups.pop(key, None)
        self._counts[listener.counted_as] -= 1
        if self._counts[listener.counted_as] <= 0:
            del self._counts[listener.counted_as]
        if not self._counts:
            self._rest()

    def stop(self) -> None:
        """Ends every stream at once, so that the server can end; from any thread, and from a signal's handler."""
        self._stopped = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._end_all)

    def _end_all(self) -> None:
        for listener in self._listeners():
            listener.end()
        self._rest()

    def _rest(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._tasks = []
        self._read_to = self._told_to = None

    def _listeners(self) -> list[Listener]:
        return [one for group in self._groups.values() for members in group.values() for one in members]

    def _admit(self, listener: Listener) -> None:
        if self._stopped:
            raise Problem(503, "unavailable", headers={"retry-after": "2"})
        if len(self) >= self._most or self._counts[listener.counted_as] >= self._each:
            raise Problem(429, "too_many_listeners", headers={"retry-after": "30"})
        self._counts[listener.counted_as] += 1

    def _enter(self, listener: Listener) -> None:
        group = self._groups.setdefault((listener.wide, listener.sight), {})
        group.setdefault(listener.within, set()).add(listener)

    async def _begin(self) -> None:
        async with self._starting:
            if self._read_to is not None:
                return
            self._loop = asyncio.get_running_loop()
            now = self._clock()
            self._read_to = self._told_to = await self._ask(lambda db: log.here(db, now))
            self._tasks = [asyncio.create_task(work) for work in (self._follow(), self._keep_alive(), self._recheck())]

    async def _resumed(self, listener: Listener, after: str) -> bytes:
        group = (listener.wide, listener.sight)
        task = self._catching.get((group, after))
        if task is None:
            # After a restart many come back from the same place at once.
            task = asyncio.create_task(self._caught_up(group, after), context=Context())
            self._catching[group, after] = task
            task.add_done_callback(lambda _: self._catching.pop((group, after), None))
        caught = await asyncio.shield(task)
        if caught is None:
            position = self._read_to or await self._ask(lambda db: log.here(db, self._clock()))
            return events.reset(Reset.TOO_OLD, position)
        told, at = caught
        begun = events.ready(Position.decode(after), resumed=True, retry_ms=_retry_ms())
        return begun + told.piece(listener.within, at)

    async def _caught_up(self, group: Group, after: str) -> Caught:
        now, index = self._clock(), self._areas.index
        return await self._ask(lambda db: catch_up(db, group, after, now, index()))

    async def _follow(self) -> None:
        async with aclosing(self._bell.rings()) as rings:
            async for _ in rings:
                try:
                    await self._look()
                except StorageError as error:
                    _log.warning("changes cannot be read, trying again: %s", error)
                    await asyncio.sleep(_AGAIN_S)
                except Exception:
                    _log.exception("a fault of ours in telling what changed; it goes on")
                    await asyncio.sleep(_AGAIN_S)
                await asyncio.sleep(PACE_S)

    async def _look(self) -> None:
        position, now = self._read_to, self._clock()
        if position is None:
            return
        news = await self._ask(lambda db: read(db, position, now))
        self._read_to = news.at
        if news:
            for group, members in list(self._groups.items()):
                await self._tell(group, members, news)
        self._told_to = news.at

    async def _tell(self, group: Group, members: dict[Within, set[Listener]], news: News) -> None:
        told: Told | None = None
        if not unsettles(news, group):
            try:
                index = self._areas.index
                told = await self._ask(lambda db: tell(db, group, news, index()))
            except Exception:
                # Whoever cannot be told what changed is told that something did.
                _log.exception("changes could not be told one by one")
        for within, listeners in list(members.items()):
            piece = events.reset(Reset.MANY, news.at) if told is None else told.piece(within, news.at)
            if piece:
                for listener in tuple(listeners):
                    listener.put(piece)

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(ALIVE_S)
            if self._told_to is not None:
                piece = events.alive(self._told_to)
                for listener in self._listeners():
                    listener.put(piece)

    async def _recheck(self) -> None:
        """Asks for everybody once in RECHECK_S, a few each second."""
        while True:
            for some in _shares(self._listeners(), RECHECK_S):
                await asyncio.sleep(1.0)
                for listener in some:
                    await self._check(listener)

    async def _check(self, listener: Listener) -> None:
        try:
            principal = await listener.still()
        except StorageError:
            return  # asked again next time
        if principal != listener.principal:
            listener.end(Reset.ACCESS)

    async def _ask(self, work: Callable[[Session], T]) -> T:
        # Of the primary: a replica may not have what a notice speaks of. In a thread that the loop waits for at its
        # end: work that was given up would hold a connection of a database that is being closed.
        return await asyncio.to_thread(self._database.ask, work, fresh=True)


def _retry_ms() -> int:
    least, most = RETRY_MS
    return least + randbelow(most - least)


def _shares(all_: list[Listener], seconds: float) -> Iterator[list[Listener]]:
    """So many shares as seconds, some of them perhaps empty."""
    size = max(ceil(len(all_) / seconds), 1)
    return (all_[at * size : (at + 1) * size] for at in range(int(seconds)))
