"""Asking a camera itself where its picture is: ONVIF Core and Media (ver10), as far as one still needs it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from cases.words import VisitState
from ingest.cameras import soap
from ingest.cameras.connection import Trip
from ingest.cameras.faults import CameraFault, not_understood
from ingest.cameras.urls import CameraUrl, Scheme
from ingest.cameras.web import Web

_ANSWER_MAX: Final = 1 << 20
_PROFILES_MAX: Final = 32
_DEVICE: Final = "http://www.onvif.org/ver10/device/wsdl"
_MEDIA: Final = "http://www.onvif.org/ver10/media/wsdl"
_CAPABILITIES: Final = f'<GetCapabilities xmlns="{_DEVICE}"><Category>Media</Category></GetCapabilities>'
DEVICE_SERVICE: Final = "/onvif/device_service"
"""Where every ONVIF device answers (Core specification, 5.1.1)."""

LEGIBLE_WIDTH: Final = 640
"""The narrowest picture in pixels that still shows what happens in a street."""


@dataclass(frozen=True)
class Profile:
    """A stream that the camera offers: its token, and the size in pixels where it is told (else 0)."""

    token: str
    width: int
    height: int


@dataclass(frozen=True)
class Found:
    """Where the camera says its picture is: an HTTP still, a stream, either or both."""

    snapshot: CameraUrl | None
    stream: CameraUrl | None


async def probe(web: Web, url: CameraUrl, trip: Trip) -> Found:
    """Ask the device at `url` (its path is `DEVICE_SERVICE` where none is given) for its smallest legible picture.

    Cameras name themselves by addresses of their own network, so only scheme, port and path of what they return are
    taken: nothing they say leads to another host. Errors: `CameraFault`; no_video where there is neither.
    """
    device = replace(url, target=DEVICE_SERVICE) if url.target == "/" else url
    await _note_clock(web, device, trip)
    told = await _ask(web, device, trip, _CAPABILITIES)
    address = soap.text_of(told, "Media", "XAddr")
    if not address:
        raise CameraFault(VisitState.NO_VIDEO, "the device has no media service")
    media = _at_home(device, address)
    profile = preferred(_profiles(await _ask(web, media, trip, f'<GetProfiles xmlns="{_MEDIA}"/>')))
    snapshot = await _uri(web, media, trip, _snapshot_question(profile))
    stream = await _uri(web, media, trip, _stream_question(profile))
    found = Found(
        snapshot if snapshot and snapshot.scheme in (Scheme.HTTP, Scheme.HTTPS) else None,
        stream if stream and stream.scheme in (Scheme.RTSP, Scheme.RTSPS) else None,
    )
    if found.snapshot is None and found.stream is None:
        raise CameraFault(VisitState.NO_VIDEO, "the device names no picture")
    return found


def preferred(profiles: list[Profile]) -> Profile:
    """The sub-stream: the smallest that is legible, else the largest. Errors: `CameraFault` (no_video)."""
    if not profiles:
        raise CameraFault(VisitState.NO_VIDEO, "the device offers no profile")
    legible = [profile for profile in profiles if profile.width >= LEGIBLE_WIDTH]
    if legible:
        return min(legible, key=lambda profile: profile.width * profile.height)
    return max(profiles, key=lambda profile: profile.width * profile.height)


async def _ask(web: Web, url: CameraUrl, trip: Trip, body: str, *, signed: bool = True) -> ElementTree.Element:
    question = soap.envelope(body, trip.credentials if signed else None, _its_time(trip))
    async with web.ask(url, trip, post=question, content_type=soap.CONTENT_TYPE) as page:
        return soap.answer(await page.read(_ANSWER_MAX))


def _its_time(trip: Trip) -> datetime:
    """What the camera's clock shows now; ours, where that falls off the calendar."""
    now = datetime.now(UTC)
    try:
        return now + timedelta(seconds=trip.clock_offset_s or 0)
    except OverflowError:
        return now


async def _note_clock(web: Web, device: CameraUrl, trip: Trip) -> None:
    """Learn how far the camera's clock is off: its password check takes no other time than its own.

    Some tell it only to those who know the password; for them the Date header of that refusal has to do.
    """
    asked = datetime.now(UTC)
    try:
        told = await _ask(web, device, trip, f'<GetSystemDateAndTime xmlns="{_DEVICE}"/>', signed=False)
    except CameraFault as fault:
        if fault.state in (VisitState.PASSWORD_REFUSED, VisitState.NOT_UNDERSTOOD):
            return
        raise
    utc = next(soap.every(told, "UTCDateTime"), None)
    if utc is None:
        return
    try:
        year, month, day = (int(soap.text_of(utc, "Date", name)) for name in ("Year", "Month", "Day"))
        hour, minute, second = (int(soap.text_of(utc, "Time", name)) for name in ("Hour", "Minute", "Second"))
        shown = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    except ValueError:
        return
    trip.clock_offset_s = (shown - asked).total_seconds()


def _profiles(told: ElementTree.Element) -> list[Profile]:
    found = []
    for element in [*soap.every(told, "Profiles")][:_PROFILES_MAX]:
        video = next(soap.every(element, "VideoEncoderConfiguration"), None)
        if video is not None and element.get("token"):
            sizes = [soap.text_of(video, "Resolution", name) for name in ("Width", "Height")]
            width, height = (int(size) if size.isdecimal() and len(size) < 6 else 0 for size in sizes)
            found.append(Profile(element.get("token", ""), width, height))
    return found


def _snapshot_question(profile: Profile) -> str:
    return f'<GetSnapshotUri xmlns="{_MEDIA}">{_token(profile)}</GetSnapshotUri>'


def _stream_question(profile: Profile) -> str:
    transport = "<tt:Stream>RTP-Unicast</tt:Stream><tt:Transport><tt:Protocol>RTSP</tt:Protocol></tt:Transport>"
    return f'<GetStreamUri xmlns="{_MEDIA}"><StreamSetup>{transport}</StreamSetup>{_token(profile)}</GetStreamUri>'


def _token(profile: Profile) -> str:
    return f"<ProfileToken>{escape(profile.token)}</ProfileToken>"


async def _uri(web: Web, media: CameraUrl, trip: Trip, question: str) -> CameraUrl | None:
    """What the camera answers; `None` where it cannot say, as many cannot for stills."""
    try:
        address = soap.text_of(await _ask(web, media, trip, question), "Uri")
        return _at_home(media, address) if address else None
    except CameraFault as fault:
        if fault.state in (VisitState.NOT_UNDERSTOOD, VisitState.NOT_FOUND, VisitState.REFUSED_ADDRESS):
            return None
        raise


def _at_home(asked: CameraUrl, address: str) -> CameraUrl:
    if "://" not in address:
        raise not_understood("the camera returned no whole address")
    return replace(asked.join(address), host=asked.host)
