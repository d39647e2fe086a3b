"""The collections asked over HTTP, as a GIS desk does."""

from typing import Any

ALL = ["complaints", "photos", "snapshots", "cameras", "permits", "areas", "incidents"]


def items(client: Any, collection: str = "complaints", query: str = "") -> dict[str, Any]:
    """The page that is answered."""
    answer = client.get(f"/ogc/collections/{collection}/items?{query}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def references(client: Any, query: str = "") -> set[str]:
    """The complaints that answer."""
    return {feature["id"] for feature in items(client, "complaints", f"limit=1000&{query}")["features"]}
