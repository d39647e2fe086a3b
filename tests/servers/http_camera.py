"""A camera that speaks HTTP: stills with and without a password, MJPEG, HLS, ONVIF, and what broken ones send."""

import asyncio
import hashlib
import re
import secrets
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web
from ipycam.config import CameraConfig
from ipycam.onvif import ONVIFService

from tests.servers import clips

USER, PASSWORD = "owner", "sandi:rahasia@1#2"
_ALGORITHMS: Final = {"MD5": "md5", "SHA-256": "sha256"}
_PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n{map}#EXTINF:1,\n{segment}\n"


@dataclass
class HttpCamera:
    """A running camera: its port, the paths asked for with their Authorization, and its ONVIF service."""

    port: int
    scheme: str
    onvif: ONVIFService
    asked: list[tuple[str, str]] = field(default_factory=list)
    redirect_to: str = "/still.jpg"
    playlist: str = _PLAYLIST.format(map="", segment="segment.ts")
    nonces: set[str] = field(default_factory=set)

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"{self.scheme}://127.0.0.1:{self.port}{path}"


@asynccontextmanager
async def http_camera(
    tls: ssl.SSLContext | None = None, *, rtsp_port: int = 8554, full: bytes = b""
) -> AsyncIterator[HttpCamera]:
    """A camera on a free port of 127.0.0.1 as long as the context lasts; `full` is what it answers at /full.jpg."""
    config = CameraConfig(local_ip="192.168.7.7", rtsp_port=rtsp_port, sub_stream_name="h264")
    camera = HttpCamera(0, "https" if tls else "http", ONVIFService(config))
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", _Doors(camera, full).answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    camera.port = config.onvif_port = runner.addresses[0][1]
    try:
        yield camera
    finally:
        await runner.cleanup()


class _Doors:
    """What is answered at each path."""

    def __init__(self, camera: HttpCamera, full: bytes) -> None:
        self.camera = camera
        self.doors: dict[str, Callable[[web.Request], Awaitable[web.StreamResponse]]] = {
            "/basic.jpg": self.basic,
            "/basic-bare.jpg": self.basic,
            "/redirect": self.redirect,
            "/stall.jpg": self.stall,
            "/mjpeg": self.mjpeg,
            "/mjpeg-bare": self.mjpeg_bare,
            "/mjpeg-stall": self.mjpeg_stall,
            "/mjpeg-once": self.mjpeg_once,
            "/endless.jpg": self.endless,
            "/onvif/device_service": self.ask_onvif,
            "/onvif/media_service": self.ask_onvif,
        }
        still = clips.jpeg()
        self.plain = {
            "/still.jpg": ("image/jpeg", still),
            "/full.jpg": ("image/jpeg", full),
            "/odd-type": ("text/html", still),
            "/cut.jpg": ("image/jpeg", still[: len(still) // 2]),
            "/page.html": ("text/html", b"<html>Sign in</html>"),
            "/empty.jpg": ("image/jpeg", b""),
            "/segment.ts": ("video/mp2t", clips.segment("mpegts")),
            "/segment.m4s": ("video/mp4", clips.segment("mp4")),
            "/variants.m3u8": ("application/vnd.apple.mpegurl", _VARIANTS),
        }

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path = "/" + request.match_info["path"]
        self.camera.asked.append((request.path_qs, request.headers.get("Authorization", "")))
        if path in self.doors:
            return await self.doors[path](request)
        if path.startswith("/digest/"):
            return self.digest(request, path.rpartition("/")[2])
        if path == "/live.m3u8":
            return web.Response(text=self.camera.playlist)
        if path == "/snapshot.jpg":
            return web.Response(body=clips.jpeg(), content_type="image/jpeg")
        if path in self.plain:
            content_type, body = self.plain[path]
            return web.Response(body=body, content_type=content_type)
        return web.Response(status=404)

    async def basic(self, request: web.Request) -> web.StreamResponse:
        right = "Basic " + b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if request.headers.get("Authorization") != right:
            told = 'Basic realm="camera, front"' if request.path == "/basic.jpg" else "Basic"
            return web.Response(status=401, headers={"WWW-Authenticate": told})
        return web.Response(body=clips.jpeg(), content_type="image/jpeg")

    def digest(self, request: web.Request, algorithm: str) -> web.StreamResponse:
        """RFC 7616 with qop=auth: each nonce once, checked as a server does."""
        given = dict(re.findall(r'(\w+)="?([^",]*)"?', request.headers.get("Authorization", "")))

        def hashed(text: str) -> str:
            return hashlib.new(_ALGORITHMS[algorithm], text.encode()).hexdigest()

        if given.get("nonce") in self.camera.nonces:
            self.camera.nonces.discard(given["nonce"])
            secret, asked = hashed(f"{USER}:cam:{PASSWORD}"), hashed(f"{request.method}:{request.path_qs}")
            middle = f"{given['nonce']}:{given['nc']}:{given['cnonce']}:auth"
            if given["response"] == hashed(f"{secret}:{middle}:{asked}") and given["uri"] == request.path_qs:
                return web.Response(body=clips.jpeg(), content_type="image/jpeg")
        nonce = secrets.token_hex(8)
        self.camera.nonces.add(nonce)
        told = f'Digest realm="cam", nonce="{nonce}", qop="auth,auth-int", algorithm={algorithm}, opaque="x\\"y"'
        return web.Response(status=401, headers={"WWW-Authenticate": told})

    async def redirect(self, request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": self.camera.redirect_to})

    async def stall(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "image/jpeg", "Content-Length": "50000"})
        await answer.prepare(request)
        await answer.write(clips.jpeg()[:1000])
        await asyncio.sleep(60)
        return answer

    async def endless(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "image/jpeg"})
        await answer.prepare(request)
        while True:
            await answer.write(b"\xff\xd8\xff" + bytes(1 << 20))

    async def mjpeg(self, request: web.Request) -> web.StreamResponse:
        return await self.stream(request, b"Content-Length: %d\r\n")

    async def mjpeg_bare(self, request: web.Request) -> web.StreamResponse:
        return await self.stream(request, b"")

    async def mjpeg_stall(self, request: web.Request) -> web.StreamResponse:
        return await self.stream(request, b"", whole=False)

    async def mjpeg_once(self, request: web.Request) -> web.StreamResponse:
        """One picture, and the connection ends without another boundary."""
        answer = web.StreamResponse(headers={"Content-Type": "multipart/x-mixed-replace; boundary=frame"})
        await answer.prepare(request)
        await answer.write(b"--frame\r\nContent-Type: image/jpeg\r\n\r\n" + clips.jpeg())
        return answer

    async def stream(self, request: web.Request, length: bytes, *, whole: bool = True) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "multipart/x-mixed-replace; boundary=--frame"})
        await answer.prepare(request)
        still = clips.jpeg()
        told = length % len(still) if length else b""
        while True:
            await answer.write(b"--frame\r\nContent-Type: image/jpeg\r\n" + told + b"\r\n")
            for at in range(0, len(still) if whole else 5000, 5000):
                await answer.write(still[at : at + 5000])
            await answer.write(b"\r\n" if whole else b"")
            await asyncio.sleep(0.02 if whole else 60)

    async def ask_onvif(self, request: web.Request) -> web.StreamResponse:
        """ipycam's own ONVIF, asked as its own server asks it."""
        text, service = await request.text(), self.camera.onvif
        if not service.verify_usernametoken(text):
            return web.Response(status=401, text=service.fault("Sender not authorized"))
        words = ("GetSystemDateAndTime", "GetCapabilities", "GetProfiles", "GetSnapshotUri", "GetStreamUri")
        action = next((word for word in words if word in text), "")
        return web.Response(text=service.handle_action(action, text), content_type="application/soap+xml")


_VARIANTS = b"""#EXTM3U
#EXT-X-STREAM-INF:BANDWIDTH=9000000,RESOLUTION=1920x1080
nothing.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=64000,CODECS="mp4a.40.2"
sound.m3u8
#EXT-X-STREAM-INF:AVERAGE-BANDWIDTH=1,BANDWIDTH=300000,CODECS="mp4a.40.2, avc1.4d401e"
live.m3u8
"""
