"""What a move needs of the database at each of its ends."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from storage.errors import StorageError
from storage.moving.shapes import Row, Shape

STATE, BLOBS = "pantau_move", "pantau_move_blob"
"""Tables that a move keeps in the target until it is done: what it was about, how far it has come."""


class MoveRefused(StorageError):
    """The move cannot begin, or not go on. The message says why and what to do; nothing was harmed."""


class MoveBroken(StorageError):
    """An end went away in the middle. The same move goes on where it was."""


class MoveDiffers(StorageError):
    """What arrived is not what was sent. The message says where."""


class Rows(Protocol):
    """Either end: something to read rows from."""

    place: str

    def rows(self, shape: Shape, after: Row | None, limit: int) -> list[Row]:
        """The next rows of a table in the order of its key, after this key."""

    def count(self, shape: Shape) -> int:
        """How many rows a table has."""

    def extremes(self, table: str, column: str) -> tuple[Any, Any]:
        """The least and the greatest value of a column; None of an empty table."""

    def close(self) -> None:
        """Lets go of it."""


class Source(Rows, Protocol):
    """Where the data comes from. Nothing in it is changed."""

    def hold(self) -> None:
        """Keeps everybody from writing until it is closed, so that what is read is of one moment.

        Raises MoveRefused when a Pantau has it open.
        """


class Target(Rows, Protocol):
    """Where the data goes: tables of the same version."""

    def others(self) -> list[str]:
        """Who else has it open, in words."""

    def bare(self, shapes: Sequence[Shape], clear: Iterable[str]) -> None:
        """Takes indexes, foreign keys and triggers away, remembering them in the state, and the rows of some tables,
        in one transaction.
        """

    def put(self, shape: Shape, rows: Iterable[Row], key: str, value: str) -> None:
        """Adds rows, and notes in the same transaction how far that is."""

    def dress(self, told: Callable[[str], None]) -> None:
        """Makes again what `bare` took away, one by one; `told` hears of each. Keys and numbers are right afterwards.

        Raises MoveDiffers when a row points to nothing.
        """

    def empty(self, shapes: Sequence[Shape]) -> None:
        """Removes every row, and the state of a move that was begun."""

    def get(self, key: str) -> str | None:
        """What the state says; None when it says nothing or there is none."""

    def note(self, key: str, value: str) -> None:
        """Notes something in the state."""

    def blobs_done(self, keys: Sequence[str]) -> set[str]:
        """Which of these blobs have arrived and were compared."""

    def note_blobs(self, done: Sequence[tuple[str, str, int]]) -> None:
        """Notes blobs that have arrived: key, SHA-256, bytes."""

    def blobs_total(self) -> tuple[int, int]:
        """How many have, and their bytes."""

    def forget(self) -> None:
        """Removes the state: the move is over."""
