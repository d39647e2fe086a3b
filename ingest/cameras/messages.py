"""The bytes of an RTSP connection (RFC 2326): answers, and media packets interleaved with them."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from ingest.cameras.faults import not_understood

_MEDIA = ord("$")
"""Begins a media packet; its channel and two bytes of length follow."""

_HEAD_MAX, _BODY_MAX = 16 << 10, 256 << 10
_STATUS = re.compile(rb"RTSP/\d\.\d\s+(\d{3})(?:\s|$)")
_REQUEST = re.compile(rb"[A-Z_]{3,20}\s+\S+\s+RTSP/\d\.\d")
_END = re.compile(rb"\r?\n\r?\n")


@dataclass
class Answer:
    """One RTSP answer. `status` 0 marks a request that the server sent of its own accord."""

    status: int
    headers: dict[str, list[str]] = field(default_factory=dict)
    """By name in lower case, every value given."""

    body: bytes = b""

    def header(self, name: str) -> str:
        """The first header of that name (in lower case), "" where there is none."""
        return self.headers[name][0] if name in self.headers else ""

    def all(self, name: str) -> list[str]:
        """Every header of that name (in lower case)."""
        return self.headers.get(name, [])


class Media(NamedTuple):
    """An interleaved packet and the channel it came on."""

    channel: int
    packet: memoryview


class Messages:
    """Cuts a byte stream into answers and media packets; holds at most one of them unfinished."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._answer: Answer | None = None
        self._body = 0

    def feed(self, data: bytes) -> list[Answer | Media]:
        """Take in what was received. Errors: `CameraFault` (not_understood) for what is no RTSP."""
        self._held += data
        found: list[Answer | Media] = []
        held, at = bytes(self._held), 0
        while at < len(held):
            at = self._packets(held, at, found)
            if at >= len(held):
                break
            message, after = self._next(held, at)
            if message is not None:
                found.append(message)
            if after == at:
                break
            at = after
        del self._held[:at]
        return found

    def _packets(self, held: bytes, at: int, found: list[Answer | Media]) -> int:
        """Adds the whole media packets that follow one another from `at`, by far the most there is; where they end."""
        if self._answer is not None:
            return at
        view, size = memoryview(held), len(held)
        while at + 4 <= size and held[at] == _MEDIA:
            end = at + 4 + (held[at + 2] << 8 | held[at + 3])
            if end > size:
                break
            found.append(Media(held[at + 1], view[at + 4 : end]))
            at = end
        return at

    def _next(self, held: bytes, at: int) -> tuple[Answer | None, int]:
        """The answer that begins at `at` and where the next one does; the same place if it is not whole yet."""
        if self._answer is not None:
            end = at + self._body
            if len(held) < end:
                return None, at
            answer, self._answer = self._answer, None
            answer.body = held[at:end]
            return answer, end
        if held[at] == _MEDIA:
            return None, at
        if held[at] in b"\r\n":
            return None, at + 1
        return self._head(held, at)

    def _head(self, held: bytes, at: int) -> tuple[Answer | None, int]:
        end = _END.search(held, at, at + _HEAD_MAX)
        if not held.startswith((b"RTSP/"[: len(held) - at]), at) and not held[at : at + 1].isupper():
            raise not_understood("what answers does not speak RTSP")
        if end is None:
            if len(held) - at >= _HEAD_MAX:
                raise not_understood("an RTSP answer has no end")
            return None, at
        lines = held[at : end.start()].splitlines()
        status = _STATUS.match(lines[0])
        if status is None and not _REQUEST.match(lines[0]):
            raise not_understood("what answers does not speak RTSP")
        answer = Answer(int(status[1]) if status else 0, _headers(lines[1:]))
        length = answer.header("content-length") or "0"
        if not re.fullmatch(r"\d{1,9}", length) or int(length) > _BODY_MAX:
            raise not_understood("an RTSP answer is too long")
        if length.strip("0"):
            self._answer, self._body = answer, int(length)
            return None, end.end()
        return answer, end.end()


def _headers(lines: list[bytes]) -> dict[str, list[str]]:
    """By name in lower case, every value given; a line that begins with a space continues the one before."""
    headers: dict[str, list[str]] = {}
    values: list[str] = []
    for line in lines:
        text = line.decode("latin-1")
        if text[:1] in (" ", "\t") and values:
            values[-1] += f" {text.strip()}"
            continue
        name, colon, value = text.partition(":")
        if colon:
            values = headers.setdefault(name.strip().lower(), [])
            values.append(value.strip())
    return headers
