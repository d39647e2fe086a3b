"""The agent: beside a camera that the city cannot reach, it takes stills and sends them, later if the line is down.

What is not sent yet lies in a folder, a file a still, named by when it was taken: it outlives a restart, is sent in
order, and when there is no more room the oldest goes first.
"""

import asyncio
import errno
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import aiohttp

from cases.words import VisitState
from ingest.cameras.address import ALLOWABLE, Guard
from ingest.cameras.pictures import Pictures
from ingest.cameras.reach import Reach, Visitor, Want
from ingest.photos.decoding import DecoderBroken
from storage.blobs.folder import fsync_folder
from storage.tables.types import from_micros, micros

_log = logging.getLogger("pantau.agent")

_VISIT_S: Final = 19.0
_SEND_S: Final = 60.0
_FIRST_WAIT_S: Final = 2.0
_LONGEST_WAIT_S: Final = 300.0
_REFUSED: Final = frozenset({400, 413, 415, 422})
"""Answers to a still that no second sending will better."""

_WRONG: Final = frozenset({401, 403, 404})
"""Answers to an address or a token that is wrong."""

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_NAME: Final = "[0-9]" * 20
"""How stills are named: what else lies in the folder is not the agent's."""

BESIDE: Final = Guard(ALLOWABLE, allow_loopback=True)
"""The agent runs on its owner's own machine and visits the owner's own camera."""


class Queue:
    """Stills on disk that wait to be sent, at most `most` bytes of them."""

    def __init__(self, folder: Path, most: int) -> None:
        self._folder, self._most = folder, most
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(f"{_NAME}.part"):
            left.unlink()

    def put(self, content: bytes, taken_at: datetime) -> None:
        """Keeps a still; when this returns it outlives a power cut. The oldest go where there is no room.

        Raises OSError where it cannot be kept, with room or without.
        """
        whole = self._folder / f"{micros(taken_at):020d}.jpg"
        while not self._written(whole, content):
            self._drop(self.waiting()[0])
        waiting = self.waiting()
        over = sum(map(_size, waiting)) - self._most
        for path in waiting[:-1]:
            if over <= 0:
                break
            over -= _size(path)
            self._drop(path)

    def waiting(self) -> list[Path]:
        """The stills that wait, oldest first."""
        return sorted(self._folder.glob(f"{_NAME}.jpg"))

    def _written(self, whole: Path, content: bytes) -> bool:
        """Whether the disk had room for it. Raises OSError where nothing waits that could make room."""
        part = whole.with_suffix(".part")
        try:
            with part.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(whole)
        except OSError as error:
            part.unlink(missing_ok=True)
            if error.errno not in _FULL or not self.waiting():
                raise
            return False
        fsync_folder(self._folder)
        return True

    def _drop(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        _log.warning("there is no room for more stills: the oldest was dropped")

    @staticmethod
    def taken_at(path: Path) -> datetime:
        """When a still was taken."""
        return from_micros(int(path.stem))


@dataclass
class Agent:
    """Takes a still of `camera` every `interval_s` seconds and sends it to `to` with the camera's push `token`."""

    camera: Reach
    to: str
    token: str = field(repr=False)
    queue: Queue
    interval_s: float = 60.0
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    sent: int = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Works until `stop` is set; what is not sent then is sent the next time."""
        fresh = asyncio.Event()
        fresh.set()
        with Pictures() as pictures:
            async with Visitor(pictures) as visitor, aiohttp.ClientSession() as line:
                tasks = [
                    asyncio.create_task(self._watch(visitor, fresh)),
                    asyncio.create_task(self._send(line, fresh)),
                    asyncio.create_task(stop.wait()),
                ]
                try:
                    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                    for task in done:
                        task.result()
                finally:
                    for task in tasks:
                        task.cancel()
                    await asyncio.gather(*tasks, return_exceptions=True)

    async def _watch(self, visitor: Visitor, fresh: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        at = loop.time()
        state: VisitState | None = None
        while True:
            try:
                visit = await visitor.visit(self.camera, deadline_s=_VISIT_S, guard=BESIDE, want=Want.PICTURE)
                if visit.state is not state:
                    _log.info("the camera: %s %s", visit.state, visit.detail)
                    state = visit.state
                if visit.still is not None:
                    await asyncio.to_thread(self.queue.put, visit.still.content, self.clock())
                    fresh.set()
            except OSError as error:
                _log.warning("a still is lost: the folder does not take it (%s). Make room there", error.strerror)
            except DecoderBroken as error:
                _log.warning("a still is lost: %s", error)
            at = max(at + self.interval_s, loop.time())
            await asyncio.sleep(at - loop.time())

    async def _send(self, line: aiohttp.ClientSession, fresh: asyncio.Event) -> None:
        """Sends what waits, oldest first. A still that cannot go now keeps the others behind it."""
        wait_s = _FIRST_WAIT_S
        while True:
            fresh.clear()
            for path in await asyncio.to_thread(self.queue.waiting):
                if not path.exists():  # it was dropped to make room
                    continue
                if not await self._gone(line, path):
                    break
                path.unlink(missing_ok=True)
                wait_s = _FIRST_WAIT_S
            else:
                await fresh.wait()
                continue
            await asyncio.sleep(wait_s)
            wait_s = min(2 * wait_s, _LONGEST_WAIT_S)

    async def _gone(self, line: aiohttp.ClientSession, path: Path) -> bool:
        """Whether this still need not be sent again."""
        taken_at = Queue.taken_at(path)
        try:
            async with line.post(
                self.to,
                params={"taken_at": taken_at.isoformat()},
                data=await asyncio.to_thread(path.read_bytes),
                headers={"Authorization": f"Bearer {self.token}", "Content-Type": "image/jpeg"},
                timeout=aiohttp.ClientTimeout(total=_SEND_S),
                allow_redirects=False,
            ) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            _log.info("the line is down (%s); stills wait", type(error).__name__)
            return False
        if status in (200, 201):
            self.sent += 1
            return True
        if status in _REFUSED:
            _log.warning("the still of %s was refused (%d) and is dropped", taken_at.isoformat(), status)
            return True
        if status in _WRONG:
            _log.warning("Pantau answers %d: check the address and the camera's push token; stills wait", status)
        elif 300 <= status < 400:
            _log.warning("the address of --to leads elsewhere (%d): give the one it leads to; stills wait", status)
        else:
            _log.info("Pantau takes no stills now (%d); they wait", status)
        return False


def _size(path: Path) -> int:
    """Bytes of a still; none of one that was sent this moment."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
