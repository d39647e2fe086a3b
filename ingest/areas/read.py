"""Boundary files to areas: GeoJSON, GeoPackage and Shapefile (also zipped), brought to lon, lat on WGS84.

The only home of pyogrio and pyproj.
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyogrio.raw
import pyproj
import shapely
from numpy.typing import NDArray

from geo.areas import Area, Level
from geo.coverage import SLIVER_M2, Feature, assemble
from geo.findings import Fault, Finding, Findings
from ingest.areas.fields import Fields, FieldUnknown, as_written, find, is_kemendagri

ENDINGS = (".geojson", ".json", ".gpkg", ".shp", ".zip")
_WGS84 = pyproj.CRS.from_epsg(4326)
# Where Indonesia lies: its two ranges share no number, so coordinates in the wrong order show.
_LONS, _LATS = (94.0, 142.0), (-12.0, 7.0)


class AreaFileInvalid(ValueError):
    """A boundary file that can't be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Areas ready to be kept, regencies first, and what was found wrong with them."""

    areas: list[Area]
    findings: Findings


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of a file as read: its features, and whether lat, lon were turned."""

    level: Level
    features: list[Feature]
    turned: bool


def prepare(
    path: Path,
    code_field: str | None = None,
    name_field: str | None = None,
    *,
    names_from: Path | None = None,
    names: Mapping[str, str] | None = None,
    sliver_m2: float = SLIVER_M2,
) -> Prepared:
    """Read a boundary file and make areas of all levels of it.

    `names_from` is a second file (districts, say) of which only the names are used; `names` are
    names by code, such as the regency's own, and win over all others. Raises as `read`.
    """
    layer = read(path, code_field, name_field)
    known: dict[str, str] = {}
    if names_from:
        for feature in read(names_from).features:
            known |= {**feature.names, **({feature.code: feature.name} if feature.name else {})}
    areas, findings = assemble(layer.features, {**known, **(names or {})}, sliver_m2)
    if not areas:
        raise AreaFileInvalid(
            f"{path.name} holds no area with a polygon and a code like 35.10.21.1002 or 3510210002: "
            "say which property is the code with --code-field"
        )
    if layer.turned:
        findings.add(Finding(Fault.TURNED, (), note=path.name))
    return Prepared(areas, findings)


def read(path: Path, code_field: str | None = None, name_field: str | None = None) -> Layer:
    """The features of the file's most detailed layer (villages before districts), in lon, lat on WGS84.

    Raises AreaFileInvalid if the file can't be read or its coordinates are not degrees, FieldUnknown
    (as `fields.find`) if it does not say where its codes are.
    """
    if path.suffix.lower() not in ENDINGS:
        raise AreaFileInvalid(f"{path.name}: areas come as {', '.join(ENDINGS)}; convert the file to one of these")
    if not path.is_file():
        raise AreaFileInvalid(f"there is no file {path}")
    try:
        with warnings.catch_warnings():
            # GDAL remarks on rings left open and the like, which are closed on the way in.
            warnings.simplefilter("ignore", RuntimeWarning)
            source, layer, fields = _layer(path, code_field, name_field)
            meta, _, shapes, columns = pyogrio.raw.read(source, layer=layer, columns=fields.used(), force_2d=True)
    except (pyogrio.errors.DataSourceError, zipfile.BadZipFile) as error:
        raise AreaFileInvalid(f"{path.name} can't be read as a boundary file: {error}") from error
    except (pyogrio.errors.DataLayerError, ValueError) as error:
        if isinstance(error, FieldUnknown):
            raise
        raise AreaFileInvalid(f"{path.name} is damaged: {error}") from error
    geometries, turned = in_degrees(shapely.from_wkb(shapes, on_invalid="fix"), meta["crs"], path.name)
    table = dict(zip(meta["fields"], columns, strict=True))
    return Layer(fields.level, list(_features(fields, table, geometries)), turned)


def _layer(path: Path, code_field: str | None, name_field: str | None) -> tuple[str, str, Fields]:
    """Where to read (source and layer) and which properties: the most detailed layer that is understood."""
    found: list[tuple[str, str, Fields]] = []
    refused: FieldUnknown | None = None
    for source in _sources(path):
        for layer, shape_type in pyogrio.list_layers(source):
            if shape_type is None:
                continue
            properties = list(pyogrio.read_info(source, layer=layer)["fields"])
            try:
                found.append((source, layer, find(properties, code_field, name_field)))
            except FieldUnknown as error:
                refused = refused or error
    if not found:
        raise refused or AreaFileInvalid(f"{path.name} holds no shapes: choose the file with the boundaries")
    return next((each for each in found if each[2].level is Level.VILLAGE), found[0])


def _sources(path: Path) -> list[str]:
    """What GDAL is to open: the file, or the boundary files in a zip, in whatever folder they are."""
    if path.suffix.lower() != ".zip":
        return [str(path)]
    with zipfile.ZipFile(path) as archive:
        inner = [name for name in archive.namelist() if Path(name).suffix.lower() in (".shp", ".gpkg", ".geojson")]
    return [f"/vsizip/{{{path.resolve()}}}/{name}" for name in inner if not name.startswith("__MACOSX")]


def in_degrees(shapes: NDArray[np.object_], crs: str | None, name: str) -> tuple[NDArray[np.object_], bool]:
    """Shapes in lon, lat on WGS84, and whether they had to be turned from lat, lon."""
    try:
        known = pyproj.CRS.from_user_input(crs) if crs else _WGS84
    except pyproj.exceptions.CRSError as error:
        raise AreaFileInvalid(f"{name} names a reference system that is not known, {crs}: {error}") from error
    if known != _WGS84:
        to_wgs84 = pyproj.Transformer.from_crs(known, _WGS84, always_xy=True)
        shapes = shapely.transform(shapes, lambda xy: np.column_stack(to_wgs84.transform(xy[:, 0], xy[:, 1])))
    if shapely.is_empty(shapes).sum() + shapely.is_missing(shapes).sum() == len(shapes):
        raise AreaFileInvalid(f"{name} holds no shapes: choose the file with the boundaries")
    west, south, east, north = shapely.total_bounds(shapes)
    if _within(west, east, _LATS) and _within(south, north, _LONS):
        return shapely.transform(shapes, lambda xy: xy[:, ::-1]), True
    if not (_within(west, east, (-180, 180)) and _within(south, north, (-90, 90))):
        raise AreaFileInvalid(
            f"{name} has coordinates that are no degrees (from {west:.0f}, {south:.0f} to {east:.0f}, {north:.0f}) "
            "and does not say in which system: keep the .prj beside the .shp, or export as WGS84 (EPSG:4326)"
        )
    return shapes, False


def _within(low: float, high: float, ends: tuple[float, float]) -> bool:
    return bool(ends[0] <= low and high <= ends[1])


def _features(fields: Fields, table: Mapping[str, NDArray[Any]], shapes: NDArray[np.object_]) -> Iterator[Feature]:
    """The rows of a table as features."""

    def texts(field: str | None) -> Iterable[str | None]:
        return [_text(value) for value in table[field]] if field else [None] * len(shapes)

    kemendagri = not fields.bps and is_kemendagri(table[fields.code])

    def codes(field: str | None) -> list[str]:
        return as_written(table[field], kemendagri=kemendagri) if field else [""] * len(shapes)

    rows = zip(codes(fields.code), texts(fields.name), texts(fields.kind), codes(fields.parent),
               texts(fields.parent_name), codes(fields.regency), texts(fields.regency_name), shapes,
               strict=True)  # fmt: skip
    for code, name, kind, parent, parent_name, regency, regency_name, shape in rows:
        above = {parent: parent_name, regency: regency_name}
        names = {each: text for each, text in above.items() if each and text}
        yield Feature(code, name, kind.lower() if kind else None, shape, parent or None, names)


def _text(value: object) -> str | None:
    """A property as one line of text, None where it says nothing."""
    return (" ".join(value.split()) or None) if isinstance(value, str) else None
