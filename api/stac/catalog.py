"""The catalogue, its collections and what it conforms to, as STAC documents."""

from datetime import datetime
from typing import Any, Final

from api.documentation.door import PATH as DOCS
from api.house import House
from api.stac.items import FILE, GEOJSON, ROOT, TIMESTAMPS, VERSION, VIEW
from cases.filters.tree import Kind
from cases.stac import FIELDS, Collection
from cases.words import LocationSource, SightFault
from geo.index import AreaIndex

_JSON: Final = "application/json"
SCHEMA: Final = "application/schema+json"
OPENAPI: Final = "application/vnd.oai.openapi+json;version=3.1"
QUERYABLES: Final = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
_STAC: Final = "https://api.stacspec.org/v1.0.0"
_OGC: Final = "http://www.opengis.net/spec"
CONFORMS: Final = [
    *(f"{_STAC}/{name}" for name in ("core", "collections", "ogcapi-features", "item-search")),
    *(f"{_STAC}/ogcapi-features#{name}" for name in ("fields", "sort", "filter")),
    *(f"{_STAC}/item-search#{name}" for name in ("fields", "sort", "filter")),
    *(f"{_OGC}/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "geojson")),
    *(f"{_OGC}/ogcapi-features-3/1.0/conf/{name}" for name in ("queryables", "filter", "features-filter")),
    *(
        f"{_OGC}/cql2/1.0/conf/{name}"
        for name in (
            "cql2-text",
            "cql2-json",
            "basic-cql2",
            "advanced-comparison-operators",
            "case-insensitive-comparison",
            "basic-spatial-functions",
            "basic-spatial-functions-plus",
            "basic-spatial-operators",
            "spatial-functions",
            "temporal-functions",
            "temporal-operators",
        )
    ),
]
_TEXTS: Final = {
    Collection.PHOTOS: ("Photos", "Stills of the street taken by field officers, each where and when it was taken."),
    Collection.SNAPSHOTS: ("Snapshots", "Stills from cameras that face a street, each at its camera with its view."),
}
_WORLD: Final = (-180.0, -90.0, 180.0, 90.0)
_TYPES: Final[dict[Kind, dict[str, str]]] = {
    Kind.TIME: {"type": "string", "format": "date-time"},
    Kind.ID: {"type": "string", "format": "uuid"},
    Kind.TEXT: {"type": "string"},
    Kind.NUMBER: {"type": "number"},
}
Times = tuple[datetime, datetime] | None


def landing(house: House) -> dict[str, Any]:
    """The root: what there is, and how to ask."""
    link = house.options.link
    search = link(f"{ROOT}/search")
    return {
        "type": "Catalog",
        "stac_version": VERSION,
        "id": "pantau",
        "title": house.options.name,
        "description": "What a city sees in its streets. Each asker finds the pictures that they may see.",
        "conformsTo": CONFORMS,
        "links": [
            *_here(house, ROOT),
            {"rel": "data", "type": _JSON, "href": link(f"{ROOT}/collections")},
            {"rel": "conformance", "type": _JSON, "href": link(f"{ROOT}/conformance")},
            {"rel": "service-desc", "type": OPENAPI, "href": link(f"{ROOT}/api")},
            {"rel": "service-doc", "type": "text/html", "href": link(DOCS)},
            {"rel": "search", "type": GEOJSON, "href": search, "method": "GET"},
            {"rel": "search", "type": GEOJSON, "href": search, "method": "POST"},
            {"rel": QUERYABLES, "type": SCHEMA, "href": link(f"{ROOT}/queryables")},
            *(
                {"rel": "child", "type": _JSON, "title": _TEXTS[one][0], "href": link(f"{ROOT}/collections/{one}")}
                for one in Collection
            ),
        ],
    }


def collections(house: House, times: dict[Collection, Times], categories: list[str]) -> dict[str, Any]:
    """All collections with when their pictures are of."""
    return {
        "collections": [collection(house, one, times[one], categories) for one in Collection],
        "links": _here(house, f"{ROOT}/collections"),
    }


def collection(house: House, which: Collection, times: Times, categories: list[str]) -> dict[str, Any]:
    """A collection: `times` are those of its first and last picture, None where the asker sees none."""
    link, at = house.options.link, f"{ROOT}/collections/{which}"
    title, description = _TEXTS[which]
    photos = which is Collection.PHOTOS
    return {
        "type": "Collection",
        "stac_version": VERSION,
        "stac_extensions": [TIMESTAMPS, FILE, VIEW],
        "id": which,
        "title": title,
        "description": description,
        "keywords": ["street", "still", which],
        "license": "other",
        "providers": [{"name": house.options.name, "roles": ["producer", "host"], "url": house.options.public_url}],
        "extent": {
            "spatial": {"bbox": [list(bounds(house.parts.areas.index()))]},
            "temporal": {"interval": [list(times) if times else [None, None]]},
        },
        "summaries": _photos_are(categories) if photos else _snapshots_are(),
        "item_assets": _PHOTO_ASSETS if photos else _SNAPSHOT_ASSETS,
        "links": [
            *_here(house, at),
            {"rel": "parent", "type": _JSON, "href": link(ROOT)},
            {"rel": "items", "type": GEOJSON, "href": link(f"{at}/items")},
            {"rel": QUERYABLES, "type": SCHEMA, "href": link(f"{at}/queryables")},
        ],
    }


def queryables(house: House, which: Collection | None) -> dict[str, Any]:
    """What a filter may name, of one collection or all, as JSON Schema."""
    at = f"{ROOT}/queryables" if which is None else f"{ROOT}/collections/{which}/queryables"
    fields = [one for one in FIELDS if which is None or which in one.of]
    return {
        "$schema": "https://json-schema.org/draft/2019-09/schema",
        "$id": house.options.link(at),
        "type": "object",
        "title": "What a filter of pictures may name",
        "properties": {one.name: {"title": one.title, **_typed(one.kind)} for one in fields},
        "additionalProperties": False,
    }


def bounds(index: AreaIndex) -> tuple[float, float, float, float]:
    """The box around all areas: west, south, east, north; the world where there is none."""
    boxes = [area.bbox for area in index.areas]
    if not boxes:
        return _WORLD
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def _here(house: House, path: str) -> list[dict[str, str]]:
    link = house.options.link
    return [
        {"rel": "self", "type": _JSON, "href": link(path)},
        {"rel": "root", "type": _JSON, "href": link(ROOT)},
    ]


def _typed(kind: Kind) -> dict[str, str]:
    return _TYPES.get(kind, {"format": "geometry-point", "x-ogc-role": "primary-geometry"})


def _photos_are(categories: list[str]) -> dict[str, Any]:
    return {"pantau:category": categories, "pantau:location_source": list(LocationSource)}


def _snapshots_are() -> dict[str, Any]:
    return {"view:azimuth": {"minimum": 0, "maximum": 360}, "pantau:faults": list(SightFault)}


def _asset(title: str, media_type: str | None, *roles: str) -> dict[str, Any]:
    typed = {} if media_type is None else {"type": media_type}
    return {"title": title, "roles": list(roles), **typed}


_PHOTO_ASSETS: Final = {
    "thumbnail": _asset("At most 320 pixels", "image/jpeg", "thumbnail"),
    "preview": _asset("At most 1,280 pixels", "image/jpeg", "overview", "visual"),
    "original": _asset("As it was sent", None, "data"),
}
_SNAPSHOT_ASSETS: Final = {
    "thumbnail": _asset("320 pixels wide", "image/jpeg", "thumbnail"),
    "image": _asset("All its pixels", "image/jpeg", "data", "visual"),
}
