"""How long a statement that reads may take on SQLite, which knows no such bound: it asks us every so many steps."""

import time
from typing import Any, Final

from pysqlite3 import dbapi2

STEPS: Final = 50_000
"""Steps of SQLite's machine between two looks at the clock: about a millisecond of a plain query. A list or a map asks
for fewer, so that those are never stopped for it.
"""

_NEVER: Final = float("inf")


class _Limit:
    """When the statement at hand has had its time, by the steady clock."""

    __slots__ = ("until",)

    def __init__(self) -> None:
        self.until = _NEVER

    def passed(self) -> bool:
        """What SQLite asks: true ends the statement."""
        return time.monotonic() > self.until


class Connection(dbapi2.Connection):  # type: ignore[misc]  # the driver tells no types
    """The driver's connection, used by one thread at a time. Statements that take longer than `seconds` (None: none)
    end with SQLite's "interrupted".

    An event of SQLAlchemy's before each statement would cost a tenth of a short one; this costs nothing measurable.
    """

    seconds: float | None = None

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.limit = _Limit()
        self.set_progress_handler(self.limit.passed, STEPS)

    def cursor(self, factory: Any = None) -> Any:
        """As the driver's."""
        return super().cursor(factory or _Cursor)


class _Cursor(dbapi2.Cursor):  # type: ignore[misc]
    def execute(self, *statement: Any) -> Any:
        connection = self.connection
        seconds = connection.seconds
        connection.limit.until = _NEVER if seconds is None else time.monotonic() + seconds
        return super().execute(*statement)
