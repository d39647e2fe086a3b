"""The clients that GIS desks have, against a running Pantau: GDAL's OAPIF driver (which QGIS is built on) and owslib.

GDAL runs in a process of its own, as it does on a desk; what it asked is read from the server's side.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import pytest
from owslib.ogcapi.features import Features
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as AsgiScope

from cases.words import Scope
from pantau.demo.doors import opened
from tests.api.town import Town
from tests.ingest.city import HERE
from tests.storage.pairs import on_sqlite

pytestmark = on_sqlite

READ = """
import json, sys
import pyogrio, shapely
asked = json.loads(sys.stdin.read())
pyogrio.set_gdal_config_options(asked.pop("config"))
if asked.pop("list", False):
    layers = pyogrio.list_layers(asked["path"])
    print(json.dumps({"layers": [str(row[0]) for row in layers]}))
    raise SystemExit
if "bbox" in asked:
    asked["bbox"] = tuple(asked["bbox"])
meta, _, geometry, columns = pyogrio.raw.read(asked.pop("path"), **asked)
names = [str(name) for name in meta["fields"]]
rows = [dict(zip(names, map(str, row))) for row in zip(*columns)]
points = [list(shapely.from_wkb(one).centroid.coords[0]) if one is not None else None for one in geometry]
print(json.dumps({"crs": meta["crs"], "fields": names, "rows": rows, "points": points}))
"""


@dataclass
class Served:
    """A running town and the requests that came to it."""

    town: Town
    url: str
    asked: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)

    def token(self, who: str) -> str:
        """A fresh token that may read."""
        return str(self.town.program(who, Scope.READ).headers["authorization"]).removeprefix("Bearer ")

    def gdal(self, who: str | None, **asked: Any) -> dict[str, Any]:
        """What GDAL reads as somebody; `asked` holds only what is asked meanwhile."""
        self.asked.clear()
        # Of its driver's requests GDAL_HTTP_HEADERS is no part (GDAL 3.12).
        config = {"GDAL_HTTP_AUTH": "BEARER", "GDAL_HTTP_BEARER": self.token(who)} if who else {}
        given = {"path": f"OAPIF:{self.url}/ogc", "config": config, **asked}
        command = [sys.executable, "-c", READ]
        done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout))

    def queries(self) -> list[dict[str, list[str]]]:
        """The questions for features that came."""
        return [query for path, query in self.asked if path.endswith("/items")]


class Listening:
    """Notes what is asked of an app."""

    def __init__(self, app: ASGIApp, asked: list[tuple[str, dict[str, list[str]]]]) -> None:
        self.app, self.asked = app, asked

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.asked.append((scope["path"], parse_qs(scope["query_string"].decode())))
        await self.app(scope, receive, send)


@pytest.fixture
def served(town: Town) -> Iterator[Served]:
    asked: list[tuple[str, dict[str, list[str]]]] = []
    town.app.add_middleware(Listening, asked=asked)
    for step in range(6):
        kind = "pothole" if step % 2 else "rubbish"
        town.open(category=kind, lon=HERE[0] + step / 1000, lat=HERE[1], description=f"Nomor {step}")
        town.city.clock.wait(hours=1)
    town.send("inspector", category="illegal_levy", lon=HERE[0], lat=HERE[1], caption="Rahasia", report=True)
    with opened(town.app) as doors:
        yield Served(town, doors.url, asked)


def test_gdal_reads_what_its_token_may_see(served: Served) -> None:
    layers = served.gdal("command", list=True)["layers"]
    assert layers == ["complaints", "photos", "snapshots", "cameras", "permits", "areas", "incidents"]
    assert served.gdal(None, list=True)["layers"] == ["complaints", "areas", "incidents"]
    for who, number in {"command": 6, "roads": 3, "inspector": 1, None: 6}.items():
        found = served.gdal(who, layer="complaints")
        assert len(found["rows"]) == number, who
        assert ("description" in found["fields"]) == (who is not None)
    public = served.gdal(None, layer="complaints")
    assert "Rahasia" not in json.dumps(public)
    assert {"reference", "category", "status", "opened_at", "overdue"} <= set(public["fields"])
    assert sorted(point[0] for point in public["points"]) == pytest.approx([HERE[0] + step / 1000 for step in range(6)])
    areas = served.gdal("command", layer="areas")
    assert len(areas["rows"]) > 10


def test_gdal_pushes_its_filters_down_and_pages_through(served: Served) -> None:
    found = served.gdal("command", layer="complaints", where="category = 'pothole' AND status <> 'resolved'")
    assert {row["category"] for row in found["rows"]} == {"pothole"}
    assert len(found["rows"]) == 3
    (pushed,) = {query["filter"][0] for query in served.queries() if "filter" in query}
    assert pushed == "(category = 'pothole') AND (status <> 'resolved')"
    like = served.gdal("command", layer="complaints", where="description ILIKE 'NOMOR 2'")
    assert len(like["rows"]) == 1
    assert any("ILIKE" in query.get("filter", [""])[0] for query in served.queries())
    box = [HERE[0] - 0.0005, HERE[1] - 0.0005, HERE[0] + 0.0025, HERE[1] + 0.0005]
    near = served.gdal("command", layer="complaints", bbox=box)
    assert len(near["rows"]) == 3
    assert any("bbox" in query for query in served.queries())
    paged = served.gdal("command", layer="complaints", PAGE_SIZE="2")
    assert len(paged["rows"]) == 6
    assert sum("cursor" in query for query in served.queries()) >= 2


def test_gdal_asks_for_utm_and_lays_it_where_it_is(served: Served) -> None:
    found = served.gdal("command", layer="complaints", CRS="EPSG:32749")
    assert found["crs"] == "EPSG:32749"
    assert all(
        query["crs"] == ["http://www.opengis.net/def/crs/EPSG/0/32749"] for query in served.queries() if "crs" in query
    )
    assert any("crs" in query for query in served.queries())
    degrees = served.gdal("command", layer="complaints", CRS="EPSG:4326")
    # GDAL turns what comes lat lon into its own lon lat.
    assert sorted(point[0] for point in degrees["points"])[0] == pytest.approx(HERE[0])
    assert all(abs(point[0]) > 10_000 for point in found["points"])


def test_owslib_finds_its_way(served: Served) -> None:
    headers = {"Authorization": f"Bearer {served.token('command')}"}
    features = Features(f"{served.url}/ogc", headers=headers)
    assert {"complaints", "areas"} <= set(features.feature_collections())
    assert any(one.endswith("features-3/1.0/conf/filter") for one in features.conformance()["conformsTo"])
    assert features.api()["openapi"].startswith("3.0")
    described = features.collection("complaints")
    assert described["id"] == "complaints"
    assert "category" in features.collection_queryables("complaints")["properties"]
    page = features.collection_items("complaints", limit=2, category="pothole")
    assert (page["numberReturned"], page["numberMatched"]) == (2, 3)
    filtered = features.collection_items("complaints", filter="category = 'rubbish' AND overdue = FALSE")
    assert filtered["numberMatched"] == 3
    one = features.collection_item("complaints", page["features"][0]["id"])
    assert one["properties"]["category"] == "pothole"
    west, south = HERE[0] - 0.0005, HERE[1] - 0.0005
    boxed = features.collection_items("complaints", bbox=[west, south, west + 0.001, south + 0.001])
    assert boxed["numberMatched"] == 1
