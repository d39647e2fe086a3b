"""The demo's HTTP cameras in a process of their own: `python -m pantau.demo.cameras.server TURNS_AT [PORT]`.

Binds to loopback addresses alone, on PORT, or a free one where that is taken, and prints its `Ports` as a line of
JSON. Cameras that will be turned or out of focus are so from TURNS_AT (seconds since 1970): that a view is wrong shows
only beside the usual one. Its input is a pipe from whoever started it; when that one ends, however it ends, this ends
too, and with it the RTSP cameras where GStreamer is found.
"""

import asyncio
import json
import socket
import sys
from base64 import b64encode
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Final

from pantau.demo.cameras.picture import picture
from pantau.demo.cameras.ports import Ports, own_address
from pantau.demo.cameras.posts import PASSWORD, USER, Fare, Post, posts
from pantau.demo.cameras.streams import streaming
from pantau.demo.child import end_with_parent
from pantau.demo.days import WIB

_FRESH_S: Final = 1.0
"""How long a picture serves whoever asks; drawing one takes a seventh of that."""
_FRAME_S: Final = 1.0
_STALL_S: Final = 60.0
_LATER: Final = frozenset({Fare.TURNED, Fare.BLURRED})
_LOCK: Final = "Basic " + b64encode(f"{USER}:{PASSWORD}".encode()).decode()

Send = Callable[[bytes], Awaitable[None]]


class Cameras:
    """All cameras behind one port, told apart by their paths."""

    def __init__(self, turns_at: float) -> None:
        self._turns_at = turns_at
        self._posts = {post.number: post for post in posts(streams=True)}
        self._drawn: dict[int, tuple[float, bytes]] = {}
        self._turns = {number: asyncio.Lock() for number in self._posts}
        self._pencil = ThreadPoolExecutor(1, "pencil")

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request of one connection."""
        try:
            async with asyncio.timeout(_STALL_S * 2):
                lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                await self._respond(writer, lines)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # whoever asked has gone, or speaks no HTTP
        finally:
            writer.close()

    async def _respond(self, writer: asyncio.StreamWriter, lines: list[str]) -> None:
        async def send(data: bytes) -> None:
            writer.write(data)
            await writer.drain()

        _, number, what = (*lines[0].split(" ")[1].split("/"), "", "")[:3]
        post = self._posts.get(int(number)) if number.isdecimal() else None
        given = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        if post is None:
            await send(_head(404))
        elif post.locked and given.get("authorization") != _LOCK:
            await send(_head(401, 'WWW-Authenticate: Basic realm="kamera"'))
        elif what == "mjpeg":
            await self._stream(post, send)
        else:
            still = await self._still(post)
            await send(_head(200, "Content-Type: image/jpeg", f"Content-Length: {len(still)}"))
            if post.fare is Fare.STALLED:
                await send(still[:4_000])
                await asyncio.sleep(_STALL_S)
            else:
                await send(still)

    async def _stream(self, post: Post, send: Send) -> None:
        await send(_head(200, "Content-Type: multipart/x-mixed-replace; boundary=still"))
        while True:
            still = await self._still(post)
            await send(b"--still\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(still))
            await send(still + b"\r\n")
            await asyncio.sleep(_FRAME_S)

    async def _still(self, post: Post) -> bytes:
        """The present picture, drawn anew where the last one is old."""
        loop = asyncio.get_running_loop()
        async with self._turns[post.number]:
            drawn_at, still = self._drawn.get(post.number, (0.0, b""))
            if not still or loop.time() - drawn_at > _FRESH_S:
                now = datetime.now(UTC)
                shown = post
                if post.fare in _LATER and now.timestamp() < self._turns_at:
                    shown = replace(post, fare=Fare.WELL)
                still = await loop.run_in_executor(self._pencil, picture, shown, now.astimezone(WIB))
                self._drawn[post.number] = (loop.time(), still)
            return still


def _head(status: int, *lines: str) -> bytes:
    return "\r\n".join((f"HTTP/1.1 {status} Demo", "Connection: close", *lines, "", "")).encode("latin-1")


def _listen(wanted: int) -> socket.socket:
    try:
        return socket.create_server(("127.0.0.1", wanted))
    except OSError:
        return socket.create_server(("127.0.0.1", 0))


def _spread(port: int) -> list[socket.socket]:
    """A socket on each camera's own address; none where this machine has not all of them."""
    own: list[socket.socket] = []
    try:
        for post in posts(streams=False):
            own.append(socket.create_server((own_address(post), port)))
    except OSError:
        while own:
            own.pop().close()
    return own


async def _serve(turns_at: float, wanted: int) -> None:
    listening = _listen(wanted)
    http: int = listening.getsockname()[1]
    # A port that is ours and answers nobody: the cameras that are offline. `bind` without `listen` refuses at once.
    silent = socket.socket()
    silent.bind(("127.0.0.1", 0))
    cameras = Cameras(turns_at)
    own = _spread(http)
    for sock in (listening, *own):
        await asyncio.start_server(cameras.answer, sock=sock)
    with silent, streaming(http) as rtsp:
        print(json.dumps(asdict(Ports(http, silent.getsockname()[1], rtsp, bool(own)))), flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """Serve until the input closes."""
    end_with_parent()
    turns_at, wanted = (*map(float, sys.argv[1:3]), 0.0)[:2]
    asyncio.run(_serve(turns_at, int(wanted)))


if __name__ == "__main__":
    main()
