"""What the house works with: made once by the composition root and handed to doors, use cases and workers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from cases.snapshots import LINKED_DAYS
from ingest.cameras.address import Guard
from ingest.cameras.pictures import Pictures
from ingest.cameras.secrets import Keys
from ingest.cameras.timelapse import Films
from ingest.photos.decoding import Decoder
from storage.areas import AreaBook
from storage.blobs import Blobs
from storage.database import Database


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one photo may be: `bytes` as it arrives, `pixels` as its header claims."""

    bytes: int = 25_000_000
    pixels: int = 100_000_000


@dataclass(frozen=True, slots=True)
class StillLimits:
    """How much cameras' stills may fill, and how long those stay that a complaint was linked to.

    `room_bytes` 0 means all but a tenth of the disk their folder lies on; `linked_days`, or `by_category` for some,
    count from the complaint's closing.
    """

    room_bytes: int = 0
    linked_days: int = LINKED_DAYS
    by_category: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one running Pantau. `zone` is the city's, for places that give none; `clock` gives aware UTC.

    `keys` seal cameras' passwords, `pictures` opens what cameras send, `films` makes films of it; `guard` is whom
    everybody may visit, without the private networks that an administrator allows to one owner. `history_months` is how
    long after its closing a complaint's story stays; 0 for ever.
    """

    database: Database
    blobs: Blobs
    decoder: Decoder
    areas: AreaBook
    keys: Keys
    pictures: Pictures = field(default_factory=Pictures)
    films: Films = field(default_factory=Films)
    guard: Guard = field(default_factory=Guard)
    limits: Limits = field(default_factory=Limits)
    stills: StillLimits = field(default_factory=StillLimits)
    history_months: int = 0
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Jakarta"))
    clock: Callable[[], datetime] = _now

    def close(self) -> None:
        """Ends the decoding processes and closes the connections."""
        self.decoder.close()
        self.pictures.close()
        self.films.close()
        self.database.close()
