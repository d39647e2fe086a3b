"""In which order claimed cameras are visited: so many at once, one to a host, and those in trouble in a few lanes."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from storage.visits import Due

AT_ONCE: Final = 64
"""Visits under way at once: 500 without a bound and 55 of them time out."""

TROUBLED: Final = 16
"""Of these, the most that go to cameras which failed last time: they take the longest, and must not delay the rest."""

_WAITING_AT_A_HOST: Final = 8
_MARGIN: Final = timedelta(seconds=5)


class Lanes:
    """The cameras in hand: waiting or under way. Used from one thread.

    `longest_s` is the longest that a visit may take: one whose lease would end sooner is not begun.
    """

    def __init__(self, longest_s: float, *, at_once: int = AT_ONCE, troubled: int = TROUBLED) -> None:
        self._needs = timedelta(seconds=longest_s) + _MARGIN
        self._at_once, self._most_troubled = at_once, troubled
        self._waiting: list[Due] = []
        self._hosts: set[str] = set()
        self._under_way = self._troubled = 0

    @property
    def room(self) -> int:
        """How many more cameras can be put to use soon."""
        return max(0, 2 * self._at_once - self._under_way - len(self._waiting))

    @property
    def under_way(self) -> int:
        """Visits begun and not ended."""
        return self._under_way

    def add(self, claimed: list[Due]) -> list[Due]:
        """Puts cameras in line; answers those for which the line is too long, at their host or for being in trouble."""
        hosts = Counter(_host(due) for due in self._waiting)
        troubled = sum(_in_trouble(due) for due in self._waiting)
        refused = []
        for due in claimed:
            host = _host(due)
            if hosts[host] >= _WAITING_AT_A_HOST or (_in_trouble(due) and troubled >= self._at_once // 2):
                refused.append(due)
                continue
            hosts[host] += 1
            troubled += _in_trouble(due)
            self._waiting.append(due)
        return refused

    def begin(self, now: datetime) -> Due | None:
        """The next camera to visit, which is then under way; None if none can begin now."""
        if self._under_way >= self._at_once:
            return None
        for at, due in enumerate(self._waiting):
            busy = _host(due) in self._hosts or (_in_trouble(due) and self._troubled >= self._most_troubled)
            if not busy and now + self._needs <= due.leased_until:
                del self._waiting[at]
                self._under_way += 1
                self._troubled += _in_trouble(due)
                self._hosts.add(_host(due))
                return due
        return None

    def end(self, due: Due) -> None:
        """A visit that was begun is over."""
        self._under_way -= 1
        self._troubled -= _in_trouble(due)
        self._hosts.discard(_host(due))

    def stale(self, now: datetime) -> list[Due]:
        """Takes out the cameras that waited too long for their lease to last a visit."""
        gone = [due for due in self._waiting if now + self._needs > due.leased_until]
        self._waiting = [due for due in self._waiting if now + self._needs <= due.leased_until]
        return gone

    def clear(self) -> list[Due]:
        """Takes out all that wait."""
        gone, self._waiting = self._waiting, []
        return gone


def _host(due: Due) -> str:
    """The machine that is visited; a camera that sends its own stills is a host by itself."""
    try:
        return urlsplit(due.url).hostname or str(due.camera_id)
    except ValueError:
        return str(due.camera_id)


def _in_trouble(due: Due) -> bool:
    return due.standing.failures > 0
