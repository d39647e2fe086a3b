"""Which Host a request may name: links and cookies are made for one address."""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api import problems


class Hosts:
    """Answers 400 to a request for another host than ours, unless it comes from a health check on this machine."""

    def __init__(self, app: ASGIApp, *, host: str) -> None:
        self.app = app
        self.host = host.lower()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            request = Request(scope)
            given = request.headers.get("host", "").lower()
            local = given.rsplit(":", 1)[0] in ("127.0.0.1", "localhost", "[::1]")
            if given != self.host and not local:
                await problems.answered(request, problems.Problem(400, "host_refused"))(scope, receive, send)
                return
        await self.app(scope, receive, send)
