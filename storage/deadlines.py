"""When a complaint is late, as SQL."""

from sqlalchemy import ColumnElement, and_, bindparam
from sqlmodel import col

from storage.tables import Complaint
from storage.tables.types import UtcTime

_NOW = bindparam("now", type_=UtcTime())


def overdue() -> ColumnElement[bool]:
    """Not closed, and its deadline is past at the parameter `now`."""
    return and_(col(Complaint.closed_at).is_(None), col(Complaint.due_at) < _NOW)
