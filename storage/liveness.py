"""Whether a kept connection to a server still leads there, found out without asking before each use."""

import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

BELIEVED_S = 1.0
"""How long after its last use a connection is believed to live. One that died meanwhile costs one failed statement,
which `Database.ask` repeats; pinging before each use costs every statement a round trip."""

_USED = "pantau_used"


def watch(engine: Engine) -> None:
    """Makes the pool ping a connection that has rested longer than that, and replace all if it is dead."""

    @event.listens_for(engine, "checkin")
    def _note(connection: Any, record: Any) -> None:
        record.info[_USED] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _ping(connection: Any, record: Any, proxy: object) -> None:
        used = record.info.get(_USED)
        if used is None or time.monotonic() - used < BELIEVED_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error
