"""From the raw features of a boundary file to a tree of areas, and what is wrong with them.

All shapes stay in degrees; sizes are true square metres (see `geo.ground`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geo.areas import Area, CodeInvalid, kind_of, level_of, parent_code, path
from geo.findings import Fault, Finding, Findings
from geo.ground import area_m2, areas_m2, label_of
from geo.inspection import HAIR, Ground, inspect
from geo.shapes import polygons_of

SLIVER_M2 = 1000.0


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature of a boundary file, as read. `parent` is the parent's code where the file gives one.

    `names` are the names the file gives for areas above it, by their codes.
    """

    code: str
    name: str | None
    kind: str | None
    geometry: BaseGeometry | None
    parent: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)


def assemble(
    features: Iterable[Feature], names: Mapping[str, str] | None = None, sliver_m2: float = SLIVER_M2
) -> tuple[list[Area], Findings]:
    """Areas of all levels, regencies first, and what was found wrong.

    Rings are repaired, features of one code merged, and the finest areas dissolved into the levels
    above them. `names` gives names by code and goes before those in the features. An area nobody
    names is called by its code. Faults smaller than `sliver_m2` are counted, not listed.
    """
    findings = Findings(sliver_m2)
    by_code = _by_code(features, findings)
    above = {code for codes in map(path, by_code) for code in codes[:-1]}
    merged = {code: _merged(code, by_code[code], findings) for code in sorted(by_code) if code not in above}
    leaves = {code: ground for code, ground in merged.items() if ground}
    inspect(leaves, findings)
    grounds = leaves | _dissolved(leaves, sliver_m2)
    known = _names(by_code, names or {})
    kinds = {code: features[0].kind for code, features in by_code.items()}
    codes = sorted(grounds, key=lambda code: (len(code), code))
    sizes = areas_m2([grounds[code] for code in codes])
    for code in codes:
        if code not in known:
            findings.add(Finding(Fault.UNNAMED, (code,)))
    areas = [
        _area(code, known.get(code, code), kinds.get(code) or kind_of(code), grounds[code], float(size))
        for code, size in zip(codes, sizes, strict=True)
    ]
    return areas, findings


def _dissolved(leaves: Mapping[str, Ground], sliver_m2: float) -> dict[str, Ground]:
    """The ground of every area above the leaves, cracks between its members closed."""
    members: dict[str, list[Ground]] = defaultdict(list)
    for code, ground in leaves.items():
        for above in path(code)[:-1]:
            members[above].append(ground)
    return {
        code: _without_cracks(shapely.union_all(inner, grid_size=HAIR), sliver_m2) for code, inner in members.items()
    }


def _without_cracks(ground: BaseGeometry, sliver_m2: float) -> Ground:
    """A ground without its holes smaller than a sliver."""
    polygons = []
    for polygon in shapely.get_parts(ground):
        sizes = areas_m2([Polygon(ring) for ring in polygon.interiors])
        kept = [ring for ring, size in zip(polygon.interiors, sizes, strict=True) if size >= sliver_m2]
        polygons.append(Polygon(polygon.exterior, kept))
    # A piece may have stood in a hole that is closed now: that pair is no valid geometry yet.
    return polygons_of(MultiPolygon(polygons)) or MultiPolygon()


def _names(by_code: Mapping[str, Sequence[Feature]], given: Mapping[str, str]) -> dict[str, str]:
    """The first name found for each code."""
    names = dict(given)
    for code, features in by_code.items():
        for feature in features:
            if feature.name:
                names.setdefault(code, feature.name)
            for above, name in feature.names.items():
                names.setdefault(above, name)
    return names


def _area(code: str, name: str, kind: str | None, ground: Ground, size: float) -> Area:
    west, south, east, north = ground.bounds
    return Area(
        code, name, level_of(code), parent_code(code), kind, ground, label_of(ground), size, (west, south, east, north)
    )


def _by_code(features: Iterable[Feature], findings: Findings) -> dict[str, list[Feature]]:
    """Features by their codes, those without a usable code reported and left out."""
    by_code: dict[str, list[Feature]] = defaultdict(list)
    for feature in features:
        try:
            expected = parent_code(feature.code)
        except CodeInvalid:
            note = f"{feature.name or 'a feature'}: its code {feature.code!r} is no area's code"
            findings.add(Finding(Fault.EMPTY, (feature.code,) if feature.code else (), note=note))
            continue
        if feature.parent and expected and feature.parent != expected:
            note = f"the file puts it in {feature.parent}, its code in {expected}"
            findings.add(Finding(Fault.STRAY, (feature.code,), note=note))
        by_code[feature.code].append(feature)
    return by_code


def _merged(code: str, features: Sequence[Feature], findings: Findings) -> Ground | None:
    """The ground of all features with one code, None (reported) where there is none."""
    grounds: list[Ground] = []
    for feature in features:
        ground = polygons_of(feature.geometry)
        if ground is None:
            continue
        if not shapely.is_valid(feature.geometry):
            findings.add(Finding(Fault.REPAIRED, (code,), area_m2(ground), label_of(ground)))
        if any(ground.equals(other) for other in grounds):
            findings.add(Finding(Fault.DUPLICATE, (code,), area_m2(ground), note="the same ground again: used once"))
            continue
        if grounds:
            findings.add(Finding(Fault.DUPLICATE, (code,), area_m2(ground), note="other ground: both joined"))
        grounds.append(ground)
    if not grounds:
        findings.add(Finding(Fault.EMPTY, (code,), note="it has no polygon"))
        return None
    return grounds[0] if len(grounds) == 1 else polygons_of(shapely.union_all(grounds))
