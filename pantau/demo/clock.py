"""The story's clock: the time that the demo has reached."""

from datetime import datetime


class StoryClock:
    """A clock that shows what it was last set to. Called like any clock of Parts."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def __call__(self) -> datetime:
        return self._now

    def set(self, moment: datetime) -> None:
        """Moves on; the story never goes back."""
        self._now = max(self._now, moment)
