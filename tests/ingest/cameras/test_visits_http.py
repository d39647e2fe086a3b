"""Stills over HTTP, MJPEG, HLS and ONVIF, from real servers on this machine."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cases.words import CameraDoor, VisitState
from ingest.cameras.connection import tls_context
from ingest.cameras.pictures import Pictures
from ingest.cameras.reach import Want, Way
from tests.ingest.cameras.visiting import HERE, KNOWN, WRONG, keyframe, shape, visited
from tests.servers import clips
from tests.servers.cameras import Certificate
from tests.servers.http_camera import HttpCamera, http_camera

pytestmark = [pytest.mark.unit, pytest.mark.usefixtures("loops")]


def attempt(
    pictures: Pictures, path: str, prepare: Callable[[HttpCamera], None] = lambda camera: None, **how: Any
) -> tuple[Any, HttpCamera]:
    """A visit to one path of a camera."""

    async def go() -> tuple[Any, HttpCamera]:
        async with http_camera() as camera:
            prepare(camera)
            return await visited(pictures, camera.url(path), **how), camera

    return asyncio.run(go())


@pytest.mark.parametrize(
    ("path", "way"),
    [
        ("/still.jpg", Way.HTTP_JPEG),
        ("/odd-type", Way.HTTP_JPEG),
        ("/redirect", Way.HTTP_JPEG),
        ("/basic.jpg", Way.HTTP_JPEG),
        ("/basic-bare.jpg", Way.HTTP_JPEG),
        ("/digest/MD5?channel=1&x=%20", Way.HTTP_JPEG),
        ("/digest/SHA-256", Way.HTTP_JPEG),
        ("/mjpeg", Way.MJPEG),
        ("/mjpeg-bare", Way.MJPEG),
        ("/mjpeg-once", Way.MJPEG),
    ],
)
def test_a_still_is_the_cameras_own_bytes(pictures: Pictures, path: str, way: Way) -> None:
    visit, _ = attempt(pictures, path, credentials=KNOWN)
    assert shape(visit) == (640, 360)
    assert visit.still.content == clips.jpeg()
    assert visit.way is way
    assert abs(visit.clock_offset_s) < 3


@pytest.mark.parametrize("path", ["/basic.jpg", "/digest/MD5", "/digest/SHA-256"])
def test_a_wrong_password_is_tried_once(pictures: Pictures, path: str) -> None:
    visit, camera = attempt(pictures, path, credentials=WRONG)
    assert visit.state is VisitState.PASSWORD_REFUSED
    assert len(camera.asked) == 2
    assert attempt(pictures, path)[0].state is VisitState.PASSWORD_REFUSED
    assert WRONG.password not in repr(visit)


def test_the_password_is_not_carried_to_another_host(pictures: Pictures) -> None:
    async def go() -> tuple[Any, HttpCamera]:
        async with http_camera() as door, http_camera() as other:
            door.redirect_to = other.url("/basic.jpg").replace("127.0.0.1", "127.0.0.2")
            return await visited(pictures, door.url("/redirect"), credentials=KNOWN, deadline_s=3), other

    visit, other = asyncio.run(go())
    assert visit.state in (VisitState.PASSWORD_REFUSED, VisitState.UNREACHABLE)
    assert all(authorization == "" for _, authorization in other.asked)


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("/basic.jpg", VisitState.PASSWORD_WITHHELD),
        ("/digest/SHA-256", VisitState.OK),
        ("/still.jpg", VisitState.OK),
    ],
)
def test_a_password_given_to_tls_is_not_sent_where_it_could_be_read(
    pictures: Pictures, signed_by_itself: Certificate, path: str, state: VisitState
) -> None:
    async def go() -> tuple[Any, HttpCamera]:
        async with http_camera(signed_by_itself.context) as door, http_camera() as plain:
            door.redirect_to = plain.url(path)
            at, shown = door.url("/redirect"), signed_by_itself.sha256
            return await visited(pictures, at, credentials=KNOWN, certificate=shown, deadline_s=4), plain

    visit, plain = asyncio.run(go())
    assert visit.state is state, visit
    assert not any(authorization.startswith("Basic") for _, authorization in plain.asked)


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("/nothing.jpg", VisitState.NOT_FOUND),
        ("/page.html", VisitState.NO_VIDEO),
        ("/empty.jpg", VisitState.NO_VIDEO),
        ("/cut.jpg", VisitState.CORRUPT),
        ("/stall.jpg", VisitState.STALLED),
        ("/mjpeg-stall", VisitState.STALLED),
        ("/endless.jpg", VisitState.NOT_UNDERSTOOD),
    ],
)
def test_every_failure_has_its_word(pictures: Pictures, path: str, state: VisitState) -> None:
    assert attempt(pictures, path, deadline_s=1.5)[0].state is state


def test_redirects_in_a_circle_end(pictures: Pictures) -> None:
    visit, camera = attempt(pictures, "/redirect", lambda camera: setattr(camera, "redirect_to", "/redirect"))
    assert visit.state is VisitState.NOT_UNDERSTOOD
    assert len(camera.asked) == 5


def test_tls_checks_the_certificate_or_its_fingerprint(
    pictures: Pictures, signed_by_itself: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def go(certificate: str | None, host: str = "127.0.0.1") -> Any:
        async with http_camera(signed_by_itself.context) as camera:
            url = camera.url("/still.jpg").replace("127.0.0.1", host)
            return await visited(pictures, url, certificate=certificate, deadline_s=4)

    assert asyncio.run(go(None)).state is VisitState.CERTIFICATE_REFUSED
    assert asyncio.run(go("00" * 32)).state is VisitState.CERTIFICATE_REFUSED
    assert shape(asyncio.run(go(signed_by_itself.sha256))) == (640, 360)

    # With the certificate among those that are trusted, the name still has to be the one that was asked for.
    monkeypatch.setenv("SSL_CERT_FILE", str(signed_by_itself.path))
    tls_context.cache_clear()
    try:
        assert shape(asyncio.run(go(None))) == (640, 360)
        assert asyncio.run(go(None, "localhost")).state is VisitState.CERTIFICATE_REFUSED
    finally:
        tls_context.cache_clear()


@pytest.mark.parametrize(
    "playlist",
    [
        "#EXTM3U\n#EXTINF:1,\nsegment.ts\n",
        "#EXTM3U\n#EXTINF:1,\nnothing.ts\n#EXTINF:1,\n/segment.ts\n",
        "\ufeff#EXTM3U\r\n#EXTINF:1,\r\nsegment.m4s\r\n#EXT-X-ENDLIST\r\n",
    ],
)
def test_a_keyframe_by_hls(pictures: Pictures, playlist: str) -> None:
    visit, _ = attempt(pictures, "/variants.m3u8", lambda camera: setattr(camera, "playlist", playlist))
    assert shape(visit) == (640, 360)
    assert visit.way is Way.HLS
    kept, _ = attempt(pictures, "/live.m3u8", lambda camera: setattr(camera, "playlist", playlist), want=Want.KEYFRAME)
    assert keyframe(kept).codec == "h264"


@pytest.mark.parametrize(
    ("playlist", "state"),
    [
        ("<html>", VisitState.NOT_UNDERSTOOD),
        ("#EXTM3U\n", VisitState.NO_VIDEO),
        ('#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="k"\n#EXTINF:1,\nsegment.ts\n', VisitState.NOT_UNDERSTOOD),
        ("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlive.m3u8\n", VisitState.NOT_UNDERSTOOD),
        ("#EXTM3U\n#EXTINF:1,\nhttp://169.254.169.254/latest\n", VisitState.REFUSED_ADDRESS),
        ("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", VisitState.REFUSED_ADDRESS),
        ('#EXTM3U\n#EXT-X-MAP:URI="http://10.0.0.1/i"\n#EXTINF:1,\nsegment.m4s\n', VisitState.REFUSED_ADDRESS),
        ("#EXTM3U\n#EXTINF:1,\nstill.jpg\n", VisitState.CORRUPT),
    ],
)
def test_playlists_lead_nowhere_else(pictures: Pictures, playlist: str, state: VisitState) -> None:
    visit, _ = attempt(pictures, "/live.m3u8", lambda camera: setattr(camera, "playlist", playlist))
    assert visit.state is state, visit


def test_onvif_names_the_still_whatever_address_the_camera_thinks_it_has(pictures: Pictures) -> None:
    visit, camera = attempt(pictures, "/")
    assert shape(visit) == (640, 360)
    assert visit.by_onvif
    assert visit.way is Way.HTTP_JPEG
    assert [path for path, _ in camera.asked][-1] == "/snapshot.jpg"


def secured(camera: HttpCamera) -> None:
    assert camera.onvif.config.set_credentials(KNOWN.user, KNOWN.password)[0]


def test_onvif_takes_the_password_and_refuses_a_wrong_one(pictures: Pictures) -> None:
    assert shape(attempt(pictures, "/onvif/device_service", secured, credentials=KNOWN)[0]) == (640, 360)
    assert attempt(pictures, "/", secured, credentials=WRONG)[0].state is VisitState.PASSWORD_REFUSED
    assert attempt(pictures, "/", secured)[0].state is VisitState.PASSWORD_REFUSED


def test_what_is_no_onvif_says_so(pictures: Pictures) -> None:
    visit, _ = attempt(pictures, "/page.html", door=CameraDoor.ONVIF)
    assert visit.state is VisitState.NOT_UNDERSTOOD


def test_a_door_and_an_address_that_do_not_fit_are_refused(pictures: Pictures) -> None:
    visit, _ = attempt(pictures, "/still.jpg", door=CameraDoor.RTSP)
    assert visit.state is VisitState.REFUSED_ADDRESS
    assert attempt(pictures, "/still.jpg", guard=replace(HERE, allow_loopback=False))[0].state is visit.state
