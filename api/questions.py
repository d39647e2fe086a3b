"""A question about incidents as it comes in a URL or a body, checked and turned into the house's own words."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from api.shapes.common import Code
from cases.calendar import Every
from cases.compared import By
from cases.incidents import MOST, Box, Circle, Counting, Cursor, Question, Sort
from cases.plain import plain
from cases.words import IncidentKind, Status
from geo.areas import Level, level_of
from geo.shapes import from_geojson


def _split(value: Any) -> Any:
    """`a,b` and `a&b` alike (a URL's parameter comes as a list of texts): a list of words or numbers."""
    if isinstance(value, str):
        value = [value]
    if isinstance(value, list):
        return [part.strip() for item in value for part in str(item).split(",") if part.strip()]
    return value


def _moment(value: Any) -> Any:
    """A day stays a day (2026-11-01): its midnight depends on the city's zone."""
    if isinstance(value, str):
        text = value.strip().replace(" ", "+")  # a plus sign that nobody encoded
        try:
            moment = date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text)
        except ValueError:
            moment = None
        if moment is None or (isinstance(moment, datetime) and moment.tzinfo is None):
            raise ValueError("write a time with its offset, as 2026-11-01T07:00:00+07:00, or a day, as 2026-11-01")
        return moment
    return value


def _area_code(code: str) -> str:
    level_of(code)  # CodeInvalid is a ValueError that shows how to write one
    return code


Codes = Annotated[list[Code], BeforeValidator(_split)]
Texts = Annotated[list[str], BeforeValidator(_split)]
Statuses = Annotated[list[Status], BeforeValidator(_split)]
Kinds = Annotated[list[IncidentKind], BeforeValidator(_split)]
Numbers = Annotated[list[float], BeforeValidator(_split)]
_DRAWN = {"type": "Polygon", "coordinates": [[[113.0, -8.0], [114.0, -8.0], [114.0, -7.0], [113.0, -8.0]]]}
Shape = Annotated[
    Any, BeforeValidator(from_geojson), WithJsonSchema({"type": "object", "examples": [_DRAWN]}, mode="validation")
]
Moment = Annotated[datetime | date | None, BeforeValidator(_moment)]


class Narrowing(BaseModel):
    """The filters that lists, counts and searches share."""

    model_config = ConfigDict(extra="forbid")

    area: Annotated[str, AfterValidator(_area_code)] | None = Field(
        None, description="Code of an area of any level.", examples=["35.10.21"]
    )
    bbox: Numbers | None = Field(
        None,
        min_length=4,
        max_length=4,
        description="`west,south,east,north` in degrees.",
        examples=["113.9,-8.5,114.4,-8.1"],
    )
    near: Numbers | None = Field(None, min_length=2, max_length=2, description="`lon,lat` in degrees; with `radius_m`.")
    radius_m: float | None = Field(None, gt=0, le=100_000, description="Metres around `near`.")
    since: Moment = Field(None, description="From this time or day on (a time with its offset, or a day).")
    until: Moment = Field(None, description="Before this time, or up to the end of this day.")
    category: Codes = Field(default_factory=list, max_length=100, description="Codes of categories, comma or repeated.")
    status: Statuses = Field(default_factory=list, description="States of complaints. Leaves out photos.")
    kind: Kinds = Field(default_factory=list, description="Kinds of incidents.")
    agency: Code | None = Field(None, description="Code of the agency that leads.")
    overdue: bool | None = Field(None, description="Whether the deadline is past. Leaves out photos.")
    q: Annotated[str, AfterValidator(plain)] = Field(
        "", max_length=200, description="Words in a description or caption, or a complaint's reference."
    )

    @model_validator(mode="after")
    def _places_are_whole(self) -> "Narrowing":
        if (self.near is None) != (self.radius_m is None):
            raise ValueError("near and radius_m go together: near=lon,lat&radius_m=500")
        if self.near is not None:
            _check_place(*self.near)
        if self.bbox is not None:
            _check_place(self.bbox[0], self.bbox[1])
            _check_place(self.bbox[2], self.bbox[3])
            if self.bbox[1] > self.bbox[3]:
                raise ValueError("bbox is west,south,east,north: its south lies above its north")
        return self

    def question(self, zone: ZoneInfo) -> Question:
        """The question in the house's words; days begin and end at midnight in `zone`."""
        return Question(
            area=self.area,
            box=None if self.bbox is None else Box(self.bbox[0], self.bbox[1], self.bbox[2], self.bbox[3]),
            circle=None
            if self.near is None or self.radius_m is None
            else Circle(self.near[0], self.near[1], self.radius_m),
            since=instant(self.since, zone, end=False),
            until=instant(self.until, zone, end=True),
            categories=frozenset(self.category),
            statuses=frozenset(self.status),
            kinds=frozenset(self.kind),
            agency=self.agency,
            overdue=self.overdue,
            text=self.q.strip(),
        )


class Paged(Narrowing):
    """A list's question: the filters, the order, and where to go on."""

    sort: Sort = Field(Sort.NEWEST, description="`-time` newest first, `time`, `due` (soonest due first), `-updated`.")
    cursor: str | None = Field(None, max_length=200, description="Where to go on: from the `next` link of an answer.")
    limit: int = Field(1_000, ge=1, le=MOST, description="Most incidents in one answer.")
    count: Counting = Field(Counting.NONE, description="Whether to say how many match: `none`, `exact`, `estimate`.")

    @model_validator(mode="after")
    def _cursor_is_ours(self) -> "Paged":
        if self.cursor is not None:
            Cursor.decode(self.cursor)
        return self

    def question(self, zone: ZoneInfo) -> Question:
        """The question in the house's words, page and order included."""
        after = None if self.cursor is None else Cursor.decode(self.cursor)
        return replace(super().question(zone), sort=self.sort, limit=self.limit, after=after)


class Drawn(Paged):
    """A question about a shape drawn on a map."""

    polygon: Shape = Field(description="A GeoJSON Polygon or MultiPolygon, lon lat, at most 10,000 points.")

    def question(self, zone: ZoneInfo) -> Question:
        """The question in the house's words."""
        return replace(super().question(zone), shape=self.polygon)


class Summed(Narrowing):
    """A question whose answer is counts."""

    level: Level = Field(Level.DISTRICT, description="Count by `regency`, `district` or `village`.")


class Trended(Narrowing):
    """A question about what came and went, by periods; not given, since when follows from the length of one."""

    by: Every = Field(Every.MONTH, description="Periods: `day`, `week` (from Monday) or `month`, in the city's time.")


class Compared(Summed):
    """A question about how some compare."""

    by: By = Field(By.AGENCY, description="Compare by `agency`, `category` or `area` (of a `level`).")


def _check_place(lon: float, lat: float) -> None:
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError(f"{lon:g},{lat:g} is no place on earth: lon first (-180 to 180), then lat (-90 to 90)")


def instant(value: datetime | date | None, zone: ZoneInfo, *, end: bool) -> datetime | None:
    """A time as it is; a day as its midnight, or the midnight that ends it."""
    if value is None or isinstance(value, datetime):
        return value
    midnight = datetime.combine(value, time(), zone)
    return midnight + timedelta(days=1) if end else midnight
