"""Whether this process can do its work, looked at no more than every few seconds, however many ask."""

import logging
import time
from threading import Lock

from ingest import health
from ingest.health import Check, Installation
from ingest.parts import Parts

REMEMBERED_S = 5.0
"""A look writes to the store: anyone may ask, so asking must not cost that each time."""

_log = logging.getLogger("pantau.api")


class Readiness:
    """Safe to share between threads."""

    def __init__(self, parts: Parts) -> None:
        self._installation = Installation.of(parts)
        self._lock = Lock()
        self._found: list[Check] = []
        self._until = 0.0

    def checks(self) -> list[Check]:
        """What this process cannot work without, and whether it is there; what fails is in the log with its reason."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._found = health.vital(self._installation)
                self._until = time.monotonic() + REMEMBERED_S
                for check in self._found:
                    if not check.ok:
                        _log.warning("not %s: %s: %s", "ready" if check.vital else "well", check.name, check.detail)
            return self._found
