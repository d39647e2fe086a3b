"""Real cameras for tests, on 127.0.0.1 alone: gst-rtsp-server's as a process, the others within the test."""

import json
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PYTHON: Final = "/usr/bin/python3"
"""The system's Python, which alone has GStreamer's bindings."""

_SCRIPT = Path(__file__).with_name("gst_cameras.py")
_NEEDED = ("appsrc", "videotestsrc", "x264enc", "x265enc", "jpegenc", "rtph264pay", "rtph265pay", "rtpjpegpay")
_PROBE = (
    "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import Gst, GstRtspServer; "
    f"Gst.init(None); raise SystemExit(any(Gst.ElementFactory.find(name) is None for name in {_NEEDED}))"
)


def gstreamer_missing() -> str:
    """Why gst-rtsp-server's cameras cannot run here, "" if they can."""
    try:
        found = subprocess.run([PYTHON, "-c", _PROBE], capture_output=True, check=False, timeout=60).returncode == 0
    except OSError:
        found = False
    return "" if found else "GStreamer's RTSP server is not installed (as root on Debian, `make test` installs it)"


@dataclass(frozen=True)
class GstCameras:
    """Running cameras: the ports of the servers `open`, `digest` and `basic` (see `gst_cameras.py` for their paths)."""

    ports: dict[str, int]
    pid: int

    def url(self, path: str, server: str = "open") -> str:
        """The address of a stream."""
        return f"rtsp://127.0.0.1:{self.ports[server]}/{path}"


@contextmanager
def gst_cameras(**pipelines: str) -> Iterator[GstCameras]:
    """The cameras as long as the context lasts, with further ones by path and pipeline."""
    named = [f"/{path}={pipeline}" for path, pipeline in pipelines.items()]
    process = subprocess.Popen(
        [PYTHON, str(_SCRIPT), *named], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield GstCameras(json.loads(process.stdout.readline()), process.pid)
    finally:
        process.stdin.close()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


@dataclass(frozen=True)
class Certificate:
    """A certificate that signs itself, for 127.0.0.1 and camera.test: its file, its SHA-256, a server's context."""

    path: Path
    sha256: str
    context: ssl.SSLContext


def certificate(folder: Path) -> Certificate:
    """Make one with the openssl command."""
    key, path = folder / "key.pem", folder / "certificate.pem"
    names = "subjectAltName=IP:127.0.0.1,DNS:camera.test"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    made += ["-subj", "/CN=camera.test", "-addext", names, "-keyout", str(key), "-out", str(path)]
    subprocess.run(made, check=True, capture_output=True)
    shown = subprocess.run(
        ["openssl", "x509", "-in", str(path), "-noout", "-fingerprint", "-sha256"],
        check=True,
        capture_output=True,
        text=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, key)
    return Certificate(path, shown.stdout.strip().partition("=")[2], context)
