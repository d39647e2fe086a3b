"""What the tilesets are, for map clients (TileJSON 3.0) and by the standards (OGC API - Tiles 1.0, Two Dimensional Tile
Matrix Set and Tile Set Metadata 2.0).
"""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from api.answers.areas import bounds
from api.house import House
from api.tiles.layers import (
    ABOUT,
    CELLS,
    COUNTED,
    FIELDS,
    LABELS,
    OVERDUE,
    SINGLE_FROM,
    VIEWS,
    VIEWS_FROM,
    TileLayer,
)
from geo.mvt import MEDIA_TYPE
from geo.tiles import MOST_ZOOM

MATRIX_SET: Final = "WebMercatorQuad"

_TILES, _TMS = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf", "http://www.opengis.net/spec/tms/2.0/conf"
CONFORMS_TO: Final = [
    *(f"{_TILES}/{name}" for name in ("core", "tileset", "tilesets-list", "mvt")),
    *(f"{_TMS}/{name}" for name in ("tilematrixset", "json-tilematrixset", "json-tilesetmetadata")),
]

_MATRIX_SET_URI = f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{MATRIX_SET}"
_CRS = "http://www.opengis.net/def/crs/EPSG/0/3857"
_CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_REL = "http://www.opengis.net/def/rel/ogc/1.0"
_JSON = "application/json"
_HALF_M = math.pi * 6_378_137
_PIXEL_M = 0.00028  # what a standard's scale takes a pixel for
_PIXELS = 256
_WORLD = (-180.0, -85.0511287798066, 180.0, 85.0511287798066)
_DIMENSIONS = {VIEWS: 2, TileLayer.AREAS: 2}

Link = Callable[[str], str]


def tilesets(link: Link) -> dict[str, Any]:
    """The list of tilesets."""
    links = [
        ("self", "/tiles", _JSON),
        ("conformance", "/tiles/conformance", _JSON),
        (f"{_REL}/tiling-schemes", "/tiles/tileMatrixSets", _JSON),
        ("service-desc", "/api/openapi.json", "application/vnd.oai.openapi+json;version=3.1"),
    ]
    return {
        "title": "Pantau",
        "links": [{"rel": rel, "href": link(path), "type": kind} for rel, path, kind in links],
        "tilesets": [_brief(layer, link) for layer in TileLayer],
    }


def matrix_sets(link: Link) -> dict[str, Any]:
    """The list of tile matrix sets."""
    at = {"rel": "self", "href": link(f"/tiles/tileMatrixSets/{MATRIX_SET}"), "type": _JSON}
    return {"tileMatrixSets": [{"id": MATRIX_SET, "uri": _MATRIX_SET_URI, "crs": _CRS, "links": [at]}]}


def matrix_set() -> dict[str, Any]:
    """The tiles of each zoom: where they begin, how large they are."""
    matrices = [
        {
            "id": str(zoom),
            "scaleDenominator": 2 * _HALF_M / (_PIXELS << zoom) / _PIXEL_M,
            "cellSize": 2 * _HALF_M / (_PIXELS << zoom),
            "cornerOfOrigin": "topLeft",
            "pointOfOrigin": [-_HALF_M, _HALF_M],
            "tileWidth": _PIXELS,
            "tileHeight": _PIXELS,
            "matrixWidth": 1 << zoom,
            "matrixHeight": 1 << zoom,
        }
        for zoom in range(MOST_ZOOM + 1)
    ]
    return {
        "id": MATRIX_SET,
        "title": "Google Maps Compatible for the World",
        "uri": _MATRIX_SET_URI,
        "crs": _CRS,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": matrices,
    }


def tileset(layer: TileLayer, house: House) -> dict[str, Any]:
    """A tileset's metadata."""
    west, south, east, north = _bounds(house)
    inside = [
        {
            "id": name,
            "title": what,
            "dataType": "vector",
            "geometryDimension": _DIMENSIONS.get(name, 0),
            "minTileMatrix": str(first),
            "maxTileMatrix": str(MOST_ZOOM),
            "propertiesSchema": {"type": "object", "properties": {key: {"title": FIELDS[key]} for key in told}},
        }
        for name, what, first, told in _inside(layer, ABOUT[layer].tells)
    ]
    tiles = {
        "rel": "item",
        "href": house.options.link(f"/tiles/{layer}/{{tileMatrix}}/{{tileCol}}/{{tileRow}}.mvt"),
        "type": MEDIA_TYPE,
        "templated": True,
    }
    as_tilejson = {"rel": "describedby", "href": house.options.link(f"/tiles/{layer}.json"), "type": _JSON}
    brief = _brief(layer, house.options.link)
    return brief | {
        "links": [*brief["links"], as_tilejson, tiles],
        "boundingBox": {"lowerLeft": [west, south], "upperRight": [east, north], "crs": _CRS84},
        "layers": inside,
    }


def tilejson(layer: TileLayer, names: Sequence[str], house: House, query: str) -> dict[str, Any]:
    """A tileset for map clients. `names` are the properties that were asked for, none for the usual ones."""
    about, asked = ABOUT[layer], f"?{query}" if query else ""
    west, south, east, north = box = _bounds(house)
    return {
        "tilejson": "3.0.0",
        "name": about.title,
        "version": "1.0.0",
        "scheme": "xyz",
        "tiles": [house.options.link(f"/tiles/{layer}/{{z}}/{{x}}/{{y}}.mvt") + asked],
        "minzoom": 0,
        "maxzoom": MOST_ZOOM,
        "bounds": list(box),
        "center": [(west + east) / 2, (south + north) / 2, SINGLE_FROM],
        "vector_layers": [
            {
                "id": name,
                "description": what,
                "minzoom": first,
                "maxzoom": MOST_ZOOM,
                "fields": {key: FIELDS[key] for key in told},
            }
            for name, what, first, told in _inside(layer, names or about.by_itself)
        ],
    }


def _brief(layer: TileLayer, link: Link) -> dict[str, Any]:
    links = [("self", f"/tiles/{layer}"), (f"{_REL}/tiling-scheme", f"/tiles/tileMatrixSets/{MATRIX_SET}")]
    return {
        "title": ABOUT[layer].title,
        "dataType": "vector",
        "crs": _CRS,
        "tileMatrixSetURI": _MATRIX_SET_URI,
        "links": [{"rel": rel, "href": link(path), "type": _JSON} for rel, path in links],
    }


def _inside(layer: TileLayer, names: Sequence[str]) -> Iterable[tuple[str, str, int, Sequence[str]]]:
    """The layers inside a tile: name, what it holds, from which zoom, its properties."""
    if layer is TileLayer.AREAS:
        return [(layer, "Their ground", 0, names), (LABELS, "A place for each name", 0, names)]
    counted = [name for name in (*COUNTED, OVERDUE) if name in names]
    what = f"Counts: count, and by {', '.join(counted)}" if counted else "Counts: count"
    found: list[tuple[str, str, int, Sequence[str]]] = [
        (layer, ABOUT[layer].title, SINGLE_FROM, names),
        (CELLS, what, 0, ["count"]),
    ]
    if layer is TileLayer.CAMERAS:
        found.append((VIEWS, "The ground that cameras see", VIEWS_FROM, names))
    return found


def _bounds(house: House) -> tuple[float, float, float, float]:
    areas = house.parts.areas.index().areas
    return bounds(areas) if areas else _WORLD
