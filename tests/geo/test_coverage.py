"""Raw features to areas: dissolving, repairing, and every kind of finding."""

from __future__ import annotations

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from geo.areas import Area, Level
from geo.coverage import Feature, assemble
from geo.findings import Fault, Findings
from geo.ground import area_m2
from tests.geo.made import grid, middle, square

pytestmark = pytest.mark.unit


def feature(code: str, ground: BaseGeometry | None, name: str | None = "Sumber", **more: object) -> Feature:
    return Feature(code, name, None, ground, **more)  # type: ignore[arg-type]


def features(columns: int = 3, rows: int = 3) -> list[Feature]:
    return [feature(each.code, each.geometry, f"Desa {each.code[-4:]}") for each in grid(columns, rows)]


def by_code(areas: list[Area]) -> dict[str, Area]:
    return {area.code: area for area in areas}


def faults(findings: Findings) -> set[Fault]:
    return {finding.fault for finding in findings.listed}


def test_villages_dissolve_into_districts_and_the_regency() -> None:
    areas, findings = assemble(
        features(), {"99.01": "Tirta", "99.01.01": "Kulon", "99.01.02": "Tengah", "99.01.03": "Wetan"}
    )
    assert [area.level for area in areas] == [Level.REGENCY, *[Level.DISTRICT] * 3, *[Level.VILLAGE] * 9]
    assert findings.listed == []
    assert not findings.slivers
    assert findings.lines() == []
    found = by_code(areas)
    assert found["99.01.02"].geometry.equals(square(0, 1, 3, 1))
    assert found["99.01"].geometry.equals(square(0, 0, 3, 3))
    assert found["99.01"].area_m2 == pytest.approx(sum(a.area_m2 for a in areas if a.level is Level.VILLAGE), rel=1e-9)
    village = found["99.01.02.2002"]
    assert (village.parent, village.kind, village.name) == ("99.01.02", "desa", "Desa 2002")
    assert village.label == pytest.approx(middle(1, 1), abs=1e-5)
    assert village.bbox == square(1, 1).bounds


def test_names_come_from_the_caller_then_the_features_then_the_code() -> None:
    one = feature("99.01.01.2001", square(0, 0), names={"99.01.01": "Kulon", "99.01": "Lama"})
    other = feature("99.01.01.1002", square(1, 0), None)
    areas, findings = assemble([one, other], {"99.01": "Tirta"})
    assert {area.code: area.name for area in areas} == {
        "99.01": "Tirta",
        "99.01.01": "Kulon",
        "99.01.01.1002": "99.01.01.1002",
        "99.01.01.2001": "Sumber",
    }
    assert [finding.codes for finding in findings.of(Fault.UNNAMED)] == [("99.01.01.1002",)]
    assert by_code(areas)["99.01.01.1002"].kind == "kelurahan"


def test_a_file_with_all_levels_is_built_from_its_finest() -> None:
    whole = feature("99.01.01", square(5, 5), "Kulon")
    lone = feature("99.01.09", square(0, 7), "Jauh")
    areas, _ = assemble([whole, lone, *features(2, 1)])
    found = by_code(areas)
    assert found["99.01.01"].name == "Kulon"
    assert found["99.01.01"].geometry.equals(square(0, 0, 2, 1))
    assert found["99.01.09"].geometry.equals(square(0, 7))


def test_crossing_rings_are_repaired_and_reported() -> None:
    bow = shapely.Polygon([(114, -8), (114.02, -7.98), (114.02, -8), (114, -7.98)])
    areas, findings = assemble([feature("99.01.01.2001", bow)])
    assert areas[-1].geometry.is_valid
    (repaired,) = findings.of(Fault.REPAIRED)
    assert repaired.codes == ("99.01.01.2001",)
    assert repaired.area_m2 == pytest.approx(areas[-1].area_m2)


def test_what_has_no_polygon_or_no_code_is_left_out_and_reported() -> None:
    wrong = [feature("", square(3, 0), "Danau"), feature("88", square(4, 0)), feature("99.01.01.2009", None),
             feature("99.01.01.2008", shapely.Point(1, 2))]  # fmt: skip
    areas, findings = assemble([*features(), *wrong])
    assert len(areas) == 13
    assert [finding.codes for finding in findings.of(Fault.EMPTY)] == [
        (),
        ("88",),
        ("99.01.01.2008",),
        ("99.01.01.2009",),
    ]
    assert any("Danau" in line for line in findings.lines())
    assert assemble([])[0] == []


def test_an_overlap_is_reported_with_both_codes_and_its_size() -> None:
    _, findings = assemble([feature("99.01.01.2001", square(0, 0, 1.5, 1)), feature("99.01.01.2002", square(1, 0))])
    (overlap,) = findings.of(Fault.OVERLAP)
    assert overlap.codes == ("99.01.01.2001", "99.01.01.2002")
    assert overlap.area_m2 == pytest.approx(area_m2(square(1, 0, 0.5, 1)), rel=1e-6)
    assert overlap.at is not None
    assert square(1, 0, 0.5, 1).contains(shapely.Point(overlap.at))


def test_a_gap_is_reported_with_the_areas_around_it_and_stays_open() -> None:
    around = [each for each in features() if each.code != "99.01.02.2002"]
    areas, findings = assemble(around)
    (gap,) = findings.of(Fault.GAP)
    assert gap.area_m2 == pytest.approx(area_m2(square(1, 1)), rel=1e-6)
    assert {"99.01.02.2001", "99.01.02.2003", "99.01.01.2002", "99.01.03.2002"} <= set(gap.codes)
    assert not by_code(areas)["99.01"].geometry.covers(shapely.Point(middle(1, 1)))


def test_slivers_are_counted_and_cracks_closed_above() -> None:
    crack = shapely.box(114.03, -8.4700005, 114.035, -8.4699995)
    made = [
        feature(each.code, shapely.difference(each.geometry, crack), "Desa") if each.geometry else each
        for each in features()
    ]
    areas, findings = assemble(made)
    assert findings.of(Fault.GAP) == []
    assert findings.slivers[Fault.GAP] == 1
    assert findings.sliver_area_m2[Fault.GAP] == pytest.approx(area_m2(crack), rel=1e-3)
    assert by_code(areas)["99.01"].geometry.covers(crack)
    assert any("and 1 under 1,000 m2" in line for line in findings.lines())


def test_a_code_twice_is_joined_or_used_once() -> None:
    twice = [*features(2, 1), feature("99.01.01.2001", square(0, 0)), feature("99.01.01.2002", square(1, 1))]
    areas, findings = assemble(twice)
    assert {finding.codes[0]: "joined" in finding.note for finding in findings.of(Fault.DUPLICATE)} == {
        "99.01.01.2001": False,
        "99.01.01.2002": True,
    }
    assert by_code(areas)["99.01.01.2001"].geometry.equals(square(0, 0))
    assert by_code(areas)["99.01.01.2002"].geometry.equals(square(1, 0, 1, 2))


def test_a_piece_among_another_parents_areas_is_a_stray() -> None:
    made = {each.code: each for each in features()}
    made["99.01.03.2009"] = feature("99.01.03.2009", made.pop("99.01.01.2001").geometry)
    _, findings = assemble(made.values())
    (stray,) = findings.of(Fault.STRAY)
    assert stray.codes == ("99.01.03.2009",)
    assert stray.area_m2 == pytest.approx(area_m2(square(0, 0)), rel=1e-9)
    assert "99.01.01" in stray.note


def test_an_island_or_a_district_of_one_village_is_no_stray() -> None:
    alone = [*features(2, 1), feature("99.01.02.2001", square(0, 1)), feature("99.01.01.2003", square(9, 9))]
    assert Fault.STRAY not in faults(assemble(alone)[1])


def test_a_code_that_disagrees_with_the_parent_given_is_a_stray() -> None:
    _, findings = assemble([feature("99.01.01.2001", square(0, 0), parent="99.01.02")])
    (stray,) = findings.of(Fault.STRAY)
    assert stray.codes == ("99.01.01.2001",)
    assert "99.01.02" in stray.note


def test_the_report_names_the_largest_first_and_says_how_many_more() -> None:
    overlapping = [feature(f"99.01.01.{2001 + at}", square(at, 0, 1 + at / 10, 1)) for at in range(9)]
    lines = assemble(overlapping)[1].lines(at_most=2)
    at = next(number for number, line in enumerate(lines) if line.startswith("overlaps"))
    assert lines[at + 1].startswith("  99.01.01.2008, 99.01.01.2009, ")
    assert lines[at + 3] == "  and 5 more"
