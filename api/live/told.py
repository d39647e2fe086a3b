"""What a batch of changes means to all who ask the same with the same sight: asked once, written out once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.features import each_feature
from api.live import events
from cases.access import Sight
from cases.incidents import Question
from cases.narrow import Within
from geo.index import AreaIndex
from storage import changed
from storage import changes as log
from storage.changed import Was
from storage.changes import Batch, Position, PositionLost
from storage.database import Session
from storage.tables.changes import ChangeKind

Group = tuple[Question, Sight]
"""Those who ask the same (`cases.narrow.wide`) with the same sight."""

MOST = 2_000
"""Changes told one by one; of more, everybody loads anew."""

_INCIDENTS = frozenset({ChangeKind.COMPLAINT, ChangeKind.PHOTO, ChangeKind.OUTAGE})


@dataclass(frozen=True, slots=True)
class News:
    """A batch of the log, and the complaints whose deadline passed between `before` and `now`."""

    batch: Batch
    due: Sequence[UUID]
    before: datetime
    now: datetime
    overflow: bool

    def __bool__(self) -> bool:
        return bool(self.batch.notes or self.due or self.overflow)

    @property
    def at(self) -> Position:
        """Up to where it goes."""
        return self.batch.at


def read(db: Session, position: Position, now: datetime) -> News:
    """What is new after the position."""
    batch = log.since(db, position, now, MOST)
    due = changed.due(db, position.moment, now, MOST + 1)
    return News(batch, due, position.moment, now, batch.overflow or len(due) > MOST)


@dataclass(frozen=True, slots=True)
class Told:
    """What to tell a group: events with what decides who of it gets them."""

    here: Sequence[tuple[Was, bytes]]
    was: Sequence[Was]

    def piece(self, within: Within, at: Position) -> bytes:
        """The events for those who ask within there; empty for none."""
        here = [(one.id, event) for one, event in self.here if within.holds(one.lon, one.lat, one.happened_us)]
        staying = {id_ for id_, _ in here}
        left = dict.fromkeys(one.id for one in self.was if within.holds(one.lon, one.lat, one.happened_us))
        told = [event for _, event in here] + [events.gone(id_) for id_ in left if id_ not in staying]
        return events.batch(told, at)


def unsettles(news: News, group: Group) -> bool:
    """Whether too much changed to tell it one by one, or something that decides who sees many incidents."""
    if news.overflow:
        return True
    return changed.unsettled({note.kind for note in news.batch.notes}, *group)


def tell(db: Session, group: Group, news: News, index: AreaIndex) -> Told:
    """What the news mean to the group."""
    question, sight = group
    notes = [note for note in news.batch.notes if note.kind in _INCIDENTS and note.subject is not None]
    ids = {note.subject for note in notes if note.subject is not None} | set(news.due)
    rows = changed.answering(db, question, sight, ids, news.now)
    here = [
        (changed.row_was(row), events.incident(feature))
        for row, feature in zip(rows, each_feature(rows, index), strict=True)
    ]
    was = changed.answered(db, question, sight, (note.id for note in notes if note.existed), news.before)
    if question.overdue is not None and news.due:
        # No write tells that time has passed.
        was += map(changed.row_was, changed.answering(db, question, sight, news.due, news.before))
    return Told(here, was)


def catch_up(db: Session, group: Group, after: str, now: datetime, index: AreaIndex) -> tuple[Told, Position] | None:
    """What somebody missed who was told everything up to the position `after`; None if that cannot be said."""
    try:
        position = Position.decode(after)
        log.check(db, position)
    except PositionLost:
        return None
    news = read(db, position, now)
    if unsettles(news, group):
        return None
    return tell(db, group, news, index), news.at
