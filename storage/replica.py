"""A read replica: how far it lags behind, and which requests it may answer.

What follows is measured, not believed. Every second a thread notes where the primary's log stands and how far the
replica has played it; the lag is the age of the newest note that it has reached. A replica that lags too far, does not
answer or is none is not used: then the primary answers.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

from storage import engines
from storage.asking import ask
from storage.engines import Bounds, Engines, patience
from storage.errors import StorageError

EVERY_S: Final = 1.0
"""How often the lag is measured."""

BELIEVED_S: Final = 3.0
"""How long a measurement counts: a replica that does not answer is out after that."""

HELD_S: Final = 10.0
"""How long a request's choice holds. What goes on for longer (a stream) asks the primary from then on."""

_REACHED = text("SELECT pg_is_in_recovery(), pg_last_wal_replay_lsn() - '0/0'::pg_lsn")
_WRITTEN = text("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")

_log = logging.getLogger("pantau.replica")


class Choice:
    """Where one request's reads go, decided at the first of them: two reads of one answer are of one place."""

    __slots__ = ("replica", "until")

    def __init__(self) -> None:
        self.replica: bool | None = None
        self.until = time.monotonic() + HELD_S


_choice: ContextVar[Choice | None] = ContextVar("pantau_reads", default=None)


@contextmanager
def may_lag() -> Iterator[None]:
    """Lets the reads in this block come from a replica. Everywhere else they come from the primary."""
    token = _choice.set(Choice())
    try:
        yield
    finally:
        _choice.reset(token)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a replica fares. `lag_s` None: not known. `why` says what keeps it from being used, empty if nothing does."""

    place: str
    lag_s: float | None
    why: str

    @property
    def usable(self) -> bool:
        """Whether it answers questions now."""
        return not self.why


class Lag:
    """The arithmetic of the lag: notes of where the primary stood, against how far the replica has come."""

    def __init__(self) -> None:
        self._notes: deque[tuple[float, int]] = deque(maxlen=600)

    def note(self, at: float, written: int) -> None:
        """The primary's log had come so far at this moment (seconds of any steady clock)."""
        self._notes.append((at, written))

    def of(self, at: float, reached: int) -> float | None:
        """Seconds by which a replica that has come so far is behind; None where no note is so old."""
        newest = None
        while self._notes and self._notes[0][1] <= reached:
            newest = self._notes.popleft()
        if newest is None:
            return None
        self._notes.appendleft(newest)
        return at - newest[0]


class Replica:
    """A replica of one primary, safe to share between threads. Watched from its first use on."""

    def __init__(self, url: str, primary: str, bounds: Bounds, most_lag_s: float) -> None:
        address = make_url(url)
        self.most_lag_s = most_lag_s
        self.engines: Engines = engines.postgresql(address, bounds)
        self.place = self.engines.place
        reading = self.engines.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._readers = sessionmaker(reading, expire_on_commit=False, autoflush=False)
        self._wait_s = bounds.wait_s
        looking = Bounds(pool=1, wait_s=1.0, statement_s=2, read_s=2, name=f"{bounds.name} lag")
        self._looks: tuple[Engine, Engine] = tuple(  # type: ignore[assignment]  # of two
            engines.pools(make_url(one), looking)(1, {}, isolation_level="AUTOCOMMIT") for one in (primary, url)
        )
        self._lag = Lag()
        self._seen: tuple[float, float | None, str] = (0.0, None, "not looked at yet")
        self._started = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self.reads = {"replica": 0, "primary": 0}
        """Reads that might have come from the replica, by where they did come from."""

    def standing(self) -> Standing:
        """How it fares, as last measured."""
        self._watch()
        at, lag_s, why = self._seen
        if not why and time.monotonic() - at > BELIEVED_S:
            why = "it does not answer"
        return Standing(self.place, lag_s, why)

    def look(self, within_s: float = 3.0) -> Standing:
        """How it fares, looked at until it is known to be usable or the time is over."""
        until = time.monotonic() + within_s
        while not (found := self.standing()).usable and time.monotonic() < until:
            time.sleep(0.05)
        return found

    def chosen(self) -> bool:
        """Whether the read at hand may come from here."""
        choice = _choice.get()
        if choice is None or time.monotonic() > choice.until:
            return False
        if choice.replica is None:
            choice.replica = self.standing().usable
        if not choice.replica:
            self.reads["primary"] += 1
        return choice.replica

    def failed(self, error: StorageError) -> None:
        """It broke off: not to be used until it is found well again, and not by this request."""
        choice = _choice.get()
        if choice is not None:
            choice.replica = False
        self.reads["primary"] += 1
        self._note(None, str(error))

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session whose connection was tried just now: what fails before the block is the replica's fault."""
        with patience(self.place, self._wait_s), self._readers() as session:
            session.execute(text("SELECT 1"))
            self.reads["replica"] += 1
            yield session

    def ask(self, work: Callable[[Session], Any]) -> Any:
        """As `Database.ask`, here."""
        with patience(self.place, self._wait_s):
            found = ask(self.engines.asking, work)
        self.reads["replica"] += 1
        return found

    def close(self) -> None:
        """Ends the watching and closes the connections."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(5)
        for engine in self._looks:
            engine.dispose()
        self.engines.close()

    def _watch(self) -> None:
        with self._started:
            if self._thread is None:
                # Begun by the first who asks, so that a process that forks does so before.
                self._thread = threading.Thread(target=self._run, name="lag of the replica", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._note(*self._measured())
            except StorageError as error:
                self._note(None, str(error))
            except Exception as error:
                self._note(None, type(error).__name__)
                _log.exception("a fault of ours in measuring the replica's lag")
            # Until it is known once, quickly.
            self._stop.wait(EVERY_S if self._seen[1] is not None else EVERY_S / 5)

    def _measured(self) -> tuple[float | None, str]:
        at = time.monotonic()
        with self._looks[0].connect() as primary:
            self._lag.note(at, int(primary.execute(_WRITTEN).scalar_one()))
        with self._looks[1].connect() as replica:
            follows, reached = replica.execute(_REACHED).one()
        if not follows:
            return None, "it is no replica: it takes writes of its own"
        lag_s = self._lag.of(time.monotonic(), int(reached or 0))
        if lag_s is None:
            return None, "it is further behind than is known"
        return lag_s, "" if lag_s <= self.most_lag_s else f"it is {lag_s:.1f} s behind"

    def _note(self, lag_s: float | None, why: str) -> None:
        before = self._seen[2]
        self._seen = (time.monotonic(), lag_s, why)
        if bool(before) != bool(why):
            _log.warning("the replica %s is %s", self.place, f"not used: {why}" if why else "used")
