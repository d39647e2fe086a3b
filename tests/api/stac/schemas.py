"""The schemas that STAC validators would fetch, without the hosts that have them.

Those of the core are the official ones, which pystac brings along. Those of the extensions are written here from their
specifications (view 1.0.0, timestamps 1.1.0, file 2.1.0): the fields that there are, and what they may hold.
"""

from typing import Any

from pystac.validation.local_validator import get_local_schema_cache

from api.stac.items import FILE, TIMESTAMPS, VIEW

_ANGLE = {"type": "number", "minimum": 0, "maximum": 360}
_TIME = {"type": "string", "format": "date-time"}
_COUNT = {"type": "integer", "minimum": 0}
_FIELDS: dict[str, dict[str, Any]] = {
    VIEW: {
        "view:azimuth": _ANGLE,
        "view:sun_azimuth": _ANGLE,
        "view:off_nadir": {"type": "number", "minimum": 0, "maximum": 90},
        "view:incidence_angle": {"type": "number", "minimum": 0, "maximum": 90},
        "view:sun_elevation": {"type": "number", "minimum": -90, "maximum": 90},
    },
    TIMESTAMPS: {"published": _TIME, "unpublished": _TIME, "expires": _TIME},
    FILE: {
        "file:size": _COUNT,
        "file:header_size": _COUNT,
        "file:checksum": {"type": "string", "pattern": "^[a-f0-9]+$"},
        "file:byte_order": {"enum": ["big-endian", "little-endian"]},
        "file:local_path": {"type": "string"},
    },
}


def schemas() -> dict[str, dict[str, Any]]:
    """Every schema that a catalogue of Pantau names, by its address."""
    return dict(get_local_schema_cache()) | {uri: _extension(uri) for uri in _FIELDS}


def _extension(uri: str) -> dict[str, Any]:
    """An item or collection that declares the extension, and whose fields hold what they may; no other of its own."""
    fields, prefix = _FIELDS[uri], "view:" if uri is VIEW else "file:"
    shape: dict[str, Any] = {"type": "object", "properties": fields}
    if uri is not TIMESTAMPS:
        shape |= {"patternProperties": {f"^(?!{prefix})": {}}, "additionalProperties": False}
    properties = shape | ({"anyOf": [{"required": [name]} for name in fields]} if uri is VIEW else {})
    pictures = {"type": "object", "additionalProperties": shape}
    declared = {"type": "array", "contains": {"const": uri}}
    item = {"type": {"const": "Feature"}, "properties": properties, "assets": pictures}
    collection = {"type": {"const": "Collection"}, "assets": pictures, "item_assets": pictures}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": f"{uri}#",
        "required": ["stac_extensions", "type"],
        "properties": {"stac_extensions": declared},
        "oneOf": [{"properties": item, "required": ["properties", "assets"]}, {"properties": collection}],
    }
