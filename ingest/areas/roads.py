"""Road files to lines on WGS84: GeoJSON, GeoPackage and Shapefile."""

from pathlib import Path

import pyogrio
import pyogrio.raw
import shapely

from geo.roads import RoadLine
from ingest.areas.read import AreaFileInvalid, in_degrees

_PLAIN = "road"


def read_roads(path: Path, *, name_field: str = "name", class_field: str = "highway") -> list[RoadLine]:
    """The roads of the file's first layer; lines of several parts become several roads.

    A road without a name keeps an empty one; without a class it is a plain `road`. Raises AreaFileInvalid for a file
    that cannot be read or holds no lines.
    """
    try:
        has = {name.lower(): name for name in pyogrio.read_info(path)["fields"]}
        wanted = [has[field.lower()] for field in (name_field, class_field) if field.lower() in has]
        meta, _, shapes, columns = pyogrio.raw.read(path, columns=wanted, force_2d=True)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise AreaFileInvalid(f"{path.name} can't be read as a file of roads: {error}") from error
    values = {field.lower(): column for field, column in zip(meta["fields"], columns, strict=True)}
    names, classes = values.get(name_field.lower()), values.get(class_field.lower())
    lines, _ = in_degrees(shapely.from_wkb(shapes), meta["crs"], path.name)
    roads = [
        RoadLine(_text(names, at), _text(classes, at) or _PLAIN, part)
        for at, shape in enumerate(lines)
        for part in shapely.get_parts(shape)
        if isinstance(part, shapely.LineString) and not part.is_empty
    ]
    if not roads:
        raise AreaFileInvalid(f"{path.name} holds no lines: choose the file with the roads")
    return roads


def _text(column: object, at: int) -> str:
    value = column[at] if column is not None else None  # type: ignore[index]
    return "" if value is None or value != value else str(value)  # noqa: PLR0124 (NaN is not itself)
