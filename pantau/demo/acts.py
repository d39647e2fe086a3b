"""What can happen in the demo: a photo is sent, a complaint is moved. A story is a list of these in order of time."""

from dataclasses import dataclass
from datetime import datetime

from cases.words import Role, Status
from pantau.demo.phone import Shot
from pantau.demo.plane import Point
from pantau.demo.scenes import Scene, Trouble, draw_photo


@dataclass(frozen=True)
class SendPhoto:
    """An officer sends a photo."""

    at: datetime
    """Aware UTC: when it is sent; it may have been taken earlier."""
    officer: int
    """1 to the number of officers."""
    scene: Scene
    seed: int
    shot: Shot
    caption: str
    category: Trouble | None
    """As the officer chose it; None leaves it to others."""
    report: bool
    """Whether it opens a complaint where none fits."""
    place: Point
    """lon, lat of where it really is, whatever the phone believed."""
    village_code: str
    pin: Point | None = None
    """Set by hand, where the phone knew no place or a wrong one."""
    about: int | None = None
    """Index of the event that opened the complaint this photo belongs to; None if it opens one itself."""
    repeats: int | None = None
    """Index of the event whose very bytes are sent again."""

    def picture(self) -> bytes:
        """The JPEG: equal events draw equal bytes."""
        return draw_photo(self.scene, self.seed, self.shot)


@dataclass(frozen=True)
class MoveComplaint:
    """Someone moves the complaint that an earlier photo opened."""

    at: datetime
    of: int
    """Index of the SendPhoto that opened it."""
    to: Status
    by: Role
    note: str
    original: int | None = None
    """For `duplicate`: index of the SendPhoto that opened the complaint it repeats."""


Event = SendPhoto | MoveComplaint
