"""The mark of whoever counts everything anew while others go on writing: nobody folds meanwhile, nobody else counts.

What is not folded is added by whoever asks, so that a mark makes no count wrong. One that its process left behind when
it was killed runs out; a process that comes back late finds its mark gone, and with it the right to replace anything.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from sqlalchemy import delete
from sqlalchemy.orm import Session
from sqlmodel import col

from storage import facts
from storage.errors import StorageError
from storage.tables import Fact

STANDS: Final = timedelta(minutes=10)
"""How long a mark stands that is not put anew."""

_FACT: Final = "rollups_counted_anew_by"


class NotCounted(StorageError):
    """Counting anew was not begun, or came to nothing, because another process does it or did. Nothing was changed."""


def put(db: Session, now: datetime) -> str:
    """Marks that everything is being counted anew; answers by what the mark is known. Raises NotCounted."""
    if stands(db, now):
        raise NotCounted("another process is counting everything anew; wait until it has done so")
    token = uuid4().hex
    facts.put(db, _FACT, token, now)
    return token


def renew(db: Session, token: str, now: datetime) -> None:
    """Lets one's mark stand for longer. Raises NotCounted if it is gone."""
    hold(db, token)
    facts.put(db, _FACT, token, now)


def hold(db: Session, token: str) -> None:
    """Raises NotCounted if one's mark is gone."""
    if facts.get(db, _FACT) != token:
        raise NotCounted("counting took so long that others went on meanwhile; nothing was replaced, begin anew")


def stands(db: Session, now: datetime) -> bool:
    """Whether somebody is counting everything anew."""
    return bool(facts.beginning(db, _FACT, now - STANDS))


def remove(db: Session, token: str | None = None) -> None:
    """Removes one's mark, or whichever there is."""
    found = delete(Fact).where(col(Fact.key) == _FACT)
    db.execute(found if token is None else found.where(col(Fact.value) == token))
