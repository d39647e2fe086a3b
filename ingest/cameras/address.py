"""Which addresses may be visited: the guard between what owners write, what cameras return, and the city's own network.

A host is resolved once and the connection goes to that address and no other, so that a name cannot lead elsewhere
between the check and the visit. Every redirect and every address that a camera returns passes here again.
"""

import asyncio
import ipaddress
import re
import socket
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

from cases.words import VisitState
from ingest.cameras.faults import CameraFault, refused
from ingest.cameras.urls import REMEMBERED, CameraUrl

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _networks(*texts: str) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(text) for text in texts)


ALLOWABLE: Final = _networks("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
"""Private networks (RFC 1918, 6598, 4193): visited where an administrator has allowed them."""

_UNICAST = _networks("0.0.0.0/0", "2000::/3")
_LOOPBACK = _networks("127.0.0.0/8", "::1/128")

_NEVER: Final = _networks(
    # IANA's special-purpose registries (RFC 6890 and later), beyond what is allowable
    *("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24"),
    *("192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
    *("224.0.0.0/4", "240.0.0.0/4"),
    # forms that carry an IPv4 address inside: mapped, compatible, translated, NAT64, Teredo, 6to4
    *("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16"),
    # loopback, discard, benchmarking, ORCHID, documentation, segment routing, link-local, site-local, multicast
    *("::1/128", "100::/64", "2001:2::/48", "2001:10::/28", "2001:20::/28", "2001:db8::/32", "3fff::/20"),
    *("5f00::/16", "fe80::/10", "fec0::/10", "ff00::/8"),
    # where clouds answer with a machine's own secrets: Alibaba, Azure, Oracle, AWS, Google
    *("100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32", "fd00:ec2::254/128", "fd20:ce::254/128"),
)
_ISATAP = (0x5EFE, 0x2005EFE)
"""Bits 32 to 63 from the right in an interface identifier that carries an IPv4 address (RFC 5214)."""

_RESERVED: Final = "the address is reserved: no camera of an owner can be there"
_LOW_PORTS = frozenset({*range(80, 100), 322, 443, *range(554, 560), *range(800, 900)})
_SERVICES = frozenset(
    {1433, 1521, 2049, 2181, 2375, 2376, 2379, 2380, 3306, 3389, 4222, 4369, 5432, 5433, 5672, 5900, 5984, 6379, 6432}
    | {6443, 8086, 8125, 8500, 9042, 9092, 9200, 9300, 10250, 10255, 11211, 15672, 26257, 27017, 28015, 50070}
)
"""Ports of databases, queues and the machinery of clusters, which no camera uses."""


@dataclass(frozen=True)
class Pinned:
    """An address that has passed: where to connect (`ip`, and the port of `url`), and whom to ask for (`url`)."""

    url: CameraUrl
    ip: Ip


@dataclass(frozen=True)
class Guard:
    """Who may be visited: the public internet, and the private networks of `allowed_networks` (see `ALLOWABLE`).

    Whatever is allowed, link-local, metadata, multicast and reserved addresses are refused, and so is loopback, but for
    cameras that run on this machine: a demo's on their own `loopback_ports`, those of tests by `allow_loopback`.
    """

    allowed_networks: tuple[Network, ...] = ()
    allow_loopback: bool = False
    loopback_ports: frozenset[int] = frozenset()

    async def pin(self, url: CameraUrl) -> Pinned:
        """Resolve a host, once, and let through what may be visited.

        Every address of a name has to pass, and IPv4 is preferred. Errors: `CameraFault` (refused_address;
        unreachable where the name leads nowhere).
        """
        if not allowed_port(url.port):
            raise refused(f"port {url.port} is not one that cameras use")
        found = await _resolved(url.host, url.port)
        for ip in found:
            self.check(ip, url.port)
        return Pinned(url, min(found, key=lambda ip: ip.version))

    def check(self, ip: Ip, port: int | None = None) -> None:
        """Errors: `CameraFault` (refused_address) for an address that may not be visited."""
        match _realm(ip):
            case _Realm.LOOPBACK:
                if not self.allow_loopback and port not in self.loopback_ports:
                    raise refused(_RESERVED)
            case _Realm.PRIVATE:
                if not _within(ip, self.allowed_networks):
                    raise refused("the address lies in a private network that has not been allowed")
            case _Realm.CARRIER:
                raise refused("the address carries another one inside")
            case _Realm.RESERVED:
                raise refused(_RESERVED)


def allowed_port(port: int) -> bool:
    """Whether a camera may listen there: the usual ports of the web and of RTSP, and high ones but for services."""
    return port in _LOW_PORTS or (port >= 1024 and port not in _SERVICES)


class _Realm(Enum):
    """What an address is for: this machine, private networks, the internet, to carry another inside, nobody's."""

    LOOPBACK = 1
    PRIVATE = 2
    PUBLIC = 3
    CARRIER = 4
    RESERVED = 5


@lru_cache(REMEMBERED)
def _realm(ip: Ip) -> _Realm:
    if isinstance(ip, ipaddress.IPv6Address) and (ip.scope_id or (int(ip) >> 32) & 0xFFFFFFFF in _ISATAP):
        return _Realm.CARRIER
    if _within(ip, _LOOPBACK):
        return _Realm.LOOPBACK
    if _within(ip, _NEVER):
        return _Realm.RESERVED
    if _within(ip, ALLOWABLE):
        return _Realm.PRIVATE
    return _Realm.PUBLIC if _within(ip, _UNICAST) else _Realm.RESERVED


def _within(ip: Ip, networks: tuple[Network, ...]) -> bool:
    return any(ip in network for network in networks)


@lru_cache(REMEMBERED)
def _literal(host: str) -> Ip | None:
    """The address that a host is, None for a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


async def _resolved(host: str, port: int) -> list[Ip]:
    literal = _literal(host)
    if literal is not None:
        return [literal]
    # 2130706433, 0x7f.1, 0177.0.0.1, 127.1: numbers that some resolvers take for addresses are nobody's name.
    if re.fullmatch(r"\d+|0x[0-9a-f]*", host.rstrip(".").rpartition(".")[2]):
        raise refused("the address is written in a way that hides where it leads")
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise CameraFault(VisitState.UNREACHABLE, "the host name leads nowhere") from None
    ips = [ipaddress.ip_address(str(address[0])) for *_, address in found]
    if not ips:
        raise CameraFault(VisitState.UNREACHABLE, "the host name leads nowhere")
    return ips
