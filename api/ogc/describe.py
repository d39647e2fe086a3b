"""The documents about the collections: landing page, conformance, metadata, queryables, schemas."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from api.house import House
from api.language import Language
from api.ogc.web import GEOJSON, HTML, OGC, OPENAPI, SCHEMA, Form, Link, Visit, forms, link, with_query
from cases.access import Sight
from cases.features import COLLECTIONS, GEOMETRY, Collection, Field, open_to, readable, vocabulary
from cases.filters.tree import Kind
from geo.crs import Crs

SPEC: Final = "http://www.opengis.net/spec"
CONFORMS: Final = (
    f"{SPEC}/ogcapi-common-1/1.0/conf/core",
    f"{SPEC}/ogcapi-common-2/1.0/conf/collections",
    f"{SPEC}/ogcapi-features-1/1.0/conf/core",
    f"{SPEC}/ogcapi-features-1/1.0/conf/oas30",
    f"{SPEC}/ogcapi-features-1/1.0/conf/html",
    f"{SPEC}/ogcapi-features-1/1.0/conf/geojson",
    f"{SPEC}/ogcapi-features-2/1.0/conf/crs",
    f"{SPEC}/ogcapi-features-3/1.0/conf/queryables",
    f"{SPEC}/ogcapi-features-3/1.0/conf/queryables-query-parameters",
    f"{SPEC}/ogcapi-features-3/1.0/conf/filter",
    f"{SPEC}/ogcapi-features-3/1.0/conf/features-filter",
    f"{SPEC}/ogcapi-features-5/1.0/conf/schemas",
    f"{SPEC}/ogcapi-features-5/1.0/conf/core-roles-features",
    f"{SPEC}/cql2/1.0/conf/cql2-text",
    f"{SPEC}/cql2/1.0/conf/cql2-json",
    f"{SPEC}/cql2/1.0/conf/basic-cql2",
    f"{SPEC}/cql2/1.0/conf/advanced-comparison-operators",
    f"{SPEC}/cql2/1.0/conf/case-insensitive-comparison",
    f"{SPEC}/cql2/1.0/conf/basic-spatial-functions",
    f"{SPEC}/cql2/1.0/conf/basic-spatial-functions-plus",
    f"{SPEC}/cql2/1.0/conf/spatial-functions",
    f"{SPEC}/cql2/1.0/conf/temporal-functions",
    f"{SPEC}/cql2/1.0/conf/property-property",
)
"""What is kept, by the names of the standards."""

WORLD: Final = (-180.0, -90.0, 180.0, 90.0)
_IDS: Final = {Collection.COMPLAINTS: "reference", Collection.AREAS: "code"}
_TYPES: Final[Mapping[Kind, dict[str, str]]] = {
    Kind.TEXT: {"type": "string"},
    Kind.NUMBER: {"type": "number"},
    Kind.INTEGER: {"type": "integer"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.TIME: {"type": "string", "format": "date-time"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.ID: {"type": "string", "format": "uuid"},
}
_ABOUT: Final[Mapping[Language, str]] = {
    "id": "Aduan, foto, kamera, izin dan wilayah sebagai kumpulan fitur untuk SIG (OGC API - Features).",
    "en": "Complaints, photos, cameras, permits and areas as feature collections for GIS (OGC API - Features).",
}


def collections_of(sight: Sight) -> list[Collection]:
    """The collections that are there for somebody."""
    return [collection for collection in Collection if open_to(collection, sight)]


def landing(visit: Visit) -> dict[str, Any]:
    """Where everything begins."""
    root, title = visit.root, visit.house.options.name
    return {
        "title": title,
        "description": _ABOUT[visit.language],
        "links": [
            *forms(root, visit.form, title=title),
            link("service-desc", f"{root}/api?f=json", OPENAPI, "OpenAPI"),
            link("service-doc", f"{root}/api?f=html", HTML, "OpenAPI"),
            link("conformance", f"{root}/conformance"),
            link(f"{OGC}conformance", f"{root}/conformance"),
            link("data", f"{root}/collections"),
            link(f"{OGC}data", f"{root}/collections"),
        ],
    }


def conformance(visit: Visit) -> dict[str, Any]:
    """What is kept of the standards."""
    return {"conformsTo": list(CONFORMS), "links": forms(f"{visit.root}/conformance", visit.form)}


def collections(visit: Visit) -> dict[str, Any]:
    """All collections that are there for somebody."""
    return {
        "links": forms(f"{visit.root}/collections", visit.form),
        "crs": list(Crs),
        "collections": [described(one, visit) for one in collections_of(visit.seen)],
    }


def collection(one: Collection, visit: Visit, since: str | None) -> dict[str, Any]:
    """One collection, dated from its first feature on."""
    found = described(one, visit)
    found["links"] = [*forms(f"{visit.root}/collections/{one}", visit.form, title=found["title"]), *found["links"][1:]]
    if since is not None:
        found["extent"]["temporal"] = {"interval": [[since, None]]}
    return found


def described(one: Collection, visit: Visit) -> dict[str, Any]:
    """A collection's metadata (OGC 17-069r4, 7.14; 18-058r1, 6)."""
    at, told, language = f"{visit.root}/collections/{one}", COLLECTIONS[one], visit.language
    return {
        "id": one,
        "title": told.title(language),
        "description": told.about(language),
        "itemType": "feature",
        "extent": {
            "spatial": {"bbox": [list(extent(visit.house))], "crs": Crs.CRS84},
            **({"temporal": {"interval": [[None, None]]}} if told.dated else {}),
        },
        "crs": list(Crs),
        "storageCrs": Crs.CRS84,
        "links": [
            link("self", at),
            link("items", f"{at}/items?f=json", GEOJSON, told.title(language)),
            link("items", f"{at}/items?f=html", HTML, told.title(language)),
            link(f"{OGC}queryables", f"{at}/queryables", SCHEMA),
            link(f"{OGC}sortables", f"{at}/sortables", SCHEMA),
            link(f"{OGC}schema", f"{at}/schema", SCHEMA),
            link("describedby", f"{at}/schema", SCHEMA),
        ],
    }


def extent(house: House) -> tuple[float, float, float, float]:
    """The city: the box around its areas, or the world where it has none yet."""
    areas = house.parts.areas.index().areas
    if not areas:
        return WORLD
    west, south, east, north = zip(*(area.bbox for area in areas), strict=True)
    return min(west), min(south), max(east), max(north)


def queryables(one: Collection, visit: Visit) -> dict[str, Any]:
    """What a filter may name (OGC 19-079r2, 6.2), for this asker."""
    words = vocabulary(one, visit.seen)
    fields = [field for field in readable(one, visit.seen) if field.name in words]
    found = _schema(one, fields, visit, "queryables")
    found["additionalProperties"] = False
    return found


def sortables(one: Collection, visit: Visit) -> dict[str, Any]:
    """What `sortby` may name."""
    fields = [field for field in readable(one, visit.seen) if field.name in COLLECTIONS[one].sorts]
    found = _schema(one, fields, visit, "sortables")
    del found["properties"][GEOMETRY]
    return found


def schema(one: Collection, visit: Visit) -> dict[str, Any]:
    """What a feature holds (OGC 23-058r1), for this asker."""
    found = _schema(one, readable(one, visit.seen), visit, "schema")
    for name, property_ in found["properties"].items():
        property_["readOnly"] = True
        if name == _IDS.get(one):
            property_["x-ogc-role"] = "id"
        elif name == COLLECTIONS[one].dated:
            property_["x-ogc-role"] = "primary-instant"
    return found


def _schema(one: Collection, fields: Iterable[Field], visit: Visit, part: str) -> dict[str, Any]:
    place = "geometry-any" if COLLECTIONS[one].polygons else "geometry-point"
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{visit.root}/collections/{one}/{part}",
        "type": "object",
        "title": COLLECTIONS[one].title(visit.language),
        "properties": {
            **{field.name: _property(field, visit.language) for field in fields},
            GEOMETRY: {"format": place, "x-ogc-role": "primary-geometry", "title": "Geometry"},
        },
    }


def _property(field: Field, language: Language) -> dict[str, Any]:
    found: dict[str, Any] = {"title": field.title(language), **_TYPES[field.kind]}
    if field.words is not None:
        found["enum"] = [str(word) for word in field.words]
    return found


def links_of(items: str, asked: list[tuple[str, str]], following: str | None, form: Form) -> list[Link]:
    """The links of a page of features."""
    plain = [(name, value) for name, value in asked if name != "f"]
    found = forms(with_query(items, plain), form, GEOJSON)
    if following is not None:
        rest = [(name, value) for name, value in asked if name != "cursor"]
        types = {Form.JSON: GEOJSON, Form.HTML: HTML}
        found.append(link("next", with_query(items, rest, following), types[form]))
    return found
