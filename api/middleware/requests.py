"""A number and a log line for every request, and the last net under errors nobody expected."""

import logging
import time
from uuid import uuid4

import orjson
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
    a body, where names, places and secrets travel. `json_lines` writes it as JSON.
    """

    def __init__(self, app: ASGIApp, *, json_lines: bool = False) -> None:
        self.app = app
        self.json_lines = json_lines

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
        account = str(caller.account_id) if caller is not None and caller.account_id else None
        milliseconds = round(seconds * 1000, 1)
        if self.json_lines:
            line = {
                "method": scope["method"],
                "path": scope["path"],
                "status": status,
                "ms": milliseconds,
                "bytes": sent,
                "account": account,
                "request": request_id,
            }
            access.info("%s", orjson.dumps(line).decode())
        else:
            # %r keeps a line break in a path from forging a second line.
            access.info("%s %r %d %.1f ms %d B", scope["method"], scope["path"], status, milliseconds, sent)


def _unexpected(scope: Scope, receive: Receive, request_id: str) -> ASGIApp:
    request = Request(scope, receive)
    detail = said.DETAILS["unexpected"][languages.of(request)].format(request_id=request_id)
    return problems.answer(request, 500, "unexpected", detail, extra={"request_id": request_id})
