"""Areas: their shapes, what holds them, and where a place lies."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response

from api.answers import conditional
from api.answers.areas import feature, steps
from api.answers.kept import kept
from api.house import Here, House
from api.problems import answers, not_found
from api.security import Caller, allow
from api.shapes.areas import AreaAt, AreasAnswer, AtAnswer, Detail, OneAreaAnswer
from api.shapes.common import AreaCode, Lat, Lon, Neighbour
from cases.access import Principal, Right, sight
from cases.incidents import Question
from cases.words import Status
from geo.areas import Level
from storage import counts

router = APIRouter(prefix="/api/v1", tags=["areas"], dependencies=[allow(Right.PUBLIC)])

GEOJSON = "application/geo+json"
_PUBLIC = "public, max-age=0, must-revalidate"
UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "The client has it already"}}


@router.get(
    "/areas",
    response_class=Response,
    responses={200: {"model": AreasAnswer, "content": {GEOJSON: {}}}, **UNCHANGED, **answers(401, 422, 503)},
)
def list_areas(
    request: Request,
    house: Here,
    level: Level | None = None,
    parent: Annotated[AreaCode | None, Query(description="Only what lies below this area.")] = None,
    geometry: Annotated[Detail, Query(description="`simplified` keeps shared borders shared.")] = Detail.NONE,
) -> Response:
    """Areas by code, as GeoJSON. The same for everyone, and quick when the client has them already."""
    kept = house.areas.collection(level, parent, geometry)
    return conditional.answer(
        request, kept.body, kept.etag, media_type=GEOJSON, cache_control=_PUBLIC, vary="Accept-Encoding"
    )


@router.get("/areas/at", responses=answers(401, 422, 503))
def area_at(
    house: Here, lon: Lon, lat: Lat, radius_m: Annotated[float, Query(ge=0, le=10_000, allow_inf_nan=False)] = 50
) -> AtAnswer:
    """The area a place lies in, and those within `radius_m` of it: near a border a pin may be on the wrong side."""
    index = house.parts.areas.index()
    code = index.at(lon, lat)
    return AtAnswer(
        area=None
        if code is None
        else AreaAt.model_validate(
            {"code": code, "name": index.name(code), "level": index.area(code).level, "path": steps(index, code)}
        ),
        neighbours=[
            Neighbour(code=near.code, name=index.name(near.code), distance_m=round(near.distance_m, 1))
            for near in index.near(lon, lat, radius_m)
        ],
    )


@router.get(
    "/areas/{code}",
    response_class=Response,
    responses={200: {"model": OneAreaAnswer, "content": {GEOJSON: {}}}, **UNCHANGED, **answers(401, 404, 422, 503)},
)
def one_area(code: AreaCode, request: Request, house: Here, caller: Caller) -> Response:
    """One area with its full shape, the way to it from the regency, and its complaints by status."""
    index = house.parts.areas.index()
    if code not in index:
        raise not_found()
    area = index.area(code)
    document = feature(area, area.geometry)
    document["properties"] |= {"path": steps(index, code), "counts": _counts(house, code, caller)}
    made = kept(orjson.dumps(document))
    return conditional.answer(request, made.body, made.etag, media_type=GEOJSON)


def _counts(house: House, code: str, caller: Principal) -> dict[str, int]:
    """The area's complaints by status, as far as the caller may see them."""
    with house.parts.database.read() as db:
        tallies = counts.summary(db, Question(area=code), sight(caller), house.now, len(code))
    found = dict.fromkeys(Status, 0)
    for tally in tallies:
        found[tally.status] += tally.count
    return {status.value: count for status, count in found.items()}
