"""Every table is moved, and where two differ is said in words."""

from typing import Any

import pytest
from sqlalchemy import text

from storage.moving import rows as moving_rows
from storage.moving.ends import MoveDiffers
from storage.moving.shapes import Row, Shape, shapes
from tests.pantau.move.town import Quiet
from tests.storage.pairs import Pair


def test_every_table_of_a_migrated_database_is_moved(pair: Pair) -> None:
    with pair.database.read() as db:
        asked = (
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            if pair.database.dialect == "sqlite"
            else "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition "
            "AND relnamespace = 'public'::regnamespace"
        )
        there = set(db.scalars(text(asked))) - {"alembic_version", "spatial_ref_sys"}
    assert there == {shape.name for shape in shapes()}


@pytest.mark.unit
def test_where_two_tables_part_is_said_in_words() -> None:
    shape = next(one for one in shapes() if one.name == "fact")
    with pytest.raises(MoveDiffers, match=r"row \('b',\) is on one side only"):
        moving_rows.compare(_Given([("a", "1", 1), ("b", "2", 2)]), _Given([("a", "1", 1)]), shape, Quiet())
    with pytest.raises(MoveDiffers, match=r"row \('a',\) differs in value"):
        moving_rows.compare(_Given([("a", "1", 1)]), _Given([("a", "2", 1)]), shape, Quiet())
    with pytest.raises(MoveDiffers, match=r"row \('b',\) is in the target only"):
        moving_rows.compare(_Given([("a", "1", 1)]), _Given([("a", "1", 1), ("b", "2", 2)]), shape, Quiet())


class _Given:
    """A table of few rows, whose key is their first value."""

    place = "here"

    def __init__(self, given: list[Row]) -> None:
        self.given = given

    def rows(self, shape: Shape, after: Row | None, limit: int) -> list[Row]:
        """As in Rows."""
        return [row for row in self.given if after is None or str(row[0]) > str(after[0])][:limit]

    def count(self, shape: Shape) -> int:
        """As in Rows."""
        return len(self.given)

    def extremes(self, table: str, column: str) -> tuple[Any, Any]:
        """As in Rows."""
        return self.given[0][0], self.given[-1][0]

    def close(self) -> None:
        """As in Rows."""
