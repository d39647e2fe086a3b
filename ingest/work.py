"""What a job's work looks like: done first, written down last."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from ingest.parts import Parts
from storage.tables import Job

Effect = Callable[[Session, datetime], None]
"""What a job writes, in the transaction that also ends it: both are kept, or neither."""

Handler = Callable[[Parts, Job], Effect]
"""Does the slow part of a job outside any transaction and returns what is to be written. It may run again after a
crash, so what it does must bear repeating."""
