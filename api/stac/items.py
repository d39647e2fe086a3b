"""Pictures as STAC items (STAC 1.1.0): where, when, looking where, with the pictures that may be seen."""

from collections.abc import Callable
from typing import Any, Final

from cases.stac import Collection
from cases.words import ProcessingState, StillKind
from storage.stac import Found

ROOT: Final = "/stac"
VERSION: Final = "1.1.0"
TIMESTAMPS: Final = "https://stac-extensions.github.io/timestamps/v1.1.0/schema.json"
FILE: Final = "https://stac-extensions.github.io/file/v2.1.0/schema.json"
VIEW: Final = "https://stac-extensions.github.io/view/v1.0.0/schema.json"
GEOJSON: Final = "application/geo+json"
_JPEG: Final = "image/jpeg"
_SHA256: Final = "1220"
"""What a multihash begins with that is a SHA-256 of 32 bytes."""

Link = Callable[[str], str]
"""From a path to the address that people use."""


def item(found: Found, link: Link) -> dict[str, Any]:
    """One picture as an item, with all that its row tells."""
    collection, row = found
    azimuth = row.azimuth
    at = f"{ROOT}/collections/{collection}"
    placed = row.lon is not None and row.lat is not None
    made: dict[str, Any] = {
        "type": "Feature",
        "stac_version": VERSION,
        "stac_extensions": [TIMESTAMPS, FILE] if azimuth is None else [TIMESTAMPS, FILE, VIEW],
        "id": str(row.id),
        "collection": collection,
        "geometry": {"type": "Point", "coordinates": [row.lon, row.lat]} if placed else None,
    }
    if placed:
        made["bbox"] = [row.lon, row.lat, row.lon, row.lat]
    properties, assets = _DESCRIBED[collection](row, link)
    made["properties"] = {name: value for name, value in properties.items() if value is not None or name == "datetime"}
    made["links"] = [
        {"rel": "self", "type": GEOJSON, "href": link(f"{at}/items/{row.id}")},
        {"rel": "root", "type": "application/json", "href": link(ROOT)},
        {"rel": "parent", "type": "application/json", "href": link(at)},
        {"rel": "collection", "type": "application/json", "href": link(at)},
    ]
    made["assets"] = assets
    return made


def _photo(row: Any, link: Link) -> tuple[dict[str, Any], dict[str, Any]]:
    at = f"/api/v1/photos/{row.id}"
    assets: dict[str, Any] = {}
    if row.processing is ProcessingState.DONE:
        assets["thumbnail"] = _picture(link(f"{at}/thumbnail"), _JPEG, "At most 320 pixels", "thumbnail")
        assets["preview"] = _picture(link(f"{at}/preview"), _JPEG, "At most 1,280 pixels", "overview", "visual")
    original = _picture(link(f"{at}/original"), row.media_type, "As it was sent", "data")
    assets["original"] = original | _file(row)
    properties = {
        "datetime": row.datetime,
        "created": row.received_at,
        "updated": row.updated_at,
        "published": row.received_at,
        "description": row.caption or None,
        "view:azimuth": row.azimuth,
        "pantau:area": row.area,
        "pantau:radius_m": row.radius_m,
        "pantau:location_source": row.location_source,
        "pantau:category": row.category,
        # The moment by the phone's own clock, where that was not believed.
        "pantau:taken_at": row.taken_at if row.taken_at != row.datetime else None,
        "pantau:width": row.width,
        "pantau:height": row.height,
    }
    return properties, assets


def _snapshot(row: Any, link: Link) -> tuple[dict[str, Any], dict[str, Any]]:
    at = f"/api/v1/snapshots/{row.id}"
    image = _picture(link(f"{at}/image"), _JPEG, "All its pixels", "data", "visual")
    assets = {
        "thumbnail": _picture(link(f"{at}/thumbnail"), _JPEG, "320 pixels wide", "thumbnail"),
        # What came as video becomes a JPEG of another size when somebody first looks.
        "image": image | (_file(row) if row.kind is StillKind.JPEG else {}),
    }
    properties = {
        "datetime": row.datetime,
        "created": row.received_at,
        "published": row.received_at,
        "expires": row.expires_at,
        "title": row.camera_name,
        "view:azimuth": row.azimuth,
        "pantau:camera": row.camera,
        "pantau:fov_deg": row.fov_deg,
        "pantau:range_m": row.range_m,
        "pantau:area": row.area,
        "pantau:radius_m": row.radius_m,
        "pantau:faults": row.faults or None,
        "pantau:width": row.width,
        "pantau:height": row.height,
    }
    return properties, assets


def _picture(href: str, media_type: str, title: str, *roles: str) -> dict[str, Any]:
    return {"href": href, "type": media_type, "title": title, "roles": list(roles)}


def _file(row: Any) -> dict[str, Any]:
    return {"file:size": row.bytes, "file:checksum": f"{_SHA256}{row.sha256}"}


_DESCRIBED = {Collection.PHOTOS: _photo, Collection.SNAPSHOTS: _snapshot}
