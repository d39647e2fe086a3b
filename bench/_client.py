"""An HTTP client that costs so little that a measurement is of the server: prepared bytes over kept sockets."""

import selectors
import socket
import time
from collections.abc import Mapping
from types import TracebackType
from typing import NamedTuple, Self


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


def request(path: str, headers: Mapping[str, str]) -> bytes:
    """The bytes of a GET. `path` must be ready for a URL."""
    lines = [f"GET {path} HTTP/1.1", "host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Client:
    """One kept connection, one request at a time."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = bytearray(1 << 20)

    def fileno(self) -> int:
        """For a selector."""
        return self._socket.fileno()

    def send(self, prepared: bytes) -> None:
        """Asks, without waiting."""
        self._socket.sendall(prepared)

    def receive(self) -> Answer:
        """Waits for the whole answer."""
        held = self._more(0)
        while (end := self._buffer.find(b"\r\n\r\n", 0, held)) < 0:
            held = self._more(held)
        first, *lines = bytes(self._buffer[:end]).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        whole = end + 4 + int(headers.get("content-length", 0))
        if whole > len(self._buffer):
            self._buffer.extend(bytes(whole - len(self._buffer)))
        while held < whole:
            held = self._more(held)
        return Answer(int(first.split()[1]), headers, bytes(memoryview(self._buffer)[end + 4 : whole]))

    def ask(self, prepared: bytes) -> Answer:
        """Asks and waits."""
        self.send(prepared)
        return self.receive()

    def _more(self, held: int) -> int:
        """Reads on behind what is held, into memory that is used again for each answer: how many are held then."""
        with memoryview(self._buffer) as room:
            got = self._socket.recv_into(room[held:])
        if not got:
            raise ConnectionError("the server closed the connection")
        return held + got

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._socket.close()


def throughput(port: int, prepared: bytes, connections: int, seconds: float, status: int = 200) -> float:
    """Answers per second with `connections` requests under way at any time. ValueError for one of another status."""
    clients = [Client(port) for _ in range(connections)]
    answered = 0
    with selectors.DefaultSelector() as ready:
        for client in clients:
            ready.register(client, selectors.EVENT_READ, client)
            client.send(prepared)
        began = time.perf_counter()
        while (elapsed := time.perf_counter() - began) < seconds:
            for key, _ in ready.select(timeout=5):
                client = key.data
                answer = client.receive()
                if answer.status != status:
                    raise ValueError(f"{answer.status}: {answer.body[:300]!r}")
                client.send(prepared)
                answered += 1
    for client in clients:
        client.receive()
        client.__exit__(None, None, None)
    return answered / elapsed
