"""Answering a camera that asks for a password: Basic (RFC 7617), Digest (RFC 7616, 2617), over HTTP and RTSP alike."""

import base64
import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from cases.words import VisitState
from ingest.cameras.faults import CameraFault
from ingest.cameras.urls import Credentials

_CHALLENGE = re.compile(r"(?:^|,)\s*(basic|digest)(?=[\s,]|$)", re.IGNORECASE)
_PARAMETER = re.compile(r'([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')
_HASHES: Final = {
    "SHA-512-256": ("sha512_256", 3),
    "SHA-256": ("sha256", 2),
    "MD5": ("md5", 1),
}
"""By name: how hashlib calls it and how much it is worth."""


@dataclass
class Challenge:
    """What a server asks for, and how often it has been answered.

    `scheme` is "basic" or "digest"; `stale` means that only the nonce was too old, not that the password is wrong.
    """

    scheme: str
    realm: str = ""
    nonce: str = ""
    opaque: str | None = None
    algorithm: str = "MD5"
    given_algorithm: str | None = None
    session: bool = False
    qop: bool = False
    stale: bool = False
    count: int = field(default=0, repr=False)

    @property
    def worth(self) -> int:
        """How well it keeps the password: a stronger challenge is answered first."""
        return _HASHES[self.algorithm][1] if self.scheme == "digest" else 0

    def answer(self, credentials: Credentials, method: str, uri: str) -> str:
        """The value of the Authorization header for one request."""
        if self.scheme == "basic":
            return "Basic " + base64.b64encode(f"{credentials.user}:{credentials.password}".encode()).decode()
        self.count += 1
        cnonce, count = secrets.token_hex(8), f"{self.count:08x}"
        secret = self._hash(f"{credentials.user}:{self.realm}:{credentials.password}")
        if self.session:
            secret = self._hash(f"{secret}:{self.nonce}:{cnonce}")
        request = self._hash(f"{method}:{uri}")
        middle = f"{count}:{cnonce}:auth:" if self.qop else ""
        quoted = {
            "username": credentials.user,
            "realm": self.realm,
            "nonce": self.nonce,
            "uri": uri,
            "response": self._hash(f"{secret}:{self.nonce}:{middle}{request}"),
        }
        bare = {"algorithm": self.given_algorithm} if self.given_algorithm else {}
        if self.qop:
            bare |= {"qop": "auth", "nc": count}
        if self.qop or self.session:
            quoted["cnonce"] = cnonce
        if self.opaque is not None:
            quoted["opaque"] = self.opaque
        parts = [f'{name}="{_escaped(value)}"' for name, value in quoted.items()]
        return "Digest " + ", ".join([*parts, *(f"{name}={value}" for name, value in bare.items())])

    def _hash(self, text: str) -> str:
        return hashlib.new(_HASHES[self.algorithm][0], text.encode(), usedforsecurity=False).hexdigest()


def challenges(headers: Iterable[str]) -> list[Challenge]:
    """The challenges of WWW-Authenticate headers that can be answered, the strongest first."""
    found = []
    for header in headers:
        starts = list(_CHALLENGE.finditer(header))
        ends = [*(start.start() for start in starts), len(header)][1:]
        for start, end in zip(starts, ends, strict=True):
            given = {
                name.lower(): re.sub(r"\\(.)", r"\1", quoted) if quoted else bare
                for name, quoted, bare in _PARAMETER.findall(header[start.end() : end])
            }
            made = _made(start[1].lower(), given)
            if made is not None:
                found.append(made)
    return sorted(found, key=lambda challenge: -challenge.worth)


def _made(scheme: str, given: dict[str, str]) -> Challenge | None:
    if scheme == "basic":
        return Challenge("basic", given.get("realm", ""))
    name = given.get("algorithm", "MD5").upper()
    algorithm, session = name.removesuffix("-SESS"), name.endswith("-SESS")
    offered = [qop.strip().lower() for qop in given.get("qop", "").split(",") if qop.strip()]
    if algorithm not in _HASHES or not given.get("nonce") or (offered and "auth" not in offered):
        return None
    return Challenge(
        "digest",
        given.get("realm", ""),
        given["nonce"],
        given.get("opaque"),
        algorithm,
        given.get("algorithm"),
        session,
        bool(offered),
        given.get("stale", "").lower() == "true",
    )


def _escaped(value: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f]", "", value).replace("\\", "\\\\").replace('"', '\\"')


class Login:
    """The dialogue about a password with one server over one visit.

    `readable`: what is sent there can be read on the way and must not, so that Basic is not answered.
    """

    def __init__(self, credentials: Credentials | None, *, readable: bool = False) -> None:
        self._credentials, self._readable = credentials, readable
        self._challenge: Challenge | None = None
        self._asked = 0

    def header(self, method: str, uri: str) -> str | None:
        """What to send as Authorization; `None` before the server has asked."""
        if self._challenge is None or self._credentials is None:
            return None
        return self._challenge.answer(self._credentials, method, uri)

    def challenged(self, headers: Iterable[str]) -> None:
        """Take in a 401.

        Errors: `CameraFault` (password_refused) where there is no password, it was wrong, or it is asked for in
        a way that is not known.
        """
        if self._credentials is None:
            raise CameraFault(VisitState.PASSWORD_REFUSED, "a password is asked for and none is known")
        offered = challenges(headers)
        if not offered:
            raise CameraFault(VisitState.PASSWORD_REFUSED, "a password is asked for in a way that is not known")
        if self._readable:
            offered = [challenge for challenge in offered if challenge.scheme != "basic"]
            if not offered:
                raise CameraFault(VisitState.PASSWORD_WITHHELD, "a password is asked for without TLS, after TLS")
        self._challenge = offered[0]
        self._asked += 1
        if self._asked > 1 and not (offered[0].stale and self._asked == 2):
            raise CameraFault(VisitState.PASSWORD_REFUSED, "the password was refused")

    def let_in(self) -> None:
        """A request was let in: if the next one is not, its nonce is used up, and not the password wrong."""
        self._asked = 0
