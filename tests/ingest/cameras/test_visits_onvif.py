"""ONVIF as devices really speak it: connections closed unannounced, odd faults, odd clocks, stills that never come."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest

from cases.words import CameraDoor, VisitState
from ingest.cameras.pictures import Pictures
from ingest.cameras.reach import Visit, Way
from tests.ingest.cameras.visiting import KNOWN, shape, visited
from tests.servers import clips
from tests.servers.rtsp_camera import rtsp_camera

pytestmark = [pytest.mark.unit, pytest.mark.usefixtures("loops")]

_CLOCK = (
    "<UTCDateTime><Time><Hour>23</Hour><Minute>59</Minute><Second>59</Second></Time>"
    "<Date><Year>{year}</Year><Month>12</Month><Day>31</Day></Date></UTCDateTime>"
)
_PROFILE = '<Profiles token="sub"><Name>{name}</Name><VideoEncoderConfiguration/></Profiles>'
_NOT_SUPPORTED = (
    "<Fault><Code><Value>Receiver</Value><Subcode><Value>ActionNotSupported</Value></Subcode></Code></Fault>"
)


@dataclass
class Device:
    """An ONVIF device written by hand.

    `answers` replaces what it says to a question; `closes` ends the connection after each answer without a word;
    `hangs` never answers for the still; `late_s` is how long it takes to tell its media service; `stream` is where
    its stream is.
    """

    answers: dict[str, str] = field(default_factory=dict)
    closes: bool = False
    hangs: bool = False
    late_s: float = 0.0
    stream: str = ""
    name: bytes = b"main"
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError):
                await self.one(reader, writer)
                while not self.closes:
                    await self.one(reader, writer)
        finally:
            writer.close()

    async def one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers one request."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        if head.startswith("GET"):
            await asyncio.sleep(60 if self.hangs else 0)
            kind, body = "image/jpeg", clips.jpeg()
        else:
            length = re.search(r"(?i)content-length: (\d+)", head)
            assert length is not None
            question = (await reader.readexactly(int(length[1]))).decode()
            kind, body = "application/soap+xml", await self.answer(question)
        lines = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(lines.encode() + body)
        await writer.drain()

    async def answer(self, question: str) -> bytes:
        base = f"http://192.168.7.7:{self.port}"
        known = {
            "GetSystemDateAndTime": _CLOCK.format(year=2025),
            "GetCapabilities": f"<Media><XAddr>{base}/onvif/media</XAddr></Media>",
            "GetProfiles": _PROFILE,
            "GetSnapshotUri": f"<Uri>{base}/still.jpg</Uri>",
            "GetStreamUri": f"<Uri>{self.stream}</Uri>" if self.stream else _NOT_SUPPORTED,
        } | self.answers
        asked = next(word for word in known if word in question)
        if asked == "GetCapabilities":
            await asyncio.sleep(self.late_s)
        said = f"<Envelope><Body>{known[asked]}</Body></Envelope>".encode()
        return said.replace(b"{name}", self.name)


@asynccontextmanager
async def running(device: Device) -> AsyncIterator[Device]:
    """The device at a free port of 127.0.0.1 as long as the context lasts."""
    held: set[asyncio.Task[None]] = set()

    def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(device.serve(reader, writer))
        held.add(task)
        task.add_done_callback(held.discard)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    device.port = server.sockets[0].getsockname()[1]
    try:
        yield device
    finally:
        server.close()
        for task in list(held):
            task.cancel()
        await asyncio.gather(*held, return_exceptions=True)


def attempt(pictures: Pictures, device: Device, deadline_s: float = 8.0) -> Visit:
    """A visit to a device."""

    async def go() -> Visit:
        async with running(device):
            url = f"http://127.0.0.1:{device.port}/"
            return await visited(pictures, url, door=CameraDoor.ONVIF, credentials=KNOWN, deadline_s=deadline_s)

    return asyncio.run(go())


def test_a_device_that_ends_each_connection_unannounced_is_asked_over_a_new_one(pictures: Pictures) -> None:
    assert shape(attempt(pictures, Device(closes=True))) == (640, 360)


def test_names_in_other_letters_than_promised_hide_no_picture(pictures: Pictures) -> None:
    assert shape(attempt(pictures, Device(name="\u4e3b\u7801\u6d41".encode("gbk")))) == (640, 360)


def test_a_clock_at_the_end_of_the_calendar_stops_no_visit(pictures: Pictures) -> None:
    device = Device({"GetSystemDateAndTime": _CLOCK.format(year=9999)}, late_s=1.1)
    assert shape(attempt(pictures, device)) == (640, 360)


@pytest.mark.parametrize(
    "fault",
    [
        "<Code><Value>Sender</Value><Subcode><Value>ter:NotAuthorized</Value></Subcode></Code>",
        "<Code><Value>Sender</Value></Code><Reason><Text>Sender not Authorized</Text></Reason>",
        "<faultcode>Client</faultcode><faultstring>Sender not authorized</faultstring>",
        "<faultcode>wsse:FailedAuthentication</faultcode><faultstring>The token is not valid</faultstring>",
    ],
)
def test_a_refused_password_is_understood_however_it_is_told(pictures: Pictures, fault: str) -> None:
    device = Device({"GetProfiles": f"<Fault>{fault}</Fault>"})
    assert attempt(pictures, device).state is VisitState.PASSWORD_REFUSED
    other = Device({"GetProfiles": _NOT_SUPPORTED})
    assert attempt(pictures, other).state is VisitState.NOT_UNDERSTOOD


def test_a_still_that_never_comes_leaves_time_for_the_stream(pictures: Pictures) -> None:
    async def go() -> Visit:
        device = Device(hangs=True)
        async with rtsp_camera() as beside, running(device):
            device.stream = f"rtsp://192.168.7.7:{beside.port}/live"
            url = f"http://127.0.0.1:{device.port}/"
            return await visited(pictures, url, door=CameraDoor.ONVIF, deadline_s=4)

    visit = asyncio.run(go())
    assert shape(visit) == (640, 360)
    assert (visit.way, visit.by_onvif) == (Way.RTSP_TCP, True)


def test_a_device_with_nothing_but_a_still_that_never_comes_stays_one_that_did_not_answer(pictures: Pictures) -> None:
    assert attempt(pictures, Device(hangs=True), deadline_s=1).state is VisitState.TIMED_OUT
