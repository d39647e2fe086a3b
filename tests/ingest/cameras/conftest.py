"""Decoders and real cameras for the tests of this folder."""

from collections.abc import Iterator

import pytest

from ingest.cameras.pictures import Pictures
from tests.servers.cameras import GstCameras, gst_cameras, gstreamer_missing


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
