"""Visits to real cameras by another hand: gst-rtsp-server."""

import asyncio
from typing import Any

import pytest

from cases.words import VisitState
from ingest.cameras.pictures import Pictures
from ingest.cameras.reach import Way
from tests.ingest.cameras.visiting import KNOWN, WRONG, shape, visited
from tests.servers.cameras import GstCameras
from tests.servers.http_camera import http_camera

pytestmark = pytest.mark.usefixtures("loops")


@pytest.mark.parametrize(
    ("path", "size", "way"),
    [
        ("h264", (640, 360), Way.RTSP_TCP),
        ("hevc", (320, 180), Way.RTSP_TCP),
        ("inband", (640, 360), Way.RTSP_TCP),
        ("udp", (640, 360), Way.RTSP_UDP),
        ("mjpeg", (320, 240), Way.PYAV),
    ],
)
def test_a_picture(gst: GstCameras, pictures: Pictures, path: str, size: tuple[int, int], way: Way) -> None:
    visit = asyncio.run(visited(pictures, gst.url(path), deadline_s=15))
    assert shape(visit) == size
    assert visit.way is way
    assert visit.clock_offset_s is not None
    assert abs(visit.clock_offset_s) < 3


@pytest.mark.parametrize("server", ["digest", "basic"])
@pytest.mark.parametrize("path", ["h264", "hevc"])
def test_a_picture_behind_a_password(gst: GstCameras, pictures: Pictures, server: str, path: str) -> None:
    async def go(credentials: Any) -> Any:
        return await visited(pictures, gst.url(path, server), credentials=credentials)

    assert asyncio.run(go(KNOWN)).state is VisitState.OK
    assert asyncio.run(go(WRONG)).state is VisitState.PASSWORD_REFUSED
    assert asyncio.run(go(None)).state is VisitState.PASSWORD_REFUSED


def test_a_path_that_is_not_there(gst: GstCameras, pictures: Pictures) -> None:
    assert asyncio.run(visited(pictures, gst.url("nowhere"))).state is VisitState.NOT_FOUND


def test_onvif_leads_to_the_stream_where_its_still_fails(gst: GstCameras, pictures: Pictures) -> None:
    async def go() -> Any:
        async with http_camera(rtsp_port=gst.ports["open"]) as camera:
            camera.onvif.config.snapshot_url = "nothing.jpg"
            return await visited(pictures, camera.url("/"))

    visit = asyncio.run(go())
    assert shape(visit) == (640, 360)
    assert visit.by_onvif
    assert visit.way is Way.RTSP_TCP
