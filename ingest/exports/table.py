"""Rows as columns: what every format writes, under the same names as the API's GeoJSON."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import numpy as np
import orjson

from cases.sentences import SENTENCES, sentence
from geo.index import AreaIndex
from storage import agencies
from storage.database import Database
from storage.incidents import COLUMNS

Columns = Mapping[str, Sequence[Any]]
"""One piece of an export, a column for each of FIELDS. Times are microseconds since 1970, `faults` codes with
spaces between.
"""

PROPERTIES = (
    "kind",
    "reference",
    "photo",
    "category",
    "status",
    "agency",
    "area",
    "area_name",
    "time",
    "due_at",
    "updated_at",
    "overdue",
    "radius_m",
    "title",
    "thumbnail",
    "camera",
    "trouble",
    "faults",
    "ended_at",
)
FIELDS = ("id", *PROPERTIES, "lon", "lat")
TIMES = frozenset({"time", "due_at", "updated_at", "ended_at"})

_MISSING = np.iinfo(np.int64).min
"""What numpy takes for no time (NaT), which comes out as None."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How an export reads for people: in their language, with the names of codes, by the city's clock."""

    language: Literal["id", "en"]
    zone: ZoneInfo
    categories: Mapping[str, str]
    agencies: Mapping[str, str]

    def heading(self, field: str) -> str:
        """What a column is called."""
        return self.said(f"column.{field}")

    def said(self, code: str) -> str:
        """A sentence, which may name the zone."""
        return sentence(code, self.language, zone=self.zone.key)

    def moment(self, moment: datetime) -> str:
        """A time in UTC (without its zone) by the city's clock, as spreadsheets read it."""
        return f"{moment.replace(tzinfo=UTC).astimezone(self.zone):%Y-%m-%d %H:%M:%S}"

    def word(self, field: str, value: Any) -> Any:
        """What a code means; what has no meaning for people beyond itself stays."""
        match field:
            case "kind" | "status":
                return None if value is None else sentence(f"{field}.{value}", self.language)
            case "overdue":
                return sentence("yes" if value else "no", self.language)
            case "category":
                return self.categories.get(value, value)
            case "agency":
                return self.agencies.get(value, value)
            case "trouble":
                code = next((code for code in (f"visit.{value}", f"fault.{value}") if code in SENTENCES), None)
                return value if code is None else sentence(code, self.language)
            case "faults" if value:
                value = ", ".join(sentence(f"shortfall.{fault}", self.language) for fault in value.split())
        return value


def reading(database: Database, language: Literal["id", "en"], zone: ZoneInfo) -> Reading:
    """The reading with the names that this installation's codes have."""
    with database.read() as db:
        named = {
            kind: {one.code: one.name_id if language == "id" else one.name_en for one in listed}
            for kind, listed in (("categories", agencies.categories(db)), ("agencies", agencies.agencies(db)))
        }
    return Reading(language, zone, **named)


def columns(rows: Sequence[Sequence[Any]], index: AreaIndex) -> dict[str, Sequence[Any]]:
    """A piece of `storage.walks.walk` by columns."""
    given = dict(zip(COLUMNS, zip(*rows, strict=True), strict=True))
    names = {code: index.name(code) for code in set(given["area"]) if code is not None and code in index}
    ids = [
        reference if kind == "complaint" else dashed(id_)
        for kind, id_, reference in zip(given["kind"], given["id"], given["reference"], strict=True)
    ]
    photos = [id_ if kind == "photo" else None for kind, id_ in zip(given["kind"], ids, strict=True)]
    return given | {
        "id": [f"{kind}:{id_}" for kind, id_ in zip(given["kind"], ids, strict=True)],
        "photo": photos,
        "area_name": [names.get(code) for code in given["area"]],
        "overdue": [bool(value) for value in given["overdue"]],
        "thumbnail": [
            f"/api/v1/photos/{photo}/thumbnail" if photo and done else None
            for photo, done in zip(photos, given["thumbnail"], strict=True)
        ],
        "faults": [None if kept is None else " ".join(orjson.loads(kept)) for kept in given["faults"]],
        "camera": [None if camera is None else dashed(camera) for camera in given["camera"]],
    }


def pieces(walked: Iterable[Sequence[Sequence[Any]]], index: AreaIndex) -> Iterator[dict[str, Sequence[Any]]]:
    """All of a walk by columns."""
    return (columns(rows, index) for rows in walked)


def moments(micros: Iterable[int | None]) -> list[datetime | None]:
    """Microseconds since 1970 as times in UTC, without their zone."""
    numbers = np.array([_MISSING if value is None else value for value in micros], dtype=np.int64)
    found: list[datetime | None] = numbers.view("datetime64[us]").tolist()
    return found


def dashed(id_: Any) -> str:
    """A UUID as people write it, from PostgreSQL's object or SQLite's 32 hex digits."""
    text = id_ if isinstance(id_, str) else id_.hex
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
