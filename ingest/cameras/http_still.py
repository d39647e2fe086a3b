"""A still by HTTP: one JPEG, or the first whole picture of an MJPEG stream. The bytes decide, not the content type."""

import re
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final

from cases.words import VisitState
from ingest.cameras.connection import Trip
from ingest.cameras.faults import CameraFault, corrupt, not_understood
from ingest.cameras.stills import JPEG_MAX, Still
from ingest.cameras.urls import CameraUrl
from ingest.cameras.web import Page, Web

_JPEG: Final = b"\xff\xd8\xff"
_HEAD_MAX: Final = 16 << 10


async def jpeg(web: Web, url: CameraUrl, trip: Trip) -> tuple[Still, bool]:
    """The still at an http or https address, and whether it came from an MJPEG stream.

    Errors: `CameraFault`: no_video for what is no picture at all, corrupt for one that is not whole, stalled for a
    stream that stops, and those of `Web.ask`.
    """
    async with web.ask(url, trip) as page:
        if page.content_type.lower().startswith("multipart/"):
            return await _first_of_stream(page), True
        content = await page.read(JPEG_MAX)
        if not content:
            raise CameraFault(VisitState.NO_VIDEO, "the answer is empty")
        if content[:3] != _JPEG:
            raise CameraFault(VisitState.NO_VIDEO, "the answer is no JPEG")
        return Still.of_jpeg(content), False


async def _first_of_stream(page: Page) -> Still:
    """The first whole JPEG of a multipart/x-mixed-replace stream, by its length where that is told."""
    chunks, held = page.chunks(), bytearray()
    begin = await _found(_JPEG, chunks, held, 0, _HEAD_MAX)
    told = re.search(rb"content-length:\s*(\d{1,9})\s", bytes(held[:begin]), re.IGNORECASE)
    if told and int(told[1]):
        end = begin + int(told[1])
        if end - begin > JPEG_MAX:
            raise corrupt("the picture is too large")
        await _held_to(end, chunks, held)
        return Still.of_jpeg(bytes(held[begin:end]))
    return await _by_boundary(page.content_type, chunks, held, begin)


async def _by_boundary(content_type: str, chunks: AsyncIterator[bytes], held: bytearray, begin: int) -> Still:
    named = re.search(r'boundary\s*=\s*"?([^\s";]{1,200})', content_type, re.IGNORECASE)
    if named is None:
        raise not_understood("the stream names no boundary")
    # Some cameras write the dashes into the name, others do not: the name alone is in both.
    boundary = named[1].lstrip("-").encode("latin-1") or b"--"
    try:
        end = await _found(boundary, chunks, held, begin, JPEG_MAX)
    except CameraFault as fault:
        if fault.state is not VisitState.STALLED:
            raise
        with suppress(CameraFault):  # a stream of one picture may end with it
            return Still.of_jpeg(bytes(held[begin:]))
        raise
    return Still.of_jpeg(bytes(held[begin:end]))


async def _found(sought: bytes, chunks: AsyncIterator[bytes], held: bytearray, at: int, most: int) -> int:
    """Where `sought` is, reading on until it comes, at most `most` bytes behind `at`."""
    start = at
    while (place := held.find(sought, start)) < 0:
        start = max(at, len(held) - len(sought) + 1)
        if len(held) - at > most:
            raise not_understood("the stream holds no picture")
        await _held_to(len(held) + 1, chunks, held)
    return place


async def _held_to(size: int, chunks: AsyncIterator[bytes], held: bytearray) -> None:
    while len(held) < size:
        data = await anext(chunks, b"")
        if not data:
            raise CameraFault(VisitState.STALLED, "the stream ended in the middle of a picture")
        held += data
