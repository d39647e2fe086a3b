"""Inserts that may find their row there already, on either engine."""

from typing import Any, Final

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

_INSERT: Final[dict[str, Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def addition(db: Session, table: Table | type[SQLModel]) -> Any:
    """An insert that can be told what to do then: `on_conflict_do_nothing`, `on_conflict_do_update`."""
    return _INSERT[db.get_bind().dialect.name](table)
