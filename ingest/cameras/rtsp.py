"""A small RTSP client (RFC 2326): asks a camera for one keyframe, takes it, and leaves politely."""

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from cases.words import VisitState
from ingest.cameras.address import Pinned
from ingest.cameras.connection import READ_BYTES, Trip, acknowledge_at_once, connected
from ingest.cameras.digest import Login
from ingest.cameras.faults import CameraFault, by_status, corrupt, not_understood
from ingest.cameras.keyframes import Keyframe
from ingest.cameras.messages import Answer, Media, Messages
from ingest.cameras.nal import Assembler
from ingest.cameras.sdp import Description, describe
from ingest.cameras.udp import InOrder, UdpPair
from ingest.cameras.urls import CameraUrl, Scheme

_HOPS: Final = 3
_ASKED_AGAIN: Final = 3
_FAREWELL_S: Final = 0.5
_CONTROL_MAX: Final = 2048


@dataclass(frozen=True)
class Seen:
    """A keyframe, and whether it came over UDP."""

    keyframe: Keyframe
    udp: bool


class _Moved(Exception):
    """The camera named another address for the same stream."""

    def __init__(self, location: str) -> None:
        super().__init__()
        self.location = location


async def keyframe(url: CameraUrl, trip: Trip) -> Seen:
    """One keyframe of the stream at an rtsp or rtsps address, every redirect passing the guard.

    Errors: `CameraFault`, in any state but ok.
    """
    for _ in range(_HOPS + 1):
        pinned = await trip.pin(url)
        async with connected(pinned, trip) as (reader, writer):
            try:
                return await _Conversation(pinned, trip, reader, writer).keyframe()
            except _Moved as moved:
                url = url.join(moved.location)
            except (OSError, EOFError):
                raise CameraFault(VisitState.UNREACHABLE, "the camera broke the connection") from None
        if url.scheme not in (Scheme.RTSP, Scheme.RTSPS):
            raise not_understood("the camera leads away from RTSP")
    raise not_understood("the camera leads from one address to the next without end")


class _Conversation:
    """One RTSP connection."""

    def __init__(self, pinned: Pinned, trip: Trip, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._pinned, self._trip = pinned, trip
        self._reader, self._writer = reader, writer
        self._messages = Messages()
        self._login = Login(trip.credentials_for(pinned.url), readable=trip.readable(pinned.url))
        self._sequence = 0
        self._session = ""
        self._waiting: list[Answer | Media] = []
        self._channel = 0

    async def keyframe(self) -> Seen:
        base = str(self._pinned.url)
        answer = await self._ask("DESCRIBE", base, {"Accept": "application/sdp"})
        self._trip.note_date(answer.header("date"))
        base = _uri(answer.header("content-base") or answer.header("content-location")) or base
        offered = describe(answer.body.decode("utf-8", "replace"))
        assembler = Assembler(offered.track)
        track = _joined(base, offered.track.control)
        udp = None
        try:
            udp = await self._set_up(track)
            found = await self._watched(_whole(base, offered), assembler, udp)
            await self._leave(_whole(base, offered))
        finally:
            if udp is not None:
                udp.close()
        return Seen(found, udp is not None)

    async def _set_up(self, track: str) -> UdpPair | None:
        """SETUP over the connection itself; the pair of ports where the camera knows UDP only."""
        try:
            answer = await self._ask("SETUP", track, {"Transport": "RTP/AVP/TCP;unicast;interleaved=0-1"})
        except _UnsupportedTransport:
            return await self._set_up_udp(track)
        self._take_session(answer)
        channel = re.search(r"interleaved=(\d{1,3})", answer.header("transport"))
        self._channel = int(channel[1]) if channel else 0
        return None

    async def _set_up_udp(self, track: str) -> UdpPair:
        if self._pinned.url.tls:
            raise not_understood("the camera sends over UDP only, which TLS does not cover")
        pair = UdpPair(self._pinned.ip)
        try:
            await pair.open()
            transport = f"RTP/AVP;unicast;client_port={pair.port}-{pair.port + 1}"
            answer = await self._ask("SETUP", track, {"Transport": transport})
            self._take_session(answer)
            port = re.search(r"server_port=(\d{1,5})", answer.header("transport"))
            if port and 0 < int(port[1]) < 65536:
                pair.greet(int(port[1]))
        except BaseException as error:
            pair.close()
            if isinstance(error, _UnsupportedTransport):
                raise by_status(461, "SETUP") from None
            raise
        return pair

    def _take_session(self, answer: Answer) -> None:
        session = answer.header("session").partition(";")[0].strip()
        self._session = session if re.fullmatch(r"[\x21-\x7e]{1,256}", session) else ""

    async def _watched(self, whole: str, assembler: Assembler, udp: UdpPair | None) -> Keyframe:
        """PLAY, and read until a keyframe is whole. Errors: `CameraFault` (stalled, corrupt, ...)."""
        try:
            async with asyncio.timeout_at(self._trip.deadline):
                # Packets may come before the answer to PLAY does.
                await self._ask("PLAY", whole, {"Range": "npt=0.000-"})
                order = InOrder()
                while True:
                    if udp is None:
                        messages = self._waiting or await self._received()
                        self._waiting = []
                        packets = [m.packet for m in messages if isinstance(m, Media) and m.channel == self._channel]
                    else:
                        arrived = await udp.receive()
                        self._trip.received += sum(map(len, arrived))
                        packets = [memoryview(ready) for packet in arrived for ready in order.take(packet)]
                    for packet in packets:
                        found = assembler.take(packet)
                        if found is not None:
                            return found
        except (TimeoutError, EOFError, OSError):
            if assembler.lossy:
                raise corrupt("packets of every keyframe were lost") from None
            seen = "no keyframe came" if assembler.packets else "no packet came"
            raise CameraFault(VisitState.STALLED, f"the stream was begun, but {seen}") from None

    async def _ask(self, method: str, uri: str, headers: dict[str, str]) -> Answer:
        """One request and its answer, the password given where it is asked for."""
        for _ in range(_ASKED_AGAIN):
            self._send(method, uri, headers)
            answer = await self._answer(method)
            if answer.status == 401:
                self._login.challenged(answer.all("www-authenticate"))
                continue
            self._login.let_in()
            if answer.status == 461 and method == "SETUP":
                raise _UnsupportedTransport
            if 300 <= answer.status < 400 and answer.header("location"):
                raise _Moved(answer.header("location"))
            if not 200 <= answer.status < 300:
                raise by_status(answer.status, method)
            return answer
        raise CameraFault(VisitState.PASSWORD_REFUSED, "the password was asked for again and again")

    def _send(self, method: str, uri: str, headers: dict[str, str]) -> None:
        self._sequence += 1
        sent = {"CSeq": str(self._sequence), "User-Agent": "Pantau", **headers}
        if self._session:
            sent["Session"] = self._session
        if authorization := self._login.header(method, uri):
            sent["Authorization"] = authorization
        lines = [f"{method} {uri} RTSP/1.0", *(f"{name}: {value}" for name, value in sent.items())]
        self._writer.write("\r\n".join([*lines, "", ""]).encode())

    async def _answer(self, method: str) -> Answer:
        """The answer to the request just sent; media before it is held for later, what the server asks is ignored."""
        try:
            async with asyncio.timeout_at(self._trip.deadline):
                media: list[Answer | Media] = []
                while True:
                    messages = await self._received()
                    for index, message in enumerate(messages):
                        if isinstance(message, Answer) and message.status and self._is_ours(message):
                            self._waiting = media + messages[index + 1 :]
                            return message
                    media += [message for message in messages if isinstance(message, Media)]
                    if len(media) > 4096:
                        raise not_understood(f"{method} was answered with media only")
        except TimeoutError:
            raise CameraFault(VisitState.TIMED_OUT, f"{method} was not answered in time") from None

    def _is_ours(self, answer: Answer) -> bool:
        number = answer.header("cseq")
        return not number.isdigit() or int(number[:9]) == self._sequence

    async def _received(self) -> list[Answer | Media]:
        acknowledge_at_once(self._writer)
        data = await self._reader.read(READ_BYTES)
        if not data:
            raise EOFError
        self._trip.received += len(data)
        return self._messages.feed(data)

    async def _leave(self, whole: str) -> None:
        """TEARDOWN, then read what is still under way: closing over unread bytes would reset the connection."""
        with suppress(OSError, TimeoutError, CameraFault):
            async with asyncio.timeout(_FAREWELL_S):
                self._send("TEARDOWN", whole, {})
                if self._writer.can_write_eof():
                    self._writer.write_eof()
                while await self._reader.read(READ_BYTES):
                    pass


class _UnsupportedTransport(Exception):
    """461: the camera does not send this way."""


def _uri(text: str) -> str:
    """A URI that may be named in a request line; "" for anything else. It is never connected to."""
    return text if re.fullmatch(r"rtsps?://[\x21-\x7e]+", text) and len(text) <= _CONTROL_MAX else ""


def _joined(base: str, control: str) -> str:
    """A track's own URI: control is absolute, or appended to the base as cameras expect (RFC 2326, C.1.1)."""
    if control in ("", "*"):
        return base
    if "://" in control:
        return _uri(control) or base
    if not re.fullmatch(r"[\x21-\x7e]{1,2048}", control):
        raise not_understood("the track has no usable control address")
    return base.rstrip("/") + "/" + control.lstrip("/")


def _whole(base: str, offered: Description) -> str:
    """The URI of the whole session."""
    return _joined(base, offered.control)
