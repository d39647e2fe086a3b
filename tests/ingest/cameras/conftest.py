"""Decoders and real cameras for the tests of this folder."""

import asyncio
from collections.abc import Iterator

import pytest
import uvloop

from ingest.cameras.pictures import Pictures
from tests.servers.cameras import GstCameras, gst_cameras, gstreamer_missing


@pytest.fixture(
    scope="module", params=[asyncio.DefaultEventLoopPolicy, uvloop.EventLoopPolicy], ids=["asyncio", "uvloop"]
)
def loops(request: pytest.FixtureRequest) -> Iterator[None]:
    """Both kinds of event loop: watchers run on the one, whoever tries a camera from a thread on the other."""
    asyncio.set_event_loop_policy(request.param())
    yield
    asyncio.set_event_loop_policy(None)


@pytest.fixture(scope="session")
def pictures() -> Iterator[Pictures]:
    """One set of decoders for all tests: its processes start once."""
    with Pictures(decode_s=20) as made:
        yield made


@pytest.fixture(scope="session")
def gst() -> Iterator[GstCameras]:
    """The cameras of gst-rtsp-server."""
    if missing := gstreamer_missing():
        pytest.skip(missing)
    with gst_cameras() as cameras:
        yield cameras
