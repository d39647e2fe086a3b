"""Who is behind a cookie or a token, looked up by one indexed query and remembered for a moment."""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from starlette.concurrency import run_in_threadpool

from cases.access import Principal
from storage import secrets, sign_ins, tokens
from storage.database import Database
from storage.errors import StorageError

REMEMBERED_S = 3.0
"""How long an answer is believed without asking again: the longest that a change made by another process (a role, a
revoked token, a closed account) takes to be felt here. Changes made by this process are felt at once."""

MOST = 10_000
"""Callers remembered at most; the ones not heard of longest go first."""

_log = logging.getLogger("pantau.api")


@dataclass(frozen=True, slots=True)
class Known:
    """A caller whose secret was right. `csrf` is None for a token, which no browser sends by itself."""

    principal: Principal
    csrf: str | None
    ends_at: datetime | None


class Callers:
    """Safe to share between threads."""

    def __init__(self, database: Database, clock: Callable[[], datetime], idle: timedelta) -> None:
        self._database = database
        self._clock = clock
        self._idle = idle
        self._kept: OrderedDict[str, tuple[float, Known]] = OrderedDict()
        self._lock = Lock()

    async def by_session(self, secret: str) -> Known | None:
        """The caller behind a session cookie, or None if the session is over."""
        return await self._known(secrets.digest(secret), self._find_session)

    async def by_token(self, secret: str) -> Known | None:
        """The caller behind an API token, or None if it is wrong, expired or revoked."""
        return await self._known(secrets.digest(secret), self._find_token)

    def forget(self, secret: str) -> None:
        """Ask again about this one: it has just ended."""
        with self._lock:
            self._kept.pop(secrets.digest(secret), None)

    def forget_account(self, account_id: UUID) -> None:
        """Ask again about every session and token of this account."""
        with self._lock:
            for key in [key for key, (_, known) in self._kept.items() if known.principal.account_id == account_id]:
                del self._kept[key]

    async def _known(self, key: str, find: Callable[[str], Known | None]) -> Known | None:
        kept = self._kept.get(key)
        if kept is not None and kept[0] > time.monotonic():
            known = kept[1]
            if known.ends_at is None or known.ends_at > self._clock():
                return known
        found = await run_in_threadpool(find, key)
        if found is not None:
            with self._lock:
                self._kept[key] = (time.monotonic() + REMEMBERED_S, found)
                self._kept.move_to_end(key)
                while len(self._kept) > MOST:
                    self._kept.popitem(last=False)
        return found

    def _find_session(self, key: str) -> Known | None:
        now = self._clock()
        # Not from a replica: who has just signed in is known, who has just been shut out is not.
        with self._database.read(fresh=True) as db:
            found = sign_ins.find(db, key, now, self._idle)
        if found is None:
            return None
        if found.stale:
            self._note(sign_ins.touch, key, now)
        return Known(found.principal, found.csrf, found.ends_at)

    def _find_token(self, key: str) -> Known | None:
        now = self._clock()
        with self._database.read(fresh=True) as db:
            found = tokens.find(db, key, now)
        if found is None:
            return None
        if found.stale:
            self._note(tokens.touch, key, now)
        return Known(found.principal, None, found.ends_at)

    def _note(self, touch: Callable[..., None], key: str, now: datetime) -> None:
        """Write down that the secret is in use; a database too busy for that still answers questions."""
        try:
            with self._database.write() as db:
                touch(db, key, now)
        except StorageError:
            _log.warning("could not note that a session or token is in use")
