"""Where the demo's cameras are, and the child process that they live in."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from cases.words import CameraDoor
from pantau.demo.cameras.posts import Fare, Post
from pantau.demo.child import beside


@dataclass(frozen=True)
class Ports:
    """Ports of this machine: cameras that speak HTTP, those that do not answer, and RTSP where GStreamer is found.

    `spread` says whether each HTTP camera has a loopback address of its own, as cameras in a city do: a slow one then
    holds up no other.
    """

    http: int
    silent: int
    rtsp: int | None
    spread: bool

    @property
    def all(self) -> frozenset[int]:
        """Every one of them: what the demo's guard lets through."""
        return frozenset({self.http, self.silent} | ({self.rtsp} if self.rtsp else set()))

    def url(self, post: Post) -> str:
        """The address of a camera, without user or password."""
        if post.fare is Fare.OFFLINE:
            return f"http://127.0.0.1:{self.silent}{post.path}"
        if post.door is CameraDoor.RTSP:
            return f"rtsp://127.0.0.1:{self.rtsp}{post.path}"
        host = own_address(post) if self.spread else "127.0.0.1"
        return f"http://{host}:{self.http}{post.path}"


def own_address(post: Post) -> str:
    """A loopback address for this camera alone; Linux has all of 127.0.0.0/8, others may not."""
    return f"127.0.1.{post.number}"


@contextmanager
def served(turns_at: datetime, wanted: int = 0) -> Iterator[Ports]:
    """The cameras in a child process for as long as the block lasts, on port `wanted` if it is free.

    The child ends with this process, however that ends. RuntimeError if the cameras do not come up.
    """
    command = [sys.executable, "-m", "pantau.demo.cameras.server", str(turns_at.timestamp()), str(wanted)]
    with beside(command) as said:
        answer = said.readline()
        if not answer:
            raise RuntimeError("the demo's cameras could not be started")
        yield Ports(**json.loads(answer))
