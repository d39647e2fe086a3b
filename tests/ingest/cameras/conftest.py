"""Decoders and real cameras for the tests of this folder."""

import shutil
from collections.abc import Iterator

import pytest

from ingest.cameras.pictures import Pictures
from tests.servers.cameras import Certificate, GstCameras, certificate, gst_cameras, gstreamer_missing


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


@pytest.fixture(scope="session")
def signed_by_itself(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate that nobody else signed."""
    if shutil.which("openssl") is None:
        pytest.skip("the openssl command is not installed (as root on Debian, `make test` installs it)")
    return certificate(tmp_path_factory.mktemp("certificate"))
