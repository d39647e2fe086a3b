"""The least that an RTSP visit can cost: ready-made requests by a blocking socket; what comes is dropped."""

import re
import socket
from urllib.parse import urlsplit

_READ = 1 << 18


def conversation(url: str, size: int) -> None:
    """DESCRIBE, SETUP and PLAY of the first track, `size` bytes of media, TEARDOWN, and the end."""
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port or 554)) as camera:
        camera.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        camera.sendall(_request("DESCRIBE", url, 1, "Accept: application/sdp"))
        _answered(camera)
        camera.sendall(_request("SETUP", f"{url}/stream=0", 2, "Transport: RTP/AVP/TCP;unicast;interleaved=0-1"))
        found = re.search(rb"Session: *([^;\r]+)", _answered(camera))
        assert found is not None
        session = f"Session: {found[1].decode()}"
        camera.sendall(_request("PLAY", url, 3, session))
        while size > 0:
            camera.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            came = camera.recv(_READ)
            assert came, "the camera ended the connection"
            size -= len(came)
        camera.sendall(_request("TEARDOWN", url, 4, session))
        camera.shutdown(socket.SHUT_WR)
        while camera.recv(_READ):
            pass


def _request(method: str, url: str, number: int, header: str) -> bytes:
    return f"{method} {url} RTSP/1.0\r\nCSeq: {number}\r\n{header}\r\n\r\n".encode()


def _answered(camera: socket.socket) -> bytes:
    """An answer, with its body."""
    came = b""
    while (end := came.find(b"\r\n\r\n")) < 0:
        came += camera.recv(_READ)
    found = re.search(rb"(?i)content-length: *(\d+)", came[:end])
    whole = end + 4 + (int(found[1]) if found else 0)
    while len(came) < whole:
        came += camera.recv(_READ)
    return came
