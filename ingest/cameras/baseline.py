"""What a camera usually shows, by day and by night: the small state that health is judged against, as JSON."""

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from cases.words import SightFault
from ingest.cameras.measure import MAP_HEIGHT, MAP_WIDTH, Map

MATURE = 8
"""So many stills make a reference that others are judged by."""

_NIGHT_BELOW = 62.0
_FIRST_NIGHT_BELOW = 40.0  # until a night is known, dusk and lamplight are judged as day
_AT_ONCE = 0.6
_ADAPT = 0.04
_STEP = 42.0  # levels of a byte to one unit of structure
_VERSION = 1
_LOST = frozenset({SightFault.COVERED, SightFault.MOVED})


@dataclass(frozen=True, slots=True)
class Reference:
    """The running mean of `count` good stills: their structure (see `measure.structure`) and sharpness."""

    count: int
    sharpness: float
    structure: Map = field(compare=False)

    @property
    def mature(self) -> bool:
        """Whether it has seen enough to judge by."""
        return self.count >= MATURE

    def learned(self, structure: Map, sharpness: float) -> "Reference":
        """After one more good still. It forgets slowly: shadows wander, a camera knocked aside stays aside."""
        weight = max(1 / (self.count + 1), _ADAPT)
        return Reference(
            min(self.count + 1, 1_000_000),
            self.sharpness + weight * (sharpness - self.sharpness),
            self.structure + np.float32(weight) * (structure - self.structure),
        )

    def as_json(self) -> dict[str, Any]:
        levels = np.clip(np.rint(self.structure * _STEP) + 128, 0, 255).astype(np.uint8)
        packed = base64.b85encode(zlib.compress(levels.tobytes(), 6)).decode("ascii")
        return {"count": self.count, "sharpness": round(self.sharpness, 5), "structure": packed}

    @staticmethod
    def from_json(kept: Mapping[str, Any]) -> "Reference":
        levels = np.frombuffer(zlib.decompress(base64.b85decode(kept["structure"])), np.uint8)
        structure = (levels.reshape(MAP_HEIGHT, MAP_WIDTH).astype(np.float32) - 128) / np.float32(_STEP)
        return Reference(int(kept["count"]), float(kept["sharpness"]), structure)


@dataclass(frozen=True, slots=True)
class Baseline:
    """A camera's references and for how many stills in a row each fault has been suspected. A new one knows nothing;
    starting anew is how a person accepts a view that was moved on purpose.
    """

    day: Reference | None = None
    night: Reference | None = None
    level: float | None = None
    """The mean grey level of the last good still."""
    streaks: Mapping[SightFault, int] = field(default_factory=dict)

    def reference(self, mean: float) -> tuple[Reference | None, bool]:
        """The mature reference for a still of this mean grey level, None if there is none, and whether to be lenient.

        In a camera's first night only the day is there to judge by, and the change of light may explain much; but not
        when the picture darkened at once.
        """
        own, other = (self.night, self.day) if self._is_night(mean) else (self.day, self.night)
        if own is not None and own.mature:
            return own, False
        at_once = self.level is not None and mean < _AT_ONCE * self.level
        return (other, not at_once) if other is not None and other.mature else (None, False)

    def learned(self, mean: float, structure: Map, sharpness: float) -> "Baseline":
        """After a good still."""
        night = self._is_night(mean)
        known = self.night if night else self.day
        now = known.learned(structure, sharpness) if known else Reference(1, sharpness, structure)
        return replace(self, night=now, level=mean) if night else replace(self, day=now, level=mean)

    def _is_night(self, mean: float) -> bool:
        known = self.night is not None and self.night.mature
        return mean < (_NIGHT_BELOW if known else _FIRST_NIGHT_BELOW)

    def counted(self, suspected: frozenset[SightFault]) -> "Baseline":
        """After a still in which these were suspected. A view that is lost goes on being lost under the other name."""
        streaks = {fault: self.streaks.get(fault, 0) for fault in sorted(suspected)}
        lost = max((self.streaks.get(fault, 0) for fault in _LOST), default=0)
        return replace(self, streaks={fault: max(seen, lost * (fault in _LOST)) + 1 for fault, seen in streaks.items()})

    def as_json(self) -> dict[str, Any]:
        """As kept in the table: some 15 kB."""
        return {
            "version": _VERSION,
            "day": self.day.as_json() if self.day else None,
            "night": self.night.as_json() if self.night else None,
            "level": None if self.level is None else round(self.level, 2),
            "streaks": {fault.value: count for fault, count in self.streaks.items()},
        }

    @staticmethod
    def from_json(kept: Mapping[str, Any] | None) -> "Baseline":
        """From the table; nothing, or what an older Pantau kept, makes a new one."""
        if not kept or kept.get("version") != _VERSION:
            return Baseline()
        day, night = (Reference.from_json(kept[name]) if kept[name] else None for name in ("day", "night"))
        streaks = {SightFault(fault): count for fault, count in kept["streaks"].items()}
        return Baseline(day, night, kept["level"], streaks)
