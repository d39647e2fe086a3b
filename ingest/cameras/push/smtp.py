"""The mail door (RFC 5321), for cameras that can only send alarms by mail: every JPEG in a mail is a still.

A camera logs in with its number and push token; from and to may be anything.
"""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from typing import Any, Final
from uuid import UUID

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from ingest.cameras.push.stills import BYTES_MAX, NotTaken, Pushing
from storage.errors import StorageError

_log = logging.getLogger("pantau.smtp")

# The library warns of its own use of what it will drop, twice a mail.
logging.getLogger("mail.log").setLevel(logging.ERROR)

_MAIL_MAX: Final = BYTES_MAX * 3 // 2
_LINE_MAX: Final = 2 << 20
_STILLS_MAX: Final = 5
_PARTS_MAX: Final = 50
_IDLE_S: Final = 60.0


@contextmanager
def smtp_door(pushing: Pushing, host: str, port: int) -> Iterator[int]:
    """The door, open as long as the context lasts; gives the port that it got. Raises OSError for a taken one."""
    handler = _Taking(pushing)
    listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    controller = _Controller(
        handler,
        listening,
        hostname=host,
        port=listening.getsockname()[1],
        authenticator=handler.authenticate,
        # Cheap cameras speak no TLS: the door is for networks that are the city's own.
        auth_require_tls=False,
        data_size_limit=_MAIL_MAX,
        ident="Pantau",
        timeout=_IDLE_S,
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


class _Patient(SMTP):
    """Bears with cameras that write a still in one long line, or end lines by LF alone (RFC 5321 allows neither)."""

    line_length_limit = _LINE_MAX


class _Controller(Controller):
    """Runs the door in a thread of its own, on a socket that is bound already."""

    def __init__(self, handler: "_Taking", listening: socket.socket, **options: Any) -> None:
        super().__init__(handler, **options)
        self._listening = listening

    def factory(self) -> SMTP:
        return _Patient(self.handler, **self.SMTP_kwargs)

    def _create_server(self) -> Awaitable[asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._listening)


class _Taking:
    def __init__(self, pushing: Pushing) -> None:
        self._pushing = pushing

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any
    ) -> AuthResult:
        """Lets a camera in; the session remembers which."""
        refused = AuthResult(success=False, handled=False)
        if not isinstance(given, LoginPassword):
            return refused
        number, token = given.login.decode("utf-8", "replace"), given.password.decode("utf-8", "replace")
        try:
            camera = self._pushing.camera_of(number, token)
        except StorageError as error:
            _log.warning("a camera could not log in: %s", error)
            return refused
        return refused if camera is None else AuthResult(success=True, auth_data=(camera.id, token))

    async def handle_MAIL(  # noqa: N802 (the library's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Hears nobody who has not logged in."""
        if not session.authenticated:
            return "530 5.7.0 Log in with the camera's number and its push token first"
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (the library's name)
        """Takes the stills of a mail; it is accepted when those that could be taken are durable, if there is one."""
        content = envelope.content
        assert isinstance(content, bytes)
        assert session.auth_data is not None  # MAIL went before, and that needs it
        camera_id, token = session.auth_data
        return await asyncio.to_thread(self._taken, camera_id, token, content)

    def _taken(self, camera_id: UUID, token: str, mail: bytes) -> str:
        try:
            found = jpegs(message_from_bytes(mail))
        except RecursionError:  # parts within parts within parts: no camera's
            found = []
        if not found:
            return "554 There is no JPEG in this mail"
        refused: list[NotTaken] = []
        for content in found:
            try:
                self._pushing.deliver(camera_id, token, content)
            except NotTaken as error:
                refused.append(error)
        if len(refused) == len(found):
            told = next((one for one in refused if one.again), refused[0])
            return f"{451 if told.again else 554} {told}"
        for one in refused:  # sent again, the mail would bring the others twice
            _log.warning("a still in a mail of camera %s was not taken: %s", camera_id, one)
        return f"250 {len(found) - len(refused)} taken"


def jpegs(mail: Message) -> list[bytes]:
    """The JPEG files in a mail, by what they are and not by what they are called; at most five."""
    found: list[bytes] = []
    for count, part in enumerate(mail.walk()):
        if count >= _PARTS_MAX or len(found) >= _STILLS_MAX:
            break
        if part.is_multipart():
            continue
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and payload[:3] == b"\xff\xd8\xff":
            found.append(payload)
    return found
