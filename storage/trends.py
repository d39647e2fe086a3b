"""How complaints came and went, period by period."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from cases.access import Sight
from cases.incidents import Question
from cases.words import IncidentKind
from storage.rollups.counted import QUARTER_US, Cut, counted
from storage.rollups.grains import Axis, Span
from storage.tables.types import micros


@dataclass(frozen=True, slots=True)
class Period:
    """What happened from `start` to the next one's: complaints opened then, and complaints closed then."""

    start: datetime
    opened: int
    closed: int


def trend(
    db: Session, question: Question, sight: Sight, now: datetime, starts: Sequence[datetime], *, monthly: bool
) -> list[Period]:
    """The complaints that answer the question (but for its times), by when they were opened and when closed.

    `starts` are midnights in order, the last of them the end of the last period; `monthly` if
    no inner one is another than a month's first. None where there is no period. Exact; to be asked on one snapshot.
    """
    if not starts:
        return []
    question = replace(question, kinds=frozenset({IncidentKind.COMPLAINT}), since=starts[0], until=starts[-1])
    cut = Cut(words=False, span=Span.MONTH if monthly else Span.DAY)
    edges = [micros(start) // QUARTER_US for start in starts]
    sums = {axis: [0] * (len(starts) - 1) for axis in Axis}
    for axis, numbers in sums.items():
        for key, one in counted(db, question, sight, now, replace(cut, axis=axis)).items():
            numbers[min(bisect_right(edges, key.quarter), len(numbers)) - 1] += one.n
    both = zip(starts[:-1], sums[Axis.HAPPENED], sums[Axis.CLOSED], strict=True)
    return [Period(*one) for one in both]
