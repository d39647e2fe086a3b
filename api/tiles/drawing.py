"""A tile's bytes: what is kept, as columns, into layers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np

from api.house import House
from api.tiles import counting
from api.tiles.areas import area_layers
from api.tiles.asked import Wanted
from api.tiles.counting import Counted, Place
from api.tiles.crowds import parted
from api.tiles.layers import (
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
from geo.mvt import Layer, Property
from geo.tiles import Tile, cells_of
from geo.view import sector
from storage import tile_cameras, tiles
from storage.columns import NEVER, Column, Form
from storage.database import Session
from storage.rollups import cells as counts
from storage.rollups.grains import CELL_LEVELS
from storage.tile_cameras import Seen
from storage.tiles import PROPERTIES, Rows

_SECOND = 1_000_000


def drawn(house: House, wanted: Wanted) -> bytes:
    """The tile as it is now. Without features it has no bytes."""
    match wanted.layer:
        case TileLayer.AREAS:
            return mvt.encode(area_layers(house.tiles.areas, wanted.tile, wanted.question.area, wanted.names))
        case TileLayer.CAMERAS:
            with house.parts.database.read() as db:
                return mvt.encode(_camera_layers(db, wanted))
        case _:
            return mvt.encode(_incidents(house, wanted))


def _incidents(house: House, wanted: Wanted) -> list[Layer]:
    database, now = house.parts.database, wanted.at or house.now
    if wanted.tile.z >= SINGLE_FROM:
        rows = database.ask(lambda db: _rows(db, wanted, now))
        if rows is not None and (wanted.singles is None or wanted.tile.z > CROWDED_TO):
            return [_single(wanted, rows)]
        if rows is not None:
            level = wanted.tile.z + _finer(wanted)
            alone, crowds = parted(wanted, rows, level, wanted.singles or 0)
            return [_single(wanted, alone), crowds]
    with database.read() as db:
        return [_counted(db, wanted, now)]


def _rows(db: Session, wanted: Wanted, now: datetime) -> Rows | None:
    given = (wanted.question, wanted.sight, now)
    return tiles.rows(db, *given, run=wanted.tile.run, names=wanted.names, at_most=MOST_ROWS)


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
        case Form.COUNT:
            return mvt.integers(name, given)


def _counted(db: Session, wanted: Wanted, now: datetime) -> Layer:
    found = _by_cell(db, wanted, wanted.question, now)
    words = [{"kind": group.kind, "status": group.status, "category": group.category} for group in found.legend]
    late = None
    if OVERDUE in wanted.names and wanted.question.overdue is not False:
        lately = _by_cell(db, wanted, replace(wanted.question, overdue=True), now)
        late = Counted(lately.cells, np.zeros_like(lately.cells), lately.counts)
    return _cells(wanted, Counted(found.cells, found.groups, found.counts), words, late)


def _by_cell(db: Session, wanted: Wanted, question: Question, now: datetime) -> counts.Cells:
    finest = cell_level(wanted.tile.z)
    return counts.cells(db, question, wanted.sight, now, level=finest, run=wanted.tile.run)


def _finer(wanted: Wanted) -> int:
    """By how many zooms a cell is finer than the tile, if it is as fine as asked for."""
    return wanted.cells.bit_length() - 1


def _level(wanted: Wanted) -> int:
    """The zoom of the cells that the tile shows where the database counts: not finer than asked for."""
    return min(cell_level(wanted.tile.z), wanted.tile.z + _finer(wanted))


def cell_level(zoom: int) -> int:
    """The finest zoom of the cells in a tile of this zoom: 32 by 32 where that is read quickly, fewer where a tile may
    hold most of what there is and roll-ups tell its cells.
    """
    if zoom > COUNTED_TO:
        return min(zoom + FINER, ZOOM)
    return min(zoom + FINER, CELL_LEVELS[1] if zoom <= SINGLE_FROM else CELL_LEVELS[0])


def _cells(wanted: Wanted, found: Counted, legend: Sequence[counting.Words], late: Counted | None = None) -> Layer:
    """Counts by cells as fine as can be, as those that were asked for."""
    finest, level = cell_level(wanted.tile.z), _level(wanted)
    place = Place(wanted.tile, level, *wanted.tile.middles(found.cells, finest))
    coarser = None if late is None else late.coarser(finest - level)
    return counting.layer(wanted.names, place, found.coarser(finest - level), legend, coarser)


def _camera_layers(db: Session, wanted: Wanted) -> list[Layer]:
    tile = wanted.tile
    standing = tile_cameras.standing(db, wanted.question, wanted.sight, tile.run)
    if tile.z < SINGLE_FROM or len(standing) > MOST_ROWS:
        states = sorted({camera.state for camera in standing}, key=lambda state: state or "")
        cells = cells_of(np.array([camera.cell for camera in standing], dtype=np.int64), cell_level(tile.z))
        groups = np.array([states.index(camera.state) for camera in standing], dtype=np.int64)
        ones = np.ones(len(standing), dtype=np.int64)
        return [_cells(wanted, Counted(cells, groups, ones), [{"state": state} for state in states])]
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
