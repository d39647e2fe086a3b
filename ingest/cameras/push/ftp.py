"""The FTP door (RFC 959), for cameras that know no better: each logs in with its number and push token, and stores.

Nothing is there to be listed or fetched, and no name that a camera gives touches a disk: what it stores is one still,
held in memory and taken before the transfer is called complete.
"""

import errno
import io
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, Final, cast
from uuid import UUID

import pyftpdlib.ioloop  # noqa: F401 (first: it alone asks for asyncore without a warning)
from pyftpdlib.exceptions import AuthenticationFailed
from pyftpdlib.filesystems import AbstractedFS
from pyftpdlib.handlers import DTPHandler, FTPHandler
from pyftpdlib.servers import ThreadedFTPServer

from ingest.cameras.push.stills import BYTES_MAX, NotTaken, Pushing
from storage.errors import StorageError

_log = logging.getLogger("pantau.ftp")

_CONNECTIONS: Final = 256
_CONNECTIONS_PER_ADDRESS: Final = 32
_IDLE_S: Final = 60
_TOO_LARGE: Final = f"552 A still has at most {BYTES_MAX >> 20} MB. Let the camera send a smaller picture."
_VERBS: Final = ("CWD", "CDUP", "MKD", "STOR", "RNFR", "RNTO", "PASV", "EPSV", "PORT", "EPRT", "TYPE", "MODE", "STRU")
_VERBS_OF_ALL: Final = (
    "USER",
    "PASS",
    "PWD",
    "QUIT",
    "NOOP",
    "SYST",
    "FEAT",
    "OPTS",
    "ABOR",
    "STAT",
    "ALLO",
    "XPWD",
    "XCWD",
    "XMKD",
)


@dataclass(frozen=True, slots=True)
class FtpPlace:
    """Where the door is: `passive` are the ports for transfers (any free one if empty), `masquerade` the address that
    cameras reach them by where that is another.
    """

    host: str
    port: int
    passive: range = range(0)
    masquerade: str | None = None


@contextmanager
def ftp_door(pushing: Pushing, place: FtpPlace) -> Iterator[int]:
    """The door, open as long as the context lasts; gives the port that it got. Raises OSError for a taken one."""
    chosen = {"passive_ports": list(place.passive) or None, "masquerade_address": place.masquerade}
    handler = type("Handler", (_Handler,), {"pushing": pushing, "authorizer": _Logins(pushing), **chosen})
    server = ThreadedFTPServer((place.host, place.port), handler)
    server.max_cons, server.max_cons_per_ip = _CONNECTIONS, _CONNECTIONS_PER_ADDRESS
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            server.serve_forever(timeout=0.5, blocking=False, handle_exit=False)

    thread = threading.Thread(target=serve, name="ftp", daemon=True)
    thread.start()
    try:
        yield int(server.address[1])
    finally:
        ended.set()
        thread.join()
        server.close_all()


class _Logins:
    """Which camera a number and a push token open the door for."""

    def __init__(self, pushing: Pushing) -> None:
        self._pushing = pushing

    def validate_authentication(self, username: str, password: str, handler: "_Handler") -> None:
        try:
            camera = self._pushing.camera_of(username, password)
        except StorageError as error:
            _log.warning("a camera could not log in: %s", error)
            camera = None
        if camera is None:
            raise AuthenticationFailed("wrong camera number or push token.")
        handler.camera_id, handler.token = camera.id, password

    def get_home_dir(self, username: str) -> str:
        return "/"

    def has_perm(self, username: str, perm: str, path: str | None = None) -> bool:
        return perm in "emwf"

    def get_perms(self, username: str) -> str:
        return "emwf"

    def get_msg_login(self, username: str) -> str:
        return "Store stills as JPEG."

    def get_msg_quit(self, username: str) -> str:
        return "Goodbye."

    def impersonate_user(self, username: str, password: str) -> None: ...

    def terminate_impersonation(self, username: str) -> None: ...


class _Upload(io.BytesIO):
    """What a camera stores, up to the largest still; `over` when it was more."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.over = False

    def write(self, content: Any, /) -> int:
        if self.tell() + len(content) > BYTES_MAX:
            self.over = True
            raise OSError(errno.EFBIG, "too large a still")
        return super().write(content)


class _Nowhere(AbstractedFS):  # type: ignore[misc]  # the library has no types
    """Folders that cameras believe in: every one is there, and all are empty."""

    def open(self, filename: str, mode: str) -> _Upload:
        if mode != "wb":
            raise OSError(95, "send the whole still at once")
        return _Upload(filename)

    def ftp2fs(self, ftppath: str) -> str:
        return str(self.ftpnorm(ftppath))

    def fs2ftp(self, fspath: str) -> str:
        return fspath

    def validpath(self, path: str) -> bool:
        return True

    def chdir(self, path: str) -> None:
        self.cwd = path

    def mkdir(self, path: str) -> None: ...

    def rename(self, src: str, dst: str) -> None: ...

    def lexists(self, path: str) -> bool:
        return True

    def realpath(self, path: str) -> str:
        return path


class _Transfer(DTPHandler):  # type: ignore[misc]
    """A transfer that is complete when the still is taken."""

    def close(self) -> None:
        upload = self.file_obj
        if not self._closed and self.transfer_finished and isinstance(upload, _Upload) and not upload.closed:
            told = self.cmd_channel.taken(upload.getvalue())
            self._resp = (told, _log.debug)
        super().close()

    def handle_error(self) -> None:
        if isinstance(self.file_obj, _Upload) and self.file_obj.over:
            self._resp = (_TOO_LARGE, _log.debug)
            self.close()
        else:
            super().handle_error()


class _Handler(FTPHandler):  # type: ignore[misc]
    pushing: Pushing
    camera_id: UUID
    token: str

    banner = "Pantau takes stills from cameras."
    dtp_handler = _Transfer
    abstracted_fs = _Nowhere
    timeout = _IDLE_S
    use_encoding = "utf-8"
    proto_cmds: ClassVar[dict[str, Any]] = {verb: FTPHandler.proto_cmds[verb] for verb in (*_VERBS, *_VERBS_OF_ALL)}

    def taken(self, content: bytes) -> str:
        """Takes the still; the answer to its sender."""
        try:
            self.pushing.deliver(self.camera_id, self.token, content)
        except NotTaken as error:
            return f"{450 if error.again else 550} {error}"
        return "226 Still taken."

    def log(self, msg: str, logfun: Any = _log.debug) -> None:
        cast("Any", logfun)("camera %s: %s", getattr(self, "camera_id", "?"), msg.replace("\n", " "))
