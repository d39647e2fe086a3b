"""An RTSP camera written by hand, for what well-behaved servers never do: it stalls, loses, lies and breaks off."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice

from tests.servers import clips, rtp


@dataclass
class Manners:
    """How the camera behaves.

    `codec` of its video; `sets` whether the description holds the parameter sets; `begin` the picture it starts with;
    `keep` says by an RTP packet's number whether it is sent; `udp_only` answers 461 to TCP; `instead` is sent in place
    of any answer; `answers` replaces the whole answer to a method; `stall` sends nothing after PLAY; `mute` answers
    nothing; `media` is sent after PLAY in place of packets; `break_after` closes after so many packets;
    `single_use` has it ask for a password by nonces that serve one request each, and is what it says of a new one.
    """

    codec: str = "h264"
    sets: bool = True
    begin: int = 0
    keep: Callable[[int], bool] = lambda number: True
    udp_only: bool = False
    instead: bytes = b""
    answers: dict[str, bytes] = field(default_factory=dict)
    description: str = ""
    stall: bool = False
    mute: bool = False
    media: bytes = b""
    break_after: int | None = None
    together_below: int = 0
    swap: bool = False
    pace_s: float = 0.002
    single_use: str | None = None


@dataclass
class RtspCamera:
    """A running camera: its port, and the requests it was sent."""

    port: int
    manners: Manners
    requests: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    """The whole text of each request."""

    @property
    def url(self) -> str:
        return f"rtsp://127.0.0.1:{self.port}/live"

    def methods(self) -> list[str]:
        """The methods asked for, in order."""
        return [request.split()[0] for request in self.requests]


@asynccontextmanager
async def rtsp_camera(manners: Manners | None = None, tls: ssl.SSLContext | None = None) -> AsyncIterator[RtspCamera]:
    """A camera on a free port of 127.0.0.1 as long as the context lasts."""
    camera = RtspCamera(0, manners or Manners())
    held: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        held.add(task)
        try:
            with suppress(OSError, EOFError, asyncio.CancelledError):
                await _Served(camera, reader, writer).serve()
        finally:
            held.discard(task)
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    camera.port = server.sockets[0].getsockname()[1]
    try:
        yield camera
    finally:
        server.close()
        for task in list(held):
            task.cancel()
        await asyncio.gather(*held, return_exceptions=True)


class _Served:
    """One viewer."""

    def __init__(self, camera: RtspCamera, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.camera, self.manners = camera, camera.manners
        self.reader, self.writer = reader, writer
        self.udp_port: int | None = None
        self.nonces = 0

    async def serve(self) -> None:
        if self.manners.instead:
            self.writer.write(self.manners.instead)
            await self.writer.drain()
        playing = None
        try:
            while True:
                head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
                self.camera.requests.append(head.splitlines()[0])
                self.camera.said.append(head)
                if self.manners.mute:
                    continue
                method = head.split()[0]
                answered = self.answer(method, head)
                await self.writer.drain()
                if not answered:
                    continue
                if method == "PLAY" and not self.manners.stall:
                    playing = asyncio.create_task(self.play())
                if method == "TEARDOWN":
                    return
        finally:
            if playing is not None:
                playing.cancel()
                await asyncio.gather(playing, return_exceptions=True)

    def answer(self, method: str, head: str) -> bool:
        """Whether the request was let in."""
        number = re.search(r"CSeq: (\d+)", head)
        assert number is not None
        lines, body, status = [f"CSeq: {number[1]}"], b"", "200 OK"
        if self.manners.single_use is not None and not self.let_in(head):
            told = f'WWW-Authenticate: Digest realm="x", nonce="n{self.nonces}"{self.manners.single_use}'
            self.writer.write("\r\n".join(["RTSP/1.0 401 Unauthorized", *lines, told, "", ""]).encode())
            return False
        if method in self.manners.answers:
            self.writer.write(self.manners.answers[method].replace(b"CSEQ", number[1].encode()))
            return True
        if method == "DESCRIBE":
            first = clips.pictures(self.manners.codec)[0]
            sets = [unit for unit in first if len(unit) < 100] if self.manners.sets else []
            told = self.manners.description or rtp.description(self.manners.codec, sets)
            body = told.encode()
            lines += ["Content-Type: application/sdp", f"Content-Length: {len(body)}"]
        elif method == "SETUP":
            ports = re.search(r"client_port=(\d+)-", head)
            if ports:
                self.udp_port = int(ports[1])
                lines += [f"Transport: RTP/AVP;unicast;client_port={ports[1]}-0;server_port=6970-6971"]
            elif self.manners.udp_only:
                status = "461 Unsupported Transport"
            else:
                lines += ["Transport: RTP/AVP/TCP;unicast;interleaved=4-5"]
            lines += ["Session: 12345678;timeout=60"]
        self.writer.write("\r\n".join([f"RTSP/1.0 {status}", *lines, "", ""]).encode() + body)
        return True

    def let_in(self, head: str) -> bool:
        """Whether the request bears the nonce given last, which it uses up."""
        right = f'nonce="n{self.nonces}"' in head
        self.nonces += 1
        return right

    async def play(self) -> None:
        if self.manners.media:
            self.writer.write(self.manners.media)
            await self.writer.drain()
            return
        pictures = islice(clips.pictures(self.manners.codec), self.manners.begin, None)
        made = list(rtp.packets(self.manners.codec, pictures, first=65530, together_below=self.manners.together_below))
        if self.manners.swap:
            for at in range(1, len(made) - 1, 2):
                made[at], made[at + 1] = made[at + 1], made[at]
        await self.send([packet for number, packet in enumerate(made) if self.manners.keep(number)])

    async def send(self, made: list[bytes]) -> None:
        endpoint = None
        if self.udp_port is not None:
            loop = asyncio.get_running_loop()
            endpoint, _ = await loop.create_datagram_endpoint(
                asyncio.DatagramProtocol, local_addr=("127.0.0.1", 0), remote_addr=("127.0.0.1", self.udp_port)
            )
        try:
            for number, packet in enumerate(made):
                if number == self.manners.break_after:
                    self.writer.close()
                    return
                if endpoint is not None:
                    endpoint.sendto(packet)
                else:
                    self.writer.write(b"$\x04" + len(packet).to_bytes(2, "big") + packet)
                    await self.writer.drain()
                if number % 20 == 19:
                    await asyncio.sleep(self.manners.pace_s)
        finally:
            if endpoint is not None:
                endpoint.close()
