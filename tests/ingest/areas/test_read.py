"""Boundary files of every format, convention and fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely

from geo.areas import Area, Level
from geo.findings import Fault
from ingest.areas.fields import FieldUnknown
from ingest.areas.read import AreaFileInvalid, prepare, read
from tests.geo.made import grid
from tests.ingest.areas.files import Row, geojson, layer, zipped

pytestmark = pytest.mark.unit

VILLAGES = grid(2, 2)
DISTRICTS = {"99.01.01": "Kulon", "99.01.02": "Wetan"}


def kemendagri() -> list[Row]:
    return [
        (
            {"kode": each.code, "nama": f"Desa {each.code[-1]}", "kode_kecamatan": each.parent, "jenis": "Desa"},
            each.geometry,
        )
        for each in VILLAGES
    ]


def districts() -> list[Row]:
    return [
        ({"kode": code, "nama": name}, shapely.union_all([each.geometry for each in VILLAGES if each.parent == code]))
        for code, name in DISTRICTS.items()
    ]


def shapes(areas: list[Area], level: Level) -> list[Any]:
    return [area.geometry.normalize() for area in areas if area.level is level]


def assert_the_villages(areas: list[Area]) -> None:
    assert [area.code for area in areas] == ["99.01", *DISTRICTS, *[each.code for each in VILLAGES]]
    for area, village in zip(areas[3:], VILLAGES, strict=True):
        assert area.geometry.symmetric_difference(village.geometry).area < 1e-9
        assert area.kind == "desa"
        assert area.name == f"Desa {village.code[-1]}"


@pytest.mark.parametrize("ending", ["geojson", "json", "gpkg", "shp", "zip", "folder.zip"])
def test_every_format_gives_the_same_areas(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"desa.{ending}"
    rows = kemendagri()
    if ending.endswith("json"):
        geojson(path, rows)
    elif ending.endswith("zip"):
        # A shapefile's field names hold ten letters.
        short = [({k[:8]: v for k, v in row.items()}, shape) for row, shape in rows]
        zipped(path, [layer(tmp_path / "desa.shp", short)], "batas/" if ending.startswith("folder") else "")
    else:
        layer(path, [({k[:8]: v for k, v in row.items()}, shape) for row, shape in rows])
    prepared = prepare(path)
    assert_the_villages(prepared.areas)
    assert {finding.fault for finding in prepared.findings.listed} == {Fault.UNNAMED}


def test_another_reference_system_is_brought_to_lon_lat(tmp_path: Path) -> None:
    to_utm = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:32750", always_xy=True)
    rows = [
        (row, shapely.transform(shape, lambda xy: np.column_stack(to_utm.transform(xy[:, 0], xy[:, 1]))))
        for row, shape in kemendagri()
    ]
    prepared = prepare(layer(tmp_path / "utm.gpkg", rows, crs="EPSG:32750"))
    assert_the_villages(prepared.areas)
    assert prepared.findings.of(Fault.TURNED) == []
    bare = layer(tmp_path / "utm.shp", [({"kode": row["kode"]}, shape) for row, shape in rows], crs="EPSG:32750")
    bare.with_suffix(".prj").unlink()
    with pytest.raises(AreaFileInvalid, match=r"no degrees.*\.prj"):
        prepare(bare)


def test_a_file_in_lat_lon_order_is_turned_and_it_is_said(tmp_path: Path) -> None:
    rows = [(row, shapely.transform(shape, lambda xy: xy[:, ::-1])) for row, shape in kemendagri()]
    prepared = prepare(geojson(tmp_path / "turned.geojson", rows))
    assert_the_villages(prepared.areas)
    assert len(prepared.findings.of(Fault.TURNED)) == 1
    assert any("turned.geojson" in line for line in prepared.findings.lines())


def test_heights_are_dropped(tmp_path: Path) -> None:
    rows = [(row, shapely.force_3d(shape, 12.5)) for row, shape in kemendagri()]
    assert not any(area.geometry.has_z for area in prepare(geojson(tmp_path / "high.geojson", rows)).areas)


def test_names_come_from_a_second_file_and_from_the_caller(tmp_path: Path) -> None:
    villages, names = geojson(tmp_path / "desa.geojson", kemendagri()), geojson(tmp_path / "kec.geojson", districts())
    prepared = prepare(villages, names_from=names, names={"99.01": "Tirta"})
    assert [area.name for area in prepared.areas[:3]] == ["Tirta", "Kulon", "Wetan"]
    assert prepared.findings.listed == []


def test_districts_alone_make_a_regency(tmp_path: Path) -> None:
    areas = prepare(geojson(tmp_path / "kec.geojson", districts()), names={"99.01": "Tirta"}).areas
    assert [(area.code, area.name) for area in areas] == [("99.01", "Tirta"), *DISTRICTS.items()]


def test_bps_and_hdx_codes_stay_bps_digits_with_names_for_every_level(tmp_path: Path) -> None:
    shape = VILLAGES[0].geometry
    bps = {
        "iddesa": "3510210002",
        "nmdesa": "BAKUNGAN",
        "idkec": "3510210",
        "nmkec": "GLAGAH",
        "idkab": 3510,
        "nmkab": "X",
    }
    hdx = {"ADM4_EN": "Bakungan", "ADM4_PCODE": "ID3510210002", "ADM3_EN": "Glagah", "ADM3_PCODE": "ID3510210",
           "ADM2_EN": "Banyuwangi", "ADM2_PCODE": "ID3510"}  # fmt: skip
    found = prepare(geojson(tmp_path / "bps.geojson", [(bps, shape)])).areas
    assert [(area.code, area.name) for area in found] == [
        ("3510", "X"),
        ("3510210", "GLAGAH"),
        ("3510210002", "BAKUNGAN"),
    ]
    found = prepare(geojson(tmp_path / "hdx.geojson", [(hdx, shape)])).areas
    assert [area.name for area in found] == ["Banyuwangi", "Glagah", "Bakungan"]
    assert [area.code for area in found] == ["3510", "3510210", "3510210002"]


def test_codes_without_dots_get_them_and_so_do_their_parents(tmp_path: Path) -> None:
    row = {"village_code": 3510212001, "village_name": "A", "district_code": 351021, "district_name": "B",
           "regency_code": "3510", "regency_name": "C"}  # fmt: skip
    prepared = prepare(geojson(tmp_path / "plain.geojson", [(row, VILLAGES[0].geometry)]))
    assert [(area.code, area.name) for area in prepared.areas] == [
        ("35.10", "C"),
        ("35.10.21", "B"),
        ("35.10.21.2001", "A"),
    ]
    assert prepared.findings.listed == []


def test_the_layer_with_villages_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "all.gpkg"
    layer(path, [({"ADM3_PCODE": "ID9901010"}, VILLAGES[0].geometry)], name="adm3")
    layer(path, [({"ADM4_PCODE": "ID9901010001"}, VILLAGES[0].geometry)], name="adm4")
    layer(path, [({"remark": "x"}, VILLAGES[0].geometry)], name="notes")
    found = read(path)
    assert (found.level, [feature.code for feature in found.features]) == (Level.VILLAGE, ["9901010001"])
    several = [layer(tmp_path / f"{name}.shp", [({code: "ID9901010001"[:length]}, VILLAGES[0].geometry)])
               for name, code, length in (("adm3", "ADM3_PCODE", 9), ("adm4", "ADM4_PCODE", 12))]  # fmt: skip
    assert read(zipped(tmp_path / "all.zip", several)).level is Level.VILLAGE


def test_other_field_names_are_given_by_hand(tmp_path: Path) -> None:
    rows = [({"id_wilayah": row["kode"], "sebutan": row["nama"]}, shape) for row, shape in kemendagri()]
    path = geojson(tmp_path / "own.geojson", rows)
    with pytest.raises(FieldUnknown, match=r"id_wilayah, sebutan.*--code-field"):
        prepare(path)
    assert_the_villages(prepare(path, "id_wilayah", "sebutan").areas)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("areas.kml", b"<kml/>", "convert"),
        ("areas.geojson", b"", "can't be read"),
        ("areas.geojson", b'{"type":"FeatureCollection","features":[', "can't be read|damaged"),
        ("areas.gpkg", b"SQLite format 3\x00 not really", "can't be read"),
        ("areas.shp", b"\x00\x00\x27\x0a", "can't be read"),
        ("areas.zip", b"PK\x03\x04 not really", "can't be read"),
    ],
)
def test_a_damaged_or_foreign_file_is_refused_with_a_sentence(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(AreaFileInvalid, match=says):
        prepare(path)


def test_a_missing_file_and_one_without_shapes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AreaFileInvalid, match="no file"):
        prepare(tmp_path / "none.geojson")
    with pytest.raises(AreaFileInvalid, match="no shapes"):
        prepare(geojson(tmp_path / "empty.geojson", [({"kode": "99.01.01.2001"}, None)]))
    with pytest.raises(AreaFileInvalid, match="--code-field"):
        prepare(geojson(tmp_path / "other.geojson", [({"kode": "A1"}, VILLAGES[0].geometry)]))


def test_unclosed_and_crossing_rings_come_out_whole(tmp_path: Path) -> None:
    crossing = {"type": "Polygon", "coordinates": [[[114, -8], [114.02, -7.98], [114.02, -8], [114, -7.98], [114, -8]]]}
    unclosed = {"type": "Polygon", "coordinates": [[[114.1, -8], [114.2, -8], [114.2, -7.9], [114.1, -7.9]]]}
    rows: list[Row] = [({"kode": "99.01.01.2001"}, crossing), ({"kode": "99.01.01.2002"}, unclosed)]
    prepared = prepare(geojson(tmp_path / "odd.geojson", rows))
    assert all(area.geometry.is_valid for area in prepared.areas)
    assert prepared.areas[-1].geometry.area == pytest.approx(0.01)
    assert [finding.codes for finding in prepared.findings.of(Fault.REPAIRED)] == [("99.01.01.2001",)]
