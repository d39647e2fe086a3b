"""The demo's RTSP cameras: GStreamer's server under the system's Python, which alone has its bindings."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pantau.demo.child import ended

PYTHON: Final = "/usr/bin/python3"
_SCRIPT: Final = Path(__file__).with_name("rtsp_server.py")


@contextmanager
def streaming(http: int) -> Iterator[int | None]:
    """The RTSP port of a server that shows the HTTP cameras at port `http`; None where there is no GStreamer."""
    try:
        child = subprocess.Popen(  # noqa: S603 (our own program)
            [PYTHON, str(_SCRIPT), str(http)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        yield None
        return
    with ended(child) as told:
        said = told.readline().strip()
        yield int(said) if said else None
