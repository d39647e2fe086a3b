"""Trying a camera for its owner: what happened, in words that say what to do."""

from dataclasses import dataclass
from typing import Final

from cases.dates import decimal
from cases.sentences import sentence
from ingest.cameras.address import Guard
from ingest.cameras.reach import Reach, Visit, Visitor, Want

TEST_S: Final = 20.0
"""The longest a person waits, in seconds: two pauses between keyframes of eight seconds and some."""

_CLOCK_OFF_S: Final = 120


@dataclass(frozen=True)
class Report:
    """A visit that can speak."""

    visit: Visit

    def told(self, language: str) -> list[str]:
        """What happened, how the camera was reached and how long it took, and whether its clock is off."""
        visit, seconds = self.visit, decimal(self.visit.took_s, language)
        said = [sentence(f"visit.{visit.state}", language)]
        if visit.way is not None:
            way = ("ONVIF, " if visit.by_onvif else "") + sentence(f"way.{visit.way}", language)
            said.append(sentence("visit.reached", language, way=way, seconds=seconds))
        else:
            said.append(sentence("visit.lasted", language, seconds=seconds))
        offset_s = abs(visit.clock_offset_s or 0)
        if offset_s >= _CLOCK_OFF_S:
            said.append(sentence("visit.clock", language, minutes=round(offset_s / 60)))
        return said


async def tried(visitor: Visitor, how: Reach, *, guard: Guard, deadline_s: float = TEST_S) -> Report:
    """Visit a camera once for a picture that can be shown. Errors: `DecoderBroken`."""
    return Report(await visitor.visit(how, deadline_s=deadline_s, guard=guard, want=Want.PICTURE))
