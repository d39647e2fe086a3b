"""HTTP to cameras: one shared session, pinned addresses, every redirect through the guard, answers bounded in size."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Final, Self

import aiohttp
from yarl import URL

from cases.words import VisitState
from ingest.cameras.address import Pinned
from ingest.cameras.connection import CONNECT_S, Trip, tls_context
from ingest.cameras.digest import Login
from ingest.cameras.faults import CameraFault, by_status, corrupt, not_understood
from ingest.cameras.urls import CameraUrl, Scheme

_HOPS: Final = 4
_ASKED_AGAIN: Final = 3
_SOAP_FAULTS: Final = frozenset({400, 500})
_MOVED: Final = frozenset({301, 302, 303, 307, 308})


class Web:
    """The session that all visits share: at most `connections` at once. Use it in an `async with`."""

    def __init__(self, connections: int = 128) -> None:
        self._connections = connections
        self._made: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._made = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._connections, use_dns_cache=False, keepalive_timeout=5),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S),
            auto_decompress=False,
            trust_env=False,
            headers={"User-Agent": "Pantau", "Accept-Encoding": "identity"},
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._made is not None:
            await self._made.close()

    @asynccontextmanager
    async def ask(
        self, url: CameraUrl, trip: Trip, *, post: bytes | None = None, content_type: str = ""
    ) -> AsyncIterator["Page"]:
        """GET, or POST where there is something to post; the answer, its body still to be read.

        An answer other than 200 is an error, unless something was posted: SOAP says why in 400 and 500.

        Errors, also of reading the answer within the context: `CameraFault`.
        """
        page = None
        try:
            async with asyncio.timeout_at(trip.deadline):
                page = await self._arrive(url, trip, post, content_type)
                try:
                    yield page
                finally:
                    page.close()
        except TimeoutError as error:
            if isinstance(error, aiohttp.ConnectionTimeoutError):
                raise CameraFault(VisitState.UNREACHABLE, "the camera does not answer") from None
            if page is not None:
                raise CameraFault(VisitState.STALLED, "the answer was begun and not ended in time") from None
            raise CameraFault(VisitState.TIMED_OUT, "the camera did not answer in time") from None
        except (aiohttp.ClientError, ValueError, OSError, EOFError) as error:
            raise _fault(error) from None

    async def _arrive(self, url: CameraUrl, trip: Trip, post: bytes | None, content_type: str) -> "Page":
        for _ in range(_HOPS + 1):
            pinned = await trip.pin(url)
            if url.scheme not in (Scheme.HTTP, Scheme.HTTPS):
                raise not_understood("the camera leads away from HTTP")
            answer = await self._logged_in(pinned, trip, post, content_type)
            if answer.status in _MOVED and answer.headers.get("Location"):
                answer.close()
                if post is not None:  # it may hold a signature, which is for nobody else
                    raise not_understood("the camera sends a question elsewhere")
                url = url.join(answer.headers["Location"])
                continue
            if answer.status != 200 and (post is None or answer.status not in _SOAP_FAULTS):
                answer.close()
                raise by_status(answer.status, "the request")
            return Page(url, answer, trip)
        raise not_understood("the camera leads from one address to the next without end")

    async def _logged_in(
        self, pinned: Pinned, trip: Trip, post: bytes | None, content_type: str
    ) -> aiohttp.ClientResponse:
        method = "GET" if post is None else "POST"
        login = Login(trip.credentials_for(pinned.url), readable=trip.readable(pinned.url))
        for _ in range(_ASKED_AGAIN):
            headers = {"Host": pinned.url.authority}
            if content_type:
                headers["Content-Type"] = content_type
            if authorization := login.header(method, pinned.url.target):
                headers["Authorization"] = authorization
            answer = await self._sent_surely(method, pinned, trip, headers, post)
            trip.note_date(answer.headers.get("Date", ""))
            if answer.status != 401:
                return answer
            answer.close()
            login.challenged(answer.headers.getall("WWW-Authenticate", []))
        raise CameraFault(VisitState.PASSWORD_REFUSED, "the password was asked for again and again")

    async def _sent_surely(
        self, method: str, pinned: Pinned, trip: Trip, headers: dict[str, str], post: bytes | None
    ) -> aiohttp.ClientResponse:
        """Sent once more where a camera had closed a kept connection without saying so; of GET the client knows."""
        try:
            return await self._sent(method, pinned, trip, headers, post)
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as error:
            if post is None or isinstance(error, aiohttp.ClientConnectorError):
                raise
        return await self._sent(method, pinned, trip, headers, post)

    async def _sent(
        self, method: str, pinned: Pinned, trip: Trip, headers: dict[str, str], post: bytes | None
    ) -> aiohttp.ClientResponse:
        assert self._made is not None
        url, tls = pinned.url, pinned.url.tls
        ip = f"[{pinned.ip}]" if pinned.ip.version == 6 else str(pinned.ip)
        checked: ssl.SSLContext | aiohttp.Fingerprint = tls_context(True)
        if trip.certificate is not None:
            checked = aiohttp.Fingerprint(bytes.fromhex(trip.certificate.replace(":", "")))
        return await self._made.request(
            method,
            URL(f"{url.scheme}://{ip}:{url.port}{url.target}", encoded=True),
            headers=headers,
            data=post,
            allow_redirects=False,
            ssl=checked if tls else True,
            server_hostname=url.host if tls else None,
        )


class Page:
    """An answer to be read, once, from where it was found (`url`)."""

    def __init__(self, url: CameraUrl, answer: aiohttp.ClientResponse, trip: Trip) -> None:
        self.url, self._answer, self._trip = url, answer, trip

    @property
    def content_type(self) -> str:
        """The whole Content-Type header, "" where there is none."""
        return self._answer.headers.get("Content-Type", "")

    async def read(self, most: int) -> bytes:
        """The whole body. Errors: `CameraFault` (not_understood) for one of more than `most` bytes."""
        body, size = [], 0
        async for data in self.chunks():
            body.append(data)
            size += len(data)
            if size > most:
                raise not_understood("the answer is too large")
        return b"".join(body)

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it comes."""
        async for data in self._answer.content.iter_any():
            self._trip.received += len(data)
            yield data

    def close(self) -> None:
        """End the connection unless all was read, in which case it may serve again."""
        if self._answer.content.is_eof():
            self._answer.release()
        else:
            self._answer.close()


def _fault(error: Exception) -> CameraFault:
    """What an error of the client means. Only its kind is told: its text may hold the address."""
    kind = type(error).__name__
    if isinstance(error, aiohttp.ClientSSLError | aiohttp.ServerFingerprintMismatch | ssl.SSLError):
        return CameraFault(VisitState.CERTIFICATE_REFUSED, f"TLS failed: {kind}")
    if isinstance(error, aiohttp.ClientPayloadError):
        return corrupt("the answer was cut off")
    if isinstance(error, aiohttp.ClientConnectionError | OSError | EOFError):
        return CameraFault(VisitState.UNREACHABLE, f"no connection: {kind}")
    return not_understood(f"the answer cannot be read: {kind}")
