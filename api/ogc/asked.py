"""What an address asks of a collection, turned into the house's question."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import shapely
from pydantic import BaseModel, ConfigDict, Field

from api.language import Language
from api.ogc.web import Form, wrong
from api.questions import Moment, instant
from api.shapes.common import AreaCode
from cases.access import Sight
from cases.features import COLLECTIONS, Collection, vocabulary
from cases.filters.moments import written
from cases.filters.reading import Lang, equals, read
from cases.filters.tree import Either, Filter, Node, Relation, Spatial, Vocabulary, both
from cases.incidents import MOST, Box, Circle, Counting, Cursor, Question, Sort
from geo.crs import Crs

USUAL = 100
_LANGS: Final = {"cql2-text": Lang.TEXT, "cql2-json": Lang.JSON, "cql-text": Lang.TEXT}
"""GDAL calls CQL2 as text by the name that drafts had."""
_LISTED: Final = frozenset({"category", "status", "kind"})
_EDGE = 16
"""Points along each side of a box whose sides bend."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1) - 1


class OneAsked(BaseModel):
    """How one feature is wanted."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    crs: Crs = Field(Crs.CRS84, description="Reference system of the answer's positions.")
    f: Form | None = Field(None, description="`json` or `html`; without it `Accept` decides.")


class ItemsAsked(OneAsked):
    """Which features are wanted. Besides these, every queryable of the collection may stand as `name=value`."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)

    limit: int = Field(USUAL, ge=1, description=f"Most features in one answer; above {MOST:,} counts as {MOST:,}.")
    bbox: str | None = Field(None, max_length=200, description="Four numbers (six with heights) in `bbox-crs`.")
    bbox_crs: Crs = Field(Crs.CRS84, alias="bbox-crs", description="Reference system of `bbox`.")
    datetime: str | None = Field(None, max_length=100, description="A moment, or `from/to`, `from/..`, `../to`.")
    filter: str | None = Field(None, description="CQL2; names are those of the collection's queryables.")
    filter_lang: str = Field(
        "cql2-text",
        alias="filter-lang",
        pattern="^(cql2-text|cql2-json|cql-text)$",
        description="`cql2-text` or `cql2-json`; `cql-text` is what GDAL calls the former.",
        json_schema_extra={"enum": list(_LANGS)},
    )
    filter_crs: Crs = Field(Crs.CRS84, alias="filter-crs", description="Reference system of the filter's geometries.")
    sortby: str | None = Field(None, max_length=40, description="One sortable, `-` before it for the greatest first.")
    cursor: str | None = Field(None, max_length=200, description="Where to go on: from the `next` link of an answer.")
    count: Counting = Field(
        Counting.ESTIMATE, description="`numberMatched`: `estimate` (exact where cheap), `exact`, or `none`."
    )
    area: AreaCode | None = Field(None, description="Code of an area of any level: what lies in it or below.")
    near: str | None = Field(None, max_length=60, description="`lon,lat` in degrees, with `radius_m`.")
    since: Moment = Field(None, description="From this time or day on.")
    until: Moment = Field(None, description="Before this time, or up to the end of this day.")
    q: str = Field("", max_length=200, description="Words in a description or caption, or a complaint's reference.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked, in the house's words."""

    question: Question
    crs: Crs
    form: Form | None
    count: Counting


def wanted(asked: ItemsAsked, collection: Collection, sight: Sight, zone: ZoneInfo) -> Wanted:
    """The question of an address. Raises Problem (400) or FilterInvalid for what cannot be understood."""
    words = vocabulary(collection, sight)
    described = COLLECTIONS[collection]
    question = Question(
        kinds=described.kinds,
        sort=_sort(asked.sortby, collection),
        limit=min(asked.limit, MOST),
        after=None if asked.cursor is None else _read("cursor", Cursor.decode, asked.cursor),
        area=_area(asked.area, words),
        since=instant(asked.since, zone, end=False),
        until=instant(asked.until, zone, end=True),
    )
    question = _incidents_only(question, asked, collection)
    if asked.datetime is not None and described.dated is not None:
        question = _dated(question, asked.datetime, zone)
    tree = None if asked.filter is None else _filter(asked, words, zone)
    for name, value in (asked.model_extra or {}).items():
        tree = both(tree, _equal(name, str(value), words, zone))
    if asked.bbox is not None:
        question, tree = _boxed(question, tree, asked.bbox, asked.bbox_crs)
    if tree is not None:
        question = replace(question, filter=Filter(collection, tree))
    return Wanted(question, asked.crs, asked.f, asked.count)


def parameters(collection: Collection, sight: Sight, language: Language) -> list[tuple[str, str]]:
    """The queryables that may stand in an address by themselves: name and what people call it."""
    words = vocabulary(collection, sight)
    return [(one.name, one.title(language)) for one in COLLECTIONS[collection].fields if one.name in words]


def _sort(given: str | None, collection: Collection) -> Sort:
    described = COLLECTIONS[collection]
    if given is None:
        return described.first
    name = given.strip().removeprefix("+").removeprefix("-")
    if name not in described.sorts:
        raise wrong("sortby", f"is one of {', '.join(described.sorts)}, with - before it for the greatest first")
    return described.sorts[name][given.strip().startswith("-")]


def _area(code: str | None, words: Vocabulary) -> str | None:
    if code is not None and "area" not in words:
        raise wrong("area", "is not known here")
    return code


def _incidents_only(question: Question, asked: ItemsAsked, collection: Collection) -> Question:
    """With what only incidents are asked: words, and nearness."""
    radius = (asked.model_extra or {}).pop("radius_m", None) if asked.near is not None else None
    if not COLLECTIONS[collection].kinds:
        if asked.near is not None or asked.q:
            raise wrong("near" if asked.near is not None else "q", "is not known here")
        return question
    if asked.near is not None:
        lon, lat, metres = _read("near", _numbers, f"{asked.near},{radius}", 3)
        if not (-180 <= lon <= 180 and -90 <= lat <= 90 and 0 < metres <= 100_000):
            raise wrong("near", "near=lon,lat goes with radius_m, above 0 and up to 100000")
        question = replace(question, circle=Circle(lon, lat, metres))
    return replace(question, text=asked.q.strip())


def _dated(question: Question, given: str, zone: ZoneInfo) -> Question:
    """From one end to the other, both included; open where there are two dots, or nothing."""
    first, between, last = given.strip().replace(" ", "+").partition("/")
    ends = (first, last if between else first)
    if all(end in ("", "..") for end in ends):
        raise wrong("datetime", "at least one end is a time: 2026-11-01T00:00:00Z/..")
    low, high = (None if end in ("", "..") else _read("datetime", written, end, zone) for end in ends)
    if low is not None and high is not None and low.start > high.end:
        raise wrong("datetime", "its end lies before its beginning")
    since, until = question.since, question.until
    if low is not None:
        since = max(filter(None, (since, _moment(low.start))))
    if high is not None:
        until = min(filter(None, (until, _moment(min(high.end, _LAST) + 1))))
    return replace(question, since=since, until=until)


def _moment(micros: int) -> Any:
    return _EPOCH + timedelta(microseconds=micros)


def _filter(asked: ItemsAsked, words: Vocabulary, zone: ZoneInfo) -> Node:
    return read(asked.filter or "", _LANGS[asked.filter_lang], words, zone=zone, crs=asked.filter_crs)


def _equal(name: str, value: str, words: Vocabulary, zone: ZoneInfo) -> Node:
    """`name=value`; the words of the house may be several, with commas."""
    if name not in words:
        raise wrong(name[:40], "is not known here")
    values = [part.strip() for part in value.split(",") if part.strip()] if name in _LISTED else [value]
    nodes = [equals(name, one, words, zone=zone) for one in values or [value]]
    return nodes[0] if len(nodes) == 1 else Either(tuple(nodes))


def _boxed(question: Question, tree: Node | None, given: str, crs: Crs) -> tuple[Question, Node | None]:
    """Within a box. In degrees and Mercator it is one of ours; in UTM its sides bend, and the shape itself counts."""
    numbers: list[float] = _read("bbox", _numbers, given, 0)
    if len(numbers) not in (4, 6):
        raise wrong("bbox", "is four numbers, or six with heights")
    half = len(numbers) // 2
    (x0, y0), (x1, y1) = numbers[:2], numbers[half : half + 2]
    first, second = _edges(x0, y0, x1, y1, crs)
    lon, lat = crs.to_lonlat(first, second)
    south, north = float(lat.min()), float(lat.max())
    upright = y0 <= y1 if crs is not Crs.WGS84 else x0 <= x1
    if not (upright and np.isfinite(lon).all() and -90 <= south <= north <= 90):
        raise wrong("bbox", "is the lesser corner and then the greater, in the order of the axes of bbox-crs")
    if crs in (Crs.UTM_49S, Crs.UTM_50S):
        shape = shapely.Polygon(np.column_stack((lon, lat))) if x0 < x1 and y0 < y1 else None
        if shape is None or not shape.is_valid:
            raise wrong("bbox", "is the lesser corner and then the greater, in the order of the axes of bbox-crs")
        west, south, east, north = shape.bounds
        within = Spatial(Relation.INTERSECTS, shapely.to_wkb(shape), (west, south, east, north))
        return replace(question, box=Box(west, south, east, north)), both(tree, within)
    west, east = float(lon[0]), float(lon[2 * _EDGE])
    if not (-180 <= west <= 180 and -180 <= east <= 180):
        raise wrong("bbox", "lies beyond the earth")
    return replace(question, box=Box(west, south, east, north)), tree


def _edges(x0: float, y0: float, x1: float, y1: float, crs: Crs) -> tuple[Any, Any]:
    """The ring around a box, from its lesser corner on, with points along its sides."""
    along = np.linspace(0.0, 1.0, _EDGE, endpoint=False)
    corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]
    sides = [(a + (b - a) * along, c + (d - c) * along) for (a, c), (b, d) in pairwise(corners)]
    return np.concatenate([side[0] for side in sides]), np.concatenate([side[1] for side in sides])


def _numbers(given: str, count: int) -> list[float]:
    numbers = [float(part) for part in given.split(",")]
    if (count and len(numbers) != count) or not all(abs(number) < 1e9 for number in numbers):
        raise ValueError("numbers with commas between them")
    return numbers


def _read(name: str, reading: Callable[..., Any], *given: Any) -> Any:
    """What a reader makes of a parameter; a wrong one is told by its name."""
    try:
        return reading(*given)
    except ValueError as error:
        raise wrong(name, str(error)) from None
