"""Connections to cameras: to the pinned address only, TLS for the name that was asked for, everything counted."""

import asyncio
import hashlib
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Final

from cases.words import VisitState
from ingest.cameras.address import Guard, Pinned
from ingest.cameras.faults import CameraFault
from ingest.cameras.urls import CameraUrl, Credentials

READ_BYTES: Final = 256 << 10
CONNECT_S: Final = 5.0
"""The longest a camera may take to accept a connection."""

_QUICKACK: Final[int | None] = getattr(socket, "TCP_QUICKACK", None)


@dataclass
class Trip:
    """One visit under way: who may be visited and by which means, until when, and what has been seen so far.

    `deadline` by the event loop's clock; `certificate` the SHA-256 (hex) of the one certificate to accept, for cameras
    whose certificates nobody signed; `received` bytes; `clock_offset_s` how far the camera's clock is ahead of ours.
    """

    guard: Guard
    deadline: float
    credentials: Credentials | None = None
    certificate: str | None = None
    received: int = 0
    clock_offset_s: float | None = None
    home: CameraUrl | None = field(default=None)
    """Where the credentials are meant for: the first address visited."""

    def left_s(self) -> float:
        """Seconds until the deadline."""
        return self.deadline - asyncio.get_running_loop().time()

    async def pin(self, url: CameraUrl) -> Pinned:
        """Let the guard judge the next hop. Errors: `CameraFault`."""
        self.home = self.home or url
        try:
            async with asyncio.timeout(min(CONNECT_S, max(0.0, self.left_s()))):
                return await self.guard.pin(url)
        except TimeoutError:
            raise CameraFault(VisitState.UNREACHABLE, "the host name was not resolved in time") from None

    def credentials_for(self, url: CameraUrl) -> Credentials | None:
        """The credentials, for the camera itself and for no other host that it may refer to."""
        return self.credentials if self.home is not None and url.host == self.home.host else None

    def readable(self, url: CameraUrl) -> bool:
        """Whether a password that was entrusted to TLS could be read on the way there."""
        return self.home is not None and self.home.tls and not url.tls

    def note_date(self, date: str) -> None:
        """Take in a Date header (RFC 9110), unless the camera's clock is known already."""
        if self.clock_offset_s is not None:
            return
        with suppress(ValueError, TypeError, IndexError, OverflowError):
            told = parsedate_to_datetime(date)
            self.clock_offset_s = (told.replace(tzinfo=told.tzinfo or UTC) - datetime.now(UTC)).total_seconds()


@lru_cache(maxsize=2)
def tls_context(checked: bool) -> ssl.SSLContext:
    """A TLS context, made once: it costs 30 ms. Unchecked only where a fingerprint is compared instead."""
    context = ssl.create_default_context()
    if not checked:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


@asynccontextmanager
async def connected(pinned: Pinned, trip: Trip) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection to the pinned address, closed at the end.

    Errors: `CameraFault` (unreachable, certificate_refused, timed_out).
    """
    tls = tls_context(trip.certificate is None) if pinned.url.tls else None
    try:
        async with asyncio.timeout(min(CONNECT_S, max(0.0, trip.left_s()))):
            reader, writer = await asyncio.open_connection(
                str(pinned.ip),
                pinned.url.port,
                ssl=tls,
                server_hostname=pinned.url.host if tls else None,
                limit=READ_BYTES,
            )
    except TimeoutError:
        raise CameraFault(VisitState.UNREACHABLE, "the camera does not answer") from None
    except ssl.SSLError as error:
        raise CameraFault(VisitState.CERTIFICATE_REFUSED, f"TLS failed: {error.reason}") from None
    except OSError as error:
        raise CameraFault(VisitState.UNREACHABLE, f"no connection: {type(error).__name__}") from None
    try:
        _compare(writer, trip.certificate)
        yield reader, writer
    finally:
        writer.close()
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(1):
                await writer.wait_closed()


def acknowledge_at_once(writer: asyncio.StreamWriter) -> None:
    """Has what comes next acknowledged without delay, where the system can (Linux, tcp(7)); it forgets soon.

    A camera that holds its next packet back until the last one is acknowledged (RFC 896) waits 40 ms for it otherwise.
    """
    held = writer.get_extra_info("socket")
    if _QUICKACK is not None and held is not None:
        with suppress(OSError):  # closed by now; what came before is still there to be read
            held.setsockopt(socket.IPPROTO_TCP, _QUICKACK, 1)


def _compare(writer: asyncio.StreamWriter, certificate: str | None) -> None:
    tls: ssl.SSLObject | None = writer.get_extra_info("ssl_object")
    if tls is None or certificate is None:
        return
    shown = tls.getpeercert(binary_form=True) or b""
    if hashlib.sha256(shown).hexdigest() != certificate.lower().replace(":", ""):
        raise CameraFault(VisitState.CERTIFICATE_REFUSED, "the camera shows another certificate")
