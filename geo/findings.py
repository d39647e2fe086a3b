"""What was found wrong with a set of areas while it was read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """What can be wrong with areas."""

    OVERLAP = "overlap"
    GAP = "gap"
    DUPLICATE = "duplicate"
    STRAY = "stray"
    REPAIRED = "repaired"
    EMPTY = "empty"
    UNNAMED = "unnamed"
    TURNED = "turned"


_MEANINGS = {
    Fault.OVERLAP: "overlaps, where a place goes to the lower code",
    Fault.GAP: "gaps, where a place is in no area",
    Fault.DUPLICATE: "codes given more than once",
    Fault.STRAY: "strays, away from their parent or with a code that disagrees with it",
    Fault.REPAIRED: "repaired, for their rings crossed",
    Fault.EMPTY: "left out, for want of a polygon or a usable code",
    Fault.UNNAMED: "without a name, called by their code",
    Fault.TURNED: "in lat, lon order, turned to lon, lat",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: the codes it concerns, its size in square metres, a place to look at, a note."""

    fault: Fault
    codes: tuple[str, ...]
    area_m2: float = 0.0
    at: tuple[float, float] | None = None
    note: str = ""

    def __str__(self) -> str:
        parts = [", ".join(self.codes), f"{self.area_m2:,.0f} m2" if self.area_m2 else ""]
        parts += [f"at {self.at[0]:.6f}, {self.at[1]:.6f}" if self.at else "", self.note]
        return ", ".join(part for part in parts if part)


@dataclass(slots=True)
class Findings:
    """All faults of one import, the largest of each kind first.

    Overlaps, gaps and strays smaller than `sliver_m2` are counted in `slivers` and added up in
    `sliver_area_m2`, not listed.
    """

    sliver_m2: float
    listed: list[Finding] = field(default_factory=list)
    slivers: Counter[Fault] = field(default_factory=Counter)
    sliver_area_m2: dict[Fault, float] = field(default_factory=dict)

    def add(self, finding: Finding) -> None:
        """List a fault, or count it if it is a sliver."""
        if finding.fault in (Fault.OVERLAP, Fault.GAP, Fault.STRAY) and 0 < finding.area_m2 < self.sliver_m2:
            self.slivers[finding.fault] += 1
            self.sliver_area_m2[finding.fault] = self.sliver_area_m2.get(finding.fault, 0.0) + finding.area_m2
        else:
            self.listed.append(finding)

    def of(self, fault: Fault) -> list[Finding]:
        """The listed faults of one kind, largest first."""
        found = [finding for finding in self.listed if finding.fault is fault]
        return sorted(found, key=lambda finding: (-finding.area_m2, finding.codes))

    def lines(self, at_most: int = 5) -> list[str]:
        """The report for a person: per kind its number and size, then its largest cases."""
        lines = []
        for fault, meaning in _MEANINGS.items():
            found, small = self.of(fault), self.slivers[fault]
            if not found and not small:
                continue
            size = sum(finding.area_m2 for finding in found)
            line = f"{meaning}: {len(found)}" + (f", {size:,.0f} m2 in all" if size else "")
            if small:
                line += f"; and {small} under {self.sliver_m2:,.0f} m2, {self.sliver_area_m2[fault]:,.0f} m2 in all"
            lines.append(line)
            lines += [f"  {finding}" for finding in found[:at_most]]
            if len(found) > at_most:
                lines.append(f"  and {len(found) - at_most} more")
        return lines
