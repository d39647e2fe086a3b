"""A number and a log line for every request, and the last net under errors nobody expected."""

import logging
import time
from uuid import uuid4

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import language as languages
from api import problems
from api import sentences as said

access = logging.getLogger("pantau.access")
_log = logging.getLogger("pantau.api")


class Requests:
    """Gives each request an id (`X-Request-ID` in the answer), logs one line when it is over, and turns an
    unexpected error into a 500 that names the id and nothing else.

    The line holds method, path, status, milliseconds, bytes and the account's id; never a query string, a header or
    a body, where names, places and secrets travel.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        request_id = uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        header = (b"x-request-id", request_id.encode())
        status = 0
        sent = 0

        async def counted(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], header]
            else:
                sent += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, counted)
        except Exception:
            _log.exception("unexpected error in %s %s, request %s", scope["method"], scope["path"], request_id)
            if status:
                raise  # half an answer has left: only the broken connection can say so
            await _unexpected(scope, receive, request_id)(scope, receive, counted)
        finally:
            if access.isEnabledFor(logging.INFO):
                self._line(scope, status, sent, time.perf_counter() - began, request_id)

    def _line(self, scope: Scope, status: int, sent: int, seconds: float, request_id: str) -> None:
        caller = scope["state"].get("caller")
        facts = {
            "method": scope["method"],
            "path": scope["path"],
            "status": status,
            "ms": round(seconds * 1000, 1),
            "bytes": sent,
            "account": str(caller.account_id) if caller is not None and caller.account_id else None,
            "request": request_id,
        }
        # ascii() keeps a line break or a terminal's escape in a path from forging a line.
        access.info("%s %s %d", scope["method"], ascii(scope["path"])[1:-1], status, extra=facts)


def _unexpected(scope: Scope, receive: Receive, request_id: str) -> ASGIApp:
    request = Request(scope, receive)
    detail = said.DETAILS["unexpected"][languages.of(request)].format(request_id=request_id)
    return problems.answer(request, 500, "unexpected", detail, extra={"request_id": request_id})
