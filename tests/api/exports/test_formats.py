"""Files for maps and tables, read back by the readers of their formats."""

import json
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pyarrow.parquet as pq
import pyogrio
import shapely

from tests.api.exports.taken import FORMULA, KML, listed, made
from tests.api.town import Town


def test_files_for_maps_are_read_by_their_readers(told: Town, tmp_path: Path) -> None:
    client = told.client("command")
    shown = listed(client)
    points = {id_: one["geometry"] and shapely.Point(one["geometry"]["coordinates"]) for id_, one in shown.items()}
    for format_, ending in (("geopackage", "gpkg"), ("flatgeobuf", "fgb"), ("kmz", "kmz"), ("geojson", "geojson")):
        path = tmp_path / f"read.{ending}"
        path.write_bytes(made(told, client, format_))
        if format_ == "kmz":
            with zipfile.ZipFile(BytesIO(path.read_bytes())) as whole:
                marks = list(ElementTree.fromstring(whole.read("doc.kml")).iter(f"{KML}Placemark"))
            assert len(marks) == len(shown)
            continue
        meta, _, geometry, columns = pyogrio.raw.read(path)
        read = dict(zip(meta["fields"], columns, strict=True))
        assert meta["crs"] == "EPSG:4326"
        found = dict(zip(read["id"], (one and shapely.from_wkb(one) for one in geometry), strict=True))
        assert found == points
        assert dict(zip(read["id"], read["title"], strict=True))[next(iter(found))] is not None
        assert FORMULA in set(read["title"])
        assert bool(meta["fields"].tolist().count("overdue"))
    indexed = tmp_path / "near.fgb"
    indexed.write_bytes(made(told, client, "flatgeobuf", bbox=[113, -9, 115, -8]))
    assert pyogrio.read_info(indexed, force_feature_count=True)["features"] == len(
        [1 for one in points.values() if one]
    )
    assert pyogrio.read_info(indexed)["capabilities"]["fast_spatial_filter"]


def test_geoparquet_says_where_its_points_are(told: Town) -> None:
    client = told.client("command")
    shown = listed(client)
    table = pq.read_table(BytesIO(made(told, client, "geoparquet")))
    geo = json.loads(pq.read_metadata(BytesIO(made(told, client, "geoparquet"))).metadata[b"geo"])
    assert (geo["version"], geo["primary_column"]) == ("1.1.0", "geometry")
    column = geo["columns"]["geometry"]
    assert (column["encoding"], column["geometry_types"]) == ("WKB", ["Point"])
    rows = {row["id"]: row for row in table.to_pylist()}
    assert set(rows) == set(shown)
    for id_, feature in shown.items():
        place = feature["geometry"] and tuple(feature["geometry"]["coordinates"])
        row = rows[id_]
        assert (row["geometry"] and shapely.from_wkb(row["geometry"]).coords[0]) == place
        assert (row["bbox"] and (row["bbox"]["xmin"], row["bbox"]["ymax"])) == place
        assert row["time"] == datetime.fromisoformat(feature["properties"]["time"])
        assert row["status"] == feature["properties"]["status"]
    west, south, east, north = column["bbox"]
    assert all(
        west <= row["bbox"]["xmin"] <= east and south <= row["bbox"]["ymin"] <= north
        for row in rows.values()
        if row["bbox"]
    )
    empty = pq.read_table(BytesIO(made(told, client, "geoparquet", until="2020-01-01")))
    assert empty.num_rows == 0
