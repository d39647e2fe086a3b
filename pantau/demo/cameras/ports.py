"""Where the demo's cameras are, and the child process that they live in."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cases.words import CameraDoor
from pantau.demo.cameras.posts import Fare, Post

_PATIENCE_S: Final = 10


@dataclass(frozen=True)
class Ports:
    """Ports of 127.0.0.1: cameras that speak HTTP, those that do not answer, and RTSP where GStreamer is found."""

    http: int
    silent: int
    rtsp: int | None

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
        return f"http://127.0.0.1:{self.http}{post.path}"


@contextmanager
def served(turns_at: datetime, wanted: int = 0) -> Iterator[Ports]:
    """The cameras in a child process for as long as the block lasts, on port `wanted` if it is free.

    The child ends with this process, however that ends. RuntimeError if the cameras do not come up.
    """
    child = subprocess.Popen(  # noqa: S603 (our own program)
        [sys.executable, "-m", "pantau.demo.cameras.server", str(turns_at.timestamp()), str(wanted)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # a Ctrl-C is for the service, which then ends it
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        said = child.stdout.readline()
        if not said:
            raise RuntimeError("the demo's cameras could not be started")
        yield Ports(**json.loads(said))
    finally:
        child.stdin.close()
        try:
            child.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        child.stdout.close()
