"""Areas on tiles: their ground with as many corners as a zoom can show, and one label each."""

from collections.abc import Callable, Mapping, Sequence
from threading import Lock

import numpy as np
from shapely.geometry.base import BaseGeometry

from api.tiles.layers import LABELS, TileLayer
from geo import mvt
from geo.areas import Area, span
from geo.cells import cells
from geo.index import AreaIndex
from geo.mvt import EXTENT, Layer, Property
from geo.outlines import outlines
from geo.tiles import Tile
from storage.areas import AreaBook

_WHOLE_FROM = 14
"""The zoom from which areas are drawn with every corner."""
_SEEN = 3  # units by which an outline may be off and still look right

_TOLD: Mapping[str, Callable[[Area], str | None]] = {
    "code": lambda area: area.code,
    "name": lambda area: area.name,
    "level": lambda area: area.level,
    "parent": lambda area: area.parent,
    "kind": lambda area: area.kind,
}


class AreaShapes:
    """The areas as each zoom shows them. Safe to share between threads; follows the book."""

    def __init__(self, book: AreaBook) -> None:
        self._book = book
        self._lock = Lock()
        self._index: AreaIndex | None = None
        self._kept: dict[int, Sequence[BaseGeometry]] = {}

    def version(self) -> object:
        """Another object whenever the areas changed."""
        return self._book.index()

    def at(self, zoom: int) -> tuple[Sequence[Area], Sequence[BaseGeometry]]:
        """All areas by code, and the shape of each."""
        zoom = min(zoom, _WHOLE_FROM)
        with self._lock:
            index = self._book.index()
            if index is not self._index:
                self._index = index
                self._kept.clear()
            areas = index.areas
            if zoom not in self._kept:
                self._kept[zoom] = _shapes(areas, zoom)
            return areas, self._kept[zoom]


def _shapes(areas: Sequence[Area], zoom: int) -> Sequence[BaseGeometry]:
    if zoom >= _WHOLE_FROM or not areas:
        return [area.geometry for area in areas]
    found = outlines(areas, 360 / (EXTENT << zoom) * _SEEN)
    return [found[area.code] for area in areas]


def area_layers(known: AreaShapes, tile: Tile, within: str | None, names: Sequence[str]) -> list[Layer]:
    """The areas that reach into the tile (of `within` and below it, where given), and the labels that lie in it.

    An area's id is the same in every tile that it reaches into; its label is in one tile of a zoom only.
    """
    areas, shapes = known.at(tile.z)
    if within is not None:
        first, end = span(within)
        chosen = [at for at, area in enumerate(areas) if first <= area.code < end]
        areas, shapes = [areas[at] for at in chosen], [shapes[at] for at in chosen]
    west, south, east, north = tile.around
    near = [
        at
        for at, area in enumerate(areas)
        if area.bbox[0] <= east and area.bbox[2] >= west and area.bbox[1] <= north and area.bbox[3] >= south
    ]
    rings, which = tile.rings([shapes[at] for at in near])
    reaching = [areas[near[at]] for at in which]
    labels = np.array([area.label for area in areas], dtype=np.float64).reshape(-1, 2)
    first_cell, last_cell = tile.run
    at_label = cells(labels[:, 0], labels[:, 1])
    inside = np.flatnonzero((at_label >= first_cell) & (at_label <= last_cell))
    named = [areas[at] for at in inside.tolist()]
    return [
        _layer(TileLayer.AREAS, mvt.polygons(rings), reaching, names),
        _layer(LABELS, mvt.points(*tile.place(labels[inside, 0], labels[inside, 1])), named, names),
    ]


def _layer(name: str, drawn: mvt.Drawn, areas: Sequence[Area], names: Sequence[str]) -> Layer:
    ids = np.array([int(area.code.replace(".", "")) for area in areas], dtype=np.int64)
    told: list[Property] = [
        mvt.texts(key, [tell(area) for area in areas]) for key, tell in _TOLD.items() if key in names
    ]
    return Layer(name, drawn, told, ids=ids)
