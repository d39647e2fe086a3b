"""The demo's cameras by number: how each is reached, and what is wrong with it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cases.words import CameraDoor
from pantau.demo.chance import dice
from pantau.demo.drawing.street import Setting

CAMERAS: Final = 60
USER: Final = "pantau"
PASSWORD: Final = "kamera-contoh"  # noqa: S105
"""Of the cameras that ask for one; it opens nothing but drawings on this machine."""
WRONG_PASSWORD: Final = "kata-sandi-lama"  # noqa: S105


class Fare(StrEnum):
    """How a camera fares."""

    WELL = "well"
    DARK = "dark"
    FROZEN = "frozen"
    TURNED = "turned"
    BLURRED = "blurred"
    OFFLINE = "offline"
    STALLED = "stalled"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105


_ILL: Final = {
    7: Fare.DARK,
    12: Fare.FROZEN,
    18: Fare.TURNED,
    23: Fare.OFFLINE,
    27: Fare.WRONG_PASSWORD,
    31: Fare.BLURRED,
    36: Fare.OFFLINE,
    41: Fare.TURNED,
    44: Fare.FROZEN,
    48: Fare.STALLED,
    52: Fare.DARK,
    57: Fare.OFFLINE,
}
_STREAMED: Final = frozenset({2, 9, 16, 25, 33, 40, 49, 56})
_MOVING: Final = frozenset({5, 20, 38})
_INTERVAL_S: Final = 120
_OFTENER_S: Final = {Fare.DARK: 60, Fare.FROZEN: 60, Fare.TURNED: 15, Fare.BLURRED: 15}
"""A fault stands after some stills in a row, and a view is known after several: they are to show within minutes."""
_LOCKED: Final = frozenset({3, 11, 20, 27, 45})


@dataclass(frozen=True)
class Post:
    """One camera. `door` is the way that it prefers, `locked` whether it asks for user and password."""

    number: int
    door: CameraDoor
    fare: Fare
    locked: bool
    setting: Setting
    seed: int
    """Decides what its street looks like."""

    @property
    def interval_s(self) -> int:
        """How often it is visited."""
        return _OFTENER_S.get(self.fare, _INTERVAL_S)

    @property
    def path(self) -> str:
        """The path of its address."""
        return {
            CameraDoor.MJPEG: f"/{self.number}/mjpeg",
            CameraDoor.RTSP: f"/{self.number}",
        }.get(self.door, f"/{self.number}/still.jpg")


def posts(*, streams: bool) -> list[Post]:
    """All of them; without `streams` those that would speak RTSP speak HTTP."""
    return [_post(number, streams) for number in range(1, CAMERAS + 1)]


def _post(number: int, streams: bool) -> Post:
    door = CameraDoor.MJPEG if number in _MOVING else CameraDoor.HTTP
    if streams and number in _STREAMED:
        door = CameraDoor.RTSP
    rng = dice("camera", number)
    setting = Setting.TOWN if number <= CAMERAS * 3 // 4 else rng.choice((Setting.KAMPUNG, Setting.COAST))
    return Post(number, door, _ILL.get(number, Fare.WELL), number in _LOCKED, setting, rng.randrange(1_000_000))
