"""RTP over UDP, for cameras that refuse TCP: a pair of ports, packets of one host only, put back in order."""

import asyncio
import heapq
import socket
from contextlib import suppress
from typing import Final

from ingest.cameras.address import Ip

_TRIES: Final = 64
_WAITING_MAX: Final = 8192
_BEHIND_MAX: Final = 32
_RECEIVE_BUFFER: Final = 1 << 20
_HOLE = b"\x80\x00" + bytes(10)
"""An RTP packet without content: sent once so that routers between let the camera's packets in."""


class UdpPair(asyncio.DatagramProtocol):
    """Two neighbouring local ports, the even one for RTP; only what comes from `host` is taken in. Close it."""

    def __init__(self, host: Ip) -> None:
        self._host = str(host)
        self._anywhere = ("0.0.0.0", "::")[host.version == 6]  # noqa: S104 - the camera sends to an address of ours
        self._family = (socket.AF_INET, socket.AF_INET6)[host.version == 6]
        self._arrived: asyncio.Queue[bytes] = asyncio.Queue(_WAITING_MAX)
        self._control: socket.socket | None = None
        self._transport: asyncio.DatagramTransport | None = None
        self.port = 0

    async def open(self) -> None:
        """Bind the pair. Errors: `OSError` where none is free."""
        for _ in range(_TRIES):
            media = self._bound(0)
            port = media.getsockname()[1]
            if port % 2 == 0:
                with suppress(OSError):
                    self._control = self._bound(port + 1)
            if self._control is not None:
                media.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
                loop = asyncio.get_running_loop()
                self._transport, _ = await loop.create_datagram_endpoint(lambda: self, sock=media)
                self.port = port
                return
            media.close()
        raise OSError("no pair of ports is free")

    def _bound(self, port: int) -> socket.socket:
        made = socket.socket(self._family, socket.SOCK_DGRAM)
        try:
            made.setblocking(False)
            made.bind((self._anywhere, port))
        except OSError:
            made.close()
            raise
        return made

    def greet(self, port: int) -> None:
        """Send the camera's own port one empty packet, so that a router on the way opens."""
        if self._transport is not None:
            self._transport.sendto(_HOLE, (self._host, port))

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Called by asyncio. More than fits is lost, as UDP loses it anyway."""
        if addr[0] == self._host:
            with suppress(asyncio.QueueFull):
                self._arrived.put_nowait(data)

    def error_received(self, exc: Exception) -> None:
        """Called by asyncio; what it tells shows in the packets that do not come."""

    async def receive(self) -> list[bytes]:
        """At least one packet, and all that wait behind it."""
        packets = [await self._arrived.get()]
        while not self._arrived.empty():
            packets.append(self._arrived.get_nowait())
        return packets

    def close(self) -> None:
        """Give the ports back."""
        if self._transport is not None:
            self._transport.close()
        if self._control is not None:
            self._control.close()


class InOrder:
    """Puts packets that overtook each other back in order of their sequence numbers, waiting for at most a few."""

    def __init__(self) -> None:
        self._next: int | None = None
        """The position awaited: a sequence number that goes on counting beyond 65535."""
        self._ahead: list[tuple[int, bytes]] = []

    def take(self, packet: bytes) -> list[bytes]:
        """A packet that arrived; those that may be read now. Late and repeated ones are dropped."""
        if len(packet) < 12:
            return []
        number = int.from_bytes(packet[2:4], "big")
        if self._next is None:
            self._next = number
        position = self._next + (number - self._next + 0x8000) % 0x10000 - 0x8000
        if position < self._next:
            return []
        heapq.heappush(self._ahead, (position, packet))
        if len(self._ahead) > _BEHIND_MAX:  # the one awaited is lost
            self._next = self._ahead[0][0]
        ready = []
        while self._ahead and self._ahead[0][0] <= self._next:
            position, packet = heapq.heappop(self._ahead)
            if position == self._next:
                ready.append(packet)
                self._next += 1
        return ready
