"""SQLite reads by the index that a query names, whatever its planner thinks of it."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from cases.incidents import Circle
from storage import complaints, photos
from storage.database import open_database
from tests.storage.crowd import NOW

LON, LAT = 113.2, -8.2
QUESTIONS: dict[str, Callable[[Session], object]] = {
    "complaint_cell": lambda db: complaints.open_around(db, LON, LAT, NOW),
    "photo_cell": lambda db: photos.waiting_around(db, Circle(LON, LAT, 500), NOW - timedelta(hours=1), NOW),
}


@pytest.mark.parametrize("index", QUESTIONS)
def test_the_named_index_is_used(index: str, sqlite_template: Path, tmp_path: Path) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "pantau.db")
    asked: list[tuple[str, Any]] = []
    with open_database(f"sqlite:///{tmp_path / 'pantau.db'}") as database:

        @event.listens_for(database.engine, "before_cursor_execute")
        def _note(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
            asked.append((statement, parameters))

        with database.read() as db:
            QUESTIONS[index](db)
            statement, parameters = asked[-1]
            plan = db.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
    assert any(f"USING INDEX {index}" in step[-1] for step in plan), plan
