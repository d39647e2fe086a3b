"""Keeps the counts up to date, whatever they lack."""

from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

from storage.database import Database
from storage.rollups.fold import fold, offset
from storage.rollups.grains import offset_s
from storage.rollups.mark import NotCounted
from storage.rollups.rebuild import rebuild


def keep(database: Database, zone: ZoneInfo, now: datetime) -> int:
    """Folds what was noted, or counts everything where counts are missing or of another zone's days.

    Answers how many changes were folded in: none while another process counts everything anew. Several processes may
    call it at once: they take turns.
    """
    with database.read() as db:
        fits = offset(db) == offset_s(zone)
    if not fits:
        with suppress(NotCounted):
            rebuild(database, zone, now)
        return 0
    folded = 0
    while some := fold(database, now):
        folded += some
    return folded
