"""The demo beside a running Pantau: another process tells the story, so that the pages stay quick meanwhile."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pantau.settings import Settings

_PATIENCE_S = 10


@contextmanager
def telling(settings: Settings) -> Iterator[None]:
    """`pantau demo` as a child for as long as the block lasts; stopped by its own process id."""
    environment = os.environ | {
        "PANTAU_DATA_DIR": str(settings.data_dir),
        "PANTAU_DEMO": "true",
        "PANTAU_LOG_LEVEL": "WARNING",
    }
    child = subprocess.Popen([sys.executable, "-m", "pantau", "demo"], env=environment)
    try:
        yield
    finally:
        if child.poll() is None:
            child.send_signal(signal.SIGINT)
            try:
                child.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                child.kill()
