"""How agencies, areas or categories compare: what was opened, what became of it, how long it took."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from cases.access import Sight
from cases.compared import By
from cases.incidents import Question
from cases.words import IncidentKind
from storage.rollups.counted import Counts, Cut, Key, counted
from storage.rollups.measures import Measures


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of the table. `code` None: outside every area. `overdue`: open, and past the deadline."""

    code: str | None
    sums: Measures
    overdue: int

    @property
    def on_time_share(self) -> float | None:
        """Closed within the deadline, of all whose deadline has been judged: those closed, and those open and late."""
        judged = self.sums.closed + self.overdue
        return self.sums.on_time / judged if judged else None


def league(db: Session, question: Question, sight: Sight, now: datetime, *, by: By, code_length: int) -> list[Standing]:
    """The complaints that answer the question, by what they are compared by, most opened first.

    Areas by the first `code_length` characters of their codes. Exact; to be asked on one snapshot.
    """
    question = replace(question, kinds=frozenset({IncidentKind.COMPLAINT}))
    cut = Cut(words=by is not By.AREA, code_length=code_length if by is By.AREA else None, full=True)
    all_ = _summed(counted(db, question, sight, now, cut), by)
    # Of what is open some thousands are late at any time, and from one minute to the next others.
    late = {}
    if question.overdue is not False:
        late = _summed(counted(db, replace(question, overdue=True), sight, now, replace(cut, full=False)), by)
    found = [Standing(code or None, sums, late[code].n if code in late else 0) for code, sums in all_.items()]
    return sorted(found, key=lambda one: (one.code is None, -one.sums.n, one.code or ""))


def total(found: Iterable[Standing]) -> Standing:
    """All of it in one line."""
    whole = Standing(None, Measures(), 0)
    for one in found:
        whole = Standing(None, whole.sums + one.sums, whole.overdue + one.overdue)
    return whole


def _summed(found: Counts, by: By) -> dict[str, Measures]:
    sums: dict[str, Measures] = {}
    for key, one in found.items():
        code = _code(key, by)
        sums[code] = sums[code] + one if code in sums else one
    return sums


def _code(key: Key, by: By) -> str:
    match by:
        case By.AGENCY:
            return key.agency
        case By.AREA:
            return key.area
        case By.CATEGORY:
            return key.category
