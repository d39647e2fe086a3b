"""Nothing that answers is missing from the tiles of a zoom, and nothing is in two of them."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests.api.tiles.places import MOST, dense, tiles_around
from tests.api.town import Town
from tests.geo import tiled

__all__ = ["dense"]

WHO = (None, "officer", "colleague", "roads", "command", "inspector")
FILTERS = (
    "",
    "",
    "status=received,verified",
    "category=pothole,illegal_levy",
    "area=99.01.02",
    "agency=dlh",
    "since=2026-11-16",
    "overdue=true",
    "q=lubang",
    "bbox=113.9,-8.6,114.1,-8.46",
    "near=114.03,-8.47&radius_m=1500",
)
LAYERS = {"complaints": "&kind=complaint", "photos": "&kind=photo", "incidents": ""}
NAMES = "&properties=kind,reference,photo,status,category"
KEYS = ("kind", "status", "category")
GRIDS = ((None, None), (8, 2), (4, 0), (1, 3), (31, 1_000), (8, None))
"""The most cells along a side, and the most single rows in one of them, that are asked for."""


def listed(client: TestClient, query: str) -> list[dict[str, Any]]:
    """What the list says: the rows with a place."""
    features = client.get(f"/api/v1/incidents?limit=10000&{query}").json()["features"]
    return [one["properties"] for one in features if one["geometry"] is not None]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_tiles_of_a_zoom_hold_what_the_list_holds(dense: Town, data: st.DataObject) -> None:
    who, zoom = data.draw(st.sampled_from(WHO)), data.draw(st.sampled_from([0, 3, 8, 9, 10, 11, 12, 14, 16, 19, 22]))
    layer, query = data.draw(st.sampled_from([*LAYERS])), data.draw(st.sampled_from(FILTERS))
    across, singly = data.draw(st.sampled_from(GRIDS))
    grid = f"&cells={across}" * (across is not None) + f"&singles={singly}" * (singly is not None)
    parted = singly is not None and 10 <= zoom <= 16
    client = dense.client(who)
    expected = listed(client, query + LAYERS[layer])
    names = (
        f"{NAMES},overdue"
        if layer == "incidents"
        else f"&properties=status,category,{'photo' if layer == 'photos' else 'reference,overdue'}"
    )
    if layer == "photos":
        names = names.replace("status,", "")
    singles: list[dict[str, Any]] = []
    counted: Counter[str] = Counter()
    shown = 0
    for tile in tiles_around(zoom):
        answer = client.get(f"/tiles/{layer}/{tile.z}/{tile.x}/{tile.y}.mvt?{query}{names}{grid}")
        assert answer.status_code == 200, answer.text
        layers = tiled.tile(answer.content)
        assert set(layers) <= ({layer, "cells"} if zoom >= 10 else {"cells"})
        assert len(layers) <= (2 if parted else 1)
        singles += [feature.properties for feature in layers.get(layer, [])]
        assert len(layers.get(layer, [])) <= MOST
        assert len(layers.get("cells", [])) <= (across or 32) ** 2
        for cell in layers.get("cells", []):
            told = cell.properties
            shown += told["count"]
            counted.update({name: number for name, number in told.items() if name != "count"})
            assert told.get("overdue", 0) <= told["count"]
            for key in KEYS:
                sums = [number for name, number in told.items() if name.startswith((f"{key}_", f"no_{key}"))]
                assert sum(sums) == (told["count"] if f"{key}" in names else 0)
        if zoom >= 10 and "cells" in layers:
            numbers = [cell.properties["count"] for cell in layers["cells"]]
            assert sum(numbers) > MOST or (parted and min(numbers) > (singly or 0))
    assert len(singles) + shown == len(expected)
    known = {one["reference"] or one["photo"]: one for one in expected}
    found = [one.get("reference") or one["photo"] for one in singles]
    assert len(set(found)) == len(found)
    assert set(found) <= set(known)
    late = sum(one.get("overdue", False) for one in singles) + counted["overdue"]
    assert late == (0 if layer == "photos" else sum(one["overdue"] for one in expected))
    for one in singles:
        row = known[one.get("reference") or one["photo"]]
        for key in set(KEYS) & set(names.removeprefix("&properties=").split(",")):
            assert one.get(key) == row[key]
    rest = [row for id_, row in known.items() if id_ not in set(found)]
    for key in KEYS:
        if key in names:
            words = Counter(f"no_{key}" if row[key] is None else f"{key}_{row[key]}" for row in rest)
            assert {
                name: number for name, number in counted.items() if name.startswith((f"{key}_", f"no_{key}"))
            } == words


@pytest.mark.parametrize("zoom", [5, 12])
def test_what_is_hidden_would_be_noticed(dense: Town, zoom: int) -> None:
    """The confidential are counted for their team, and for nobody else."""
    seen = {}
    for who in ("inspector", "command", None):
        client, seen[who] = dense.client(who), 0
        for tile in tiles_around(zoom):
            path = f"/tiles/complaints/{tile.z}/{tile.x}/{tile.y}.mvt?category=illegal_levy&properties=category"
            layers = tiled.tile(client.get(path).content)
            seen[who] += len(layers.get("complaints", [])) + sum(
                one.properties["count"] for one in layers.get("cells", [])
            )
    assert seen["inspector"] > 10
    assert seen["command"] == seen[None] == 0
