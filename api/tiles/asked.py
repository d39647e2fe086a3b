"""What a tile's URL asks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.requests import Request

from api.house import House
from api.incidents import question_of
from api.problems import not_found
from api.questions import Narrowing, Texts
from api.tiles.layers import ABOUT, MOST_CELLS, OVERDUE, About, TileLayer
from cases.access import Principal, Sight, sight
from cases.incidents import Question
from cases.words import Watch
from geo.tiles import Tile


class TileAsked(Narrowing):
    """The filters of incidents, what the features tell, and how much of it is drawn one by one."""

    properties: Texts = Field(
        default_factory=list, max_length=30, description="Properties to be told of each feature, and no others."
    )
    cells: int = Field(
        MOST_CELLS,
        ge=1,
        le=MOST_CELLS,
        description="Most cells along a tile's side, where it holds counts; rounded down to a power of two.",
    )
    singles: int | None = Field(
        None,
        ge=0,
        le=1_000,
        description="Most rows that a cell shows one by one, from zoom 10 to 16; of more it shows the count amid them.",
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """One tile as somebody sees it: equal ones have equal content at one time. `at` is the time up to which the answer
    holds where it depends on the clock, None where it does not. `cells` and `singles` as they were asked for.
    """

    layer: TileLayer
    tile: Tile
    question: Question
    names: tuple[str, ...]
    sight: Sight
    at: datetime | None
    cells: int
    singles: int | None


async def wanted(asked: TileAsked, request: Request, house: House, caller: Principal) -> Wanted:
    """What is asked for. Raises a 404 problem for a tile that there is not, RequestValidationError for a filter or
    property that the layer does not have.
    """
    where = request.path_params
    layer = layer_of(where["layer"])
    try:
        tile = Tile(where["z"], where["x"], where["y"])
    except ValueError:
        raise not_found() from None
    about = check(asked, layer)
    # Whether there is such an area may take a look into the database, which other requests must not wait for.
    question = asked.question(house.parts.zone) if asked.area is None else await house.quick(question_of, asked, house)
    if about.kinds:
        question = replace(question, kinds=about.kinds)
    names = tuple(name for name in about.tells if name in (asked.properties or about.by_itself))
    seen, at = _seen(layer, sight(caller)), _at(layer, question, names, house.now)
    return Wanted(layer, tile, question, names, seen, at, asked.cells, asked.singles)


def layer_of(name: str) -> TileLayer:
    """The layer of this name, or a 404 problem."""
    try:
        return TileLayer(name)
    except ValueError:
        raise not_found() from None


def check(asked: TileAsked, layer: TileLayer) -> About:
    """What is known of the layer. Raises RequestValidationError for a filter or property that it does not have."""
    about = ABOUT[layer]
    _refuse("extra_forbidden", sorted(asked.model_fields_set - _DRAWN.get(layer, _COUNTED) - about.filters))
    _refuse("property_unknown", [name for name in asked.properties if name not in about.tells])
    return about


def _refuse(kind: str, names: list[str]) -> None:
    if names:
        where = {"extra_forbidden": None, "property_unknown": "properties"}[kind]
        raise RequestValidationError(
            [{"type": kind, "loc": ("query", where or name), "msg": name, "ctx": {"name": name}} for name in names]
        )


def _seen(layer: TileLayer, seen: Sight) -> Sight:
    """The sight without what changes nothing on this layer, so that those who see the same share a tile."""
    if layer is TileLayer.AREAS:
        return _NOBODY
    if layer is TileLayer.COMPLAINTS:
        seen = replace(seen, photos=False, watch=Watch.NONE, office=None, permits=False)
        return seen if seen.area_code or seen.agency_code else replace(seen, account_id=None)
    return replace(seen, permits=False)


def _at(layer: TileLayer, question: Question, names: Sequence[str], now: datetime) -> datetime | None:
    """Deadlines pass and cameras fall silent without anybody writing what the version counts."""
    if question.overdue is not None or OVERDUE in names:
        return now.replace(second=0, microsecond=0)
    if layer is TileLayer.CAMERAS:
        return now.replace(second=now.second // 10 * 10, microsecond=0)
    return None


_NOBODY = sight(Principal())
_COUNTED = frozenset({"properties", "cells", "singles"})
_DRAWN = {TileLayer.AREAS: frozenset({"properties"}), TileLayer.CAMERAS: frozenset({"properties", "cells"})}
