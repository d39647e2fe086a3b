"""Rings when something changed, in an event loop: PostgreSQL says so itself, SQLite is looked at ten times a second."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any, Final

from storage.changes import Changes
from storage.database import Database
from storage.engines import CONNECT_S

if TYPE_CHECKING:
    import psycopg

CHANNEL: Final = "pantau_change"
"""What the triggers of revision 0009 notify."""

EVERY_S: Final = 1.0
"""The bell also rings by itself: time passes, and a pooler in between may swallow notices."""

LOOKS: Final = 10
"""At SQLite in that time, of some microseconds each."""

_AGAIN_S: Final = 2.0

_log = logging.getLogger("pantau.live")


class Bell:
    """For one reader. Holds one connection to PostgreSQL of its own while it is listened to, none of any pool."""

    def __init__(self, database: Database, changes: Changes) -> None:
        self._database = database
        self._changes = changes

    async def rings(self) -> AsyncGenerator[None, None]:
        """Goes on when something may have changed, and every EVERY_S, for ever; begins with a ring.

        A connection that is lost is made anew, and meanwhile the bell rings by itself.
        """
        rings = self._of_file() if self._database.dialect == "sqlite" else self._of_server()
        async with aclosing(rings):
            async for _ in rings:
                yield

    async def _of_file(self) -> AsyncGenerator[None, None]:
        while True:
            heard = self._changes.version()
            yield
            for _ in range(LOOKS):
                await asyncio.sleep(EVERY_S / LOOKS)
                if self._changes.version() != heard:
                    break

    async def _of_server(self) -> AsyncGenerator[None, None]:
        from psycopg import OperationalError  # noqa: PLC0415 (a small city on SQLite need not have it)

        while True:
            try:
                async with aclosing(self._of_line()) as rings:
                    async for _ in rings:
                        yield
            except OperationalError as error:
                _log.warning("the line on which changes are told is lost, trying again: %s", type(error).__name__)
                yield
                await asyncio.sleep(_AGAIN_S)

    async def _of_line(self) -> AsyncGenerator[None, None]:
        line, rung, loop = await self._connected(), asyncio.Event(), asyncio.get_running_loop()
        # The socket alone is waited for: waiting by the driver cannot be given up without a word in the log.
        loop.add_reader(line.fileno(), rung.set)
        try:
            # Whatever was said before the line stood is found by looking.
            yield
            while True:
                with suppress(TimeoutError):
                    await asyncio.wait_for(rung.wait(), EVERY_S)
                rung.clear()
                line.pgconn.consume_input()
                while line.pgconn.notifies():
                    pass
                yield
        finally:
            loop.remove_reader(line.fileno())
            line.close()

    async def _connected(self) -> psycopg.Connection[Any]:
        """A line that listens; it is closed if nobody waits for it any more."""
        made: list[psycopg.Connection[Any]] = []
        unwanted = threading.Event()

        def connect() -> None:
            import psycopg  # noqa: PLC0415

            made.append(psycopg.connect(**self._address(), autocommit=True))
            try:
                made[0].execute(f"LISTEN {CHANNEL}")
            finally:
                if unwanted.is_set():
                    made[0].close()

        try:
            await asyncio.to_thread(connect)
        except BaseException:
            unwanted.set()
            for line in made:
                line.close()
            raise
        return made[0]

    def _address(self) -> dict[str, Any]:
        url = self._database.engine.url
        return {
            **{name: value for name, value in url.query.items() if isinstance(value, str) and name != "options"},
            **url.translate_connect_args(database="dbname", username="user"),
            "application_name": "pantau live",
            "connect_timeout": CONNECT_S,
            "keepalives_idle": 30,
            "tcp_user_timeout": 30_000,
        }
