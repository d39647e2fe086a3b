"""Where nobody may be led: hostile addresses of every kind, and a socket that proves that nothing came."""

import asyncio
import ipaddress
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cases.words import VisitState
from ingest.cameras.address import Guard, Pinned, allowed_port
from ingest.cameras.faults import CameraFault
from ingest.cameras.pictures import Pictures
from ingest.cameras.urls import CameraUrl, Credentials, emptied, filled, parse, with_credentials, without_credentials
from tests.ingest.cameras.visiting import KNOWN, visited
from tests.servers.http_camera import http_camera

pytestmark = pytest.mark.unit


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


HOSTS = Path(__file__).with_name("hostile.txt").read_text(encoding="utf-8").splitlines()
IPS = [host.strip("[]") for host in HOSTS if _is_ip(host.strip("[]"))]
PRIVATE = ("10.", "172.", "192.168.", "100.64.", "100.127.", "fc00::1", "fd00::1")
WHOLE = [
    "http://127.0.0.1\t/",
    "http://127.0.0.1\n/",
    "\r\nhttp://127.0.0.1/\r\n",
    "rtsp://8.8.8.8@127.0.0.1/",
    "rtsp://127.0.0.1:80@8.8.8.8/",
    "http://user:pass@127.0.0.1/",
    "http://8.8.8.8#@127.0.0.1/",
    "http://8.8.8.8\\@127.0.0.1/",
    "http://127.0.0.1\\.example.test/",
    "http:127.0.0.1/",
    "http:/127.0.0.1/",
    "http:///127.0.0.1/",
    "//127.0.0.1/",
    "127.0.0.1",
    "",
    " ",
    "rtsp://",
    "rtsp:///",
    "file:///etc/passwd",
    "FILE://127.0.0.1/etc/passwd",
    "concat:/etc/passwd",
    "gopher://127.0.0.1/",
    "ftp://127.0.0.1/",
    "rtmp://127.0.0.1/live",
    "rtp://127.0.0.1/",
    "udp://127.0.0.1:5000",
    "tcp://127.0.0.1:5000",
    "unix:///var/run/docker.sock",
    "data:image/jpeg;base64,AAAA",
    "javascript:alert(1)",
    "subfile,,start,0,end,0,,:/etc/passwd",
    "http://127.0.0.1/\r\nHost: other",
    "rtsp://127.0.0.1/\r\nTEARDOWN x",
    "http://127.0.0.1/ a",
    "http://127.0.0.1/\x00",
    "http://127.0.0.1/é",
    "http://8.8.8.8:0/",
    "http://8.8.8.8:-1/",
    "http://8.8.8.8:65536/",
    "http://8.8.8.8:99999999/",
    "http://8.8.8.8:80x/",
    "http://8.8.8.8:+80/",
    "http://8.8.8.8:８０/",
    "http://8.8.8.8:80:80/",
    "http://8.8.8.8:22/",
    "http://8.8.8.8:25/",
    "http://8.8.8.8:5432/",
    "http://8.8.8.8:6379/",
    "http://8.8.8.8:2375/",
    "http://8.8.8.8:27017/",
    "rtsp://8.8.8.8:11211/",
    "http://8.8.8.8:1/",
    "http://" + "a" * 300 + "/",
    "http://" + "a." * 130 + "b/",
    "http://8.8.8.8/" + "a" * 3000,
]
HOSTILE = [f"rtsp://{host}:{{port}}/x" for host in HOSTS] + WHOLE


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """A socket on every address of this machine that nobody may come to."""
    both = socket.has_dualstack_ipv6()
    family = socket.AF_INET6 if both else socket.AF_INET
    with socket.create_server(("", 0), family=family, dualstack_ipv6=both) as server:
        server.setblocking(False)
        yield server


def came(server: socket.socket) -> bool:
    with suppress(BlockingIOError):
        server.accept()[0].close()
        return True
    return False


def test_there_are_enough_hostile_addresses() -> None:
    assert len(set(HOSTILE)) >= 150


@pytest.mark.parametrize("url", HOSTILE, ids=ascii)
def test_hostile_addresses_are_refused_and_never_reached(
    url: str, listening: socket.socket, pictures: Pictures
) -> None:
    url = url.replace("{port}", str(listening.getsockname()[1]))
    for written in (url, url.replace("rtsp:", "http:", 1)):
        visit = asyncio.run(visited(pictures, written, guard=Guard(), deadline_s=2, credentials=KNOWN))
        assert visit.state is VisitState.REFUSED_ADDRESS or _leads_nowhere(written, visit.state), visit
        assert not came(listening)


def _leads_nowhere(url: str, state: VisitState) -> bool:
    """Names that this machine may not know are unreachable instead."""
    return state is VisitState.UNREACHABLE and any(name in url for name in ("ip6-localhost", "LOCALHOST", "localhost."))


@pytest.mark.parametrize("ip", [ip for ip in IPS if not ip.startswith(PRIVATE)])
def test_no_permission_opens_what_is_never_a_camera(ip: str) -> None:
    everything = Guard(allowed_networks=(ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0")))
    with pytest.raises(CameraFault):
        everything.check(ipaddress.ip_address(ip))


def test_private_networks_are_visited_where_they_are_allowed_and_nowhere_else() -> None:
    guard = Guard(allowed_networks=(ipaddress.ip_network("192.168.7.0/24"),))
    guard.check(ipaddress.ip_address("192.168.7.9"))
    for other in ("192.168.8.9", "10.0.0.1", "127.0.0.1"):
        with pytest.raises(CameraFault):
            guard.check(ipaddress.ip_address(other))


def test_public_addresses_pass() -> None:
    for ip in ("8.8.8.8", "36.66.1.2", "103.10.20.30", "2400:cb00::1", "2001:4860:4860::8888"):
        Guard().check(ipaddress.ip_address(ip))
    assert all(allowed_port(port) for port in (80, 81, 88, 443, 322, 554, 8080, 8554, 37777, 34567))


def test_the_loopback_of_tests_opens_nothing_else() -> None:
    with pytest.raises(CameraFault):
        Guard(allow_loopback=True).check(ipaddress.ip_address("169.254.169.254"))


def test_a_demos_ports_of_this_machine_open_no_other_port_and_no_other_network() -> None:
    guard = Guard(loopback_ports=frozenset({40_001}))
    for address in ("http://127.0.0.1:40001/1/still.jpg", "rtsp://[::1]:40001/1"):
        assert asyncio.run(guard.pin(parse(address))).ip.is_loopback
    for address in ("127.0.0.1:40002", "127.0.0.1:8000", "10.0.0.1:40001", "169.254.169.254:40001"):
        with pytest.raises(CameraFault):
            asyncio.run(guard.pin(parse(f"http://{address}/")))


class Resolved:
    """A name server that answers differently each time it is asked."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers, self.asked = list(answers), 0

    async def getaddrinfo(self, host: str, port: int, **how: Any) -> list[Any]:
        self.asked += 1
        return [(0, 0, 0, "", (ip, port)) for ip in self.answers[min(self.asked, len(self.answers)) - 1]]


def test_a_name_is_resolved_once_and_all_its_addresses_count(monkeypatch: pytest.MonkeyPatch) -> None:
    async def go(*answers: list[str]) -> tuple[str, int]:
        names = Resolved(*answers)
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", names.getaddrinfo)
        return str((await Guard().pin(parse("rtsp://camera.test/x"))).ip), names.asked

    assert asyncio.run(go(["2400:cb00::1", "8.8.8.8"], ["127.0.0.1"])) == ("8.8.8.8", 1)
    with pytest.raises(CameraFault):
        asyncio.run(go(["8.8.8.8", "127.0.0.1"]))


@dataclass(frozen=True)
class OnlyPort(Guard):
    """A guard as in service, but for one camera on this machine."""

    port: int = 0

    async def pin(self, url: CameraUrl) -> Pinned:
        """As in service; the one camera passes."""
        return await Guard(allow_loopback=url.port == self.port).pin(url)


REDIRECTS = [
    *(
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1:{port}/",
        "http://[::1]:{port}/",
        "//127.0.0.1:{port}/",
    ),
    *("http://localhost:{port}/", "http://2130706433:{port}/", "http://[::ffff:7f00:1]:{port}/", "file:///etc/passwd"),
    *("http://a:b@127.0.0.1:{port}/", "rtsp://127.0.0.1:{port}/", "https://10.0.0.1/", "gopher://127.0.0.1:{port}/"),
    *("http://[64:ff9b::7f00:1]:{port}/", "http://0.0.0.0:{port}/", "http://0x7f.1:{port}/", "/redirect", "http://"),
]


@pytest.mark.parametrize("url", REDIRECTS)
def test_no_redirect_leads_to_a_hostile_address(url: str, listening: socket.socket, pictures: Pictures) -> None:
    async def go() -> VisitState:
        async with http_camera() as camera:
            camera.redirect_to = url.replace("{port}", str(listening.getsockname()[1]))
            guard = OnlyPort(port=camera.port)
            return (await visited(pictures, camera.url("/redirect"), guard=guard, deadline_s=3)).state

    assert asyncio.run(go()) is not VisitState.OK
    assert not came(listening)


def test_user_and_password_are_cut_off_as_people_write_them() -> None:
    for written, user, password in [
        ("rtsp://owner:p%40ss@cam.test:554/x?y=1", "owner", "p@ss"),
        ("rtsp://owner:p@ss#1:2@cam.test:554/x?y=1", "owner", "p@ss#1:2"),
    ]:
        url, found = without_credentials(written)
        assert url == "rtsp://cam.test:554/x?y=1"
        assert found is not None
        assert (found.user, found.password) == (user, password)
        assert without_credentials(with_credentials(parse(url), found)) == ("rtsp://cam.test/x?y=1", found)
    pasted = without_credentials("rtsp://owner:12/3?4@cam.test/x")
    assert pasted == ("rtsp://cam.test/x", Credentials("owner", "12/3?4"))
    for kept in ("rtsp://cam:554/a@b", "rtsp://[::1]:554/a@b.test", "rtsp://192.0.2.1:554/a@b.test"):
        assert without_credentials(kept) == (kept, None)
    assert without_credentials("rtsp://cam.test/a@b") == ("rtsp://cam.test/a@b", None)


@pytest.mark.parametrize(
    ("target", "left", "held"),
    [
        ("/user=a&password=b&channel=1", "/user=&password=&channel=1", {"user": "a", "password": "b"}),
        ("/user=a_password=b_c_channel=1_stream=0.sdp?r", "/user=_password=_channel=1_stream=0.sdp?r", None),
        ("/cgi-bin/snap.cgi?loginuse=a&loginpas=b%26c", "/cgi-bin/snap.cgi?loginuse=&loginpas=", None),
        ("/snap?USR=a&PWD=b;x=1", "/snap?USR=&PWD=;x=1", {"usr": "a", "pwd": "b"}),
        ("/a?access_token=t/u", "/a?access_token=/u", {"access_token": "t"}),
        ("/Streaming/Channels/101?subtype=1&superuser=1", "/Streaming/Channels/101?subtype=1&superuser=1", {}),
    ],
)
def test_user_and_password_in_path_or_query_are_cut_out_and_put_back(
    target: str, left: str, held: dict[str, str] | None
) -> None:
    url = parse(f"rtsp://cam.test{target}")
    bare, found = emptied(url)
    assert bare.target == left
    assert held is None or found == held
    assert filled(bare, found.items()) == url
    assert emptied(bare) == (bare, {})
