"""How often one address may knock."""

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

MOST = 10_000


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
