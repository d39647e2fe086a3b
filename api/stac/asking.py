"""What a STAC API is asked, by URL or by body, as the house's own question (STAC API 1.0.0, item search)."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, field_validator, model_validator

from api.questions import Numbers, Texts
from api.stac.fields import Fields
from cases.incidents import Box, Cursor
from cases.periods import period
from cases.stac import Collection, Sought
from geo.shapes import any_from_geojson

MOST = 1_000
"""Items in one answer. Who asks for more gets so many and a link to the rest."""

_TIME = {"datetime", "properties.datetime"}
_PLACE = {"type": "Point", "coordinates": [112.7, -7.3]}


def _from_text(value: Any) -> Any:
    """JSON in a URL."""
    if not isinstance(value, str):
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        raise ValueError("this is no JSON") from None


def _shape(value: Any) -> Any:
    return None if value is None else any_from_geojson(_from_text(value))


def _only_list(value: Any) -> Any:
    if isinstance(value, str):
        raise ValueError("write it as a list of numbers")
    return value


Shape = Annotated[Any, BeforeValidator(_shape), WithJsonSchema({"type": "object", "examples": [_PLACE]})]
ShapeText = Annotated[Any, BeforeValidator(_shape), WithJsonSchema({"type": "string"})]
Language = Literal["cql2-text", "cql2-json"]
CRS84 = Literal["http://www.opengis.net/def/crs/OGC/1.3/CRS84"]


class Sorting(BaseModel):
    """One field to sort by."""

    model_config = ConfigDict(extra="forbid")

    field: str
    direction: Literal["asc", "desc"] = "asc"


class Wanted(BaseModel):
    """What every question about items may hold."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    limit: int = Field(10, ge=1, description=f"Most items in one answer; beyond {MOST} it is {MOST}.")
    bbox: Numbers | None = Field(None, description="`west,south,east,north` in degrees, with heights or without.")
    datetime: str | None = Field(None, max_length=100, description="A time, or an interval `2026-11-01T00:00:00Z/..`.")
    token: str | None = Field(None, max_length=200, description="Where to go on: from the link `next` of an answer.")
    filter_lang: Language | None = Field(None, alias="filter-lang", description="How `filter` is written.")
    filter_crs: CRS84 | None = Field(None, alias="filter-crs", description="The only one: degrees, lon lat.")

    @field_validator("bbox")
    @classmethod
    def _box_is_whole(cls, given: list[float] | None) -> list[float] | None:
        if given is None:
            return None
        if len(given) not in (4, 6):
            raise ValueError("bbox is west,south,east,north")
        flat = given if len(given) == 4 else [given[0], given[1], given[3], given[4]]
        if not (abs(flat[0]) <= 180 and abs(flat[2]) <= 180 and -90 <= flat[1] <= flat[3] <= 90):
            raise ValueError("bbox is west,south,east,north in degrees, its south not above its north")
        return flat

    @model_validator(mode="after")
    def _can_be_read(self) -> "Wanted":
        if self.datetime is not None:
            period(self.datetime)
        if self.token is not None:
            Cursor.decode(self.token)
        return self

    def sought(self, collections: Iterable[Collection], *, newest_first: bool) -> Sought:
        """The question in the house's words."""
        since, until = (None, None) if self.datetime is None else period(self.datetime)
        return Sought(
            collections=frozenset(collections),
            box=None if self.bbox is None else Box(*self.bbox),
            since=since,
            until=until,
            newest_first=newest_first,
            limit=min(self.limit, MOST),
            after=None if self.token is None else Cursor.decode(self.token),
        )


class Listed(Wanted):
    """The items of one collection, asked by URL. Clients name it once more in `collections`."""

    collections: Texts = Field(default_factory=list, description="Ids of collections, comma between.")
    ids: Texts = Field(default_factory=list, max_length=MOST, description="Ids of items, comma between.")
    sortby: str | None = Field(None, max_length=200, description="`datetime` or, as without, `-datetime`.")
    fields: str | None = Field(None, max_length=2_000, description="Members wanted, with `-` those not wanted.")
    filter: str | None = Field(None, description="A filter in CQL2.")

    @field_validator("sortby")
    @classmethod
    def _by_time(cls, given: str | None) -> str | None:
        newest_first(signed(given))
        return given

    @property
    def newest_first(self) -> bool:
        """The order that is asked for."""
        return newest_first(signed(self.sortby))

    @property
    def selection(self) -> Fields | None:
        """The members that are asked for, None for all."""
        return None if self.fields is None else Fields.of_text(self.fields)


class Searched(Listed):
    """Item search by URL."""

    intersects: ShapeText = Field(None, description="A GeoJSON geometry that items touch.")

    @model_validator(mode="after")
    def _one_place(self) -> "Searched":
        one_place(self.bbox, self.intersects)
        return self


class Selection(BaseModel):
    """Members wanted and not wanted."""

    model_config = ConfigDict(extra="forbid")

    include: list[str] | None = None
    exclude: list[str] | None = None


class SearchBody(Wanted):
    """Item search by body."""

    bbox: Annotated[list[float] | None, BeforeValidator(_only_list)] = None
    collections: Texts = Field(default_factory=list)
    ids: Texts = Field(default_factory=list, max_length=MOST)
    intersects: Shape = None
    sortby: list[Sorting] = Field(default_factory=list, max_length=10)
    fields: Selection = Field(default_factory=Selection)
    filter: dict[str, Any] | str | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> "SearchBody":
        one_place(self.bbox, self.intersects)
        newest_first((sorting.field, sorting.direction == "desc") for sorting in self.sortby)
        return self

    @property
    def newest_first(self) -> bool:
        """The order that is asked for."""
        return newest_first((sorting.field, sorting.direction == "desc") for sorting in self.sortby)

    @property
    def selection(self) -> Fields | None:
        """The members that are asked for, None for all."""
        if "fields" not in self.model_fields_set:
            return None
        # To leave out `include` means all members; to write it empty means those of a plain item.
        everything = "include" not in self.fields.model_fields_set and bool(self.fields.exclude)
        return Fields(tuple(self.fields.include or ()), tuple(self.fields.exclude or ()), everything)


def one_place(bbox: object, intersects: object) -> None:
    """Raises ValueError for two places at once."""
    if bbox is not None and intersects is not None:
        raise ValueError("write bbox or intersects, not both")


def signed(sortby: str | None) -> list[tuple[str, bool]]:
    """`+a,-b` as fields, each with whether it descends."""
    parts = [part.strip() for part in (sortby or "").split(",") if part.strip()]
    return [(part.lstrip("+-"), part.startswith("-")) for part in parts]


def newest_first(asked: Iterable[tuple[str, bool]]) -> bool:
    """Whether the newest come first, as they do where nothing is asked. Raises ValueError for another order."""
    order = list(asked)
    if any(field not in _TIME for field, _ in order[:1]) or any(field not in {*_TIME, "id"} for field, _ in order[1:]):
        raise ValueError("pictures are sorted by datetime")
    return order[0][1] if order else True


def of_ids(given: list[str]) -> frozenset[UUID] | None:
    """The ids that are asked for; what is no id of ours is that of nothing. None where none is asked for."""
    if not given:
        return None
    found = set()
    for text in given:
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return frozenset(found)


def of_collections(given: list[str]) -> frozenset[Collection]:
    """The collections that are asked for, all where none is; names that are none of ours hold nothing."""
    return frozenset(one for one in Collection if one in given) if given else frozenset(Collection)
