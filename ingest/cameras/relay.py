"""A door on this machine that leads to one camera and nowhere else, for libraries that choose their own connections.

FFmpeg resolves names, follows redirects and checks no certificate. It is therefore given an address of ours, whose
connections go to the pinned address of the camera, and an answer that would lead it elsewhere is not passed on.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Final

from ingest.cameras.address import Pinned
from ingest.cameras.connection import Trip, connected
from ingest.cameras.faults import CameraFault
from ingest.cameras.urls import CameraUrl, Scheme

_READ: Final = 64 << 10
_KEPT: Final = 512
_REDIRECT = re.compile(rb"RTSP/[^\s]{0,64}\s{1,64}[+0]{0,64}3[0-9][0-9]", re.IGNORECASE)


@asynccontextmanager
async def relay(pinned: Pinned, trip: Trip) -> AsyncIterator[CameraUrl]:
    """An rtsp address of 127.0.0.1 that stands for the camera as long as the context lasts."""
    running: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        try:
            async with connected(pinned, trip) as (back, forth):
                await _both(_copied(reader, forth), _copied(back, writer, trip))
        except (CameraFault, OSError):
            pass
        finally:
            running.discard(task)
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        port = server.sockets[0].getsockname()[1]
        yield replace(pinned.url, scheme=Scheme.RTSP, host="127.0.0.1", port=port)
    finally:
        server.close()
        for task in list(running):
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _both(one: Coroutine[None, None, None], other: Coroutine[None, None, None]) -> None:
    """Until either direction ends."""
    tasks = [asyncio.ensure_future(one), asyncio.ensure_future(other)]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _copied(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, trip: Trip | None = None) -> None:
    """Pass bytes on; with a trip, those that come from the camera: counted, and no redirect among them."""
    before = b""
    with suppress(OSError):
        while data := await reader.read(_READ):
            if trip is not None:
                trip.received += len(data)
                # Held against what went before, so that a redirect cut in two is seen before its second half goes.
                if _REDIRECT.search(before + data):
                    return
                before = (before + data)[-_KEPT:]
            writer.write(data)
            await writer.drain()
