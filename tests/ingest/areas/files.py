"""Boundary files written for the tests, in every format taken in."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import shapely
from shapely.geometry.base import BaseGeometry

Row = tuple[Mapping[str, Any], Any]


def geojson(path: Path, rows: Sequence[Row]) -> Path:
    """A GeoJSON file of (properties, geometry) rows; a geometry may be a shape or a GeoJSON object."""
    features = [
        {
            "type": "Feature",
            "properties": dict(properties),
            "geometry": shapely.geometry.mapping(shape) if isinstance(shape, BaseGeometry) else shape,
        }
        for properties, shape in rows
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def layer(path: Path, rows: Sequence[Row], *, crs: str = "EPSG:4326", name: str | None = None) -> Path:
    """A GeoPackage or Shapefile, by the path's ending; `name` adds a named layer to a GeoPackage."""
    fields = list(rows[0][0])
    columns = [np.array([row[field] for row, _ in rows], dtype=object) for field in fields]
    shapes = shapely.to_wkb(np.array([shape for _, shape in rows], dtype=object))
    more: dict[str, Any] = {"layer": name, "append": path.exists()} if name else {}
    pyogrio.raw.write(path, shapes, columns, fields, geometry_type="Unknown" if path.suffix == ".gpkg" else "Polygon",
                      crs=crs, driver="GPKG" if path.suffix == ".gpkg" else "ESRI Shapefile", **more)  # fmt: skip
    return path


def zipped(path: Path, shapefiles: Sequence[Path], folder: str = "") -> Path:
    """A zip of shapefiles with all their companions."""
    with zipfile.ZipFile(path, "w") as archive:
        for shapefile in shapefiles:
            for part in sorted(shapefile.parent.glob(f"{shapefile.stem}.*")):
                archive.write(part, folder + part.name)
    return path
