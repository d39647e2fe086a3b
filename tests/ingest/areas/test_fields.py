"""The property names and codes that boundary files really have."""

from __future__ import annotations

import math

import pytest

from geo.areas import Level
from ingest.areas.fields import FieldUnknown, as_written, find, is_kemendagri

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("properties", "level", "code", "name"),
    [
        (["kode", "kode_kecamatan", "nama", "jenis"], Level.VILLAGE, "kode", "nama"),
        (["IDDESA", "NMDESA", "IDKEC", "NMKEC"], Level.VILLAGE, "IDDESA", "NMDESA"),
        (["idkec", "nmkec", "nmkab"], Level.DISTRICT, "idkec", "nmkec"),
        (["ADM4_EN", "ADM4_PCODE", "ADM3_EN", "ADM3_PCODE"], Level.VILLAGE, "ADM4_PCODE", "ADM4_EN"),
        (["adm4_name", "adm4_pcode", "adm3_name", "adm3_pcode"], Level.VILLAGE, "adm4_pcode", "adm4_name"),
        (["ADM3_EN", "ADM3_PCODE", "ADM2_EN"], Level.DISTRICT, "ADM3_PCODE", "ADM3_EN"),
        (["village_code", "village_name", "district_code"], Level.VILLAGE, "village_code", "village_name"),
        (["district_code", "district_name"], Level.DISTRICT, "district_code", "district_name"),
        (["OBJECTID", "NAMOBJ", "KDCPUM", "KDEPUM", "WADMKC", "WADMKD"], Level.VILLAGE, "KDEPUM", "WADMKD"),
        (["NAMOBJ", "KDCPUM", "WADMKC"], Level.DISTRICT, "KDCPUM", "WADMKC"),
    ],
)
def test_each_convention_is_known(properties: list[str], level: Level, code: str, name: str) -> None:
    found = find(properties)
    assert (found.level, found.code, found.name) == (level, code, name)


def test_the_fields_asked_for_win() -> None:
    found = find(["kode", "nama", "Desa_ID", "Label"], "desa_id", "LABEL")
    assert (found.code, found.name) == ("Desa_ID", "Label")
    assert find(["kode", "nama", "lain"], name_field="lain").name == "lain"
    assert find(["ADM4_PCODE", "ADM4_EN"], "adm4_pcode").bps


def test_an_unknown_file_is_told_its_fields_and_what_to_do() -> None:
    with pytest.raises(FieldUnknown, match=r"has FID, label\. .*--code-field"):
        find(["FID", "label"])
    with pytest.raises(FieldUnknown, match=r"no property 'kod'.*has kode.*--code-field"):
        find(["kode"], "kod")
    with pytest.raises(FieldUnknown, match=r"no property 'nam'.*--name-field"):
        find(["kode"], None, "nam")


@pytest.mark.parametrize(
    ("values", "kemendagri"),
    [
        (["35.10.21.1002"], True),
        (["3510211002", "3510212001"], True),
        (["3510210002", "3510211002"], False),
        (["3510210"], False),
        (["351021"], True),
        ([3510212001.0], True),
        ([None, ""], False),
    ],
)
def test_a_column_tells_whose_numbering_it_follows(values: list[object], kemendagri: bool) -> None:
    assert is_kemendagri(values) is kemendagri


def test_codes_are_kept_as_their_source_numbers_them() -> None:
    assert as_written(["ID3510210002", 3510210002, 3510210002.0, " 3510210 "], kemendagri=False) == [
        "3510210002",
        "3510210002",
        "3510210002",
        "3510210",
    ]
    assert as_written(["3510212001", "351021", "3510", "35.10"], kemendagri=True) == [
        "35.10.21.2001",
        "35.10.21",
        "35.10",
        "35.10",
    ]
    assert as_written([None, math.nan, "", "88", "Danau"], kemendagri=True) == ["", "", "", "88", "Danau"]
