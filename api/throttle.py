"""How often one address may knock."""

import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import ip_network
from threading import Lock
from uuid import UUID

MOST = 10_000


class Rates:
    """How often one account, or the public from one address, may ask. In this process: of several, each counts."""

    def __init__(self, each: int, public: int) -> None:
        self._each = Throttle(each) if each else None
        self._public = Throttle(public) if public else None

    def wait_s(self, account_id: UUID | None, address: str) -> float:
        """Counts one request: 0 if it may go ahead, else the seconds until the next may."""
        if account_id is not None:
            return self._each.wait_s(account_id.hex) if self._each else 0.0
        return self._public.wait_s(_neighbourhood(address)) if self._public else 0.0


def _neighbourhood(address: str) -> str:
    """What counts as one address: of IPv6 the half that a provider gives to one house."""
    if ":" not in address:
        return address
    try:
        return str(ip_network((address, 64), strict=False))
    except ValueError:
        return address


class Throttle:
    """A leaky bucket per key, in this process: `per_minute` tries at once, refilled over a minute."""

    def __init__(self, per_minute: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._fill: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def wait_s(self, key: str) -> float:
        """Counts one try: 0 if it may go ahead, else the seconds until the next may."""
        now = self._clock()
        with self._lock:
            filled, at = self._fill.pop(key, (0.0, now))
            filled = max(0.0, filled - (now - at) * self._per_minute / 60)
            over = filled + 1 - self._per_minute
            self._fill[key] = (filled if over > 0 else filled + 1, now)
            while len(self._fill) > MOST:
                self._fill.popitem(last=False)
        return max(0.0, over * 60 / self._per_minute)
