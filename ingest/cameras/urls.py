"""Camera addresses as text: one strict reading, with names and passwords kept apart."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote, urljoin, urlsplit

from cases.words import AddressFault
from ingest.cameras.faults import refused


class Scheme(StrEnum):
    """The only schemes that are ever opened."""

    RTSP = "rtsp"
    RTSPS = "rtsps"
    HTTP = "http"
    HTTPS = "https"


DEFAULT_PORTS: Final = {Scheme.RTSP: 554, Scheme.RTSPS: 322, Scheme.HTTP: 80, Scheme.HTTPS: 443}
TLS: Final = frozenset({Scheme.RTSPS, Scheme.HTTPS})
_LENGTH_MAX = 2048
REMEMBERED: Final = 1 << 15
"""As many addresses as a worker's cameras have: each is the same on every visit."""

_SPLIT = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?]*)(?P<rest>.*)", re.DOTALL)
_HOST = re.compile(r"(?:[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.?")
_V6 = re.compile(r"[0-9a-f:.]+")


_SECRET = re.compile(
    r"(?<![a-z0-9])(user(?:name)?|usr|login(?:user?|name|pass?|pwd)?|account|pass(?:wo?rd|wd|code)?|pwd|psw|pswd|"
    r"auth|(?:access_?)?token|api_?key|secret)=(.*?)(?=[&;/?#]|_[a-z]+=|$)",
    re.IGNORECASE,
)
"""User and password as many cameras want them in path or query: `?usr=a&pwd=b`, `/user=a_password=b_channel=1`."""
_PASTED = re.compile(r"(?P<userinfo>[^.@/?[]*:.*)@(?P<rest>[^/?@]*\.[^/?@]*(?:[/?].*)?)", re.DOTALL)
"""What follows the scheme where a password with a slash was pasted as it is: no host is called like a user."""


@dataclass(frozen=True)
class Credentials:
    """A camera's user and password. The password shows in no `repr`.

    `inside` are those that it wants in path or query, each with its name there.
    """

    user: str
    password: str = field(repr=False)
    inside: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class CameraUrl:
    """A read address: `host` in lower case without brackets, `target` the path and query as sent, from "/"."""

    scheme: Scheme
    host: str
    port: int
    target: str

    @property
    def tls(self) -> bool:
        return self.scheme in TLS

    @property
    def authority(self) -> str:
        """Host and, unless it is the scheme's own, port: what a Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"

    def join(self, reference: str) -> "CameraUrl":
        """The address that a camera refers to from this one; any user and password in it are dropped.

        Errors: `CameraFault` (refused_address) for one that cannot be read.
        """
        if "://" not in reference:
            # urljoin knows no rtsp: the same path rules under http, then our own scheme again.
            base = f"http://{self.authority}{self.target}"
            try:
                joined = urlsplit(urljoin(base, reference))
            except ValueError:
                raise refused("the camera returned an address that cannot be read") from None
            if joined.scheme != "http":
                raise refused("the camera returned an address of another kind")
            reference = f"{self.scheme}://{joined.netloc}{joined.path}" + (f"?{joined.query}" if joined.query else "")
        return parse(without_credentials(reference)[0])


@lru_cache(REMEMBERED)
def parse(text: str) -> CameraUrl:
    """Read an address that holds no user or password (see `without_credentials`).

    Errors: `CameraFault` (refused_address), whose text never repeats the address.
    """
    if len(text) > _LENGTH_MAX or not text.isascii() or not text.isprintable() or re.search(r'[\s\\<>"{}|^`]', text):
        raise refused("the address holds signs that an address cannot hold", AddressFault.SIGNS)
    found = _SPLIT.fullmatch(text)
    if found is None or found["scheme"].lower() not in set(Scheme):
        raise refused("only rtsp, rtsps, http and https addresses are visited", AddressFault.SCHEME)
    scheme = Scheme(found["scheme"].lower())
    authority, rest = found["authority"].lower(), found["rest"].partition("#")[0]
    if "@" in authority:
        raise refused("the address holds a user or password; give them apart from it", AddressFault.USER)
    host, port = _host_and_port(authority, DEFAULT_PORTS[scheme])
    return CameraUrl(scheme, host, port, rest if rest.startswith("/") else f"/{rest}")


def _host_and_port(authority: str, default: int) -> tuple[str, int]:
    if authority.startswith("["):
        host, bracket, after = authority[1:].partition("]")
        sound = bool(bracket) and bool(_V6.fullmatch(host)) and after[:1] in ("", ":")
        colon, port = after[:1], after[1:]
    else:
        host, colon, port = authority.partition(":")
        sound = len(host) <= 253 and bool(_HOST.fullmatch(host))
    if not sound:
        raise refused("the address names no host", AddressFault.HOST)
    if colon and (not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) < 65536):
        raise refused("the address names no port that exists", AddressFault.PORT)
    return host, int(port) if colon else default


def without_credentials(text: str) -> tuple[str, Credentials | None]:
    """An address as people write it, cut into the address alone and the user and password it held.

    Passwords with `@`, `#`, `:` or `/` are read as meant, encoded or not.
    """
    found = _SPLIT.fullmatch(text.strip())
    if found is None:
        return text.strip(), None
    userinfo, at, rest = found["authority"].rpartition("@")
    rest += found["rest"]
    if not at:
        pasted = _PASTED.fullmatch(rest)
        if pasted is None:
            return text.strip(), None
        userinfo, rest = pasted["userinfo"], pasted["rest"]
    user, _, password = userinfo.partition(":")
    return f"{found['scheme']}://{rest}", Credentials(unquote(user), unquote(password))


def emptied(url: CameraUrl) -> tuple[CameraUrl, dict[str, str]]:
    """An address with user and password in its path and query left empty, and what stood there by name."""
    held = {found[1].lower(): found[2] for found in _SECRET.finditer(url.target) if found[2]}
    return replace(url, target=_SECRET.sub(r"\1=", url.target)), held


def filled(url: CameraUrl, inside: Iterable[tuple[str, str]]) -> CameraUrl:
    """The same the other way: what is empty, with what is known of it; never to be shown or kept."""
    held = dict(inside)
    if not held:
        return url
    return replace(
        url, target=_SECRET.sub(lambda found: f"{found[1]}={found[2] or held.get(found[1].lower(), '')}", url.target)
    )


def left_empty(url: CameraUrl) -> set[str]:
    """The names in path and query whose user or password is left out."""
    return {found[1].lower() for found in _SECRET.finditer(url.target) if not found[2]}


def with_credentials(url: CameraUrl, credentials: Credentials | None) -> str:
    """The address with user and password in it, for a library that takes no other; never to be shown or kept."""
    if credentials is None:
        return str(url)
    userinfo = f"{quote(credentials.user, safe='')}:{quote(credentials.password, safe='')}"
    return f"{url.scheme}://{userinfo}@{url.authority}{url.target}"
