"""Which requests a replica may answer: those that only ask, of callers who have not just written.

Who wrote has to see it. So for as long as the replica may be behind (its bound, and what measuring takes), a caller who
wrote is answered by the primary: browsers carry a cookie that says so to whichever process they meet, programs with a
token are remembered by the process that took their write. `Cache-Control: no-cache` asks the primary.
"""

import hashlib
import time
from collections import OrderedDict
from threading import Lock

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storage.replica import BELIEVED_S, Replica, may_lag

COOKIE = "pantau_wrote"
MOST = 10_000
"""Programs remembered at most; those that wrote longest ago go first."""

_ASKING = frozenset({"GET", "HEAD", "OPTIONS"})


class Reads:
    """An ASGI middleware, of use only beside a replica. Safe to share between threads."""

    def __init__(self, app: ASGIApp, *, replica: Replica, https: bool) -> None:
        self._app, self._https = app, https
        self._held_s = int(replica.most_lag_s + BELIEVED_S) + 2
        self._wrote: OrderedDict[bytes, float] = OrderedDict()
        self._lock = Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not _asks(scope):
            await self._app(scope, receive, self._noting(headers, send))
        elif self._wrote_lately(headers):
            await self._app(scope, receive, send)
        else:
            with may_lag():
                await self._app(scope, receive, send)

    def _noting(self, headers: Headers, send: Send) -> Send:
        """Notes at the answer's beginning that its caller wrote, before they can ask again."""

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 500:
                self._remember(headers)
                if "authorization" not in headers:
                    secure = "; Secure" if self._https else ""
                    MutableHeaders(scope=message).append(
                        "set-cookie", f"{COOKIE}=1; Max-Age={self._held_s}; Path=/; HttpOnly; SameSite=Lax{secure}"
                    )
            await send(message)

        return noted

    def _remember(self, headers: Headers) -> None:
        if key := _token(headers):
            with self._lock:
                self._wrote[key] = time.monotonic() + self._held_s
                self._wrote.move_to_end(key)
                while len(self._wrote) > MOST:
                    self._wrote.popitem(last=False)

    def _wrote_lately(self, headers: Headers) -> bool:
        if "no-cache" in headers.get("cache-control", "").lower() or _has_cookie(headers):
            return True
        key = _token(headers)
        return key is not None and self._wrote.get(key, 0.0) > time.monotonic()


def _token(headers: Headers) -> bytes | None:
    said = headers.get("authorization")
    return hashlib.sha256(said.encode()).digest() if said else None


def _has_cookie(headers: Headers) -> bool:
    return any(part.strip().startswith(f"{COOKIE}=") for part in headers.get("cookie", "").split(";"))


def _asks(scope: Scope) -> bool:
    """Whether it changes nothing: a question with a drawn shape or a long filter comes by POST."""
    return scope["method"] in _ASKING or scope["path"].endswith("/search")
