"""A tile's bytes: what is kept, as columns, into layers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.house import House
from api.tiles.areas import area_layers
from api.tiles.asked import Wanted
from api.tiles.layers import (
    CELLS,
    COUNTED,
    COUNTED_TO,
    CROWDED_TO,
    FINER,
    MOST_ROWS,
    OVERDUE,
    SINGLE_FROM,
    VIEWS,
    VIEWS_FROM,
    TileLayer,
)
from cases.incidents import Circle, Question
from geo import mvt
from geo.cells import ZOOM
from geo.mvt import Ints, Layer, Property
from geo.tiles import Tile, cells_of
from geo.view import sector
from storage import tile_cameras, tiles
from storage.database import Session
from storage.rollups import cells as counts
from storage.rollups.grains import CELL_LEVELS
from storage.tile_cameras import Seen
from storage.tiles import NEVER, PROPERTIES, Column, Form, Rows

_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Counted:
    """`counts[i]` things of group `groups[i]` in `cells[i]`."""

    cells: Ints
    groups: Ints
    counts: Ints


def drawn(house: House, wanted: Wanted) -> bytes:
    """The tile as it is now. Without features it has no bytes."""
    match wanted.layer:
        case TileLayer.AREAS:
            return mvt.encode(area_layers(house.tiles.areas, wanted.tile, wanted.question.area, wanted.names))
        case TileLayer.CAMERAS:
            with house.parts.database.read() as db:
                return mvt.encode(_camera_layers(db, wanted))
        case _:
            return mvt.encode([_incidents(house, wanted)])


def _incidents(house: House, wanted: Wanted) -> Layer:
    database, now = house.parts.database, wanted.at or house.now
    if wanted.tile.z >= SINGLE_FROM:
        found = database.ask(lambda db: _rows(db, wanted, now))
        if found is not None:
            return _single(wanted, found)
    with database.read() as db:
        return _counted(db, wanted, now)


def _rows(db: Session, wanted: Wanted, now: datetime) -> Rows | None:
    given = (wanted.question, wanted.sight, now)
    return tiles.rows(db, *given, run=wanted.tile.run, names=wanted.names, at_most=_most(wanted))


def _most(wanted: Wanted) -> int:
    """How many rows the tile shows one by one."""
    return MOST_ROWS if wanted.tile.z > CROWDED_TO else min(wanted.singles, MOST_ROWS)


def _single(wanted: Wanted, rows: Rows) -> Layer:
    where = mvt.points(*wanted.tile.place(rows.lon, rows.lat))
    return Layer(wanted.layer, where, [_told(name, column) for name, column in rows.columns.items()])


def _told(name: str, column: Column) -> Property:
    given: Any = column
    match PROPERTIES[name]:
        case Form.TEXT:
            return mvt.texts(name, given)
        case Form.TIME:
            return mvt.integers(name, np.where(given == NEVER, NEVER, given // _SECOND), NEVER)
        case Form.NUMBER:
            return mvt.numbers(name, given)
        case Form.FLAG:
            return mvt.flags(name, given == 1)


def _counted(db: Session, wanted: Wanted, now: datetime) -> Layer:
    level = _level(wanted)
    found = _by_cell(db, wanted, wanted.question, now)
    words = [{"kind": group.kind, "status": group.status, "category": group.category} for group in found.legend]
    late = None
    if OVERDUE in wanted.names and wanted.question.overdue is not False:
        late = _by_cell(db, wanted, replace(wanted.question, overdue=True), now)
    return _cells(wanted, level, Counted(found.cells, found.groups, found.counts), words, late)


def _by_cell(db: Session, wanted: Wanted, question: Question, now: datetime) -> counts.Cells:
    return counts.cells(db, question, wanted.sight, now, level=_level(wanted), run=wanted.tile.run)


def _level(wanted: Wanted) -> int:
    """The zoom of the tile's cells: not finer than asked for."""
    zoom = wanted.tile.z
    return min(cell_level(zoom), zoom + wanted.cells.bit_length() - 1)


def cell_level(zoom: int) -> int:
    """The finest zoom of the cells in a tile of this zoom: 32 by 32 where that is read quickly, fewer where a tile may
    hold most of what there is and roll-ups tell its cells.
    """
    if zoom > COUNTED_TO:
        return min(zoom + FINER, ZOOM)
    return min(zoom + FINER, CELL_LEVELS[1] if zoom <= SINGLE_FROM else CELL_LEVELS[0])


def _cells(
    wanted: Wanted,
    level: int,
    found: Counted,
    legend: Sequence[Mapping[str, str | None]],
    late: counts.Cells | None = None,
) -> Layer:
    """Cells with their counts: in all, and by each word of each property in COUNTED that was asked for. The counts of
    one property add up to the count in all; what has none is counted by `no_` and the property. `late` are those of
    them that are overdue.
    """
    places, inverse = np.unique(found.cells, return_inverse=True)
    columns = {"count": np.ones(len(legend), dtype=np.bool_)}
    for name in COUNTED:
        if name in wanted.names:
            words = [group.get(name) for group in legend]
            for word in sorted(set(words), key=lambda one: (one is None, one or "")):
                key = f"no_{name}" if word is None else f"{name}_{word}"
                columns[key] = np.array([one == word for one in words], dtype=np.bool_)
    sums = {name: _summed(inverse, found, of, len(places)) for name, of in columns.items()}
    if late is not None:
        sums[OVERDUE] = np.zeros(len(places), dtype=np.int64)
        np.add.at(sums[OVERDUE], np.searchsorted(places, late.cells), late.counts)
    where = mvt.points(*wanted.tile.middles(places, level))
    return Layer(CELLS, where, _counts(sums), ids=places)


def _summed(inverse: NDArray[np.intp], found: Counted, of: NDArray[np.bool_], length: int) -> Ints:
    sums = np.zeros(length, dtype=np.int64)
    chosen = of[found.groups]
    np.add.at(sums, inverse[chosen], found.counts[chosen])
    return sums


def _counts(sums: Mapping[str, Ints]) -> list[Property]:
    """Counts as properties that share their values; nothing is said where there is none."""
    distinct = np.unique(np.concatenate(list(sums.values())))
    values = mvt.integer_values(distinct)
    return [
        Property(name, values, np.where(column > 0, np.searchsorted(distinct, column), -1))
        for name, column in sums.items()
    ]


def _camera_layers(db: Session, wanted: Wanted) -> list[Layer]:
    tile = wanted.tile
    standing = tile_cameras.standing(db, wanted.question, wanted.sight, tile.run)
    if tile.z < SINGLE_FROM or len(standing) > _most(wanted):
        level = _level(wanted)
        states = sorted({camera.state for camera in standing}, key=lambda state: state or "")
        cells = cells_of(np.array([camera.cell for camera in standing], dtype=np.int64), level)
        groups = np.array([states.index(camera.state) for camera in standing], dtype=np.int64)
        ones = np.ones(len(standing), dtype=np.int64)
        return [_cells(wanted, level, Counted(cells, groups, ones), [{"state": state} for state in states])]
    where = mvt.points(*tile.place([one.view.lon for one in standing], [one.view.lat for one in standing]))
    layers = [Layer(wanted.layer, where, _of_cameras(wanted.names, standing))]
    return [*layers, _views(db, wanted)] if tile.z >= VIEWS_FROM else layers


def _views(db: Session, wanted: Wanted) -> Layer:
    """The ground that cameras see, also of those that stand outside the tile."""
    tile: Tile = wanted.tile
    cameras = tile_cameras.reaching(db, wanted.question, wanted.sight, Circle(*tile.middle, tile.radius_m))
    rings, which = tile.rings([sector(camera.view) for camera in cameras])
    return Layer(VIEWS, mvt.polygons(rings), _of_cameras(wanted.names, [cameras[at] for at in which]))


_TOLD: Mapping[str, Callable[[Seen], str | None]] = {
    "camera": lambda camera: str(camera.id),
    "name": lambda camera: camera.name,
    "state": lambda camera: camera.state,
    "agency": lambda camera: camera.agency,
    "area": lambda camera: camera.area,
}
_MEASURED: Mapping[str, Callable[[Seen], float]] = {
    "bearing_deg": lambda camera: camera.view.bearing_deg,
    "fov_deg": lambda camera: camera.view.fov_deg,
    "range_m": lambda camera: camera.view.range_m,
}


def _of_cameras(names: Sequence[str], cameras: Sequence[Seen]) -> list[Property]:
    found = [mvt.texts(name, [tell(one) for one in cameras]) for name, tell in _TOLD.items() if name in names]
    if "number" in names:
        found.append(mvt.integers("number", np.array([one.number for one in cameras], dtype=np.int64)))
    for name, measure in _MEASURED.items():
        if name in names:
            found.append(mvt.numbers(name, np.array([measure(one) for one in cameras], dtype=np.float64)))
    return found
