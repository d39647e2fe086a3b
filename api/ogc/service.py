"""The description of `/ogc` by itself (OpenAPI 3.0), as OGC's clients look for it: with paths from its own root, and
with each collection's queryables as parameters, by which GDAL knows what it may ask of us.
"""

from typing import Any, Final

from api.language import Language
from api.ogc.asked import USUAL, parameters
from api.ogc.describe import collections_of
from api.ogc.web import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, Visit
from cases.access import Sight
from cases.features import COLLECTIONS, Collection, readable
from cases.filters.tree import Kind
from cases.incidents import MOST, Counting
from geo.crs import Crs

_OAS: Final = "3.0.3"
_TYPES: Final = {Kind.NUMBER: "number", Kind.INTEGER: "integer", Kind.BOOLEAN: "boolean"}
_CRS: Final = {"type": "string", "format": "uri", "enum": list(Crs), "default": Crs.CRS84}
_TEXT: Final = {"type": "string"}

_ITEMS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "limit": (
        f"Most features in one answer; above {MOST:,} counts as {MOST:,}.",
        {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
    ),
    "bbox": (
        "Within a box: four numbers, or six with heights, in the order of bbox-crs.",
        {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6},
    ),
    "bbox-crs": ("Reference system of bbox.", _CRS),
    "crs": ("Reference system of the answer's positions.", _CRS),
    "datetime": ("A moment, or from/to, from/.., ../to.", _TEXT),
    "filter": ("CQL2; names are those of the collection's queryables.", _TEXT),
    "filter-lang": (
        "How the filter is written; cql-text is what GDAL calls cql2-text.",
        {"type": "string", "enum": ["cql2-text", "cql2-json", "cql-text"], "default": "cql2-text"},
    ),
    "filter-crs": ("Reference system of the filter's geometries.", _CRS),
    "sortby": ("One sortable, - before it for the greatest first.", _TEXT),
    "cursor": ("Where to go on: from the link next of an answer.", _TEXT),
    "count": ("Whether to say how many match.", {"type": "string", "enum": list(Counting)}),
    "area": ("Code of an area of any level: what lies in it or below.", _TEXT),
    "near": ("lon,lat in degrees, with radius_m (incidents).", _TEXT),
    "since": ("From this time or day on.", _TEXT),
    "until": ("Before this time, or up to the end of this day.", _TEXT),
    "q": ("Words in a description or caption, or a reference (incidents).", _TEXT),
}


def document(visit: Visit, version: str) -> dict[str, Any]:
    """The description for the asker."""
    seen, title = collections_of(visit.seen), visit.house.options.name
    return {
        "openapi": _OAS,
        "info": {
            "title": f"{title}: OGC API - Features",
            "version": version,
            "description": "Complaints, photos, snapshots, cameras, permits, areas and incidents as feature "
            "collections. Send a token as `Authorization: Bearer pantau_...`; you see what its account may see.",
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "servers": [{"url": visit.root}],
        "tags": [{"name": "capabilities"}, {"name": "data"}],
        "paths": _paths(seen, visit.seen, visit.language),
        "components": {
            "parameters": {
                "f": _parameter("f", "json or html.", {"type": "string", "enum": ["json", "html"]}),
                **{name: _parameter(name, *told) for name, told in _ITEMS.items()},
                "collectionId": _in_path("collectionId", {"type": "string", "enum": [str(one) for one in seen]}),
                "featureId": _in_path("featureId", _TEXT),
            },
            "responses": {
                "problem": {
                    "description": "What was wrong, in a sentence (RFC 9457).",
                    "content": {"application/problem+json": {"schema": {"type": "object"}}},
                }
            },
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }


def _paths(seen: list[Collection], sight: Sight, language: Language) -> dict[str, Any]:
    one = "/collections/{collectionId}"
    every = sorted({name for collection in seen for name, _ in parameters(collection, sight, language)})
    known = {field.name: field.kind for collection in seen for field in readable(collection, sight)}
    paths = {
        "/": _get("landing", "The landing page.", JSON),
        "/conformance": _get("conformance", "The parts of the standards that hold here.", JSON),
        "/api": _get("api", "This description.", OPENAPI),
        "/collections": _get("collections", "The collections.", JSON),
        one: _get("collection", "One collection.", JSON, ["collectionId"]),
        f"{one}/queryables": _get("queryables", "What a filter may name.", SCHEMA, ["collectionId"]),
        f"{one}/sortables": _get("sortables", "What sortby may name.", SCHEMA, ["collectionId"]),
        f"{one}/schema": _get("schema", "What a feature holds.", SCHEMA, ["collectionId"]),
        f"{one}/items": _items("items", "Features.", every, known, ["collectionId"]),
        f"{one}/items/{{featureId}}": _get(
            "item", "One feature.", GEOJSON, ["collectionId", "featureId", "crs"], data=True
        ),
    }
    for collection in seen:
        names = [name for name, _ in parameters(collection, sight, language)]
        told = COLLECTIONS[collection].title(language)
        kinds = {field.name: field.kind for field in readable(collection, sight)}
        paths[f"/collections/{collection}/items"] = _items(f"items.{collection}", told, names, kinds, [])
    return paths


def _items(id_: str, summary: str, queryables: list[str], kinds: dict[str, Kind], in_path: list[str]) -> dict[str, Any]:
    operation = _get(id_, summary, GEOJSON, in_path, data=True)
    # Written out: some clients look at the names of parameters without following references.
    operation["get"]["parameters"] += [_parameter(name, *told) for name, told in _ITEMS.items()]
    operation["get"]["parameters"] += [
        _parameter(name, "Only features with this value.", {"type": _TYPES.get(kinds[name], "string")})
        for name in queryables
        if name not in _ITEMS
    ]
    return operation


def _get(
    id_: str, summary: str, media_type: str, refer: list[str] | None = None, *, data: bool = False
) -> dict[str, Any]:
    content = {media_type: {"schema": {"type": "object"}}, HTML: {"schema": _TEXT}}
    problem = {"$ref": "#/components/responses/problem"}
    return {
        "get": {
            "operationId": id_,
            "summary": summary,
            "tags": ["data" if data else "capabilities"],
            "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in [*(refer or []), "f"]],
            "responses": {
                "200": {"description": summary, "content": content},
                **({"404": problem} if refer else {}),
                "default": problem,
            },
        }
    }


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    made = {"name": name, "in": "query", "required": False, "description": description, "schema": schema}
    return made | ({"style": "form", "explode": False} if schema.get("type") == "array" else {})


def _in_path(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": schema}
