"""Areas made for the tests: a small grid of villages with known codes."""

from __future__ import annotations

import shapely
from shapely import MultiPolygon, Polygon

from geo.areas import Area, level_of, parent_code
from geo.ground import area_m2, label_of

WEST, SOUTH, SIDE = 114.0, -8.5, 0.02


def square(column: float, row: float, width: float = 1, height: float = 1) -> Polygon:
    """A rectangle in steps of SIDE degrees from (WEST, SOUTH)."""
    columns, rows = (column, column + width), (row, row + height)
    (west, east), (south, north) = (
        [round(WEST + at * SIDE, 6) for at in columns],
        [round(SOUTH + at * SIDE, 6) for at in rows],
    )
    return shapely.box(west, south, east, north)


def middle(column: float, row: float) -> tuple[float, float]:
    """The middle of the square at this column and row."""
    return WEST + (column + 0.5) * SIDE, SOUTH + (row + 0.5) * SIDE


def area(code: str, ground: Polygon | MultiPolygon, name: str | None = None) -> Area:
    """An area with this ground."""
    west, south, east, north = ground.bounds
    return Area(
        code,
        name or code,
        level_of(code),
        parent_code(code),
        None,
        ground,
        label_of(ground),
        area_m2(ground),
        (west, south, east, north),
    )


def grid(columns: int = 4, rows: int = 3) -> list[Area]:
    """Villages in a grid, one district a row: `99.01.01.2001` is the lowest row's first."""
    return [
        area(f"99.01.{row + 1:02d}.{2001 + column}", square(column, row))
        for row in range(rows)
        for column in range(columns)
    ]
