"""A visit to a camera: one still, by whichever way the camera can be asked, and how it went."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import TracebackType
from typing import Final, Self

from cases.words import CameraDoor, VisitState
from ingest.cameras import hls, http_still, onvif, rtsp
from ingest.cameras.address import Guard
from ingest.cameras.connection import Trip
from ingest.cameras.faults import CameraFault, refused
from ingest.cameras.pictures import Pictures
from ingest.cameras.relay import relay
from ingest.cameras.stills import Still
from ingest.cameras.urls import CameraUrl, Credentials, Scheme, filled, parse, with_credentials
from ingest.cameras.web import Web

_READ_S: Final = 2.0
"""What has to be left of a visit to try a big library."""


class Want(StrEnum):
    """What a visit is for: a picture that can be shown, or whatever costs least and can be decoded later."""

    PICTURE = "picture"
    KEYFRAME = "keyframe"


class Way(StrEnum):
    """How a still was come by."""

    HTTP_JPEG = "http_jpeg"
    MJPEG = "mjpeg"
    HLS = "hls"
    RTSP_TCP = "rtsp_tcp"
    RTSP_UDP = "rtsp_udp"
    PYAV = "pyav"
    CV2 = "cv2"


@dataclass(frozen=True)
class Reach:
    """How to reach a camera.

    `url` holds no user or password (`urls.without_credentials` cuts them off); `door` says what it leads to, `None`
    lets scheme and path decide. `certificate` is the SHA-256 in hex of the certificate that the camera shows, where
    nobody signed it: then that one and no other is accepted.
    """

    url: str
    door: CameraDoor | None = None
    credentials: Credentials | None = None
    certificate: str | None = None

    @property
    def login(self) -> Credentials | None:
        """User and password to be asked for; those that stand in path or query are none."""
        known = self.credentials
        return known if known is not None and (known.user or known.password) else None

    def address(self) -> CameraUrl:
        """Where the camera is, with all that it wants in path and query; never to be shown. Errors: `CameraFault`."""
        return filled(parse(self.url), self.credentials.inside if self.credentials else ())


@dataclass(frozen=True)
class Visit:
    """What came of a visit.

    `still` is there if `state` is ok; `way` and `by_onvif` say how it was reached; `took_s` seconds, `received` bytes;
    `clock_offset_s` seconds by which the camera's clock is ahead, if it told; `detail` is for the log, free of secrets.
    """

    state: VisitState
    still: Still | None = field(default=None, repr=False)
    way: Way | None = None
    by_onvif: bool = False
    took_s: float = 0.0
    received: int = 0
    clock_offset_s: float | None = None
    detail: str = ""


class Visitor:
    """Visits cameras, any number at once; holds the HTTP session and the decoders they share. Use it in `async with`.

    `pictures` may be shared with others and is then theirs to close; without it the visitor has its own.
    """

    def __init__(self, pictures: Pictures | None = None) -> None:
        self._given = pictures
        self._held = AsyncExitStack()
        self._web = Web()

    async def __aenter__(self) -> Self:
        self.pictures = self._given or self._held.enter_context(Pictures())
        await self._held.enter_async_context(self._web)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._held.aclose()

    async def visit(self, how: Reach, *, deadline_s: float, guard: Guard, want: Want) -> Visit:
        """One still of a camera, within `deadline_s` seconds (decoding apart, which its own bound ends).

        Never raises for what a camera does: that is the visit's `state`. Errors: `DecoderBroken`.
        """
        began = asyncio.get_running_loop().time()
        trip = Trip(guard, began + deadline_s, how.login, how.certificate)
        try:
            visit = await self._reached(how, trip)
            if want is Want.PICTURE and visit.still is not None:
                visit = replace(visit, still=await self.pictures.jpeg(visit.still))
        except CameraFault as fault:
            visit = Visit(fault.state, detail=str(fault))
        took_s = asyncio.get_running_loop().time() - began
        return replace(visit, took_s=took_s, received=trip.received, clock_offset_s=trip.clock_offset_s)

    async def _reached(self, how: Reach, trip: Trip) -> Visit:
        url = how.address()
        match door_of(url, how.door):
            case CameraDoor.RTSP:
                return await self._streamed(url, trip)
            case CameraDoor.HLS:
                keyframe = await hls.keyframe(self._web, self.pictures, url, trip)
                return Visit(VisitState.OK, Still.of_keyframe(keyframe), Way.HLS)
            case CameraDoor.ONVIF:
                return await self._introduced(url, trip)
            case _:
                return await self._fetched(url, trip)

    async def _fetched(self, url: CameraUrl, trip: Trip) -> Visit:
        still, streamed = await http_still.jpeg(self._web, url, trip)
        return Visit(VisitState.OK, still, Way.MJPEG if streamed else Way.HTTP_JPEG)

    async def _streamed(self, url: CameraUrl, trip: Trip) -> Visit:
        try:
            seen = await rtsp.keyframe(url, trip)
        except CameraFault as fault:
            if fault.state is VisitState.NOT_UNDERSTOOD and trip.left_s() > _READ_S:
                return await self._read(url, trip, fault)
            raise
        return Visit(VisitState.OK, Still.of_keyframe(seen.keyframe), Way.RTSP_UDP if seen.udp else Way.RTSP_TCP)

    async def _read(self, url: CameraUrl, trip: Trip, fault: CameraFault) -> Visit:
        """By a big library, in a process of its own and through a relay. Errors: `CameraFault`, the given one."""
        pinned = await trip.pin(url)
        async with relay(pinned, trip) as door:
            # A library sends the password whichever way it is asked for.
            known = None if trip.readable(url) else trip.credentials_for(url)
            address = with_credentials(door, known)
            for way in (Way.PYAV, Way.CV2):
                left_s = trip.left_s()
                if left_s < _READ_S / 2:
                    break
                try:
                    # The first leaves time for the second.
                    still = await self.pictures.read(way, address, left_s / 2 if way is Way.PYAV else left_s)
                except CameraFault:
                    continue
                return Visit(VisitState.OK, still, way)
        raise fault

    async def _introduced(self, url: CameraUrl, trip: Trip) -> Visit:
        """By what the camera says of itself: its still where it gives one, else its stream."""
        found = await onvif.probe(self._web, url, trip)
        if found.snapshot is not None:
            deadline = trip.deadline
            if found.stream is not None:  # a still that never comes leaves time for it
                trip.deadline -= trip.left_s() / 2
            try:
                return replace(await self._fetched(found.snapshot, trip), by_onvif=True)
            except CameraFault:
                if found.stream is None:
                    raise
            finally:
                trip.deadline = deadline
        assert found.stream is not None
        return replace(await self._streamed(found.stream, trip), by_onvif=True)


def door_of(url: CameraUrl, door: CameraDoor | None) -> CameraDoor:
    """What the address leads to, where its owner has not said.

    Errors: `CameraFault` (refused_address) for an address that does not lead through that door.
    """
    streams = url.scheme in (Scheme.RTSP, Scheme.RTSPS)
    if door is not None:
        if door is CameraDoor.PUSH or (door is CameraDoor.RTSP) != streams:
            raise refused(f"a camera of the kind {door} is not reached by {url.scheme}")
        return door
    path = url.target.partition("?")[0].lower()
    if streams:
        return CameraDoor.RTSP
    if path.endswith((".m3u8", ".m3u")):
        return CameraDoor.HLS
    return CameraDoor.ONVIF if path == "/" or path.startswith("/onvif/") else CameraDoor.HTTP
