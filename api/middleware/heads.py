"""HEAD at every door of the API that answers GET (RFC 9110, 9.3.2): the same answer without its content."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.roots import is_ours


class Heads:
    """Asks the door as by GET and keeps what it would have sent. A long answer is not made to its end."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        if scope["type"] != "http" or scope["method"] != "HEAD" or not is_ours(scope["path"]):
            await self.app(scope, receive, send)
            return
        told = asyncio.Event()

        async def gone() -> Message:
            """To a stream, the client has gone once the headers have been sent."""
            await told.wait()
            return {"type": "http.disconnect"}

        async def headers_only(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
            elif not told.is_set():
                told.set()
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        # The servers that say 2.4 report a client that went away by an error of `send`, others by a message.
        told_by_message = {**scope.get("asgi", {}), "spec_version": "2.3"}
        await self.app({**scope, "method": "GET", "asgi": told_by_message}, gone, headers_only)
